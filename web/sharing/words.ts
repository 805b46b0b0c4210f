// Who sees something and who may change it, in words. In: a choice, the people there are, whose it is, who reads this.
// Out: sentences that follow the server's own rule (src/access/part.ts): the owner and admins who see it may change it,
// others as they are named, viewers never.
import type { Answered } from '../api/call.ts'
import type { People, Person } from '../api/people.ts'

export type Sharing = Pick<
  Answered<'GET /tables/{id}'>,
  'visibility' | 'orgPermission' | 'sharedWithTeams' | 'sharedWithUsers'
>
export type Shared = Sharing['sharedWithUsers'][number]
type Named = { readonly id: string; readonly name: string }
export type Around = {
  readonly known: People
  readonly owner: Named
  readonly me: string
  /** The organization's name. */
  readonly organization: string
}
const MOST_NAMES = 4

/** Only what counts: a choice without the parts that others of its kind would have. */
export function sharingOf({ visibility, orgPermission, sharedWithTeams, sharedWithUsers }: Sharing): Sharing {
  const named = visibility !== 'PRIVATE'
  return {
    visibility,
    orgPermission,
    sharedWithTeams: named ? sharedWithTeams : [],
    sharedWithUsers: named ? sharedWithUsers : [],
  }
}

/** Whether two choices mean the same. */
export function sameSharing(a: Sharing, b: Sharing): boolean {
  const plain = (sharing: Sharing) => {
    const { visibility, orgPermission, sharedWithTeams, sharedWithUsers } = sharingOf(sharing)
    const list = (names: readonly Shared[]) => names.map(({ id, permission }) => `${id} ${permission}`).sort()
    return JSON.stringify([
      ...[visibility, visibility === 'ORG' ? orgPermission : ''],
      ...[list(sharedWithTeams), list(sharedWithUsers)],
    ])
  }
  return plain(a) === plain(b)
}

/** Two sentences: who sees it, and who may change it. */
export function sharingWords(sharing: Sharing, around: Around): { readonly sees: string; readonly changes: string } {
  const { known, owner, me, organization } = around
  const readers = readersOf(sharing, around)
  const changers = readers.filter((person) => mayChange(sharing, person, owner.id))
  const seen = readers.length
  const all = known.people.length
  return {
    sees: seesWords(),
    changes:
      changers.length === seen && seen > 1 ? 'All of them may change it.' : `${subject(changers, me)} may change it.`,
  }
  function seesWords(): string {
    const words = upper(audience(sharing, around))
    if (sharing.visibility === 'ORG') return `${words} sees it: ${count(all)}.`
    if (seen <= 1) return owner.id === me ? `${words} see it.` : `${words}, its owner, sees it.`
    return `${words} see it: ${seen} of ${count(all)} in ${organization}.`
  }
}

/** Who sees it, as a few words in the middle of a sentence. */
export function audience(sharing: Sharing, around: Around): string {
  const { known, owner, me, organization } = around
  if (sharing.visibility === 'ORG') return `everybody in ${organization}`
  const readers = readersOf(sharing, around)
  if (readers.length <= 1) return owner.id === me ? 'only you' : `only ${owner.name}`
  const teams = known.teams.filter(({ id }) => sharing.sharedWithTeams.some((team) => team.id === id))
  const byName = readers.filter(
    ({ id }) => id === owner.id || sharing.sharedWithUsers.some((person) => person.id === id),
  )
  return listed([...nameList(byName, me), ...teams.map(({ name }) => `the team ${name}`)])
}

const readersOf = (sharing: Sharing, { known, owner }: Around) =>
  known.people.filter((person) => sees(sharing, person, owner.id))

/** A person's share as the server would grant it. */
function sees({ visibility, sharedWithTeams, sharedWithUsers }: Sharing, person: Person, ownerId: string): boolean {
  if (person.id === ownerId || visibility === 'ORG') return true
  if (visibility === 'PRIVATE') return false
  return (
    sharedWithUsers.some(({ id }) => id === person.id) || sharedWithTeams.some(({ id }) => person.teamIds.includes(id))
  )
}

function mayChange(sharing: Sharing, person: Person, ownerId: string): boolean {
  if (person.role === 'viewer') return false
  if (person.id === ownerId || person.role === 'admin') return true
  if (sharing.visibility === 'ORG' && sharing.orgPermission === 'edit') return true
  const edits = (shared: Shared) => shared.permission === 'edit'
  return (
    sharing.sharedWithUsers.some((shared) => edits(shared) && shared.id === person.id) ||
    sharing.sharedWithTeams.some((shared) => edits(shared) && person.teamIds.includes(shared.id))
  )
}

function subject(people: readonly Person[], me: string): string {
  if (people.length === 0) return 'Nobody'
  const words = listed(nameList(people, me))
  return people.length === 1 ? `Only ${words}` : upper(words)
}

function nameList(people: readonly Person[], me: string): string[] {
  const others = people.filter(({ id }) => id !== me).map(({ name }) => name)
  return people.some(({ id }) => id === me) ? ['you', ...others] : others
}

function listed(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES + 1 ? names.slice(0, MOST_NAMES) : names
  const rest = names.length - shown.length
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const count = (people: number) => (people === 1 ? '1 person' : `${people} people`)
