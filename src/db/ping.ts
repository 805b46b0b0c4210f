// Whether a database answers, over a connection of its own: that all others are busy says nothing of it.
import { postgresQuery } from './query.ts'

/** `ping` rejects with the database's error, or with the reason of the signal; a connection that fell silent is left behind. */
export function postgresPing(url: string): {
  ping: (signal: AbortSignal) => Promise<void>
  close: () => Promise<void>
} {
  const open = () => postgresQuery(url, { maxConnections: 1, arrays: false })
  let asked = open()
  return {
    ping: async (signal) => {
      signal.throwIfAborted()
      const mine = asked
      const late = Promise.withResolvers<never>()
      const leave = (): void => {
        if (asked === mine) asked = open()
        mine.close().catch(() => {})
        late.reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      await Promise.race([mine.query('select 1', []), late.promise]).finally(() =>
        signal.removeEventListener('abort', leave),
      )
    },
    close: () => asked.close(),
  }
}
