// A source whose connections are shared fairly: no organization may hold so many that others wait behind it.
// In: a source, how many may run, how many of one organization. Out: a source. Whoever holds the fewest goes first.
// Refused: more waiting of one organization than it may have, and waiting longer than the query itself may take.
import { UserError } from '../errors.ts'
import type { Source } from './source.ts'

export type Shares = {
  /** Queries at once, for screens and for files. */
  readonly screens: number
  readonly files: number
  /** Of one organization, as a part of these, at least one; 1: all. */
  readonly part: number
  /** Queries of one organization that may wait. */
  readonly maxWaiting: number
}

export const DEFAULT_SHARES: Omit<Shares, 'screens' | 'files'> = { part: 2 / 3, maxWaiting: 50 }

/** How many run and wait now, for metrics. */
export type Gauge = { readonly running: number; readonly waiting: number }
export type FairSource = Source & { readonly gauge: () => Gauge }

/** Wraps a source. Snapshots reject with `UserError` overloaded when an organization asks for too much at once. */
export function fairSource(source: Source, { screens, files, part, maxWaiting }: Shares): FairSource {
  const gateOf = (places: number): Gate =>
    gate({ places, placesEach: Math.max(1, Math.ceil(places * part)), maxWaiting })
  const [screen, file] = [gateOf(screens), gateOf(files)]
  return {
    ...source,
    gauge: () => ({ running: screen.running() + file.running(), waiting: screen.waiting() + file.waiting() }),
    snapshot: async (options, work) => {
      const { organizationId = '', idleTimeoutMs, timeoutMs, signal } = options
      const leave = await (idleTimeoutMs === undefined ? screen : file).enter(organizationId, { timeoutMs, signal })
      return source.snapshot(options, work).finally(leave)
    },
  }
}

type Entry = { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined }
type Gate = {
  readonly enter: (key: string, entry: Entry) => Promise<() => void>
  readonly running: () => number
  readonly waiting: () => number
}
type Waiting = { readonly key: string; readonly start: () => void }

function gate({ places, placesEach, maxWaiting }: { places: number; placesEach: number; maxWaiting: number }): Gate {
  const held = new Map<string, number>()
  const queue: Waiting[] = []
  let running = 0
  const heldBy = (key: string): number => held.get(key) ?? 0

  const leaver = (key: string): (() => void) => {
    let left = false
    return () => {
      if (left) return
      left = true
      running -= 1
      if (heldBy(key) === 1) held.delete(key)
      else held.set(key, heldBy(key) - 1)
      admit()
    }
  }
  function admit(): void {
    while (running < places) {
      let best: Waiting | undefined
      for (const one of queue)
        if (heldBy(one.key) < placesEach && (best === undefined || heldBy(one.key) < heldBy(best.key))) best = one
      if (best === undefined) return
      queue.splice(queue.indexOf(best), 1)
      take(best.key)
      best.start()
    }
  }
  function take(key: string): void {
    running += 1
    held.set(key, heldBy(key) + 1)
  }

  function enter(key: string, { timeoutMs, signal }: Entry): Promise<() => void> {
    signal?.throwIfAborted()
    if (running < places && heldBy(key) < placesEach) {
      take(key)
      return Promise.resolve(leaver(key))
    }
    const ahead = queue.filter((one) => one.key === key).length
    if (ahead >= maxWaiting) throw overloaded(`${ahead} queries of your organization wait already`)
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', gone)
      }
      const me: Waiting = {
        key,
        start: () => {
          end()
          resolve(leaver(key))
        },
      }
      const give = (error: unknown): void => {
        end()
        queue.splice(queue.indexOf(me), 1)
        reject(error)
      }
      const gone = (): void => give(signal?.reason)
      const timer = setTimeout(
        () => give(overloaded('the queries of your organization before it took too long')),
        timeoutMs,
      )
      signal?.addEventListener('abort', gone, { once: true })
      queue.push(me)
    })
  }
  return { enter: async (key, entry) => enter(key, entry), running: () => running, waiting: () => queue.length }
}

function overloaded(why: string): UserError {
  return new UserError('overloaded', `Cannot run the query now: ${why}`, { fix: 'try again in a moment' })
}
