// Work that a tab keeps over a reload, apart for each person in each organization: what one began is shown to nobody else.
import { currentOwner } from './owner.ts'

const PREFIX = 'tablewright-'

/** A list of so many things, the newest first, kept under a name. */
export function keptInTab<T>(name: string, most: number) {
  const keyOf = (owner: string) => `${PREFIX}${name} ${owner}`.trim()
  return {
    read(owner = currentOwner()): readonly T[] {
      try {
        const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(owner)) ?? '[]')
        return Array.isArray(kept) ? kept : []
      } catch {
        return []
      }
    },
    /** Whether there was room for it. */
    write(next: readonly T[], owner = currentOwner()): boolean {
      try {
        if (next.length === 0) sessionStorage.removeItem(keyOf(owner))
        else sessionStorage.setItem(keyOf(owner), JSON.stringify(next.slice(0, most)))
        return true
      } catch {
        return false
      }
    },
    forget: (owner: string): void => removeFrom((key) => key === keyOf(owner)),
  }
}

/** Forgets all that somebody began in this tab. */
export const forgetAllOf = (owner: string): void =>
  removeFrom((key) => key.startsWith(PREFIX) && key.endsWith(` ${owner}`))

function removeFrom(isGone: (key: string) => boolean): void {
  try {
    for (const key of Object.keys(sessionStorage).filter(isGone)) sessionStorage.removeItem(key)
  } catch {
    // A browser without storage keeps nothing.
  }
}
