// What speaks for and against one reading, as numbers: the ground on which readings are ranked and trusted.
// In: a reading with everything that was decided on the way. Out: named numbers, 0 left out; no word of the prompt or catalog.
// Refused: features of one database; everything here means the same for any catalog.
import type { Definition, Filter } from '../../definition/schema.ts'
import type { Reading } from './choose.ts'
import type { Chunk } from './chunk.ts'
import type { Ask, Cond } from './read/ast.ts'
import type { Assignment } from './tie/assign.ts'
import type { Built } from './tie/build.ts'
import type { Slot } from './tie/slots.ts'

export type FeatureInput = {
  readonly ask: Ask
  readonly chunks: readonly Chunk[]
  /** Which cut of the prompt it is, 0 for the likeliest. */
  readonly way: number
  readonly reading: Reading<Ask>
  readonly slots: readonly Slot[]
  readonly assignment: Assignment
  readonly built: Built
  readonly unreadCost: number
  readonly tokens: number
}

/** Named numbers of one reading. */
export function featuresOf(input: FeatureInput): Record<string, number> {
  const { ask, chunks, way, reading, slots, assignment, built, unreadCost, tokens } = input
  const found: Record<string, number> = {}
  const add = (name: string, value: number) => {
    if (value !== 0) found[name] = (found[name] ?? 0) + value
  }
  add('cost.pick', reading.cost)
  add('cost.assign', assignment.cost)
  add('cost.build', built.cost)
  add('cost.unread', unreadCost)
  add(`way.${way}`, 1)
  add('tokens', tokens / 10)
  add('slots', slots.length)
  for (const one of ask.unread) {
    if (one.quoted === true) add('unread.quoted', 1)
    else if (one.num !== undefined) add('unread.number', 1)
    else if (one.capital && one.from > 0) add('unread.name', 1)
    else if (one.links.length > 0) add('unread.noun', 1)
    else add(/(ed|ing|s)$/.test(one.word) ? 'unread.verb' : 'unread.word', 1)
  }
  for (const [name, value] of Object.entries(ask.features)) add(`ask.${name}`, value)
  for (const pick of reading.picks) if (!pick.endsWith(':0')) add(`pick.${pick}`, 1)
  for (const [reason, amount] of Object.entries(built.reasons)) add(`price.${reason}`, amount)
  slotFeatures(slots, assignment, add)
  chunkFeatures(chunks, add)
  for (const cond of ask.where) condFeatures(cond, add)
  definitionFeatures(built.definition, add)
  return found
}

type Add = (name: string, value: number) => void

function slotFeatures(slots: readonly Slot[], assignment: Assignment, add: Add): void {
  let worst = 0
  for (const slot of slots) {
    const chosen = assignment.chosen.get(slot.key)
    if (chosen === undefined) continue
    if (slot.weight >= 1) worst = Math.max(worst, chosen.cost)
    const rivals = slot.candidates.filter(
      (one) => one !== chosen && one.cost - chosen.cost < 0.3 && slot.weight >= 1,
    ).length
    add('slot.rivals', Math.min(rivals, 3) / 3)
    if (rivals > 0) add('slot.doubtful', 1)
    if (chosen.cost > 0.9) add('slot.poor', 1)
    if (
      chosen.kind === 'field' &&
      chosen.value !== undefined &&
      !slot.candidates.some((one) => one.kind === 'field' && one.value !== undefined && one.cost < 0.6)
    )
      add('slot.literal', 1)
    add(`slot.${chosen.kind}`, 1)
    if (chosen.kind === 'metric' && chosen.cost < 0.1) add('slot.metricNamed', 1)
  }
  add('slot.worst', worst)
  add('entities', assignment.entities.length)
}

function chunkFeatures(chunks: readonly Chunk[], add: Add): void {
  for (const chunk of chunks) {
    const best = chunk.links[0]?.score ?? 0
    if (chunk.quoted === true) add(chunk.values.length > 0 ? 'chunk.quotedKnown' : 'chunk.quotedNew', 1)
    else if (chunk.values.length > 0 && best < 0.5) add('chunk.value', 1)
    if (chunk.links.length > 0 && best < 0.75 && chunk.kw === undefined && chunk.values.length === 0)
      add('chunk.weak', 1)
    if (chunk.kw?.k === 'or') add('kw.or', 1)
    if (chunk.kw?.k === 'not' || chunk.kw?.k === 'without' || chunk.kw?.k === 'except' || chunk.kw?.k === 'neither')
      add('kw.not', 1)
    if (chunk.kw?.k === 'both') add('kw.both', 1)
    if (chunk.kw?.k === 'each') add('kw.each', 1)
    if (chunk.kw?.k === 'super') add('kw.super', 1)
    if (chunk.kw?.k === 'cmp') add('kw.cmp', 1)
    if (chunk.kw?.k === 'agg') add('kw.agg', 1)
    if (chunk.kw?.k === 'and') add('kw.and', 1)
    if (chunk.kw?.k === 'but') add('kw.but', 1)
    if (chunk.kw?.k === 'distinct') add('kw.distinct', 1)
    if (chunk.kw?.k === 'count' || chunk.kw?.k === 'howmany') add('kw.count', 1)
    if (chunk.kw?.k === 'order' || chunk.kw?.k === 'alpha' || chunk.kw?.k === 'desc' || chunk.kw?.k === 'asc')
      add('kw.order', 1)
  }
}

function condFeatures(cond: Cond, add: Add): void {
  add(`cond.${cond.kind}`, 1)
  if (cond.kind === 'and' || cond.kind === 'or') for (const part of cond.parts) condFeatures(part, add)
  else if (cond.kind === 'not') condFeatures(cond.part, add)
  else if (cond.kind === 'has') {
    if (cond.count !== undefined) add('cond.hasCount', 1)
    for (const part of cond.where) condFeatures(part, add)
  } else if (cond.kind === 'compare' && cond.right.kind === 'measure') add('cond.measure', 1)
}

function definitionFeatures(definition: Definition, add: Add): void {
  const hops = (path: string | undefined) => (path === undefined ? 0 : path.split('.').length - 1)
  add('def.list', definition.columns.length > 0 ? 1 : 0)
  add('def.columns', Math.min(definition.columns.length, 6))
  add('def.keys', definition.groupBy.length)
  add('def.aggregates', definition.aggregates.length)
  add('def.limit', definition.limit === null ? 0 : 1)
  add('def.sort', definition.sortBy.length)
  add('def.distinct', definition.distinct ? 1 : 0)
  add('def.having', definition.having === undefined ? 0 : 1)
  for (const one of definition.columns) add('def.columnHops', hops(one.field))
  for (const one of definition.groupBy) add('def.keyHops', hops(one.field))
  for (const one of definition.aggregates) add('def.aggregateHops', hops(one.field ?? one.per))
  if (
    definition.groupBy.length > 0 &&
    definition.aggregates.length > 0 &&
    definition.limit === null &&
    definition.sortBy.length === 0
  )
    add('def.grouped', 1)
  if (definition.filters !== undefined) filterFeatures(definition.filters, 0, add)
}

function filterFeatures(filter: Filter, depth: number, add: Add): void {
  if ('all' in filter) for (const one of filter.all) filterFeatures(one, depth, add)
  else if ('any' in filter) for (const one of filter.any) filterFeatures(one, depth, add)
  else if ('not' in filter) filterFeatures(filter.not, depth, add)
  else if ('relation' in filter) {
    add(typeof filter.match === 'string' ? `filter.${filter.match}` : 'filter.count', 1)
    add('filter.hops', filter.relation.split('.').length)
    if (filter.where !== undefined) filterFeatures(filter.where, depth + 1, add)
  } else {
    add('filter.leaf', 1)
    if ('field' in filter) add('filter.hops', filter.field.split('.').length - 1)
    const { value } = filter
    if (typeof value === 'object' && !Array.isArray(value) && 'definition' in value) add('filter.set', 1)
    if (typeof value === 'object' && !Array.isArray(value) && 'aggregate' in value) add('filter.aggregate', 1)
    if (typeof value === 'object' && !Array.isArray(value) && 'field' in value) add('filter.field', 1)
  }
}
