// Filters: true or false for one row of an entity, or for one row of a finished table (having).

import type { Field } from '../../src/catalog/schema.ts'
import type {
  AggregateExpr,
  CompareOp,
  Condition,
  Definition,
  Filter,
  Op,
  Period,
  RelationMatch,
  Value as Written,
} from '../../src/definition/schema.ts'
import { aggregateOf } from './aggregates.ts'
import { type CaseRule, holdsBetween, holdsWritten, isAmong, type TextRules } from './conditions.ts'
import { evaluateFormula, parseFormula } from './formulas.ts'
import { applyGrain } from './grains.ts'
import { type Bounds, boundsOf, isWithin } from './periods.ts'
import { fail, keyOfAll, type Value } from './values.ts'
import { entity, follow, type Row, readPath, resolve, type World } from './world.ts'

/** A condition whose period is replaced by other bounds, for the earlier side of a comparison. */
export type Moved = { readonly condition: Filter; readonly bounds: Bounds }

/** What a filter reads: named values, and the row behind them where there is one. */
export type Scope = {
  readonly world: World
  readonly read: (path: string) => Value
  readonly caseRule: (path: string) => CaseRule
  readonly row?: { readonly entityName: string; readonly row: Row }
  readonly moved?: Moved
}

/** The scope of a row of an entity. */
export function rowScope(world: World, entityName: string, row: Row, moved?: Moved): Scope {
  return {
    world,
    read: (path) => readPath(world, entityName, path, row),
    caseRule: (path) => caseRuleOf(resolve(world.catalog, entityName, path).field),
    row: { entityName, row },
    ...(moved === undefined ? {} : { moved }),
  }
}

/** Text and enum ignore case unless the field says otherwise; an id is compared exactly. */
export function caseRuleOf(field: Field | undefined): CaseRule {
  if (field?.caseSensitive === true) return 'exact'
  return field?.type === 'id' ? 'id' : 'ignored'
}

/** Whether a row of an entity passes a filter; no filter lets everything pass. */
export function passes(world: World, entityName: string, row: Row, filter: Filter | undefined, moved?: Moved): boolean {
  return filter === undefined || test(filter, rowScope(world, entityName, row, moved))
}

/** Whether a filter is true in a scope. */
export function test(filter: Filter, scope: Scope): boolean {
  if ('all' in filter) return filter.all.every((part) => test(part, scope))
  if ('any' in filter) return filter.any.some((part) => test(part, scope))
  if ('not' in filter) return !test(filter.not, scope)
  if ('relation' in filter) return testRelation(filter.relation, filter.match, filter.where, scope)
  if (scope.moved?.condition === filter && 'field' in filter)
    return isWithin(scope.read(filter.field), scope.moved.bounds, scope.world.calendar)
  return testCondition(filter, scope)
}

function testRelation(path: string, match: RelationMatch, where: Filter | undefined, scope: Scope): boolean {
  const { entityName, row } = scope.row ?? fail('a relation filter needs a row')
  const { hops, fieldName } = resolve(scope.world.catalog, entityName, path)
  if (fieldName !== undefined) return fail(`${path} is no relation`)
  const end = follow(scope.world, entityName, hops, [row])
  const kept = end.rows.filter((one) => passes(scope.world, end.entityName, one, where)).length
  if (match === 'some') return kept > 0
  if (match === 'none') return kept === 0
  if (match === 'every') return kept === end.rows.length
  return compareCounts(kept, match.count.op, match.count.value)
}

function compareCounts(kept: number, op: CompareOp, value: number): boolean {
  const order = Math.sign(kept - value)
  const wanted: Record<CompareOp, number[]> = { eq: [0], ne: [-1, 1], lt: [-1], lte: [-1, 0], gt: [1], gte: [0, 1] }
  return wanted[op].includes(order)
}

function testCondition(condition: Condition, scope: Scope): boolean {
  const { world } = scope
  const rules: TextRules = {
    caseRule: 'field' in condition ? scope.caseRule(condition.field) : 'ignored',
    letters: world.letters,
    calendar: world.calendar,
  }
  const left = leftSide(condition, scope)
  const { op, value } = condition
  if (op === 'in_period') return isWithin(left, boundsOf(asPeriod(value), world.calendar), world.calendar)
  if (typeof value === 'object' && !Array.isArray(value)) {
    if ('field' in value) return holdsBetween(left, op, scope.read(value.field), rules)
    if ('aggregate' in value) return holdsBetween(left, op, overWholeEntity(value.aggregate, scope), rules)
    if ('definition' in value) return testDefinition(left, op, value.definition, rules, world)
  }
  return holdsWritten(left, op, value, rules)
}

function leftSide(condition: Condition, scope: Scope): Value {
  const { world } = scope
  if ('field' in condition) {
    const value = scope.read(condition.field)
    return condition.grain === undefined ? value : applyGrain(value, condition.grain, world.calendar)
  }
  if ('formula' in condition)
    return evaluateFormula(parseFormula(condition.formula), {
      read: scope.read,
      calendar: world.calendar,
      letters: world.letters,
    })
  const { entityName, row } = scope.row ?? fail('an aggregate needs a row')
  return aggregateOf(world, entityName, [row], condition.aggregate)
}

function testDefinition(left: Value, op: Op, definition: Definition, rules: TextRules, world: World): boolean {
  const values = world.valuesOf(definition)
  if (op === 'in') return isAmong(left, values, rules)
  if (op === 'not_in') return !isAmong(left, values, rules)
  if (values.length > 1) return fail('a definition with several rows is no single value')
  return holdsBetween(left, op, values[0] ?? null, rules)
}

/** One number over all rows of an entity; `same` keeps those that agree with the row being tested. */
function overWholeEntity(
  aggregate: AggregateExpr & { of?: string | undefined; same?: string[] | undefined },
  scope: Scope,
): Value {
  const { world } = scope
  const { entityName, row } = scope.row ?? fail('an aggregate needs a row')
  const { of = entityName, same = [], ...rest } = aggregate
  entity(world.catalog, of)
  const agreeing = keyOfAll(same.map((path) => readPath(world, entityName, path, row)))
  const memory = memoryOf(world, aggregate)
  const memoryKey = `${entityName} ${agreeing}`
  const known = memory.get(memoryKey)
  if (known !== undefined) return known.value
  const rows = world.rows(of).filter((one) => keyOfAll(same.map((path) => readPath(world, of, path, one))) === agreeing)
  const value = aggregateOf(world, of, rows, rest)
  memory.set(memoryKey, { value })
  return value
}

function memoryOf(world: World, key: object): Map<string, { value: Value }> {
  const known = world.memory.get(key)
  if (known instanceof Map) return known as Map<string, { value: Value }>
  const fresh = new Map<string, { value: Value }>()
  world.memory.set(key, fresh)
  return fresh
}

export function asPeriod(value: Written | undefined): Period {
  if (typeof value !== 'object' || Array.isArray(value) || 'min' in value || 'field' in value || 'aggregate' in value)
    return fail('a period is wanted')
  if ('definition' in value) return fail('a period is wanted')
  return value
}
