// EXISTS, IN (SELECT …) and joins that only ask for a match → relation filters, or a list of values from another definition.
// Also the door for every condition on sources that cannot be reached by to-one relations.
import { entityOf, fieldOf } from '../../catalog/find.ts'
import { outputsOf } from '../outputs.ts'
import type { Definition, Filter } from '../schema.ts'
import type { Bound, BoundQuery, BoundSelect, OptionalGroup, Source } from './bound.ts'
import { targetsOf } from './bound.ts'
import { all, any, type Condition, needsRowAt, opposite } from './combine.ts'
import { compileQuery } from './compile.ts'
import { allOf, leftSide, present } from './condition.ts'
import { equalitiesOf, keyColumns } from './equalities.ts'
import { foldFrom } from './fold.ts'
import { isNumeric } from './literal.ts'
import { type Ctx, type Operand, operandOf } from './operand.ts'
import { withoutOuterJoins } from './outer-joins.ts'
import { extendPlace, inverseOf, joinPath, leftover, type Place, relationBetween } from './place.ts'
import { problemsOf, refuse } from './problem.ts'
import { attempt, note } from './session.ts'
import { outerSources, sourcesIn } from './walk.ts'

/** True for the rows for which the sub-query gives a row. */
export function existsCondition(ctx: Ctx, query: BoundQuery, at: number): Condition {
  if (query.kind === 'set') {
    if (query.op === 'union') return any([existsCondition(ctx, query.left, at), existsCondition(ctx, query.right, at)])
    return refuse('EXISTS', `Cannot import EXISTS over ${query.op.toUpperCase()}: write two EXISTS`, at)
  }
  const folded = foldFrom(ctx.session.catalog, query)
  if (folded.grouped && folded.groupBy.length === 0 && folded.having.length === 0) return true
  if (folded.having.length > 0)
    return refuse('EXISTS', 'Cannot import EXISTS with HAVING: compare the aggregate itself', at)
  const select = withoutOuterJoins(folded)
  return matchCondition(ctx, select.sources, select.conjuncts, select.optional, at)
}

/** True for the rows for which there are rows of the sources that meet all conditions together. */
export function matchCondition(
  ctx: Ctx,
  sources: readonly Source[],
  conditions: readonly Bound[],
  optional: readonly OptionalGroup[],
  at: number,
): Condition {
  const reached = extendPlace(ctx.session.catalog, ctx.place, sources, conditions, optional)
  const inner: Ctx = { ...ctx, place: reached.place }
  const isOptional = (source: Source) => optional.some((group) => group.sources.includes(source.id))
  const asked = reached.unplaced.filter((source) => !isOptional(source))
  for (const source of reached.unplaced.filter(isOptional)) {
    const use = conditions.find((one) => sourcesIn(one).has(source.id))
    if (use !== undefined)
      refuse('LEFT JOIN', 'Cannot ask this of the optional side of a LEFT JOIN: use JOIN, or NOT EXISTS', use.at)
  }
  const components = componentsOf(asked, conditions)
  const waiting = new Set(asked.map((source) => source.id))
  const local = conditions.filter((one) => ![...sourcesIn(one)].some((id) => waiting.has(id)))
  const filters = [
    allOf(inner, leftover(ctx.session.catalog, inner.place, local)),
    ...components.map((one) => relatedCondition(inner, one.sources, one.conditions, at)),
  ]
  return all([...filters, ...requiredRows(inner, reached.required, filters)])
}

/** Conditions that drop rows without a row behind an inner join, where no other condition does so already. */
export function requiredRows(ctx: Ctx, required: readonly number[], conditions: readonly Condition[]): Filter[] {
  const filters = conditions.filter((one) => typeof one === 'object')
  const found: Filter[] = []
  const paths = required.flatMap((id) => ctx.place.sources.get(id)?.path ?? [])
  for (const path of [...new Set(paths)].sort((a, b) => b.length - a.length)) {
    if (path === '' || [...filters, ...found].some((one) => needsRowAt(one, path))) continue
    found.push(rowAt(ctx, path))
  }
  return found.reverse()
}

function rowAt(ctx: Ctx, path: string): Filter {
  const { catalog } = ctx.session
  let here = entityOf(catalog, ctx.place.entity)
  let column: string | undefined
  for (const name of path.split('.')) {
    const relation = here?.relations[name]
    column = relation?.on[0]?.to
    here = relation === undefined ? undefined : entityOf(catalog, relation.to)
  }
  const key = here?.primaryKey.length === 1 ? here.primaryKey[0] : undefined
  const field = key ?? Object.entries(here?.fields ?? {}).find(([, one]) => one.column === column)?.[0]
  return field === undefined ? { relation: path, match: 'some' } : { field: joinPath(path, field), op: 'not_empty' }
}

type Component = { readonly sources: readonly Source[]; readonly conditions: readonly Bound[] }

/** Sources that conditions tie together, each with those conditions. */
export function componentsOf(sources: readonly Source[], conditions: readonly Bound[]): Component[] {
  const ids = new Set(sources.map((source) => source.id))
  const touching = conditions
    .map((condition) => ({ condition, own: [...sourcesIn(condition)].filter((id) => ids.has(id)) }))
    .filter(({ own }) => own.length > 0)
  const components: Set<number>[] = sources.map((source) => new Set([source.id]))
  for (const { own } of touching) {
    const together = components.filter((one) => own.some((id) => one.has(id)))
    const first = together[0]
    for (const other of together.slice(1)) {
      for (const id of other) first?.add(id)
      components.splice(components.indexOf(other), 1)
    }
  }
  return components.map((component) => ({
    sources: sources.filter((source) => component.has(source.id)),
    conditions: touching.filter(({ own }) => own.some((id) => component.has(id))).map(({ condition }) => condition),
  }))
}

/** A component that to-one relations do not reach: the simplest relation filter, else a list of values. */
function relatedCondition(ctx: Ctx, sources: readonly Source[], conditions: readonly Bound[], at: number): Condition {
  const found: Condition[] = []
  let problems: unknown
  for (const way of relationWays(ctx, sources, conditions, at)) {
    try {
      found.push(attempt(ctx.session, way)())
    } catch (error) {
      problemsOf(error)
      problems ??= error
    }
  }
  const simplest = found.sort((a, b) => JSON.stringify(a).length - JSON.stringify(b).length)[0]
  if (simplest !== undefined) return simplest
  try {
    return valuesCondition(ctx, sources, conditions, at)
  } catch (error) {
    problemsOf(error)
    throw problems ?? error
  }
}

function relationWays(
  ctx: Ctx,
  sources: readonly Source[],
  conditions: readonly Bound[],
  at: number,
): (() => Condition)[] {
  const { catalog } = ctx.session
  const equal = equalitiesOf(conditions)
  const ways: (() => Condition)[] = []
  for (const [id, placed] of ctx.place.sources) {
    for (const source of sources) {
      const { entity } = source
      if (entity === null) continue
      const step = relationBetween(catalog, placed.entity, entity, 'to_many', (from, to) =>
        equal.columns(id, from, source.id, to),
      )
      if (step === undefined) continue
      ways.push(() => {
        const place = placeBehind(ctx, id, source.id, entity, step.relation)
        const joined = conditions.filter((condition) => !isJoin(condition, id, source.id, step.relation.on))
        const where = matchCondition(
          { session: ctx.session, place },
          sources.filter((one) => one !== source),
          joined,
          [],
          at,
        )
        if (where === false) return false
        const relation = joinPath(placed.path, step.name)
        return where === true ? { relation, match: 'some' } : { relation, match: 'some', where }
      })
    }
  }
  return ways
}

/** The place of a row behind a to-many relation: itself, and through the way back everything its parent can see. */
export function placeBehind(
  ctx: Ctx,
  parent: number,
  source: number,
  entity: string,
  relation: Parameters<typeof inverseOf>[2],
): Place {
  const placed = new Map([[source, { path: '', entity, optional: false }]])
  const from = ctx.place.sources.get(parent)
  const back = from === undefined ? undefined : inverseOf(ctx.session.catalog, from.entity, relation)
  if (from !== undefined && back !== undefined && back.relation.kind === 'to_one') {
    for (const [id, other] of ctx.place.sources) {
      if (other.path === from.path) placed.set(id, { ...other, path: back.name })
      else if (from.path === '' || other.path.startsWith(`${from.path}.`)) {
        const rest = from.path === '' ? other.path : other.path.slice(from.path.length + 1)
        placed.set(id, { ...other, path: joinPath(back.name, rest) })
      }
    }
  }
  return { entity, sources: placed }
}

function isJoin(
  condition: Bound,
  parent: number,
  source: number,
  on: readonly { from: string; to: string }[],
): boolean {
  if (condition.kind !== 'compare' || condition.sign !== '=') return false
  const { left, right } = condition
  if (left.kind !== 'field' || right.kind !== 'field') return false
  const [a, b] = left.source === parent ? [left, right] : [right, left]
  return a.source === parent && b.source === source && on.some((pair) => pair.from === a.column && pair.to === b.column)
}

/** `outer IN (values of inner)`: for joins by columns that no relation knows. */
function valuesCondition(ctx: Ctx, sources: readonly Source[], conditions: readonly Bound[], at: number): Condition {
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

/** `args IN (SELECT …)`, or its opposite as SQL means it. */
export function inQueryCondition(ctx: Ctx, expr: Extract<Bound, { kind: 'in_query' }>, wanted: boolean): Condition {
  const found = inCondition(ctx, expr)
  if (expr.ofSet === true && !expr.args.some((arg) => isKey(ctx, arg)))
    note(ctx.session, 'INTERSECT and EXCEPT take NULL for a value like any other; here an empty value is never found')
  if (wanted) return found
  if (expr.ofSet === true) return opposite(found)
  const nullable = targetsOf(expr.query).some(({ expr: target }) => !isKey(ctx, target))
  if (nullable && typeof found === 'object')
    note(
      ctx.session,
      'SQL’s NOT IN gives no rows at all when the sub-query has an empty value; here empty values are passed over',
    )
  return all([opposite(found), ...expr.args.map((arg) => present(operandOf(ctx, arg)))])
}

function isKey(ctx: Ctx, expr: Bound): boolean {
  if (expr.kind !== 'field') return false
  const key = keyColumns(ctx.session.catalog, expr.entity)
  return key.includes(expr.column)
}

function inCondition(ctx: Ctx, expr: Extract<Bound, { kind: 'in_query' }>): Condition {
  const { args, query, at } = expr
  if (targetsOf(query).length !== args.length)
    return refuse(
      'IN',
      `Cannot compare ${args.length} columns with ${targetsOf(query).length}: both sides must have as many`,
      at,
    )
  if (query.kind === 'set') {
    if (query.limit !== null) return listedCondition(ctx, args, query, at)
    const left = inCondition(ctx, { ...expr, query: query.left })
    const right = inCondition(ctx, { ...expr, query: query.right })
    if (query.op === 'union') return any([left, right])
    return query.op === 'intersect' ? all([left, right]) : all([left, opposite(right)])
  }
  const select = foldFrom(ctx.session.catalog, query)
  const plain = select.limit === null && select.having.length === 0 && (!select.grouped || isGroupedByTargets(select))
  const reduced = keyOnly(ctx, args, select)
  if (!plain) return listedCondition(ctx, reduced.args, { ...select, targets: reduced.targets }, at)
  const inner = withoutOuterJoins({ ...select, targets: reduced.targets })
  const equalities = reduced.args.map(
    (arg, index): Bound => ({ kind: 'compare', sign: '=', left: arg, right: inner.targets[index]?.expr ?? arg, at }),
  )
  const own: Ctx = expr.ofSet === true ? { ...ctx, nullsMatch: new Set(equalities) } : ctx
  return matchCondition(own, inner.sources, [...inner.conjuncts, ...equalities], inner.optional, at)
}

function isGroupedByTargets(select: BoundSelect): boolean {
  const keys = select.groupBy.map((key) => strip(key))
  return select.groupBy.length > 0 && select.targets.every((target) => keys.includes(strip(target.expr)))
}

function strip(expr: Bound): string {
  return JSON.stringify(expr, (name, value: unknown) => (name === 'at' ? undefined : value))
}

/** Where both sides begin with one entity's key, the entity's other columns beside it say nothing more. */
function keyOnly(
  ctx: Ctx,
  args: readonly Bound[],
  select: BoundSelect,
): { args: readonly Bound[]; targets: BoundSelect['targets'] } {
  const whole = { args, targets: select.targets }
  if (args.length < 2) return whole
  for (const arg of args) {
    if (arg.kind !== 'field') continue
    const key = keyColumns(ctx.session.catalog, arg.entity)
    const pairs = args.map((one, index) => ({ one, target: select.targets[index] }))
    const sameEntity = pairs.every(
      ({ one, target }) =>
        one.kind === 'field' &&
        one.source === arg.source &&
        target?.expr.kind === 'field' &&
        target.expr.entity === one.entity &&
        target.expr.column === one.column,
    )
    const oneSource =
      new Set(pairs.map(({ target }) => (target?.expr.kind === 'field' ? target.expr.source : -1))).size === 1
    const kept = pairs.filter(({ one }) => one.kind === 'field' && key.includes(one.column))
    if (sameEntity && oneSource && key.length > 0 && kept.length === key.length)
      return { args: kept.map(({ one }) => one), targets: kept.flatMap(({ target }) => target ?? []) }
  }
  return whole
}
