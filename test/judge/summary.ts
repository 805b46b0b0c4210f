// Summaries: groups, aggregates, comparison, calculations, having, order, limits and totals, in that order.
import type { Definition } from '../../src/definition/schema.ts'
import { aggregateOf } from './aggregates.ts'
import { withCalculations } from './calculations.ts'
import { comparedGroups, movedPeriod } from './compare.ts'
import type { CaseRule } from './conditions.ts'
import type { Table } from './evaluate.ts'
import { caseRuleOf, test } from './filters.ts'
import { evaluateFormula, parseFormula, pathsOf } from './formulas.ts'
import { filledGroups, type Group, groupsOf, keyId, sourceOf, sourceRows } from './groups.ts'
import { pivoted } from './pivot.ts'
import { divide, type Rational, subtract } from './rational.ts'
import { ascending, cellOf, keyIds, orderAndCut, type SortSpec, type TableRecord } from './table.ts'
import { fail, type Value } from './values.ts'
import { type Row, resolve, type World } from './world.ts'

export function evaluateSummary(world: World, definition: Definition): Table {
  checkIds(definition)
  if (definition.pivot !== null) return evaluatePivot(world, definition)
  const zeroSums = definition.groupBy.some(({ fillGaps }) => fillGaps === true)
  const groups: { keys: readonly Value[]; rows: readonly Row[]; earlierRows?: readonly Row[] }[] =
    definition.compare === null ? plainGroups(world, definition) : comparedGroups(world, definition)
  const records = groups.map(({ keys, rows, earlierRows }): TableRecord => {
    const named = keyIds(definition).map((id, index) => [id, keys[index] ?? null] as const)
    return new Map([...named, ...aggregateValues(world, definition, rows, earlierRows, zeroSums)])
  })
  const columns = visibleColumns(definition)
  const calculated = withCalculations(world, definition, records)
  const kept = orderAndCut(
    calculated.filter((record) => passesHaving(world, definition, record)),
    sorts(definition, columns),
    definition,
  )
  const totals = definition.totals ? totalsRow(world, definition, columns, zeroSums) : undefined
  return {
    columns,
    rows: kept.map((record) => columns.map((id) => cellOf(record, id))),
    ...(totals === undefined ? {} : { totals }),
  }
}

function plainGroups(world: World, definition: Definition): Group[] {
  const groups = groupsOf(world, definition)
  return filledGroups(world, definition, groups, groups)
}

function evaluatePivot(world: World, definition: Definition): Table {
  const { cellIds, records, total } = pivoted(world, definition)
  const visibleKeys = definition.groupBy
    .filter((key) => key.hidden !== true && keyId(key) !== definition.pivot?.column)
    .map(keyId)
  const columns = [...visibleKeys, ...cellIds]
  const kept = orderAndCut(
    records.filter((record) => passesHaving(world, definition, record)),
    sorts(definition, columns),
    definition,
  )
  return {
    columns,
    rows: kept.map((record) => columns.map((id) => cellOf(record, id))),
    ...(definition.totals ? { totals: columns.map((id) => cellOf(total, id)) } : {}),
  }
}

function checkIds(definition: Definition): void {
  const ids = [
    ...keyIds(definition),
    ...definition.aggregates.map(({ id }) => id),
    ...definition.calculations.map(({ id }) => id),
  ]
  if (new Set(ids).size < ids.length) fail('two columns with one id')
  if (definition.columns.length > 0) fail('a summary has no columns')
}

/** The ids a comparison adds to an aggregate. */
function comparisonIds(id: string): [string, string, string] {
  return [`${id}_previous`, `${id}_change`, `${id}_percent_change`]
}

function visibleColumns(definition: Definition): string[] {
  const isShown = ({ hidden }: { hidden?: boolean | undefined }) => hidden !== true
  return [
    ...definition.groupBy.filter(isShown).map(keyId),
    ...definition.aggregates
      .filter(isShown)
      .flatMap(({ id }) => [id, ...(definition.compare === null ? [] : comparisonIds(id))]),
    ...definition.calculations.filter(isShown).map(({ id }) => id),
  ]
}

/** Values of all aggregates for a group, and their comparison where there is an earlier side. */
function aggregateValues(
  world: World,
  definition: Definition,
  rows: readonly Row[],
  earlierRows: readonly Row[] | undefined,
  zeroSums: boolean,
): [string, Value][] {
  const source = sourceOf(definition)
  return definition.aggregates.flatMap((aggregate): [string, Value][] => {
    const value = aggregateOf(world, source, rows, aggregate, zeroSums)
    if (earlierRows === undefined) return [[aggregate.id, value]]
    const earlier = aggregateOf(world, source, earlierRows, aggregate, zeroSums)
    return [[aggregate.id, value], ...comparison(aggregate.id, value, earlier)]
  })
}

function comparison(id: string, value: Value, earlier: Value): [string, Value][] {
  const [previousId, changeId, percentId] = comparisonIds(id)
  const [now, before] = [asNumber(value), asNumber(earlier)]
  const change = now === null || before === null ? null : subtract(now, before)
  return [
    [previousId, earlier],
    [changeId, change],
    [percentId, change === null || before === null ? null : divide(change, before)],
  ]
}

function asNumber(value: Value): Rational | null {
  if (value === null || (typeof value === 'object' && value.kind === 'number')) return value
  return fail('a comparison needs numbers')
}

function passesHaving(world: World, definition: Definition, record: TableRecord): boolean {
  if (definition.having === undefined) return true
  return test(definition.having, {
    world,
    read: (id) => cellOf(record, id),
    caseRule: (id) => caseRule(world, definition, id),
  })
}

/** A key compares text as its field does; other columns ignore case. */
function caseRule(world: World, definition: Definition, id: string): CaseRule {
  const shown = definition.groupBy.find((key) => keyId(key) === id)
  if (shown?.field === undefined) return 'ignored'
  return caseRuleOf(resolve(world.catalog, sourceOf(definition), shown.field).field)
}

function sorts(definition: Definition, columns: readonly string[]): SortSpec[] {
  const wanted = definition.sortBy.map(({ field, direction, nulls }) => ({
    ...ascending(field),
    descending: direction === 'desc',
    emptyFirst: nulls === 'first',
  }))
  const pivotColumn = definition.pivot?.column
  const byKeys = keyIds(definition).filter((id) => id !== pivotColumn)
  const first = wanted.length > 0 ? wanted : byKeys.map(ascending)
  return [...first, ...columns.map(ascending)]
}

/** Aggregates over all source rows; formulas over them; everything else is empty. */
function totalsRow(world: World, definition: Definition, columns: readonly string[], zeroSums: boolean): Value[] {
  const moved = definition.compare === null ? undefined : movedPeriod(world, definition)
  const earlierRows = moved === undefined ? undefined : sourceRows(world, definition, moved)
  const known = new Map(aggregateValues(world, definition, sourceRows(world, definition), earlierRows, zeroSums))
  const computed = new Set(known.keys())
  if (definition.compare !== null && moved === undefined)
    for (const { id } of definition.aggregates) for (const added of comparisonIds(id)) known.set(added, null)
  const value = (id: string): Value => {
    const found = known.get(id)
    if (found !== undefined) return found
    const calculation = definition.calculations.find((one) => one.id === id)
    if (calculation?.formula === undefined || !restsOnAggregates(definition, id, computed)) return null
    return evaluateFormula(parseFormula(calculation.formula), {
      read: value,
      calendar: world.calendar,
      letters: world.letters,
    })
  }
  return columns.map(value)
}

function restsOnAggregates(definition: Definition, id: string, aggregates: ReadonlySet<string>): boolean {
  if (aggregates.has(id)) return true
  const formula = definition.calculations.find((one) => one.id === id)?.formula
  if (formula === undefined) return false
  return pathsOf(parseFormula(formula)).every((path) => restsOnAggregates(definition, path, aggregates))
}
