import { useQuery } from '@tanstack/react-query'
import { type Answered, call } from './call.ts'
import { queryClient } from './query-client.ts'

export type SessionView = Answered<'GET /session'>

/** Who is signed in. */
export function useSession() {
  return useQuery({ queryKey: ['session'], queryFn: (): Promise<SessionView> => call('GET /session', {}) })
}

export async function signInToDemo(person: string): Promise<void> {
  await call('POST /session/demo', { body: { person } })
  await queryClient.invalidateQueries()
}

export async function signIn(email: string, password: string): Promise<void> {
  await call('POST /session', { body: { email, password } })
  await queryClient.invalidateQueries()
}

/** Signs out, and forgets what only this person could see. */
export async function signOut(): Promise<void> {
  await call('DELETE /session', {})
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  await queryClient.invalidateQueries()
}
