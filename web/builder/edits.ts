// What can be done to a definition in the builder, as functions: each gives a new definition of the right shape.
// And the steps back and forward again. Nothing here knows the page.
import type { Definition, Filter } from '../../src/definition/schema.ts'

export type ListPart = 'columns' | 'groupBy' | 'aggregates' | 'calculations' | 'sortBy'

/** A table of an entity with nothing chosen yet. */
export function blank(source: string): Definition {
  return {
    version: 1,
    dataSources: [source],
    ...{ columns: [], groupBy: [], aggregates: [], calculations: [], sortBy: [] },
    ...{ limit: null, limitPer: null, totals: false, pivot: null, compare: null, distinct: false },
  }
}

export const isSummary = ({ groupBy, aggregates }: Definition): boolean => groupBy.length + aggregates.length > 0

export function add<P extends ListPart>(definition: Definition, part: P, entry: Definition[P][number]): Definition {
  return { ...definition, [part]: [...definition[part], entry] }
}

export function replace<P extends ListPart>(
  definition: Definition,
  part: P,
  index: number,
  entry: Definition[P][number],
): Definition {
  return { ...definition, [part]: definition[part].map((one, at) => (at === index ? entry : one)) }
}

/** Takes an entry out, and with it what sorted or pivoted by it. */
export function remove(definition: Definition, part: ListPart, index: number): Definition {
  const gone = definition[part][index] as { id?: string; field?: string } | undefined
  const next = { ...definition, [part]: definition[part].filter((_, at) => at !== index) }
  const id = part === 'sortBy' ? undefined : (gone?.id ?? gone?.field)
  if (id === undefined) return next
  return {
    ...next,
    sortBy: next.sortBy.filter(({ field }) => field !== id),
    calculations: next.calculations.filter(({ of, over }) => of !== id && over !== id),
    pivot: next.pivot?.column === id ? null : next.pivot,
    limitPer: next.limitPer?.by.includes(id) ? null : next.limitPer,
  }
}

/** Moves an entry by places; beyond an end nothing happens. */
export function move(definition: Definition, part: ListPart, index: number, by: number): Definition {
  const list = [...definition[part]] as unknown[]
  const to = index + by
  if (to < 0 || to >= list.length) return definition
  const [entry] = list.splice(index, 1)
  list.splice(to, 0, entry)
  return { ...definition, [part]: list }
}

export function setFilters(definition: Definition, filters: Filter | undefined): Definition {
  const { filters: _before, ...rest } = definition
  const empty =
    filters !== undefined &&
    (('all' in filters && filters.all.length === 0) || ('any' in filters && filters.any.length === 0))
  return filters === undefined || empty ? rest : { ...rest, filters }
}

/** A list becomes a summary and back; what the other cannot have goes. */
export function setSummary(definition: Definition, summary: boolean): Definition {
  const { having: _having, ...rest } = definition
  const fresh = { ...rest, sortBy: [], calculations: [], limitPer: null, pivot: null, compare: null, totals: false }
  return summary
    ? { ...fresh, columns: [], distinct: false, aggregates: [{ id: 'count', fn: 'count' }] }
    : { ...fresh, groupBy: [], aggregates: [] }
}

export type Steps = {
  readonly past: readonly Definition[]
  readonly now: Definition
  readonly future: readonly Definition[]
}
const MAX_STEPS = 100

export const begin = (definition: Definition): Steps => ({ past: [], now: definition, future: [] })
export function step(steps: Steps, next: Definition): Steps {
  if (next === steps.now) return steps
  return { past: [...steps.past, steps.now].slice(-MAX_STEPS), now: next, future: [] }
}
export function undo(steps: Steps): Steps {
  const before = steps.past.at(-1)
  if (before === undefined) return steps
  return { past: steps.past.slice(0, -1), now: before, future: [steps.now, ...steps.future] }
}
export function redo(steps: Steps): Steps {
  const [next, ...future] = steps.future
  return next === undefined ? steps : { past: [...steps.past, steps.now], now: next, future }
}
