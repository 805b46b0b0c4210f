// The conditions of a table under a follow-up: narrowed, widened, turned round, taken away; all others stay.
import { entityOf, resolvePath } from '../../catalog/find.ts'
import { canonicalJson } from '../../catalog/hash.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { isSummary, outputsOf } from '../../definition/outputs.ts'
import type { Aggregate, Definition, Filter } from '../../definition/schema.ts'
import { isBare } from './counting.ts'
import { localDay } from './local-day.ts'
import { periodOf } from './periods.ts'
import { fragment, type Part, sourceNoun } from './refine-part.ts'
import { empty } from './tie/empty.ts'
import { touchedBy } from './touched.ts'

const parts = (filter: Filter | undefined): Filter[] =>
  filter === undefined ? [] : 'all' in filter ? filter.all : [filter]

function conjunction(list: readonly Filter[]): { filters?: Filter } {
  const [only] = list
  if (only === undefined) return {}
  return { filters: list.length === 1 ? only : { all: [...list] } }
}

/** A new condition takes the place of those on the same field; periods of those that are periods. */
function withFilters(base: Definition, added: readonly Filter[], catalog: Catalog): Definition {
  const subject = subjectIn(base, catalog)
  const kept = parts(base.filters).filter((part) => !added.some((one) => replaces(one, part, subject)))
  return onlyFilters(base, [...kept, ...added])
}

function onlyFilters({ filters: _filters, ...rest }: Definition, list: readonly Filter[]): Definition {
  return { ...rest, ...conjunction(list) }
}

const BOUNDS: Readonly<Record<string, 'low' | 'high'>> = { gt: 'low', gte: 'low', lt: 'high', lte: 'high' }

type Subject = (filter: Filter) => string | undefined

/** What a condition is about: the name of a state is the state that the key stands for. */
function subjectIn({ dataSources: [source = ''] }: Definition, catalog: Catalog): Subject {
  return (filter) => {
    const path = fieldOf(filter)
    const steps = path?.split('.') ?? []
    const name = steps.pop()
    const last = steps.pop()
    if (path === undefined || name === undefined || last === undefined) return path
    let entity = entityOf(catalog, source)
    for (const step of steps) entity = entityOf(catalog, entity?.relations[step]?.to ?? '')
    const relation = entity?.relations[last]
    const target = entityOf(catalog, relation?.to ?? '')
    const [on] = relation?.on ?? []
    if (relation?.kind !== 'to_one' || on === undefined || relation.on.length !== 1) return path
    return name === target?.displayField || name === on.to ? [...steps, on.from].join('.') : path
  }
}

/** The same field is spoken of, but not its other end: "below 500" leaves "above 100" as it is. */
function replaces(added: Filter, there: Filter, subject: Subject = fieldOf): boolean {
  const field = subject(added)
  if (field === undefined || field !== subject(there) || !('op' in added) || !('op' in there)) return false
  if (isFirst(there)) return false
  const [one, other] = [BOUNDS[added.op], BOUNDS[there.op]]
  return one === undefined || other === undefined || one === other
}

/** "First gifts" stay first gifts in another year: that a row is the first of its kind is no date. */
function isFirst(filter: Filter): boolean {
  return 'field' in filter && JSON.stringify(filter.value ?? null).includes('"same":')
}

const fieldOf = (filter: Filter): string | undefined => ('field' in filter ? filter.field : undefined)

/** "only California": the conditions of a small prompt, in the place of those on the same fields. */
export function filtered(part: Part): Definition | undefined {
  const { base, text, rest, input } = part
  const timed = otherTime(part)
  if (timed !== undefined) return timed
  const noun = sourceNoun(part)
  for (const prompt of [
    `${noun} ${text.replace(/^(?:only|just)\s+/i, '')}`,
    `${noun} in ${rest}`,
    `${noun} from ${rest}`,
    `${rest} ${noun}`,
  ]) {
    const found = fragment(part, prompt)
    const conditions = parts(found?.filters)
    if (found === undefined || conditions.length === 0 || isSummary(found)) continue
    if (!conditions.every((one) => isSpoken(part, one))) continue
    return isOfDeed(part, conditions) ? undefined : withFilters(base, conditions, input.catalog)
  }
  return undefined
}

/** "What about last year": another time in the place of the table's only one, wherever it is asked of: of the gifts, of the first of them. */
function otherTime({ base, rest, input: { clock } }: Part): Definition | undefined {
  const period = periodOf(rest.replace(/^(?:in|for|during|of|from) /i, ''), localDay(clock.now, clock.timezone))
  if (period === undefined || base.filters === undefined) return undefined
  let times = 0
  const filters = JSON.parse(JSON.stringify(base.filters), (_, value) => {
    if (typeof value !== 'object' || value === null || value.op !== 'in_period') return value
    times += 1
    return { ...value, value: period }
  }) as Filter
  return times === 1 ? { ...base, filters } : undefined
}

/** "Also in 2024" behind who gave in 2025 is about gifts again: which of the two is meant is not guessed. */
function isOfDeed({ base, text, input: { catalog } }: Part, conditions: readonly Filter[]): boolean {
  const [root = ''] = base.dataSources
  const own = catalog.entities[root]
  const date = own?.fields[own.defaultDate ?? '']
  const dated = conditions.some((one) => 'field' in one && one.op === 'in_period' && one.field === own?.defaultDate)
  const deed = parts(base.filters).some((one) => !('field' in one) && JSON.stringify(one).includes('"in_period"'))
  const names = date === undefined ? [] : [date.label, ...date.synonyms].map((name) => name.toLowerCase())
  return dated && deed && !names.some((name) => text.toLowerCase().includes(name))
}

/** A reading that nobody means: that there are related rows at all, or that a key is just this number. */
function isSpoken({ base, text, input }: Part, filter: Filter): boolean {
  if ('relation' in filter) {
    if (COMPARED.test(text) && /\b(?:ones|those|them)\b/i.test(text)) return false
    return (
      !isBare(filter, base.dataSources[0] ?? '', input.catalog) || /\b(?:with|ha(?:s|ve|ving)|who|that)\b/i.test(text)
    )
  }
  const path = fieldOf(filter)
  const found = path === undefined ? undefined : resolvePath(input.catalog, base.dataSources[0] ?? '', path)
  if (found?.ok !== true || found.field?.type !== 'id') return true
  return /\b(?:ids?|numbers?|no)\b|#/i.test(text) || !('op' in filter) || filter.op !== 'eq'
}

/** The conditions that words stand for, as a list of the source has them. */
function conditionsOf(part: Part, rest: string): Filter[] | undefined {
  const noun = sourceNoun(part)
  const prompts = [`${rest} ${noun}`, `${noun} in ${rest}`, `${noun} that are ${rest}`, `${noun} with ${rest}`]
  const found = prompts.flatMap((prompt) => {
    const one = fragment(part, prompt)
    const conditions = parts(one?.filters)
    return one === undefined || conditions.length === 0 || isSummary(one) ? [] : [conditions]
  })
  // "drop cancelled" beside campaigns is about those, not about pledges that nobody spoke of.
  return found.find((conditions) => isNear(part, conditions)) ?? found[0]
}

/** Whether conditions are about what the table reads already. */
function isNear({ base, input: { catalog } }: Part, conditions: readonly Filter[]): boolean {
  const read = touchedBy(base, catalog).entities
  const [root = ''] = base.dataSources
  return conditions.every((one) =>
    [...touchedBy({ ...empty(root), filters: one }, catalog).entities].every((entity) => read.has(entity)),
  )
}

const same = (one: Filter, other: Filter): boolean => canonicalJson(one) === canonicalJson(other)

/** "without refunds": the opposite of "refunded donations"; "without California" where there is only California: that goes. */
export function excluded(part: Part): Definition | undefined {
  const { base } = part
  const rest = part.rest.replace(/ (?:filter|condition|restriction)$/i, '')
  const conditions = conditionsOf(part, rest)
  if (conditions === undefined) return undefined
  const there = parts(base.filters)
  const kept = there.filter((one) => !conditions.some((other) => same(one, other)))
  if (kept.length < there.length) return onlyFilters(base, kept)
  if (rest !== part.rest) return undefined
  const opposite = conditions.length === 1 ? opposed(conditions[0] as Filter) : { not: { all: conditions } }
  const narrowed = narrowedIn(there, opposite)
  return onlyFilters(base, narrowed ?? [...there.filter((one) => !same(one, opposite)), opposite])
}

/** "without Oregon" of "California or Oregon". */
function narrowedIn(there: readonly Filter[], opposite: Filter): Filter[] | undefined {
  if (!('field' in opposite) || opposite.op !== 'ne') return undefined
  const at = there.findIndex(
    (one) =>
      'field' in one &&
      one.field === opposite.field &&
      one.op === 'in' &&
      Array.isArray(one.value) &&
      one.value.includes(opposite.value as string),
  )
  const listed = there[at]
  if (listed === undefined || !('op' in listed) || !Array.isArray(listed.value)) return undefined
  const left = listed.value.filter((value) => value !== opposite.value)
  const next = { ...listed, ...(left.length === 1 ? { op: 'eq', value: left[0] } : { value: left }) } as Filter
  return there.map((one, index) => (index === at ? next : one))
}

/** "include refunds" where they were left out: the condition that leaves them out goes. */
export function returned(part: Part): Definition | undefined {
  const there = parts(part.base.filters)
  const conditions = conditionsOf(part, part.rest)
  const [one] = conditions ?? []
  if (one === undefined || conditions?.length !== 1) return undefined
  const kept = there.filter((other) => !same(other, opposed(one)))
  if (kept.length < there.length) return onlyFilters(part.base, kept)
  // "The largest pledge, including cancelled ones": what its number leaves out.
  const limit = canonicalJson(opposed(one))
  const isLimit = ({ where }: Aggregate) => where !== undefined && canonicalJson(where) === limit
  const { aggregates } = part.base
  if (!aggregates.some(isLimit)) return undefined
  const open = aggregates.map(({ where, ...rest }) => (isLimit({ where, ...rest }) ? rest : { where, ...rest }))
  return { ...part.base, aggregates: open }
}

/** "and Oregon" where there is California: either of them. */
export function widened(part: Part): Definition | undefined {
  const conditions = conditionsOf(part, part.rest) ?? []
  const [wider] = conditions
  if (wider === undefined || conditions.length !== 1 || !('field' in wider) || !('op' in wider)) return undefined
  const there = parts(part.base.filters)
  const subject = subjectIn(part.base, part.input.catalog)
  const at = there.findIndex((one) => 'field' in one && subject(one) === subject(wider) && /^(?:eq|in)$/.test(one.op))
  const listed = there[at]
  if (listed === undefined || !('op' in listed) || !/^(?:eq|in)$/.test(wider.op)) return undefined
  if (!('field' in listed) || listed.field !== wider.field) {
    const either: Filter = { any: [listed, wider] }
    return onlyFilters(
      part.base,
      there.map((one, index) => (index === at ? either : one)),
    )
  }
  const value = [...new Set([listed.value, wider.value].flat())]
  const next = {
    ...listed,
    op: value.length === 1 ? 'eq' : 'in',
    value: value.length === 1 ? value[0] : value,
  } as Filter
  return onlyFilters(
    part.base,
    there.map((one, index) => (index === at ? next : one)),
  )
}

/** "remove all filters", those of groups as well. */
export function withoutFilters({ filters: _filters, having: _having, ...base }: Definition): Definition {
  return base
}

/** "all time": no condition on a date is left. */
export function whenever(base: Definition, catalog: Catalog): Definition {
  const dated = (filter: Filter): boolean => {
    const path = fieldOf(filter)
    const found = path === undefined ? undefined : resolvePath(catalog, base.dataSources[0] ?? '', path)
    return !isFirst(filter) && found?.ok === true && /^(?:date|timestamp)$/.test(found.field?.type ?? '')
  }
  return onlyFilters(
    base,
    parts(base.filters).filter((one) => !dated(one)),
  )
}

const COMPARED =
  /\b(above|over|below|under|(?:more|less|fewer|greater|higher|lower) than|at least|at most|exactly)\s+[$€£]?(\d[\d.,]*)\s*(k|thousand|m|million)?/i
const OPS: Readonly<Record<string, 'gt' | 'lt' | 'gte' | 'lte' | 'eq'>> = {
  ...{ above: 'gt', over: 'gt', 'more than': 'gt', 'greater than': 'gt', 'higher than': 'gt' },
  ...{ below: 'lt', under: 'lt', 'less than': 'lt', 'fewer than': 'lt', 'lower than': 'lt' },
  ...{ 'at least': 'gte', 'at most': 'lte', exactly: 'eq' },
}

/** "only the ones above 100": of groups their number, of rows the one number that they show. */
export function measured(part: Part): Definition | undefined {
  const { base, text, input } = part
  const [, words = '', digits = '', times = ''] = COMPARED.exec(text) ?? []
  const op = OPS[words.toLowerCase().replace(/\s+/g, ' ')]
  const value = Number(digits.replaceAll(',', '')) * (/^k|^t/i.test(times) ? 1000 : /^m/i.test(times) ? 1_000_000 : 1)
  if (op === undefined || !Number.isFinite(value)) return undefined
  const outputs = outputsOf(base, input.catalog)
  const ordered = outputs.find(({ id }) => id === base.sortBy[0]?.field)
  const isNumber = (type: string | undefined) => /^(?:integer|number|money)$/.test(type ?? '')
  if (isSummary(base)) {
    const measures = outputs.filter(({ role, type, hidden }) => role === 'aggregate' && isNumber(type) && !hidden)
    const field = measures.find(({ id }) => id === ordered?.id)?.id ?? measures[0]?.id
    if (field === undefined || base.groupBy.length === 0) return undefined
    const added = { field, op, value } as Filter
    const all = [...parts(base.having).filter((one) => !replaces(added, one)), added]
    return { ...base, having: all.length === 1 ? added : { all } }
  }
  const numbers = outputs.filter(({ type, hidden }) => isNumber(type) && !hidden)
  const found = isNumber(ordered?.type) ? ordered : numbers.length === 1 ? numbers[0] : undefined
  return found === undefined ? undefined : withFilters(base, [{ field: found.id, op, value } as Filter], input.catalog)
}

function opposed(filter: Filter): Filter {
  if ('field' in filter && filter.op === 'eq') return { ...filter, op: 'ne' }
  if ('field' in filter && filter.op === 'in') return { ...filter, op: 'not_in' }
  if ('relation' in filter && filter.match === 'some') return { ...filter, match: 'none' }
  if ('relation' in filter && filter.match === 'none') return { ...filter, match: 'some' }
  return { not: filter }
}
