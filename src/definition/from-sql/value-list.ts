// Joins and IN by columns that no relation knows → a list of values from another definition; several columns are compared
// as one joined text. Refused: correlations that are not equalities, texts that may differ for equal values.
import { entityOf, fieldOf } from '../../catalog/find.ts'
import { outputsOf } from '../outputs.ts'
import type { Definition } from '../schema.ts'
import { type Bound, type BoundQuery, type BoundSelect, type Source, targetsOf } from './bound.ts'
import { all, type Condition } from './combine.ts'
import { compileQuery } from './compile.ts'
import { allOf, leftSide, present } from './condition.ts'
import { isNumeric } from './literal.ts'
import { type Ctx, type Operand, operandOf } from './operand.ts'
import { refuse } from './problem.ts'
import { outerSources, sourcesIn } from './walk.ts'

/** `outer IN (values of inner)`: for joins by columns that no relation knows. */
export function valuesCondition(
  ctx: Ctx,
  sources: readonly Source[],
  conditions: readonly Bound[],
  at: number,
): Condition {
  const other = anotherRow(ctx, sources, conditions)
  if (other !== undefined) return other
  const ids = new Set(sources.map((source) => source.id))
  const outer: Bound[] = []
  /** Outer sides for which NULL equals nothing. */
  const strict: Bound[] = []
  const inner: Bound[] = []
  const rest: Bound[] = []
  for (const condition of conditions) {
    const isInner = (expr: Bound) => [...sourcesIn(expr)].every((id) => ids.has(id))
    const isOuter = (expr: Bound) => ![...sourcesIn(expr)].some((id) => ids.has(id))
    if (isInner(condition)) rest.push(condition)
    else if (
      condition.kind === 'compare' &&
      condition.sign === '=' &&
      isInner(condition.left) &&
      isOuter(condition.right)
    ) {
      inner.push(condition.left)
      outer.push(condition.right)
      if (ctx.nullsMatch?.has(condition) !== true) strict.push(condition.right)
    } else if (
      condition.kind === 'compare' &&
      condition.sign === '=' &&
      isInner(condition.right) &&
      isOuter(condition.left)
    ) {
      inner.push(condition.right)
      outer.push(condition.left)
      if (ctx.nullsMatch?.has(condition) !== true) strict.push(condition.left)
    } else
      return refuse(
        'correlated sub-query',
        'Cannot import this comparison between two queries: only equal columns can tie them together',
        condition.at,
      )
  }
  if (outer.length === 0) return independentMatch(ctx, sources, rest, at)
  const select: BoundSelect = {
    kind: 'select',
    sources,
    optional: [],
    conjuncts: rest,
    groupBy: [],
    having: [],
    targets: inner.map((expr) => ({ expr, name: null })),
    orderBy: [],
    limit: null,
    distinct: false,
    grouped: false,
    at,
  }
  const filled = outer.length > 1 ? strict.map((expr) => present(operandOf(ctx, expr))) : []
  return all([listedCondition(ctx, outer, select, at), ...filled])
}

/** "Another row with the same a and a different b": among the rows with the same a there is more than one b. */
function anotherRow(ctx: Ctx, sources: readonly Source[], conditions: readonly Bound[]): Condition | undefined {
  const [source] = sources
  if (source === undefined || sources.length > 1 || source.entity !== ctx.place.entity) return undefined
  const same: string[] = []
  const different: string[] = []
  for (const condition of conditions) {
    if (condition.kind !== 'compare' || condition.left.kind !== 'field' || condition.right.kind !== 'field')
      return undefined
    const [own, outer] =
      condition.left.source === source.id ? [condition.left, condition.right] : [condition.right, condition.left]
    const isSame =
      own.source === source.id && ctx.place.sources.get(outer.source)?.path === '' && own.column === outer.column
    if (!isSame || own.field === null) return undefined
    if (condition.sign === '=') same.push(own.field)
    else if (condition.sign === '<>') different.push(own.field)
    else return undefined
  }
  const [field, second] = different
  if (field === undefined || second !== undefined || same.length === 0) return undefined
  const filled = same.map((path) => present(operandAt(ctx, path)))
  const count = { fn: 'count_distinct' as const, field, same }
  return all([...filled, present(operandAt(ctx, field)), { formula: '1', op: 'lt', value: { aggregate: count } }])
}

function operandAt(ctx: Ctx, path: string): Operand {
  const entity = entityOf(ctx.session.catalog, ctx.place.entity)
  const field = entity === undefined ? undefined : fieldOf(entity, path)
  return { kind: 'field', path, type: field?.type, certain: entity?.primaryKey.includes(path) === true }
}

function independentMatch(ctx: Ctx, sources: readonly Source[], conditions: readonly Bound[], at: number): Condition {
  const [source] = sources
  if (sources.length !== 1 || source?.entity == null)
    return refuse('cross join', 'Cannot import tables that nothing joins: give a join condition', at)
  const inner: Ctx = {
    session: ctx.session,
    place: {
      entity: source.entity,
      sources: new Map([[source.id, { path: '', entity: source.entity, optional: false }]]),
    },
  }
  const where = allOf(inner, conditions)
  if (typeof where === 'boolean')
    return refuse('cross join', 'Cannot import tables that nothing joins: give a join condition', source.at)
  // A count over a whole entity, compared from any row: no way in the language but a formula without fields.
  return { formula: '0', op: 'lt', value: { aggregate: { fn: 'count', of: source.entity, where } } }
}

/** `args IN (the rows of the query)`; several columns are compared as one joined text. */
export function listedCondition(ctx: Ctx, args: readonly Bound[], query: BoundQuery, at: number): Condition {
  if (outerSources(query).size > 0)
    return refuse(
      'correlated sub-query',
      'Cannot import this correlated sub-query: tie it by equal columns of related entities',
      at,
    )
  const [only] = args
  if (args.length === 1 && only !== undefined) {
    const left = operandOf(ctx, only)
    if (left.kind === 'literal' || left.kind === 'value')
      return refuse('IN', 'Cannot look a computed value up in a sub-query: one side must be a column', at)
    return { ...leftSide(left, at), op: 'in', value: { definition: valuesLike(ctx, left, query, at) } }
  }
  for (const [index, target] of targetsOf(query).entries()) textsAgree(ctx, args[index], target.expr, at)
  const left = operandOf(ctx, joinedText(args, at))
  const definition = compileQuery(ctx.session, withJoinedTargets(query, at), 'values')
  return { ...leftSide(left, at), op: 'in', value: { definition } }
}

/** The values of a query in the kind of the left side: an identifier and a whole number meet as texts. */
function valuesLike(ctx: Ctx, left: Operand, query: BoundQuery, at: number): Definition {
  const definition = compileQuery(ctx.session, query, 'values')
  const type = outputsOf(definition, ctx.session.catalog).find((output) => !output.hidden)?.type
  const asText = left.kind === 'field' && left.type === 'id' && isNumeric(type) && query.kind === 'select'
  if (!asText) return definition
  const targets = query.targets.map((target): BoundSelect['targets'][number] => ({
    ...target,
    expr: { kind: 'cast', arg: target.expr, type: { name: 'text', at }, at },
  }))
  const groupBy = query.grouped ? [...query.groupBy, ...targets.map((target) => target.expr)] : []
  return compileQuery(ctx.session, { ...query, targets, groupBy }, 'values')
}

/** Refused: two columns that may write one value in two ways, such as 10 and 10.00. */
function textsAgree(ctx: Ctx, left: Bound | undefined, right: Bound, at: number): void {
  const type = (expr: Bound | undefined) => {
    const entity = expr?.kind === 'field' ? entityOf(ctx.session.catalog, expr.entity) : undefined
    return entity === undefined || expr?.kind !== 'field' || expr.field === null
      ? undefined
      : fieldOf(entity, expr.field)?.type
  }
  const [a, b] = [type(left), type(right)]
  const sameColumn =
    left?.kind === 'field' && right.kind === 'field' && left.entity === right.entity && left.column === right.column
  const decimal = [a, b].some((one) => one === 'number' || one === 'money')
  const bothText = [a, b].every((one) => one === 'text' || one === 'enum' || one === 'id')
  if (!sameColumn && !bothText && (decimal || a === undefined || a !== b))
    refuse('IN', 'Cannot compare several columns at once where their types differ: compare keys', at)
}

function joinedText(parts: readonly Bound[], at: number): Bound {
  const args = parts.flatMap((part, index): Bound[] =>
    index === 0 ? [part] : [{ kind: 'literal', value: ' | ', at }, part],
  )
  return {
    kind: 'call',
    name: 'concat',
    args,
    star: false,
    distinct: false,
    filter: null,
    order: [],
    withinGroup: false,
    over: null,
    at,
  }
}

function withJoinedTargets(query: BoundQuery, at: number): BoundQuery {
  if (query.kind === 'set')
    return { ...query, left: withJoinedTargets(query.left, at), right: withJoinedTargets(query.right, at) }
  if (
    query.grouped &&
    query.targets.some((target) => !query.groupBy.some((key) => JSON.stringify(key) === JSON.stringify(target.expr)))
  )
    return refuse('IN', 'Cannot compare several columns with a grouped sub-query: compare its key', at)
  const expr = joinedText(
    query.targets.map((target) => target.expr),
    at,
  )
  return { ...query, targets: [{ expr, name: null }], groupBy: query.grouped ? [...query.groupBy, expr] : [] }
}
