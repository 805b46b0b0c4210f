// A summary: groups of source rows, each aggregate over its own entity's rows, however many facts there are.
// One select per counted entity, stacked and grouped again: nothing is multiplied, and empty keys meet by GROUP BY.
import type { Hop } from '../catalog/find.ts'
import { type CountedAggregate, mayRepeat } from '../definition/aggregate.ts'
import { parseFormula } from '../definition/formula.ts'
import { columnId } from '../definition/outputs.ts'
import type { Definition, GroupKey } from '../definition/schema.ts'
import { countedAggregate, groupedAggregates, joinAlong, joinGrouped, resultOf } from './aggregate.ts'
import { coalesce, column, integer, nothing, op, test } from './build.ts'
import { type Comparison, movedKey } from './compare.ts'
import { planFilter, rowScope } from './condition.ts'
import { fieldOfRow, knownEntity, newFrame, type PlanContext, type RowFrame, sqlTypeOf, type Typed } from './context.ts'
import { planFormula } from './formula.ts'
import { type GapFilling, gapFilling, gapRows } from './gaps.ts'
import { atBucket, atGrain } from './grain.ts'
import type { Expr, Query, Select, SqlType } from './ir.ts'
import type { Layer, LayerColumn } from './layer.ts'

/** One aggregate's place in the stacked rows. */
type Slot = {
  readonly id: string
  readonly as: string
  readonly aggregate: CountedAggregate
  readonly sqlType: SqlType
  readonly zoned: boolean
}
type KeySlot = { readonly id: string; readonly as: string; readonly typed: Omit<Typed, 'expr'> }

export type SummaryInput = {
  readonly definition: Definition
  readonly context: PlanContext
  /** The keys to group by: all of the definition's, or fewer for totals and pivots. */
  readonly keys: readonly SummaryKey[]
  readonly comparison: Comparison | undefined
  /** fillGaps: the gaps are filled, or (in totals) sums of nothing are only 0, or neither. */
  readonly gaps: 'filled' | 'zero' | 'left'
}
/** A key and how it is read; pivots read theirs as the number of a column. */
export type SummaryKey = { readonly id: string; readonly read: (row: RowFrame) => Typed }

/** The keys of a definition as they stand. */
export function summaryKeys(definition: Definition): SummaryKey[] {
  return definition.groupBy.map((key) => ({ id: columnId(key), read: (row) => keyOfRow(key, row) }))
}

/** Groups with keys, aggregates and (under compare) `x_previous`, before calculations. */
export function planGroups(input: SummaryInput): Layer {
  const { definition, context, keys, comparison } = input
  const source = definition.dataSources[0] ?? ''
  const aggregates = definition.aggregates.map((a) => ({ id: a.id, counted: countedAggregate(context, source, a) }))
  const branches = branchesOf(aggregates)
  const probe = newFrame(context, source)
  const keySlots: KeySlot[] = keys.map((key, i) => ({ id: key.id, as: `k${i}`, typed: key.read(probe) }))
  const slots: Slot[] = aggregates.map(({ id, counted }, i) => {
    const zoned = zonedOf(counted, context)
    return { id, as: `a${i}`, aggregate: counted, sqlType: sqlTypeOf(counted.type, zoned), zoned }
  })
  const gaps = input.gaps === 'filled' ? gapFilling(definition, context) : undefined
  const zeroSums = gaps !== undefined || input.gaps === 'zero'

  const [, ...facts] = branches
  if (comparison === undefined && !zeroSums && branches[0]?.aggregates.length === 0 && rowsAreGroups(input, facts))
    return { query: factsBesideRows(facts, input, slots), columns: columnsOf(keySlots, slots, false) }

  // Without keys there is one row anyway: the source rows are read only where something counts them.
  const needed =
    keys.length > 0
      ? branches
      : branches.filter((b, i) => b.aggregates.length > 0 || (i === 0 && branches.length === 1))
  const current = needed.map((branch) => branchSelect(branch, input, context))
  const [only] = current
  if (current.length === 1 && only !== undefined && comparison === undefined && !zeroSums)
    return { query: asGroups(only, slots), columns: columnsOf(keySlots, slots, false) }

  const earlier =
    comparison === undefined
      ? []
      : needed
          .filter((branch) => branch.aggregates.length > 0 || !comparison.onlyExisting)
          .map((branch) => branchSelect(branch, input, { ...context, ...comparison.context }))
  const marks = comparison?.onlyExisting === true
  const stacked: Query[] = [
    ...current.map((b) => stackedRows(b, keySlots, slots, 'a', comparison !== undefined, marks ? 1 : undefined)),
    ...earlier.map((b) => stackedRows(b, keySlots, slots, 'p', true, marks ? 0 : undefined, comparison)),
  ]
  const query = regrouped(stacked, keySlots, slots, context, {
    compare: comparison !== undefined,
    marks,
    gaps,
    zeroSums,
  })
  return { query, columns: columnsOf(keySlots, slots, comparison !== undefined) }
}

function keyOfRow(key: GroupKey, row: RowFrame): Typed {
  const value = key.formula === undefined ? fieldOfRow(row, key.field ?? '') : formulaOfRow(key.formula, row)
  if (key.grain !== undefined) return atGrain(value, key.grain, row.context)
  return key.bucket === undefined ? value : atBucket(value, key.bucket)
}

function formulaOfRow(formula: string, row: RowFrame): Typed {
  const parsed = parseFormula(formula)
  if (!parsed.ok) throw new Error(`formula passed the check but does not parse: ${parsed.message}`)
  return planFormula(parsed.node, (path) => fieldOfRow(row, path), row.context)
}

/** Aggregates over the same rows share a branch. The first counts the source rows and gives every group. */
type Branch = { readonly hops: readonly Hop[]; readonly aggregates: { id: string; counted: CountedAggregate }[] }

function branchesOf(aggregates: readonly { id: string; counted: CountedAggregate }[]): Branch[] {
  const branches = new Map<string, Branch>([['', { hops: [], aggregates: [] }]])
  for (const aggregate of aggregates) {
    const name = aggregate.counted.hops.map((hop) => hop.relation).join('.')
    const branch = branches.get(name) ?? { hops: aggregate.counted.hops, aggregates: [] }
    branch.aggregates.push(aggregate)
    branches.set(name, branch)
  }
  return [...branches.values()]
}

/** Keys k0… and this branch's aggregates under their ids, grouped. */
type BranchSelect = { readonly select: Select; readonly byId: ReadonlyMap<string, string> }

function branchSelect({ hops, aggregates }: Branch, input: SummaryInput, context: PlanContext): BranchSelect {
  const { definition, keys } = input
  const source = definition.dataSources[0] ?? ''
  const root = newFrame(context, source)
  const keyExprs = keys.map((key) => key.read(root).expr)
  const where = definition.filters === undefined ? [] : [planFilter(definition.filters, rowScope(root))]
  const from = { kind: 'table' as const, entity: source, alias: root.alias }
  const byId = new Map(aggregates.map(({ id }, i) => [id, `r${i}`]))
  const counted = aggregates.map((one) => one.counted)
  const wholes = groupsFirst({ hops, aggregates }, input, context)
  if (wholes !== undefined) {
    const alias = joinGrouped(root, hops, counted, 'inner')
    const columns = [
      ...keyExprs.map((expr, i) => ({ as: `k${i}`, expr })),
      ...wholes.map((fn, i) => ({
        as: `r${i}`,
        expr: { kind: 'aggregate' as const, fn, args: [column(alias, `r${i}`)] },
      })),
    ]
    const groupBy = keys.map((_, i) => i + 1)
    return { select: { kind: 'select', columns, from, joins: root.joins, where, groupBy }, byId }
  }
  const row = joinAlong(context, hops, root.alias, root.joins) ?? root
  const select = groupedAggregates({
    ...{ context, aggregates: counted, keys: keyExprs, select: { from, joins: root.joins, where }, row },
    distinct: mayRepeat(context.catalog, hops),
    // The source rows give every group.
    narrows: hops.length > 0 || keys.length === 0,
  })
  // Without keys and numbers there is one row all the same.
  const one = { as: 'one', expr: { kind: 'aggregate' as const, fn: 'count' as const, args: [] } }
  return { select: select.columns.length === 0 ? { ...select, columns: [one] } : select, byId }
}

/**
 * Whether each source row is a group of its own, so that facts may be grouped by their own key and set beside it.
 * Where a condition may leave few rows, joining them first reads less.
 */
function rowsAreGroups({ definition, context, keys }: SummaryInput, facts: readonly Branch[]): boolean {
  const { catalog } = context
  const { primaryKey } = knownEntity(catalog, definition.dataSources[0] ?? '')
  const plain = new Set(
    definition.groupBy.flatMap((key) =>
      key.formula === undefined && key.grain === undefined && key.bucket === undefined ? [key.field ?? ''] : [],
    ),
  )
  return (
    facts.length > 0 &&
    definition.filters === undefined &&
    keys.length === definition.groupBy.length &&
    primaryKey.length > 0 &&
    primaryKey.every((name) => plain.has(name)) &&
    facts.every(({ hops }) => !mayRepeat(catalog, hops))
  )
}

/** The source rows, each with its facts, which were grouped by the columns that lead to it. */
function factsBesideRows(facts: readonly Branch[], input: SummaryInput, slots: readonly Slot[]): Select {
  const { definition, context, keys } = input
  const source = definition.dataSources[0] ?? ''
  const root = newFrame(context, source)
  const keyColumns = keys.map((key, i) => ({ as: `k${i}`, expr: key.read(root).expr }))
  const cells = new Map<string, Expr>()
  for (const { hops, aggregates } of facts) {
    const counted = aggregates.map((one) => one.counted)
    const alias = joinGrouped(root, hops, counted, 'left')
    for (const [i, one] of aggregates.entries()) cells.set(one.id, resultOf(one.counted, column(alias, `r${i}`)).expr)
  }
  return {
    kind: 'select',
    columns: [
      ...keyColumns,
      ...slots.map((slot) => ({ as: slot.as, expr: cells.get(slot.id) ?? nothing(slot.sqlType) })),
    ],
    from: { kind: 'table', entity: source, alias: root.alias },
    joins: root.joins,
  }
}

/** Types whose least and greatest of parts are those of the whole in any spelling. */
const ORDERED = new Set(['integer', 'number', 'money', 'date', 'timestamp'])

/** How an aggregate comes from the same aggregate over parts of its rows; undefined where it does not. */
function wholeOfParts({ fn, type }: CountedAggregate): 'sum' | 'min' | 'max' | undefined {
  if (fn === 'sum' || fn === 'count') return 'sum'
  return (fn === 'min' || fn === 'max') && ORDERED.has(type) ? fn : undefined
}

/**
 * How the numbers of a fact come from those of each row it leads to, where it is grouped by that row before the row is
 * read: the rows are few and all of them wanted, so that a million facts meet them as a handful. With many rows this
 * would be slower than a join.
 */
function groupsFirst(
  { hops, aggregates }: Branch,
  { definition, keys }: SummaryInput,
  { catalog }: PlanContext,
): readonly ('sum' | 'min' | 'max')[] | undefined {
  const source = knownEntity(catalog, definition.dataSources[0] ?? '')
  if (hops.length === 0 || keys.length === 0 || definition.filters !== undefined) return undefined
  if (!source.small || mayRepeat(catalog, hops)) return undefined
  const wholes = aggregates.flatMap(({ counted }) => wholeOfParts(counted) ?? [])
  return wholes.length === aggregates.length ? wholes : undefined
}

/** A single branch is the grouped table itself; its columns only take their final names. */
function asGroups(branch: BranchSelect, slots: readonly Slot[]): Select {
  const columns = branch.select.columns.map((c) => {
    const slot = slots.find((s) => branch.byId.get(s.id) === c.as)
    return slot === undefined ? c : { ...c, as: slot.as }
  })
  return { ...branch.select, columns }
}

function stackedRows(
  branch: BranchSelect,
  keys: readonly KeySlot[],
  slots: readonly Slot[],
  side: 'a' | 'p',
  both: boolean,
  mark: number | undefined,
  comparison?: Comparison,
): Select {
  const alias = `u${branch.select.from?.alias ?? ''}`
  const read = (slot: Slot): Expr => {
    const as = branch.byId.get(slot.id)
    return as === undefined ? nothing(slot.sqlType) : column(alias, as)
  }
  const cells = (wanted: 'a' | 'p') =>
    slots.map((slot) => ({
      as: slot.as.replace('a', wanted),
      expr: side === wanted ? read(slot) : nothing(slot.sqlType),
    }))
  return {
    kind: 'select',
    columns: [
      ...keys.map((key) => {
        const expr = column(alias, key.as)
        return { as: key.as, expr: comparison === undefined ? expr : movedKey(expr, key.id, comparison) }
      }),
      ...cells('a'),
      ...(both ? cells('p') : []),
      ...(mark === undefined ? [] : [{ as: 'm', expr: integer(mark) }]),
    ],
    from: { kind: 'query', query: branch.select, alias },
    // An empty key has no later stretch to meet.
    where:
      comparison === undefined
        ? []
        : keys.filter((k) => comparison.keys.has(k.id)).map((k) => test('is not null', column(alias, k.as))),
  }
}

function regrouped(
  stacked: readonly Query[],
  keys: readonly KeySlot[],
  slots: readonly Slot[],
  context: PlanContext,
  options: { compare: boolean; marks: boolean; gaps: GapFilling | undefined; zeroSums: boolean },
): Select {
  const { gaps, marks } = options
  const sides = options.compare ? ['a', 'p'] : ['a']
  const cells = sides.flatMap((side) => slots.map((slot) => ({ ...slot, as: slot.as.replace('a', side) })))
  const names = [...keys.map((key) => key.as), ...cells.map((cell) => cell.as)]
  const grouped = (queries: readonly Query[]): Select => {
    const alias = context.alias()
    const mark: Expr = { kind: 'aggregate', fn: 'max', args: [column(alias, 'm')] }
    return {
      kind: 'select',
      columns: [
        ...keys.map((key) => ({ as: key.as, expr: column(alias, key.as) })),
        ...cells.map((cell) => ({ as: cell.as, expr: combined(cell, column(alias, cell.as), options.zeroSums) })),
        ...(marks ? [{ as: 'm', expr: mark }] : []),
      ],
      from: { kind: 'query', query: { kind: 'union', queries }, alias },
      groupBy: keys.map((_, i) => i + 1),
    }
  }
  const all = grouped(stacked)
  const name = 'g'
  const present: Select = {
    kind: 'select',
    columns: [...names, ...(marks ? ['m'] : [])].map((as) => ({ as, expr: column('h', as) })),
    from: { kind: 'with', name, alias: 'h' },
  }
  const groups =
    gaps === undefined
      ? all
      : {
          ...grouped([present, gapRows({ name, gaps, keys, cells, context, marks })]),
          with: [{ name, query: all }],
        }
  if (!marks) return groups
  const inner = context.alias()
  return {
    kind: 'select',
    columns: names.map((as) => ({ as, expr: column(inner, as) })),
    from: { kind: 'query', query: groups, alias: inner },
    where: [op('=', column(inner, 'm'), integer(1))],
  }
}

/** One value from the branches that may carry it: at most one does. */
function combined(slot: Slot, cell: Expr, zeroSums: boolean): Expr {
  const { fn } = slot.aggregate
  const counts = fn === 'count' || fn === 'count_distinct'
  if (counts || fn === 'sum') {
    const total: Expr = { kind: 'aggregate', fn: 'sum', args: [cell] }
    return counts || zeroSums ? coalesce(total, integer(0)) : total
  }
  return { kind: 'aggregate', fn: slot.sqlType === 'boolean' ? 'bool_or' : 'max', args: [cell] }
}

function columnsOf(keys: readonly KeySlot[], slots: readonly Slot[], compare: boolean): Map<string, LayerColumn> {
  const columns = new Map<string, LayerColumn>()
  for (const key of keys) columns.set(key.id, { ...key.typed, as: key.as })
  const cell = (slot: Slot, as: string): LayerColumn => ({
    as,
    type: slot.aggregate.type,
    zoned: slot.zoned,
    caseSensitive: false,
  })
  for (const slot of slots) {
    columns.set(slot.id, cell(slot, slot.as))
    if (compare) columns.set(`${slot.id}_previous`, cell(slot, slot.as.replace('a', 'p')))
  }
  return columns
}

function zonedOf(aggregate: CountedAggregate, context: PlanContext): boolean {
  if (aggregate.type !== 'timestamp' || aggregate.value?.kind !== 'field') return true
  return fieldOfRow(newFrame(context, aggregate.countedEntity), aggregate.value.path).zoned
}
