// What is being built, kept for this tab: handed over from elsewhere, and there again with its steps after a reload.
// Each thing that was begun is kept apart, so that none takes the place of another; the newest comes first. What one
// person began is kept apart from what others did, also where they use the same tab after them.
import type { Definition } from '../../src/definition/schema.ts'
import { keptInTab } from '../api/kept-in-tab.ts'
import { begin, blank, type Steps } from './edits.ts'

export type Work = {
  readonly definition: Definition
  /** The saved table that is being changed. */
  readonly table?: { readonly id: string; readonly version: number; readonly name: string }
  readonly prompt?: string
  /** Words that were not understood. */
  readonly open?: readonly string[]
}
export type KeptWork = Omit<Work, 'definition'> & {
  readonly id: number
  readonly steps: Steps
  /** What its rows were last read of: to read them again while there is a mistake. */
  readonly sound?: Definition
  /** As it was saved. */
  readonly saved?: Definition
}

const MAX_WORKS = 6
/** A tab has little room, and nobody goes back further after a reload. */
const MAX_KEPT_STEPS = 40

const works = keptInTab<KeptWork>('builder', MAX_WORKS)

/** What is kept, the newest first. */
export const readWorks = (): readonly KeptWork[] => works.read()

/** Something to build that is none of what is kept; it is kept once `keepWork` is told so. */
export function beginWork({ definition, ...rest }: Work): KeptWork {
  return { ...rest, id: Math.max(0, ...readWorks().map(({ id }) => id)) + 1, steps: begin(definition) }
}

/** Keeps it as the newest; what was begun before and never changed is not worth its room. */
export function keepWork(work: KeptWork): void {
  const { past, now, future } = work.steps
  const steps = { past: past.slice(-MAX_KEPT_STEPS), now, future: future.slice(0, MAX_KEPT_STEPS) }
  const others = readWorks().filter((one) => one.id !== work.id && isUnsaved(one))
  // A browser without storage only loses the work with the page.
  if (!works.write([{ ...work, steps }, ...others])) works.write([{ ...work, steps: begin(now) }])
}

/** What a visitor was building becomes that of the person they signed in as. */
export function takeVisitorsWorks(): void {
  const taken = works.read('').filter((work) => isUnsaved(work) || !isBlank(work.steps.now))
  const own = readWorks()
  const last = Math.max(0, ...own.map(({ id }) => id))
  if (works.write([...taken.map((work, at) => ({ ...work, id: last + taken.length - at })), ...own])) works.forget('')
}

const isBlank = (definition: Definition): boolean =>
  JSON.stringify(definition) === JSON.stringify(blank(definition.dataSources[0] ?? ''))

/** Whether something was done to it that is nowhere else. */
export function isUnsaved({ steps, saved }: KeptWork): boolean {
  if (saved !== undefined) return JSON.stringify(saved) !== JSON.stringify(steps.now)
  return steps.past.length + steps.future.length > 0
}
