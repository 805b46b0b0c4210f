/** After so many attempts nobody tries any more: about a day and a half. */
export const MAX_ATTEMPTS = 30
const FIRST_MS = 60_000
const LONGEST_MS = 2 * 60 * 60_000

/** Milliseconds until the next attempt, after so many; twice as long each time, two hours at most, a fifth of it by chance. */
export function backoffMs(attempts: number, chance: number = Math.random()): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1))
  return Math.round(full * (0.8 + 0.4 * chance))
}
