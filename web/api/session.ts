// Who is signed in, and every way in which that changes. Whatever the reader before could see is forgotten on the way.
import { useQuery } from '@tanstack/react-query'
import { takeVisitorsWorks } from '../builder/handover.ts'
import { type Answered, call } from './call.ts'
import { asFailure, REFUSED } from './failure.ts'
import { forgetAllOf } from './kept-in-tab.ts'
import { askAs, useOrganization } from './organization.ts'
import { workAs } from './owner.ts'
import { queryClient } from './query-client.ts'
import { shared } from './shared.ts'

export type SessionView = Answered<'GET /session'>
const KEY = ['session'] as const

/** Who is signed in; looked after when the window is come back to, as another one may have signed out meanwhile. */
export function useSession() {
  return useQuery({ queryKey: KEY, queryFn: lookAgain, refetchOnWindowFocus: 'always' })
}

async function lookAgain(): Promise<SessionView> {
  const before = queryClient.getQueryData<SessionView>(KEY)
  const now = await readSession()
  if (now.person === null && before?.person) {
    // A session that ended by itself: nothing is taken from the page until somebody signs in, or says that nobody will.
    ended.set({ who: before.person, now })
    return before
  }
  ended.set(undefined)
  workAs(ownerOf(now))
  if (before && nameOf(before) !== nameOf(now)) forget(before)
  return now
}

/** Whose session has ended, and what the server says of whoever asks now. */
type Ended = { readonly who: NonNullable<SessionView['person']>; readonly now: SessionView }
const ended = shared<Ended | undefined>(undefined)

/** Whose session has ended by itself, while their work stands here. */
export const useEnded = ended.use

/** Leaves what needs somebody signed in; what they were building waits for them, and for nobody else. */
export function goOnAsVisitor(): void {
  const before = queryClient.getQueryData<SessionView>(KEY)
  const now = ended.get()?.now
  if (now === undefined || before === undefined) return
  ended.set(undefined)
  pause(before)
  workAs(ownerOf(now))
  queryClient.setQueryData<SessionView>(KEY, now)
}

/** Looks whether the session has ended whenever the server does not know who asks. */
export function watchRefusals(): void {
  addEventListener(REFUSED, () => {
    if (ended.get() === undefined && queryClient.getQueryData<SessionView>(KEY)?.person) {
      void queryClient.refetchQueries({ queryKey: KEY })
    }
  })
}

/** The session as the organization of this tab; as the server's choice where that is one's own no more. */
async function readSession(): Promise<SessionView> {
  const session = await call('GET /session', {}).catch((error) => {
    if (asFailure(error).code !== 'unknown_organization') throw error
    askAs(undefined)
    return call('GET /session', {})
  })
  // A visitor of the demo has no person; their organization is chosen apart.
  askAs(session.person === null ? undefined : session.organization?.id)
  return session
}

export type Reader = {
  /** The organization and the person: the second and third element of every query's key. */
  readonly key: readonly [organization: string, person: string]
  readonly known: boolean
  readonly signedIn: boolean
  readonly signedOut: boolean
  /** A viewer may look, whatever is shared with them for. */
  readonly mayWrite: boolean
}

/** Of whom cached data is, and what they may do at all. */
export function useReader(): Reader {
  const { data, isPending } = useSession()
  const visiting = useOrganization()
  const organization = data?.person ? data.organization?.id : visiting
  const signedIn = data?.person != null
  return {
    key: [organization ?? '', data?.person?.id ?? ''],
    known: !isPending,
    signedIn,
    signedOut: data?.person === null,
    mayWrite: signedIn && data.organization?.role !== 'viewer',
  }
}

export async function signInToDemo(person: string): Promise<void> {
  await call('POST /session/demo', { body: { person } })
  await begin()
}

export async function signIn(email: string, password: string): Promise<void> {
  await call('POST /session', { body: { email, password } })
  await begin()
}

/** Makes an account by an invitation; `onJoined` leaves the invitation's page, where it could not be read any more. */
export async function signUp(
  body: { invitation: string; name: string; email: string; password: string },
  onJoined: () => Promise<void>,
): Promise<void> {
  await call('POST /session/sign-up', { body })
  await onJoined()
  await begin()
}

/** Accepts an invitation as whoever is signed in, and sees as its organization. */
export async function acceptInvitation(token: string, onJoined: () => Promise<void>): Promise<void> {
  const { organizationId } = await call('POST /session/invitations/{token}/accept', { params: { token } })
  await onJoined()
  await switchOrganization(organizationId)
}

/** Sees as another of one's organizations, in this tab and in those opened after it. */
export async function switchOrganization(organizationId: string): Promise<void> {
  await call('PUT /session', { body: { organizationId } })
  await begin()
}

/** Signs out, and forgets what only this person could see. */
export async function signOut(): Promise<void> {
  await call('DELETE /session', {})
  tabs.postMessage('signed out')
  await begin()
}

/** Tells the other tabs, where the work of whoever signs out must not stay either. */
const tabs = new BroadcastChannel('tablewright-session')
tabs.onmessage = () => void begin()

/** Reads who it is now; of whoever it was before, nothing stays: no rows, no lists, no conversation, no work begun. */
async function begin(): Promise<void> {
  const before = queryClient.getQueryData<SessionView>(KEY)
  await queryClient.cancelQueries()
  // Who comes back after their session ended sees as the organization they saw as.
  askAs(ended.get() === undefined ? undefined : before?.organization?.id)
  const now = await readSession()
  ended.set(undefined)
  workAs(ownerOf(now))
  // What a visitor was building is their own: they may be about to save it.
  if (before?.person === null && now.person) takeVisitorsWorks()
  queryClient.setQueryData<SessionView>(KEY, now)
  const waited = absent
  absent = undefined
  if (before && nameOf(before) === nameOf(now)) return queryClient.invalidateQueries()
  if (waited === undefined) return forget(before)
  // The same person goes on where they were; before anybody else it is as if they had signed out.
  if (nameOf(waited) === nameOf(now)) return queryClient.invalidateQueries()
  forget(waited)
}

/** Whose session ended while their work stood here. */
let absent: SessionView | undefined

function pause(before: SessionView): void {
  absent = before
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] })
}

function forget(before: SessionView | undefined): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] })
  // A visitor who signs in takes along what they asked.
  if (!before?.person) return
  forgetAllOf(ownerOf(before))
  readers.set(readers.get() + 1)
  for (const forgets of forgetting) forgets()
}

const nameOf = ({ person, organization }: SessionView) => `${organization?.id} ${person?.id}`
/** Whose work a tab keeps; visitors have no name. */
const ownerOf = (session: SessionView) => (session.person ? nameOf(session) : '')

/** What is kept for the reader of now only, beside what was read for them. */
const forgetting: (() => void)[] = []
export const whenForgotten = (forgets: () => void): void => void forgetting.push(forgets)

const readers = shared(0)
/** Changes when somebody signs out or another organization is seen: the key of what must then begin anew. */
export const useReaderChange = readers.use
