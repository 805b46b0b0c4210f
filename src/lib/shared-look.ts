const LOOK_TIMEOUT_MS = 2500

/**
 * One look for all who ask while it lasts, and for a moment after it went well, however many ask. Each may leave before.
 * Rejects with what went wrong, or with the reason of the asker's signal.
 */
export function sharedLook(
  look: (signal: AbortSignal) => Promise<void>,
  goodForMs: number,
): (signal: AbortSignal) => Promise<void> {
  let goodUntil = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined
  const begin = async (): Promise<void> => {
    try {
      await look(AbortSignal.timeout(LOOK_TIMEOUT_MS))
      goodUntil = performance.now() + goodForMs
    } finally {
      running = undefined
    }
  }
  return async (signal) => {
    signal.throwIfAborted()
    if (performance.now() < goodUntil) return
    running ??= begin()
    const gone = Promise.withResolvers<never>()
    const leave = (): void => gone.reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    await Promise.race([running, gone.promise]).finally(() => signal.removeEventListener('abort', leave))
  }
}
