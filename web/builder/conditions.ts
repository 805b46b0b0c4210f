// What a condition compares, and whether the builder has controls for it. In: conditions of a definition. Out: the same
// conditions changed, or new ones that run as they are. Nothing here knows the page.

import { parseFormula } from '../../src/definition/formula.ts'
import { formulaType } from '../../src/definition/formula-type.ts'
import { grainType } from '../../src/definition/outputs.ts'
import type {
  AggregateCondition,
  AggregateFn,
  CompareOp,
  Condition,
  FieldCondition,
  FormulaCondition,
  Op,
  RelationFilter,
  RelationMatch,
  Value,
} from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import { type FieldChoice, isTime, kindOf, opsFor, opWords } from './choices.ts'
import { measureOf, relatedMeasures, relationsOf } from './related.ts'

/** A condition that runs as it is. */
export function fresh({ path, type, values }: FieldChoice): FieldCondition {
  if (isTime(type)) return { field: path, op: 'in_period', value: { this: 'year' } }
  if (type === 'boolean') return { field: path, op: 'eq', value: true }
  if (type === 'enum') return { field: path, op: 'eq', value: values?.[0]?.value ?? '' }
  return { field: path, op: 'not_empty' }
}

export function freshRelation(catalog: CatalogView, entity: string): RelationFilter | undefined {
  const [first] = relationsOf(catalog, entity)
  return first && { relation: first.path, match: 'some' }
}

export function freshAggregate(catalog: CatalogView, entity: string): AggregateCondition | undefined {
  const all = relatedMeasures(catalog, entity)
  const first = all.find(({ key }) => key.startsWith('count ')) ?? all[0]
  return first && { aggregate: first.aggregate, op: 'gte', value: 1 }
}

export function freshFormula(fields: readonly FieldChoice[]): FormulaCondition | undefined {
  const [first, second] = fields.filter(({ type, path }) => kindOf(type) === 'number' && !path.includes('.'))
  if (first === undefined) return undefined
  return { formula: second === undefined ? first.path : `${first.path} - ${second.path}`, op: 'gt', value: 0 }
}

/** What stands on the left of a condition, as something that is chosen: its type says which operators fit. */
export function leftOf(condition: Condition, fields: readonly FieldChoice[]): FieldChoice | undefined {
  if ('aggregate' in condition) return number('number')
  if ('formula' in condition) {
    const parsed = parseFormula(condition.formula)
    const typed = parsed.ok
      ? formulaType(parsed.node, (path) => fields.find((one) => one.path === path)?.type)
      : undefined
    return { path: condition.formula, label: condition.formula, group: '', type: typed?.ok ? typed.type : 'number' }
  }
  const field = fields.find(({ path }) => path === condition.field)
  if (field === undefined || condition.grain === undefined) return field
  const { values: _values, ...rest } = field
  return { ...rest, type: grainType(condition.grain) }
}
const number = (type: 'number'): FieldChoice => ({ path: '', label: '', group: '', type })

/** What an operator is followed by: a value, a field of the same row, or a number over all rows. */
export type Against = 'value' | 'field' | 'rows'
export function againstOf(value: Value | undefined): Against {
  if (typeof value !== 'object' || Array.isArray(value)) return 'value'
  return 'field' in value ? 'field' : 'aggregate' in value ? 'rows' : 'value'
}

const COMPARABLE: ReadonlySet<Op> = new Set(['eq', 'ne', 'gt', 'gte', 'lt', 'lte'])
export const OVER_ROWS: readonly (readonly [AggregateFn, string])[] = [
  ['avg', 'the average of all'],
  ['median', 'the median of all'],
  ['max', 'the largest of all'],
  ['min', 'the smallest of all'],
]

/** The ways to compare a left side, as groups of choices. */
export function comparisons(
  condition: Condition,
  left: FieldChoice | undefined,
  fields: readonly FieldChoice[],
  overRows: boolean,
): readonly { readonly against: Against; readonly ops: readonly (readonly [Op, string])[] }[] {
  const type = left?.type ?? 'text'
  const own = opsFor(type)
  const listed = own.some(([op]) => op === condition.op)
    ? own
    : [...own, [condition.op, opWords(condition.op, type)] as const]
  const compared = (isTime(type) ? [...own, ['eq', 'is'] as const] : own).filter(([op]) => COMPARABLE.has(op))
  const others = peers(left, fields)
  const rows = overRows && 'field' in condition && condition.grain === undefined && kindOf(type) === 'number'
  return [
    { against: 'value', ops: listed },
    ...(others.length > 0 && kindOf(type) !== 'boolean'
      ? [{ against: 'field' as const, ops: [...new Map(compared)] }]
      : []),
    ...(rows ? [{ against: 'rows' as const, ops: compared }] : []),
  ]
}

/** Fields that a left side can be compared with: of the same kind, and another one. */
export function peers(left: FieldChoice | undefined, fields: readonly FieldChoice[]): readonly FieldChoice[] {
  if (left === undefined) return []
  return fields.filter(({ path, type }) => path !== left.path && kindOf(type) === kindOf(left.type))
}

/** A value that fits an operator and what it is compared with, of the one before where that can be. */
export function valueFor(
  op: Op,
  against: Against,
  before: Value | undefined,
  left: FieldChoice | undefined,
  fields: readonly FieldChoice[],
): Value {
  if (against === 'field')
    return againstOf(before) === 'field' && before !== undefined ? before : fieldValue(left, fields)
  if (against === 'rows')
    return againstOf(before) === 'rows' && before !== undefined
      ? before
      : { aggregate: { fn: 'avg', field: left?.path ?? '' } }
  if (op === 'in_period') return { this: 'year' }
  const one = scalarFor(before, left)
  if (op === 'in' || op === 'not_in')
    return Array.isArray(before) ? before : typeof before === 'string' ? [before] : [one]
  return op === 'between' ? { min: one, max: one } : one
}

const fieldValue = (left: FieldChoice | undefined, fields: readonly FieldChoice[]): Value => {
  const [first] = peers(left, fields)
  return { field: first?.path ?? left?.path ?? '' }
}

function scalarFor(before: Value | undefined, left: FieldChoice | undefined): string | number | boolean {
  const kind = kindOf(left?.type ?? 'text')
  const given = Array.isArray(before) ? before[0] : before
  const from = typeof given === 'object' && 'min' in given ? given.min : given
  if (kind === 'time') return typeof from === 'string' ? from : new Date().toISOString().slice(0, 10)
  if (kind === 'boolean') return true
  if (typeof from === 'number' || typeof from === 'string') return from
  return kind === 'number' ? 0 : (left?.values?.[0]?.value ?? 'a')
}

/** Whether there are controls for a condition; one of another form is told in words. */
export function hasControls(
  condition: Condition,
  catalog: CatalogView,
  entity: string | undefined,
  fields: readonly FieldChoice[],
): boolean {
  if ('aggregate' in condition) {
    if (entity === undefined || measureOf(relatedMeasures(catalog, entity), condition.aggregate) === undefined)
      return false
  } else if ('field' in condition && !fields.some(({ path }) => path === condition.field)) {
    // A field that is not offered can still be exchanged for one that is.
    return typeof condition.value !== 'object'
  }
  const { value, op } = condition
  if (typeof value !== 'object') return true
  if (Array.isArray(value)) return op === 'in' || op === 'not_in'
  if ('definition' in value) return false
  if ('aggregate' in value) {
    const { fn, field, ...rest } = value.aggregate
    return 'field' in condition && field === condition.field && simple(rest) && OVER_ROWS.some(([one]) => one === fn)
  }
  if ('field' in value) return fields.some(({ path }) => path === value.field)
  return 'min' in value ? op === 'between' : op === 'in_period'
}
const simple = (rest: object): boolean => Object.values(rest).every((one) => one === undefined)

/** How many related rows there are to be, in words. */
export type MatchKind = 'some' | 'none' | 'every' | CompareOp
export const MATCHES: readonly (readonly [MatchKind, string])[] = [
  ['some', 'has'],
  ['none', 'has no'],
  ['every', 'has only'],
  ['gte', 'has at least'],
  ['lte', 'has at most'],
  ['eq', 'has exactly'],
  ['gt', 'has more than'],
  ['lt', 'has fewer than'],
  ['ne', 'has not exactly'],
]
export const matchKind = (match: RelationMatch): MatchKind => (typeof match === 'string' ? match : match.count.op)

export function matchOf(kind: MatchKind, before: RelationMatch): RelationMatch {
  if (kind === 'some' || kind === 'none' || kind === 'every') return kind
  return { count: { op: kind, value: typeof before === 'string' ? 2 : before.count.value } }
}
