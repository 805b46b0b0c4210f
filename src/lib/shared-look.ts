const LOOK_TIMEOUT_MS = 2500

/**
 * One look for all who ask while it lasts, and for a moment after it went well, however many ask. Each may leave before.
 * Rejects with what went wrong, or with the reason of the asker's signal.
 */
export function sharedLook<T>(
  look: (signal: AbortSignal) => Promise<T>,
  goodForMs: number,
): (signal: AbortSignal) => Promise<T> {
  let last: { readonly found: T; readonly until: number } | undefined
  let running: Promise<T> | undefined
  const begin = async (): Promise<T> => {
    try {
      const found = await look(AbortSignal.timeout(LOOK_TIMEOUT_MS))
      last = { found, until: performance.now() + goodForMs }
      return found
    } finally {
      running = undefined
    }
  }
  return async (signal) => {
    signal.throwIfAborted()
    if (last !== undefined && performance.now() < last.until) return last.found
    running ??= begin()
    const gone = Promise.withResolvers<never>()
    const leave = (): void => gone.reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    return Promise.race([running, gone.promise]).finally(() => signal.removeEventListener('abort', leave))
  }
}
