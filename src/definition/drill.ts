// From a number to the rows behind it. In: a checked summary, one of its numbers, the keys of its row. Out: a list of the rows
// that were counted there, as a definition of its own. Refused, with the reason: numbers that are made of other numbers, and
// rows from which no relation leads back to those that were grouped.
import { type Hop, resolvePath } from '../catalog/find.ts'
import { canonicalJson } from '../catalog/hash.ts'
import type { Catalog, Field, FieldType } from '../catalog/schema.ts'
import { resolveAggregate } from './aggregate.ts'
import { isRealDate } from './check-filter.ts'
import { columnId, outputsOf } from './outputs.ts'
import { Definition, type Filter, type GroupKey, type Scalar } from './schema.ts'

/** A cell of a row, as rows have them. */
type Cell = string | number | boolean | null
export type Drilled =
  | { readonly ok: true; readonly definition: Definition }
  | { readonly ok: false; readonly reason: string }

/** The rows behind the number in one column of one row; `keys` holds that row's keys by their ids. */
export function drill(
  definition: Definition,
  catalog: Catalog,
  { column, keys }: { readonly column: string; readonly keys: Readonly<Record<string, Cell>> },
): Drilled {
  const source = definition.dataSources[0] ?? ''
  const expr = definition.aggregates.find(({ id }) => id === column)
  if (expr === undefined) return no('it is made of other numbers; look behind one of those')
  if (definition.pivot !== null) return no('the table is pivoted; take the pivot out first')
  const resolved = resolveAggregate(catalog, source, expr)
  if (!resolved.ok) return no('it cannot be resolved')
  const { hops, countedEntity, where, fn, value, valueType } = resolved.aggregate
  const conditions = [...allOf(definition.filters)]
  const outputs = outputsOf(definition, catalog)
  for (const key of definition.groupBy) {
    const cell = keys[columnId(key)]
    if (cell === undefined) return no('its row is not known')
    const condition = sameKey(
      key,
      cell,
      outputs.find(({ id }) => id === columnId(key))?.type,
      fieldOf(catalog, source, key.field),
    )
    if (condition === undefined) return no(`its group by “${key.label ?? columnId(key)}” cannot be told from others`)
    conditions.push(condition)
  }
  const back = wayBack(hops, catalog)
  if (back === undefined) return no('no relation leads from those rows back to the ones that were grouped')
  const inGroup: Filter[] =
    back === ''
      ? conditions
      : [{ relation: back, match: 'some', ...(conditions.length > 0 && { where: { all: once(conditions) } }) }]
  // Only rows with a value are counted.
  const counts = fn === 'count' || fn === 'count_distinct'
  const filled =
    !counts || value === undefined
      ? []
      : value.kind === 'field'
        ? [hasValue({ field: value.path }, fieldOf(catalog, countedEntity, value.path))]
        : [hasValue({ formula: fromThere(expr.formula ?? '', hops) }, { type: valueType })]
  const all = once([...inGroup, ...where.flatMap(allOf), ...filled])
  return {
    ok: true,
    definition: Definition.parse({
      version: 1,
      dataSources: [countedEntity],
      ...(all.length > 0 && { filters: { all } }),
      ...(value?.kind === 'field' && ranks(fn) && { sortBy: [{ field: value.path, direction: 'desc' }] }),
    }),
  }
}

/** The conditions that hold together. */
const allOf = (filter: Filter | undefined): readonly Filter[] =>
  filter === undefined ? [] : 'all' in filter ? filter.all.flatMap(allOf) : [filter]

/** Each condition only once, wherever it came from. */
const once = (filters: readonly Filter[]): Filter[] => [
  ...new Map(filters.map((filter) => [canonicalJson(filter), filter])).values(),
]

const no = (reason: string): Drilled => ({ ok: false, reason })
const ranks = (fn: string): boolean => !['count', 'count_distinct', 'list', 'first', 'last'].includes(fn)

type Side = { readonly field: string; readonly grain?: GroupKey['grain'] } | { readonly formula: string }
type Kept = { readonly type: FieldType; readonly values?: Field['values']; readonly caseSensitive?: boolean }

function fieldOf(catalog: Catalog, entity: string, path: string | undefined): Kept | undefined {
  const found = path === undefined ? undefined : resolvePath(catalog, entity, path)
  return found?.ok === true ? found.field : undefined
}

/** Whether a text of no letters is one of the values that the field may hold. */
const mayBeBlank = ({ type, values }: Kept): boolean =>
  type === 'text' || (type === 'enum' && (values === undefined || values.some(({ value }) => value === '')))

/** A text of no letters counts as a value, though conditions take it as empty. */
function hasValue(side: Side, kept: Kept | undefined): Filter {
  const filled: Filter = { ...side, op: 'not_empty' }
  return kept !== undefined && mayBeBlank(kept) ? { any: [filled, { ...side, op: 'eq', value: '' }] } : filled
}

function noValue(side: Side, kept: Kept | undefined): Filter {
  const empty: Filter = { ...side, op: 'is_empty' }
  return kept !== undefined && mayBeBlank(kept) ? { all: [empty, { ...side, op: 'ne', value: '' }] } : empty
}

/** A formula of an aggregate, as the entity whose rows it counts would write it. */
function fromThere(formula: string, hops: readonly Hop[]): string {
  if (hops.length === 0) return formula
  const prefix = new RegExp(`(?<![\\w.])${hops.map(({ relation }) => `${relation}\\.`).join('')}`, 'g')
  return formula
    .split(/('(?:[^']|'')*')/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(prefix, '')))
    .join('')
}

/** The condition that holds for the rows of one group and no others; `type` is that of the key, `kept` its field. */
function sameKey(
  { field, formula, grain, bucket }: GroupKey,
  cell: Cell,
  type: FieldType | undefined,
  kept: Kept | undefined,
): Filter | undefined {
  const whole: Side | undefined = formula !== undefined ? { formula } : field !== undefined ? { field } : undefined
  if (whole === undefined || type === undefined) return undefined
  if (cell === null) return noValue(whole, formula === undefined ? kept : { type })
  if (bucket !== undefined) {
    const [from, to] = rangeOf(cell, bucket)
    if (from === undefined || to === undefined) return undefined
    return {
      all: [
        { ...whole, op: 'gte', value: from },
        { ...whole, op: 'lt', value: to },
      ],
    }
  }
  const side: Side = { ...whole, ...(grain !== undefined && { grain }) }
  const value = exactValue(cell, type)
  if (value === undefined) return undefined
  // Equality passes over upper and lower case, by which groups differ; a range from a text to itself does not.
  const isText = type === 'text' && kept?.caseSensitive !== true && typeof value === 'string'
  if (isText && value.toLowerCase() !== value.toUpperCase())
    return { ...side, op: 'between', value: { min: value, max: value } }
  return { ...side, op: 'eq', value }
}

/** A cell as a value that picks what it shows and nothing else. */
function exactValue(cell: Exclude<Cell, null>, type: FieldType): Scalar | undefined {
  if (type === 'integer' || type === 'number' || type === 'money') return exactNumber(cell)
  if (type === 'date' || type === 'timestamp') return isRealDate(String(cell)) ? String(cell) : undefined
  return cell
}

/** A number as JSON names it where that is exact, as a decimal otherwise. */
function exactNumber(cell: Exclude<Cell, null>): Scalar | undefined {
  if (typeof cell === 'number' && Number.isFinite(cell)) return cell
  const text = String(cell)
  if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return String(Number(short)) === short ? Number(short) : text
}

/** Both ends of a range of numbers, in decimals: 0.2 and 0.1 are 0.3. */
function rangeOf(cell: Exclude<Cell, null>, width: number): (Scalar | undefined)[] {
  const [from, wide] = [String(cell), String(width)]
  if (![from, wide].every((text) => /^-?\d+(\.\d+)?$/.test(text))) return []
  const decimals = Math.max(...[from, wide].map((text) => text.split('.')[1]?.length ?? 0))
  const whole = (text: string): bigint => {
    const [before = '', after = ''] = text.split('.')
    return BigInt(before + after.padEnd(decimals, '0'))
  }
  const end = whole(from) + whole(wide)
  const digits = String(end < 0n ? -end : end).padStart(decimals + 1, '0')
  const at = digits.length - decimals
  const to = `${end < 0n ? '-' : ''}${digits.slice(0, at)}${decimals === 0 ? '' : `.${digits.slice(at)}`}`
  return [exactNumber(from), exactNumber(to)]
}

/** The relations from the counted rows back to the grouped ones, as a path; '' where they are the same rows. */
function wayBack(hops: readonly Hop[], catalog: Catalog): string | undefined {
  const names: string[] = []
  for (const { relation, from, to } of hops.toReversed()) {
    const there = catalog.entities[from]?.relations[relation]
    const back = Object.entries(catalog.entities[to]?.relations ?? {}).find(
      ([, one]) =>
        one.to === from &&
        one.on.length === there?.on.length &&
        one.on.every(({ from: a, to: b }) => there.on.some((other) => other.from === b && other.to === a)),
    )
    if (back === undefined) return undefined
    names.push(back[0])
  }
  return names.join('.')
}
