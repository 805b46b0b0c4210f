// What can be done to a definition in the builder, as functions: each gives a new definition of the right shape.
// And the steps back and forward again. Nothing here knows the page.
import { formulaPaths, parseFormula } from '../../src/definition/formula.ts'
import type {
  Aggregate,
  Calculation,
  Column,
  Definition,
  Filter,
  Format,
  GroupKey,
} from '../../src/definition/schema.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'

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

/** Takes an entry out, and with it what sorted, pivoted, filtered or computed by it. */
export function remove(definition: Definition, part: ListPart, index: number): Definition {
  const gone = definition[part][index]
  const next = { ...definition, [part]: definition[part].filter((_, at) => at !== index) }
  return gone === undefined || part === 'sortBy' ? next : withoutReferences(next, idsOf(part, gone))
}

/** Another key in the place of one; what referred to the old one goes, unless it is still called the same. */
export function replaceKey(definition: Definition, index: number, key: GroupKey): Definition {
  const before = definition.groupBy[index]
  const next = replace(definition, 'groupBy', index, key)
  if (before === undefined || nameOf(before) === nameOf(key)) return next
  return withoutReferences(next, idsOf('groupBy', before))
}

const nameOf = ({ id, field }: { id?: string | undefined; field?: string | undefined }) => id ?? field ?? ''
const comparedIds = (id: string) => [`${id}_previous`, `${id}_change`, `${id}_percent_change`]

function idsOf(part: ListPart, entry: { id?: string | undefined; field?: string | undefined }): ReadonlySet<string> {
  const id = nameOf(entry)
  return new Set(part === 'aggregates' ? [id, ...comparedIds(id)] : [id])
}

/** A definition in which nothing refers to these columns, nor to what was computed of them. */
function withoutReferences(definition: Definition, gone: ReadonlySet<string>): Definition {
  const broken = definition.calculations.filter((one) => readsOf(one).some((id) => gone.has(id)))
  const calculations = definition.calculations.filter((one) => !broken.includes(one))
  if (broken.length > 0)
    return withoutReferences({ ...definition, calculations }, new Set([...gone, ...broken.map(({ id }) => id)]))
  const { having: before, ...rest } = definition
  const having = before && pruned(before, gone)
  const by = definition.limitPer?.by.filter((id) => !gone.has(id)) ?? []
  return {
    ...rest,
    ...(having && { having }),
    sortBy: definition.sortBy.filter(({ field }) => !gone.has(field)),
    pivot: definition.pivot !== null && gone.has(definition.pivot.column) ? null : definition.pivot,
    limitPer: definition.limitPer !== null && by.length > 0 ? { ...definition.limitPer, by } : null,
  }
}

/** The columns that a calculation is made of. */
export function readsOf({ formula, of, over, within }: Calculation): string[] {
  if (formula === undefined) return [of, over, ...(within ?? [])].filter((id) => id !== undefined)
  const parsed = parseFormula(formula)
  return parsed.ok ? formulaPaths(parsed.node) : []
}

/** A filter without the conditions on these columns; undefined where none is left. */
function pruned(filter: Filter, gone: ReadonlySet<string>): Filter | undefined {
  const some = (parts: readonly Filter[]) => parts.map((one) => pruned(one, gone)).filter((one) => one !== undefined)
  if ('all' in filter) {
    const all = some(filter.all)
    return all.length === 0 ? undefined : { all }
  }
  if ('any' in filter) {
    const any = some(filter.any)
    return any.length === 0 ? undefined : { any }
  }
  if ('not' in filter) {
    const not = pruned(filter.not, gone)
    return not && { not }
  }
  if ('field' in filter) {
    const { field, value } = filter
    const other = typeof value === 'object' && 'field' in value ? value.field : field
    return gone.has(field) || gone.has(other) ? undefined : filter
  }
  if ('formula' in filter) {
    const parsed = parseFormula(filter.formula)
    return parsed.ok && formulaPaths(parsed.node).some((path) => gone.has(path)) ? undefined : filter
  }
  return filter
}

/** Compared with an earlier time, or no longer: then what referred to the earlier values goes. */
export function setCompare(definition: Definition, compare: Definition['compare']): Definition {
  const next = { ...definition, compare }
  if (compare !== null) return next
  return withoutReferences(next, new Set(definition.aggregates.flatMap(({ id }) => comparedIds(id))))
}

/** Values of a key become columns; nothing can be sorted by them then. */
export function setPivot(definition: Definition, pivot: Definition['pivot']): Definition {
  const sortBy = definition.sortBy.filter(({ field }) => field !== pivot?.column)
  return { ...definition, pivot, sortBy }
}

export function setHaving(definition: Definition, having: Filter | undefined): Definition {
  const { having: _before, ...rest } = definition
  return having === undefined ? rest : { ...rest, having }
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

/** Takes an entry to where another one begins, or behind the last one. */
export function moveBefore(definition: Definition, part: ListPart, index: number, before: number): Definition {
  return move(definition, part, index, before - index - (before > index ? 1 : 0))
}

export function setFilters(definition: Definition, filters: Filter | undefined): Definition {
  const { filters: _before, ...rest } = definition
  return filters === undefined ? rest : { ...rest, filters }
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
/** Goes on with the step that was just made, as typing does. */
export function amend(steps: Steps, next: Definition): Steps {
  return steps.past.length === 0 ? step(steps, next) : { ...steps, now: next, future: [] }
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

/** What a column of the result stands for in the definition, where rows can be told apart by it. */
type Part = { field?: string | undefined; formula?: string | undefined; id?: string | undefined }
function partOf(definition: Definition, { id, role }: OutputColumn): (Part & Partial<GroupKey>) | undefined {
  if (role !== 'column' && role !== 'key') return undefined
  const parts: readonly (Part & Partial<GroupKey>)[] = role === 'key' ? definition.groupBy : definition.columns
  // A list without columns shows those that its entity shows by default, by their paths.
  if (role === 'column' && parts.length === 0) return { field: id }
  return parts.find((part) => (part.id ?? part.field) === id)
}

/** A list becomes a count by one of its columns; undefined where there is nothing to group by. */
export function groupByColumn(definition: Definition, column: OutputColumn): Definition | undefined {
  const part = isSummary(definition) ? undefined : partOf(definition, column)
  if (part === undefined || (part.field === undefined && part.formula === undefined)) return undefined
  const { field, formula, id, label } = part
  const key: GroupKey = {
    ...(id !== undefined && { id }),
    ...(label !== undefined && { label }),
    ...(field !== undefined ? { field } : { formula }),
    ...(field !== undefined && (column.type === 'date' || column.type === 'timestamp') && { grain: 'month' as const }),
  }
  const { title: _title, ...summary } = setSummary(definition, true)
  const aggregates = summary.aggregates.map((one) => ({ ...one, id: id === 'count' ? 'rows' : one.id }))
  return { ...summary, aggregates, limit: null, groupBy: [key] }
}

/** An entry of a definition that is shown as a column. */
export type ShownEntry =
  | { readonly part: 'columns'; readonly index: number; readonly entry: Column }
  | { readonly part: 'groupBy'; readonly index: number; readonly entry: GroupKey }
  | { readonly part: 'aggregates'; readonly index: number; readonly entry: Aggregate }
  | { readonly part: 'calculations'; readonly index: number; readonly entry: Calculation }

/** The entry that a column of the result shows, in the definition that has it; undefined where none does, as with what is compared. */
export function entryOf(
  definition: Definition,
  { id, role }: OutputColumn,
  shown: readonly OutputColumn[],
): { definition: Definition; found: ShownEntry } | undefined {
  const whole = withColumns(definition, shown)
  const find = <P extends ShownEntry['part']>(part: P) => {
    const list: readonly { id?: string | undefined; field?: string | undefined }[] = whole[part]
    const index = list.findIndex((one) => nameOf(one) === id)
    return index < 0 ? undefined : ({ part, index, entry: whole[part][index] } as ShownEntry)
  }
  const part = PARTS_OF_ROLES[role]
  const found = part && find(part)
  return found && { definition: whole, found }
}

const PARTS_OF_ROLES: Readonly<Partial<Record<OutputColumn['role'], ShownEntry['part']>>> = {
  column: 'columns',
  key: 'groupBy',
  aggregate: 'aggregates',
  calculation: 'calculations',
}

/** A list that leaves its columns to the catalog names them, so that one of them can be changed. */
function withColumns(definition: Definition, shown: readonly OutputColumn[]): Definition {
  if (isSummary(definition) || definition.columns.length > 0) return definition
  return { ...definition, columns: shown.map(({ id }) => ({ field: id })) }
}

export type Look = { readonly label?: string; readonly format?: Format; readonly hidden?: boolean }

/** Another name, format or hiding of an entry; what is not given is as usual. */
export function withLook(definition: Definition, { part, index, entry }: ShownEntry, look: Look): Definition {
  const { label: _label, ...rest } = entry
  const { format: _format, ...bare } = { format: undefined, ...rest }
  const { hidden: _hidden, ...plain } = { hidden: undefined, ...bare }
  return replace(definition, part, index, {
    ...plain,
    ...(look.label !== undefined && { label: look.label }),
    ...(look.format !== undefined && Object.keys(look.format).length > 0 && { format: look.format }),
    ...(look.hidden === true && { hidden: true }),
  } as Definition[typeof part][number])
}

/** Keeps only the rows that have this value; undefined where the column is no part of the rows. */
export function onlyValue(definition: Definition, column: OutputColumn, cell: Cell): Definition | undefined {
  const condition = conditionOf(definition, column, cell)
  return condition && withCondition(definition, condition)
}

/** Leaves out the rows that have this value. */
export function exceptValue(definition: Definition, column: OutputColumn, cell: Cell): Definition | undefined {
  const condition = conditionOf(definition, column, cell)
  if (condition === undefined) return undefined
  if (!('op' in condition)) return withCondition(definition, { not: condition })
  const op = condition.op === 'is_empty' ? 'not_empty' : 'ne'
  return withCondition(definition, { ...condition, op })
}

function conditionOf(definition: Definition, column: OutputColumn, cell: Cell): Filter | undefined {
  const part = partOf(definition, column)
  if (part === undefined) return undefined
  const { field, formula, grain, bucket } = part
  const side =
    field !== undefined ? { field, ...(grain && { grain }) } : formula !== undefined ? { formula } : undefined
  if (side === undefined) return undefined
  if (cell === null) return { ...side, op: 'is_empty' }
  const value = typeof cell === 'string' && isAmount(column) ? Number(cell) : cell
  if (bucket !== undefined && typeof value === 'number') {
    return {
      all: [
        { ...side, op: 'gte', value },
        { ...side, op: 'lt', value: value + bucket },
      ],
    }
  }
  // An amount that no number of JSON can name exactly would keep other rows than the reader pointed at.
  if (typeof value === 'number' && typeof cell === 'string' && !sameAmount(cell, value)) return undefined
  return { ...side, op: 'eq', value }
}

const isAmount = ({ type }: OutputColumn): boolean => type === 'integer' || type === 'number' || type === 'money'
const sameAmount = (text: string, value: number): boolean =>
  text.includes('.') ? text.replace(/\.?0+$/, '') === String(value) : text === String(value)

function withCondition(definition: Definition, condition: Filter): Definition {
  const { filters } = definition
  if (filters === undefined) return { ...definition, filters: { all: [condition] } }
  const known = JSON.stringify(condition)
  if (!('all' in filters)) return { ...definition, filters: { all: [filters, condition] } }
  if (filters.all.some((one) => JSON.stringify(one) === known)) return definition
  return { ...definition, filters: { all: [...filters.all, condition] } }
}
