// What is being built, kept for this tab: handed over from elsewhere, and there again after a reload.
import type { Definition } from '../../src/definition/schema.ts'

export type Work = {
  readonly definition: Definition
  /** The saved table that is being changed. */
  readonly table?: { readonly id: string; readonly version: number; readonly name: string }
  readonly prompt?: string
  /** Words that were not understood. */
  readonly open?: readonly string[]
}

const KEY = 'tablewright-builder'

export function keepWork(work: Work): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(work))
  } catch {
    // A browser without storage only loses the work with the page.
  }
}

export function readWork(): Work | undefined {
  try {
    const text = sessionStorage.getItem(KEY)
    return text === null ? undefined : (JSON.parse(text) as Work)
  } catch {
    return undefined
  }
}

export function forgetWork(): void {
  try {
    sessionStorage.removeItem(KEY)
  } catch {
    // As above.
  }
}
