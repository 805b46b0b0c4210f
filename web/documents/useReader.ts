import { useSession } from '../api/session.ts'

/** Who reads: what every key of a query about their documents holds, and whether they must sign in first. */
export function useReader() {
  const { data } = useSession()
  return {
    scope: [data?.organization?.id, data?.person?.id] as const,
    signedIn: data?.person != null,
    signedOut: data?.person === null,
    mayWrite: data?.person != null && data.organization?.role !== 'viewer',
  }
}
