// What changed between two versions of a table, in words. In: the server's changes, the catalog as the reader sees it.
// Out: one line a change, with a sign: added, removed or changed. What has no words here is shown as it is written.
import type {
  Aggregate,
  Calculation,
  Column,
  Filter,
  GroupKey,
  Period,
  Sort,
  Value,
} from '../../src/definition/schema.ts'
import type { Answered } from '../api/call.ts'
import type { CatalogView } from '../api/client.ts'

type Version = Answered<'GET /tables/{id}/history'>['versions'][number]
export type Change = NonNullable<Version['changes']>[number]
export type ChangeLine = { readonly sign: '+' | '−' | '~'; readonly text: string }
type Words = { readonly catalog: CatalogView | undefined; readonly source: string }

/** One line for each change. */
export function changeLines(changes: readonly Change[], words: Words): readonly ChangeLine[] {
  return changes.map((change) => {
    const { kind, part, before, after } = change
    if (kind === 'add') return { sign: '+', text: entryWords(part, after, words) }
    if (kind === 'remove') return { sign: '−', text: entryWords(part, before, words) }
    if (kind === 'replace') return { sign: '~', text: replaced(part, before, after, words) }
    if (kind === 'order') return { sign: '~', text: orderWords(part, after, words) }
    return {
      sign: '~',
      text: `${PARTS[part] ?? part}: ${whole(part, before, words)}, now ${whole(part, after, words)}`,
    }
  })
}

const PARTS: Readonly<Record<string, string>> = {
  title: 'Title',
  dataSources: 'Sources',
  columns: 'Columns',
  groupBy: 'Groups',
  aggregates: 'Numbers',
  calculations: 'Calculations',
  filters: 'Condition',
  having: 'Condition on the result',
  sortBy: 'Order of rows',
  limit: 'Rows at most',
  limitPer: 'Rows per group',
  totals: 'Totals',
  pivot: 'Spread over columns',
  compare: 'Compared with',
  distinct: 'Equal rows once',
}
const COMPARED: Readonly<Record<string, string>> = {
  previous_period: 'the period before',
  previous_year: 'the year before',
}

function entryWords(part: string, entry: unknown, words: Words): string {
  if (part === 'columns') return `Column ${named(entry as Column, words)}`
  if (part === 'groupBy') {
    const key = entry as GroupKey
    return `Group by ${named(key, words)}${key.grain ? `, by ${spaced(key.grain)}` : ''}`
  }
  if (part === 'aggregates') return `Number ${aggregateWords(entry as Aggregate, words)}`
  if (part === 'calculations') {
    const one = entry as Calculation
    return `Calculation ${one.label ?? spaced(one.id)}${one.formula ? ` = ${one.formula}` : ''}`
  }
  if (part === 'sortBy') {
    const { field, direction } = entry as Sort
    return `Order by ${labelOf(field, words)}, ${direction === 'desc' ? 'falling' : 'rising'}`
  }
  const condition = filterWords(entry as Filter, words)
  return part === 'having' ? `Only results where ${condition}` : `Only where ${condition}`
}

function replaced(part: string, before: unknown, after: unknown, words: Words): string {
  const [was, is] = [entryWords(part, before, words), entryWords(part, after, words)]
  if (was !== is) return `${was}, now ${is}`
  const [a, b] = [before as Record<string, unknown>, after as Record<string, unknown>]
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  const changed = keys.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]))
  return `${is}: another ${changed.map((key) => (key === 'where' ? 'condition' : spaced(key))).join(', ')}`
}

function orderWords(part: string, after: unknown, words: Words): string {
  const what = PARTS[part] ?? part
  if (part === 'filters' || part === 'having' || !Array.isArray(after)) return `${what}: in another order`
  return `${what} in the order ${after.map((id) => labelOf(String(id), words)).join(', ')}`
}

/** A part that changed as a whole. */
function whole(part: string, value: unknown, words: Words): string {
  if (value === null || value === undefined) return part === 'limit' ? 'all' : 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (part === 'filters' || part === 'having') return filterWords(value as Filter, words)
  if (part === 'dataSources') {
    return (value as string[]).map((name) => words.catalog?.entities[name]?.label ?? name).join(', ')
  }
  if (part === 'compare') return COMPARED[(value as { to: string }).to] ?? 'something else'
  if (part === 'pivot') return labelOf((value as { column: string }).column, words)
  if (part === 'limitPer') {
    const { by, limit } = value as { by: string[]; limit: number }
    return `${limit} for each ${by.map((id) => labelOf(id, words)).join(', ')}`
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : value.map((entry) => entryWords(part, entry, words)).join('; ')
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function named(
  entry: {
    id?: string | undefined
    label?: string | undefined
    field?: string | undefined
    formula?: string | undefined
  },
  words: Words,
): string {
  const { id, label, field, formula } = entry
  const about = field === undefined ? formula : labelOf(field, words)
  if (label === undefined || label === about) return about ?? id ?? ''
  return about === undefined ? label : `“${label}” (${about})`
}

const FNS: Readonly<Record<string, string>> = {
  count: 'count of',
  count_distinct: 'different',
  avg: 'average',
  min: 'smallest',
  max: 'largest',
  stddev: 'spread of',
}

function aggregateWords(entry: Omit<Aggregate, 'id'> & { id?: string }, words: Words): string {
  const { fn, metric, field, formula, label, where } = entry
  const of = field === undefined ? (formula ?? 'rows') : labelOf(field, words)
  const about = metric !== undefined ? labelOf(metric, words) : fn === undefined ? of : `${FNS[fn] ?? spaced(fn)} ${of}`
  const named = label === undefined || label === about ? about : `“${label}” (${about})`
  return where === undefined ? named : `${named} where ${filterWords(where, words)}`
}

const OPS: Readonly<Record<string, string>> = {
  eq: 'is',
  ne: 'is not',
  lt: 'is below',
  lte: 'is at most',
  gt: 'is above',
  gte: 'is at least',
  between: 'is between',
  in: 'is one of',
  not_in: 'is none of',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'begins with',
  ends_with: 'ends with',
  is_empty: 'is empty',
  not_empty: 'is not empty',
  in_period: 'is in',
}

function filterWords(filter: Filter, words: Words): string {
  if ('all' in filter) return filter.all.map((one) => inner(one, words)).join(' and ')
  if ('any' in filter) return filter.any.map((one) => inner(one, words)).join(' or ')
  if ('not' in filter) return `not (${filterWords(filter.not, words)})`
  if ('relation' in filter) {
    const { relation, match, where } = filter
    const many = typeof match === 'string' ? match : `${OPS[match.count.op] ?? ''} ${match.count.value}`
    const inside = { ...words, source: entityAt(relation.split('.'), words) ?? words.source }
    const condition = where === undefined ? '' : ` where ${filterWords(where, inside)}`
    return `${many} of ${labelOf(relation, words)}${condition}`
  }
  const { op, value } = filter
  const what =
    'field' in filter
      ? `${labelOf(filter.field, words)}${filter.grain ? ` (${spaced(filter.grain)})` : ''}`
      : 'formula' in filter
        ? filter.formula
        : aggregateWords(filter.aggregate, words)
  const shown = value === undefined ? '' : ` ${valueWords(value, 'field' in filter ? filter.field : undefined, words)}`
  return `${what} ${OPS[op] ?? op}${shown}`
}

const inner = (filter: Filter, words: Words) =>
  'all' in filter || 'any' in filter ? `(${filterWords(filter, words)})` : filterWords(filter, words)

function valueWords(value: Value, path: string | undefined, words: Words): string {
  if (Array.isArray(value)) return value.map((one) => valueWords(one, path, words)).join(', ')
  if (typeof value !== 'object') {
    const labels = path === undefined ? undefined : fieldAt(path, words)?.values
    return labels?.find((one) => one.value === value)?.label ?? String(value)
  }
  if ('min' in value) return `${value.min} and ${value.max}`
  if ('field' in value) return labelOf(value.field, words)
  if ('aggregate' in value) return aggregateWords(value.aggregate, words)
  if ('definition' in value) return 'what a table of its own gives'
  return periodWords(value)
}

function periodWords(period: Period): string {
  if ('from' in period) return `${period.from} to ${period.to}`
  if ('to_date' in period) return `the ${spaced(period.to_date)} to date`
  const [[word = '', value] = []] = Object.entries(period)
  const plain = typeof value === 'number' || /^\d/.test(String(value))
  if ('last' in period || 'next' in period) {
    return `the ${word} ${value} ${spaced(period.unit)}${value === 1 ? '' : 's'}`
  }
  if (word === 'since' || word === 'before') return `the time ${word} ${value}`
  return plain ? `${word === 'fiscal_year' ? 'fiscal year ' : ''}${value}` : `${word} ${spaced(String(value))}`
}

const spaced = (name: string) => name.replaceAll('_', ' ')

/** What a path leads to, by labels; the path itself where the catalog does not (any more) have it. */
function labelOf(path: string, words: Words): string {
  const steps = path.split('.')
  const last = steps.at(-1) ?? ''
  const names: string[] = []
  let entity = words.catalog?.entities[words.source]
  for (const step of steps.slice(0, -1)) {
    const relation = entity?.relations[step]
    if (relation === undefined) return path
    names.push(relation.label)
    entity = words.catalog?.entities[relation.to]
  }
  const one = entity?.fields[last] ?? entity?.metrics[last] ?? entity?.relations[last]
  return one === undefined ? spaced(path) : [...names, one.label].join(' › ')
}

function fieldAt(path: string, words: Words) {
  const steps = path.split('.')
  const entity = entityAt(steps.slice(0, -1), words)
  return entity === undefined ? undefined : words.catalog?.entities[entity]?.fields[steps.at(-1) ?? '']
}

function entityAt(steps: readonly string[], { catalog, source }: Words): string | undefined {
  let at: string | undefined = source
  for (const step of steps) at = at === undefined ? undefined : catalog?.entities[at]?.relations[step]?.to
  return at
}
