// How every connection to a Postgres is made and made again. In: nothing. Out: options for the driver, and what its errors
// mean: a connection that is gone, a read that a replica ended, a transaction that met another.
import { codesOf } from '../lib/causes.ts'

const LONGEST_WAIT_SECONDS = 1

/** A database that was away is asked again each second; the driver would wait for twenty. */
export const connecting = {
  connect_timeout: 10,
  backoff: (tries: number): number => (0.5 + Math.random() / 2) * Math.min(3 ** tries / 100, LONGEST_WAIT_SECONDS),
  onnotice: (): void => {},
}

/** Whether an error says that the connection is gone, or about to be. */
export function isLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('severity' in error && error.severity === 'FATAL') return true
  const code = 'code' in error ? String(error.code) : ''
  return /^(CONNECTION_|E[A-Z]+$)/.test(code)
}

/** Of those: a connection that stood and was ended, rather than one that could not be made. */
export function isClosing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const fatal = 'severity' in error && error.severity === 'FATAL'
  return ENDED.has(String(error.code)) || (fatal && CONFLICTS.has(String(error.code)))
}

const ENDED: ReadonlySet<string> = new Set(['CONNECTION_CLOSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02'])
const CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01'])
const ATTEMPTS = 3

/** Whether a read stood in the way of a replica that follows its primary, or a transaction met another: it may run again. */
export function isConflict(error: unknown): boolean {
  return codesOf(error).some((code) => CONFLICTS.has(code))
}

/** Runs a read again that a replica ended, while there is time; `work` is handed the milliseconds that are left. */
export async function againOnConflict<T>(
  timeoutMs: number,
  work: (leftMs: number) => Promise<T>,
  isPassing: (error: unknown) => boolean = isConflict,
): Promise<T> {
  const until = performance.now() + timeoutMs
  for (let attempt = 1; ; attempt += 1) {
    const left = attempt === 1 ? timeoutMs : Math.ceil(until - performance.now())
    try {
      return await work(left)
    } catch (error) {
      if (attempt === ATTEMPTS || performance.now() >= until || !isPassing(error)) throw error
    }
  }
}
