// Work that several have waiting, in a bounded number of places. In: how to take the next job, leaving out those who have
// their share already. Out: the jobs run; a place that is free again is filled at once. Refused: more than its share to one.

export type InTurn<J> = {
  /** The next job of anybody who is not named; undefined: there is none. */
  readonly next: (busy: readonly string[]) => Promise<J | undefined>
  readonly ownerOf: (job: J) => string
  readonly run: (job: J) => Promise<void>
  readonly places: number
  readonly placesEach: number
  /** Between two looks where there was nothing. */
  readonly pauseMs: number
  readonly onError: (error: unknown) => void
  /** Nothing new is begun after it. */
  readonly signal: AbortSignal
}

/** Works until the signal fires; then resolves when what was under way is over. */
export async function workInTurn<J>(options: InTurn<J>): Promise<void> {
  const { next, ownerOf, run, places, placesEach, pauseMs, onError, signal } = options
  const held = new Map<string, number>()
  const running = new Set<Promise<void>>()
  let freed = Promise.withResolvers<void>()
  const begin = (job: J): void => {
    const owner = ownerOf(job)
    held.set(owner, (held.get(owner) ?? 0) + 1)
    const one = run(job)
      .catch(onError)
      .then(() => {
        const left = (held.get(owner) ?? 1) - 1
        if (left === 0) held.delete(owner)
        else held.set(owner, left)
        running.delete(one)
        freed.resolve()
      })
    running.add(one)
  }
  while (!signal.aborted) {
    // Before the look, so that whoever leaves meanwhile is noticed.
    freed = Promise.withResolvers()
    if (running.size < places) {
      const busy = [...held].filter(([, count]) => count >= placesEach).map(([owner]) => owner)
      const job = await next(busy).catch(onError)
      if (job !== undefined) begin(job)
      else await pause(pauseMs, freed.promise, signal)
    } else await pause(undefined, freed.promise, signal)
  }
  await Promise.all(running)
}

/** Ends when the time is over, the work is, or the signal fires, whichever comes first. */
async function pause(ms: number | undefined, over: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const done = Promise.withResolvers<void>()
  const timer = ms === undefined ? undefined : setTimeout(done.resolve, ms)
  const stop = (): void => done.resolve()
  signal.addEventListener('abort', stop, { once: true })
  await Promise.race([over, done.promise])
  clearTimeout(timer)
  signal.removeEventListener('abort', stop)
}
