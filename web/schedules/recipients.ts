// Whom a mail may go to, and what is typed to name them.
import { useQuery } from '@tanstack/react-query'
import type { Recipient } from '../../src/schedules/config.ts'
import { type Answered, call } from '../api/call.ts'
import { useSession } from '../api/session.ts'
import { keyOf } from './draft.ts'

export type People = Answered<'GET /people'>
export type Choice = {
  readonly recipient: Recipient
  readonly label: string
  readonly about: string
  readonly outside?: true
}

export function usePeople() {
  const { data: session } = useSession()
  const person = session?.person?.id
  return useQuery({
    queryKey: ['people', session?.organization?.id, person],
    enabled: person !== undefined,
    queryFn: () => call('GET /people', {}),
  })
}

const ADDRESS = /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+\.[^\s@<>,;:"()]{2,}$/
export const isAddress = (text: string): boolean => ADDRESS.test(text)

/** An address as a recipient: the member whose it is, or the address itself. */
export function addressed(address: string, people: People | undefined): Recipient {
  const owner = people?.people.find(({ email }) => email?.toLowerCase() === address.toLowerCase())
  return owner === undefined ? address : { user: owner.id }
}

/** Addresses that belong to no member. Without the list of people nobody can say, and none is. */
export function outsideOf(recipients: readonly Recipient[], people: People | undefined): readonly string[] {
  if (people === undefined) return []
  return recipients.filter((one): one is string => typeof one === 'string' && addressed(one, people) === one)
}

/** A recipient in words. */
export function nameOf(recipient: Recipient, people: People | undefined): Choice {
  if (typeof recipient === 'string') {
    const outside = outsideOf([recipient], people).length > 0
    return { recipient, label: recipient, about: outside ? 'outside' : '', ...(outside && { outside }) }
  }
  if ('user' in recipient) {
    const person = people?.people.find(({ id }) => id === recipient.user)
    const about = people !== undefined && person === undefined ? 'no longer here' : ''
    return { recipient, label: person?.name ?? recipient.user, about }
  }
  const team = people?.teams.find(({ id }) => id === recipient.team)
  return { recipient, label: team?.name ?? recipient.team, about: 'team' }
}

const AT_MOST = 8

/** Who fits what is typed and is not chosen yet. */
export function choicesFor(text: string, people: People | undefined, chosen: readonly Recipient[]): readonly Choice[] {
  const taken = new Set(chosen.map(keyOf))
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (...texts: (string | null)[]) =>
    words.every((word) => texts.some((one) => one?.toLowerCase().includes(word)))
  const found: Choice[] = [
    ...(people?.teams ?? [])
      .filter(({ name }) => fits(name, 'team'))
      .map(({ id, name }) => ({ recipient: { team: id }, label: name, about: countOf(people, id) })),
    ...(people?.people ?? [])
      .filter(({ name, email }) => fits(name, email))
      .map(({ id, name, email }) => ({ recipient: { user: id }, label: name, about: email ?? 'no address here' })),
  ]
  const address = text.trim()
  if (isAddress(address) && typeof addressed(address, people) === 'string') {
    found.push({ recipient: address, label: address, about: 'outside the organization', outside: true })
  }
  return found.filter(({ recipient }) => !taken.has(keyOf(recipient))).slice(0, AT_MOST)
}

function countOf(people: People | undefined, team: string): string {
  const many = people?.people.filter(({ teamIds }) => teamIds.includes(team)).length ?? 0
  return many === 1 ? 'team of 1' : `team of ${many}`
}
