// Conditions against the catalog: names, operators by type, values by operator.
import { closest, entityOf, resolvePath } from '../catalog/find.ts'
import type { Catalog, FieldType } from '../catalog/schema.ts'
import type { Issue } from '../lib/issue.ts'
import { resolveAggregate } from './aggregate.ts'
import { formulaPaths, parseFormula } from './formula.ts'
import { formulaType, typeClass } from './formula-type.ts'
import { issue } from './issues.ts'
import { grainType } from './outputs.ts'
import {
  type AggregateExpr,
  type Condition,
  type Definition,
  type Filter,
  type Grain,
  limits,
  type Op,
  type Period,
  type Scalar,
  type Value,
  type ValueAggregate,
} from './schema.ts'
import { isPeriodValue } from './time.ts'

export type Path = readonly (string | number)[]
export type Named = { readonly type: FieldType; readonly values?: readonly string[] }

/** Where names are looked up: the rows of an entity, or the output columns of a table. */
export type Names = {
  readonly catalog: Catalog
  /** Absent over output columns. */
  readonly entity?: string
  /** The type of a name, or the issue that says why it has none. */
  readonly find: (name: string, path: Path, doing: string) => Named | Issue
  /** Checks a definition that stands as a value. */
  readonly checkDefinition: (definition: Definition, path: Path, depth: number) => { issues: Issue[]; type?: FieldType }
  readonly depth: number
}

const isIssue = (found: Named | Issue): found is Issue => 'message' in found

/** Names that are to-one fields of an entity's row. */
export function rowNames(base: Omit<Names, 'find' | 'entity'>, entity: string): Names {
  return { ...base, entity, find: (name, path, doing) => findField(base.catalog, entity, name, path, doing) }
}

/** A to-one field path of an entity, or the issue with it. */
export function findField(catalog: Catalog, entity: string, name: string, path: Path, doing: string): Named | Issue {
  const found = resolvePath(catalog, entity, name)
  if (!found.ok)
    return issue('unknown-field', path, { doing, name, entity: found.entityName, suggestions: found.suggestions })
  if (found.hops.length > limits.pathHops)
    return issue('too-deep', path, { what: 'relations in a path', max: limits.pathHops })
  if (found.field === undefined) {
    const target = entityOf(catalog, found.entityName)
    const field = target?.displayField ?? target?.primaryKey[0]
    return issue('not-a-field', path, { doing, name, ...(field === undefined ? {} : { example: `${name}.${field}` }) })
  }
  const many = found.hops.find((hop) => hop.kind === 'to_many')
  if (many !== undefined) return issue('many-values', path, { doing, name, relation: many.relation })
  return {
    type: found.field.type,
    ...(found.field.values === undefined ? {} : { values: found.field.values.map((v) => v.value) }),
  }
}

/** Every problem of a filter. */
export function checkFilter(filter: Filter, names: Names, path: Path, level = 1): Issue[] {
  if (level > limits.filterDepth) return [issue('too-deep', path, { what: 'filters', max: limits.filterDepth })]
  if ('all' in filter) return filter.all.flatMap((f, i) => checkFilter(f, names, [...path, 'all', i], level + 1))
  if ('any' in filter) return filter.any.flatMap((f, i) => checkFilter(f, names, [...path, 'any', i], level + 1))
  if ('not' in filter) return checkFilter(filter.not, names, [...path, 'not'], level + 1)
  if ('relation' in filter) {
    if (names.entity === undefined) return [issue('no-row-here', path, { what: 'a relation' })]
    const target = findRelation(names.catalog, names.entity, filter.relation, [...path, 'relation'])
    if (typeof target !== 'string') return [target]
    return filter.where === undefined
      ? []
      : checkFilter(filter.where, rowNames(names, target), [...path, 'where'], level + 1)
  }
  return checkCondition(filter, names, path)
}

/** The entity a relation path leads to, or the issue with it. */
export function findRelation(catalog: Catalog, entity: string, relation: string, path: Path): string | Issue {
  const found = resolvePath(catalog, entity, relation)
  if (found.ok && found.field === undefined) {
    if (found.hops.length > limits.pathHops)
      return issue('too-deep', path, { what: 'relations in a path', max: limits.pathHops })
    return found.entityName
  }
  const here = found.ok ? entity : found.entityName
  const known = Object.keys(entityOf(catalog, here)?.relations ?? {})
  const at = found.ok ? relation : found.at
  return issue('unknown-relation', path, { name: relation, entity: here, suggestions: closest(at, known) })
}

function checkCondition(condition: Condition, names: Names, path: Path): Issue[] {
  const left = leftSide(condition, names, path)
  if (isIssue(left.named)) return [left.named]
  const { named, name } = left
  const issues = [...left.issues]
  const { op, value } = condition
  const allowed = opsOf(named.type)
  if (!allowed.includes(op))
    return [...issues, issue('wrong-op', [...path, 'op'], { op, name, type: an(named.type), allowed })]
  if (op === 'is_empty' || op === 'not_empty') {
    if (value !== undefined) issues.push(issue('no-value', [...path, 'value'], { op, name }))
    return issues
  }
  if (value === undefined) return [...issues, issue('needs-value', path, { op, name })]
  return [...issues, ...checkValue(named, name, op, value, names, [...path, 'value'])]
}

type Left = { named: Named | Issue; name: string; issues: Issue[] }

function leftSide(condition: Condition, names: Names, path: Path): Left {
  if ('formula' in condition) {
    const { type, issues } = checkFormula(condition.formula, names, [...path, 'formula'])
    const [first] = issues
    const name = condition.formula
    return type === undefined
      ? { named: first ?? issue('formula', path, { formula: name, problem: 'it has no type' }), name, issues: [] }
      : { named: { type }, name, issues }
  }
  if ('aggregate' in condition) {
    const name = condition.aggregate.field ?? condition.aggregate.metric ?? condition.aggregate.per ?? 'rows'
    if (names.entity === undefined)
      return { named: issue('no-row-here', path, { what: 'an aggregate' }), name, issues: [] }
    const checked = checkAggregate(condition.aggregate, names, names.entity, [...path, 'aggregate'])
    if (checked.type === undefined)
      return {
        named: checked.issues[0] ?? issue('one-of', path, { what: 'the aggregate', keys: ['fn', 'metric'] }),
        name,
        issues: [],
      }
    if (!checked.many)
      return { named: issue('aggregate-needs-many', [...path, 'aggregate'], { name }), name, issues: [] }
    return { named: { type: checked.type }, name, issues: checked.issues }
  }
  const found = names.find(condition.field, [...path, 'field'], 'filter by')
  if (isIssue(found) || condition.grain === undefined) return { named: found, name: condition.field, issues: [] }
  const wrong = wrongGrain(found.type, condition.grain, condition.field, [...path, 'grain'])
  return { named: wrong ?? { type: grainType(condition.grain) }, name: condition.field, issues: [] }
}

/** A grain that does not fit the type of its field. */
export function wrongGrain(type: FieldType, grain: Grain, name: string, path: Path): Issue | undefined {
  const fits = type === 'timestamp' || (type === 'date' && grain !== 'hour' && grain !== 'hour_of_day')
  return fits ? undefined : issue('wrong-grain', path, { grain, name, type: an(type) })
}

/** The type of a formula over these names, and every problem with it. */
export function checkFormula(formula: string, names: Names, path: Path): { type?: FieldType; issues: Issue[] } {
  const parsed = parseFormula(formula)
  if (!parsed.ok) return { issues: [issue('formula', path, { formula, problem: parsed.message, at: parsed.at })] }
  const issues = formulaPaths(parsed.node).flatMap((name) => {
    const found = names.find(name, path, 'compute with')
    return isIssue(found) ? [found] : []
  })
  if (issues.length > 0) return { issues }
  const typed = formulaType(parsed.node, (name) => {
    const found = names.find(name, path, 'compute with')
    return isIssue(found) ? undefined : found.type
  })
  if (!typed.ok) return { issues: [issue('formula', path, { formula, problem: typed.message, at: typed.at })] }
  return { type: typed.type, issues: [] }
}

/** The type of an aggregate written in an entity, whether it runs over many rows, and every problem with it. */
export function checkAggregate(
  expr: AggregateExpr,
  names: Omit<Names, 'find' | 'entity'>,
  entity: string,
  path: Path,
): { type?: FieldType; many: boolean; issues: Issue[] } {
  const resolved = resolveAggregate(names.catalog, entity, expr)
  if (!resolved.ok)
    return { many: false, issues: resolved.problems.map((p) => aggregateIssue(p, names.catalog, expr, entity, path)) }
  const { aggregate } = resolved
  if (aggregate.hops.length > limits.pathHops)
    return { many: false, issues: [issue('too-deep', path, { what: 'relations in a path', max: limits.pathHops })] }
  const issues =
    expr.where === undefined
      ? []
      : checkFilter(expr.where, rowNames(names, aggregate.countedEntity), [...path, 'where'])
  const metricWhere = expr.metric === undefined ? [] : aggregate.where.filter((w) => w !== expr.where)
  const broken = metricWhere.some((w) => checkFilter(w, rowNames(names, aggregate.countedEntity), path).length > 0)
  if (broken) issues.push(issue('broken-metric', [...path, 'metric'], { name: expr.metric }))
  return { type: aggregate.type, many: aggregate.hops.some((hop) => hop.kind === 'to_many'), issues }
}

function aggregateIssue(
  problem: { code: string; key: string; params: Readonly<Record<string, unknown>> },
  catalog: Catalog,
  expr: AggregateExpr,
  entity: string,
  path: Path,
): Issue {
  const at = [...path, problem.key]
  const text = (key: string): string => String(problem.params[key] ?? '')
  switch (problem.code) {
    case 'unknown-field': {
      const found = resolvePath(catalog, entity, text('path'))
      if (found.ok) {
        const target = entityOf(catalog, found.entityName)
        const field = target?.primaryKey[0] ?? target?.displayField
        return issue('not-a-field', at, {
          doing: `compute ${expr.fn} of`,
          name: text('path'),
          ...(field === undefined ? {} : { example: `${text('path')}.${field}` }),
        })
      }
      return issue('unknown-field', at, {
        doing: `compute ${expr.fn} of`,
        name: text('path'),
        entity: found.entityName,
        suggestions: found.suggestions,
      })
    }
    case 'unknown-relation': {
      const found = findRelation(catalog, entity, text('path'), at)
      return typeof found === 'string' ? issue('unknown-relation', at, { name: text('path'), entity }) : found
    }
    case 'unknown-metric': {
      const owner = entityOf(catalog, text('entity'))
      const name = text('metric').split('.').at(-1) ?? ''
      const prefix = text('metric').slice(0, text('metric').length - name.length)
      const near = closest(name, Object.keys(owner?.metrics ?? {})).map((n) => prefix + n)
      return issue('unknown-metric', at, { name: text('metric'), entity: text('entity'), suggestions: near })
    }
    case 'formula':
      return issue('formula', at, { formula: expr.formula, problem: text('message'), at: Number(problem.params.at) })
    case 'field-and-formula':
      return issue('one-of', path, { what: 'the aggregate', keys: ['field', 'formula'] })
    case 'many-values':
      return issue('many-values', at, { doing: 'read', name: text('path'), relation: text('relation') })
    case 'broken-metric':
      return issue('broken-metric', at, { name: text('metric') })
    default:
      return issue(problem.code as never, at, {
        fn: text('fn'),
        name: text('path'),
        type: an(text('type') as FieldType),
        per: text('per'),
        entity: text('entity'),
      })
  }
}

const ordering: readonly Op[] = ['lt', 'lte', 'gt', 'gte', 'between']
const presence: readonly Op[] = ['is_empty', 'not_empty']
const equality: readonly Op[] = ['eq', 'ne', 'in', 'not_in']
const matching: readonly Op[] = ['contains', 'not_contains', 'starts_with', 'ends_with']

/** The operators a type allows. */
export function opsOf(type: FieldType): readonly Op[] {
  switch (type) {
    case 'text':
    case 'id':
      return [...equality, ...matching, ...ordering, ...presence]
    case 'enum':
      return [...equality, ...matching, ...presence]
    case 'boolean':
      return [...equality, ...presence]
    case 'date':
    case 'timestamp':
      return [...equality, ...ordering, 'in_period', ...presence]
    default:
      return [...equality, ...ordering, ...presence]
  }
}

function checkValue(left: Named, name: string, op: Op, value: Value, names: Names, path: Path): Issue[] {
  const wrong = (wanted: string, fix?: string): Issue[] => [
    issue('wrong-value', path, { name, value: short(value), wanted, fix }),
  ]
  if (op === 'in_period')
    return isPeriod(value)
      ? checkPeriod(value, left, name, path)
      : wrong('in_period needs a period', 'Use a period such as {"last":3,"unit":"month"} or {"year":2025}')
  if (op === 'between') {
    if (!isRange(value)) return wrong('between needs {"min","max"}', 'Use {"min":1,"max":10}')
    return [
      ...checkScalar(left, name, value.min, [...path, 'min']),
      ...checkScalar(left, name, value.max, [...path, 'max']),
    ]
  }
  if (op === 'in' || op === 'not_in') {
    if (Array.isArray(value)) {
      if (value.length === 0) return [issue('empty-list', path, { name })]
      return value.flatMap((item, i) => checkScalar(left, name, item, [...path, i]))
    }
    if (isObject(value) && 'definition' in value)
      return checkSubDefinition(left, name, value.definition as Definition, names, path, false)
    return wrong(`${op} needs a list`, 'Put the values in a list: ["a", "b"]')
  }
  if (matching.includes(op)) {
    if (typeof value === 'object') return wrong(`${op} needs a text`, 'Use one text')
    return String(value).includes('\0') ? wrong('no text holds the character NUL', 'Remove the character') : []
  }
  if (typeof value !== 'object') return checkScalar(left, name, value, path)
  if (Array.isArray(value)) return wrong(`${op} needs one value`, 'Use "in" for a list')
  if ('field' in value) {
    const found = names.find(value.field, [...path, 'field'], 'compare with')
    if (isIssue(found)) return [found]
    return comparable(left.type, found.type)
      ? []
      : wrong(`it is ${an(left.type)}, and "${value.field}" is ${an(found.type)}`, 'Compare fields of one kind')
  }
  if ('aggregate' in value)
    return checkValueAggregate(left, name, value.aggregate as ValueAggregate, names, [...path, 'aggregate'])
  if ('definition' in value) return checkSubDefinition(left, name, value.definition as Definition, names, path, true)
  return wrong(`${op} needs one value`, isPeriod(value) ? 'Use "in_period" for a period' : undefined)
}

function checkValueAggregate(left: Named, name: string, aggregate: ValueAggregate, names: Names, path: Path): Issue[] {
  if (names.entity === undefined) return [issue('no-row-here', path, { what: 'an aggregate over rows' })]
  const { of, same, ...expr } = aggregate
  const entity = of ?? names.entity
  if (entityOf(names.catalog, entity) === undefined)
    return [
      issue('unknown-entity', [...path, 'of'], {
        name: entity,
        suggestions: closest(entity, Object.keys(names.catalog.entities)),
      }),
    ]
  const issues: Issue[] = []
  if (same !== undefined && of !== undefined && of !== names.entity)
    issues.push(
      issue('value-definition', [...path, 'same'], {
        problem: '"same" compares rows of one entity',
        fix: 'Remove "of"',
      }),
    )
  for (const [i, field] of (same ?? []).entries()) {
    const found = findField(names.catalog, entity, field, [...path, 'same', i], 'compare by')
    if (isIssue(found)) issues.push(found)
  }
  const checked = checkAggregate(expr, names, entity, path)
  issues.push(...checked.issues)
  if (checked.type !== undefined && !comparable(left.type, checked.type))
    issues.push(
      issue('wrong-value', path, {
        name,
        value: 'an aggregate',
        wanted: `it is ${an(left.type)}, and the aggregate gives ${an(checked.type)}`,
        fix: 'Compare values of one kind',
      }),
    )
  return issues
}

function checkSubDefinition(
  left: Named,
  name: string,
  definition: Definition,
  names: Names,
  path: Path,
  single: boolean,
): Issue[] {
  const at = [...path, 'definition']
  if (names.depth >= limits.subDefinitionDepth)
    return [issue('too-deep', at, { what: 'definitions', max: limits.subDefinitionDepth })]
  const { issues, type } = names.checkDefinition(definition, at, names.depth + 1)
  const found = [...issues]
  const oneRow = definition.limit === 1 || (definition.groupBy.length === 0 && definition.aggregates.length > 0)
  if (single && !oneRow)
    found.push(
      issue('value-definition', at, {
        problem: 'it may give several rows where one value is needed',
        fix: 'Add "limit": 1, or aggregate without groupBy',
      }),
    )
  if (type !== undefined && !comparable(left.type, type))
    found.push(
      issue('wrong-value', path, {
        name,
        value: 'a definition',
        wanted: `it is ${an(left.type)}, and the definition gives ${an(type)}`,
        fix: 'Use a column of the same kind',
      }),
    )
  return found
}

function comparable(a: FieldType, b: FieldType): boolean {
  const time = (t: FieldType): boolean => t === 'date' || t === 'timestamp'
  return typeClass(a) === typeClass(b) || (time(a) && time(b))
}

const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/

function checkScalar(left: Named, name: string, value: Scalar, path: Path): Issue[] {
  const wrong = (wanted: string, fix: string): Issue[] => [
    issue('wrong-value', path, { name, value: short(value), wanted, fix }),
  ]
  switch (typeClass(left.type)) {
    case 'number':
      return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
        ? []
        : wrong('it is a number', 'Write the number without quotes, unit or separators')
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('it is true or false', 'Use true or false')
    case 'date':
      return typeof value === 'string' && value.length <= 10 && isRealDate(value)
        ? []
        : wrong('it is a date', 'Write the date as "2025-03-01"')
    case 'timestamp':
      return typeof value === 'string' && isRealDate(value)
        ? []
        : wrong('it is a point in time', 'Write "2025-03-01" or "2025-03-01T09:30"')
    default:
      if (
        left.type === 'enum' &&
        left.values !== undefined &&
        !left.values.some((v) => v.toLowerCase() === String(value).toLowerCase())
      )
        return [
          issue('unknown-value', path, {
            name,
            value: String(value),
            known: left.values,
            suggestions: closest(String(value), left.values),
          }),
        ]
      if (String(value).includes('\0')) return wrong('no text holds the character NUL', 'Remove the character')
      return typeof value === 'boolean' ? wrong('it is a text', 'Write the value as a text') : []
  }
}

/** Whether a text is a date that the calendar has. */
export function isRealDate(text: string): boolean {
  if (!DATE.test(text)) return false
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  const time = text.length > 10 ? text.slice(11, 16).split(':').map(Number) : [0, 0]
  const days = [
    31,
    (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ]
  const seconds = text.length > 18 ? Number(text.slice(17, 19)) : 0
  return (
    year > 1 &&
    year < 9999 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= (days[month - 1] ?? 0) &&
    (time[0] ?? 0) < 24 &&
    (time[1] ?? 0) < 60 &&
    (Number.isNaN(seconds) || seconds < 60)
  )
}

function checkPeriod(period: Period, left: Named, name: string, path: Path): Issue[] {
  const wrong = (value: unknown, wanted: string, fix: string): Issue[] => [
    issue('wrong-value', path, { name, value: short(value), wanted, fix }),
  ]
  const unit =
    'unit' in period
      ? period.unit
      : 'this' in period
        ? period.this
        : 'previous' in period
          ? period.previous
          : 'to_date' in period
            ? period.to_date
            : undefined
  if (unit === 'hour' && left.type === 'date') return wrong(period, 'hours need a timestamp', 'Use "day"')
  const dates = ['day', 'from', 'to', 'before', 'since'].flatMap((key) =>
    key in period ? [(period as Record<string, unknown>)[key]] : [],
  )
  for (const date of dates) {
    if (typeof date !== 'string' || !isRealDate(date))
      return wrong(date, 'the calendar has no such date', 'Write the date as "2025-03-01"')
    if (left.type === 'date' && date.length > 10)
      return wrong(date, 'it is a date without a time', 'Write the date as "2025-03-01"')
  }
  if ('from' in period && endsFirst(period.from, period.to))
    return wrong(period, 'the period ends before it begins', 'Put the earlier date in "from"; "to" is not included')
  return []
}

/** Whether a border is not before the other; of a local time and an instant nobody can tell without the zone. */
function endsFirst(from: string, to: string): boolean {
  const ofInstant = [from, to].map((text) => text.length > 10 && /(Z|[+-]\d{2}(:?\d{2})?)$/.test(text))
  const [a = 0, b = 0] = [from, to].map((text) => {
    const [, time = '', hour = '', minute = '00'] = /^(.*?)(?:Z|([+-]\d{2})(?::?(\d{2}))?)?$/.exec(text.slice(10)) ?? []
    const offset = hour === '' ? 'Z' : `${hour}:${minute}`
    return Date.parse(`${text.slice(0, 10)}${time === '' ? 'T00:00' : time.replace(' ', 'T')}${offset}`)
  })
  return ofInstant[0] === ofInstant[1] && a >= b
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isRange = (value: Value): value is { min: Scalar; max: Scalar } => isObject(value) && 'min' in value
const isPeriod = (value: Value): value is Period => isObject(value) && isPeriodValue(value)

/** A type with its article, as messages say it. */
export function an(type: FieldType): string {
  const words: Record<FieldType, string> = {
    text: 'a text',
    integer: 'a whole number',
    number: 'a number',
    money: 'an amount of money',
    date: 'a date',
    timestamp: 'a point in time',
    boolean: 'true or false',
    enum: 'one of fixed values',
    id: 'an identifier',
  }
  return words[type] ?? String(type)
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
