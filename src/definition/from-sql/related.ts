// EXISTS, IN (SELECT …) and joins that only ask for a match → relation filters, or a list of values from another definition.
// Also the door for every condition on sources that cannot be reached by to-one relations.
import { entityOf } from '../../catalog/find.ts'
import type { Filter } from '../schema.ts'
import type { Bound, BoundQuery, OptionalGroup, Source } from './bound.ts'
import { all, any, type Condition, needsRowAt } from './combine.ts'
import { allOf } from './condition.ts'
import { equalitiesOf } from './equalities.ts'
import { foldFrom } from './fold.ts'
import type { Ctx } from './operand.ts'
import { withoutOuterJoins } from './outer-joins.ts'
import { extendPlace, inverseOf, joinPath, leftover, type Place, relationBetween } from './place.ts'
import { problemsOf, refuse } from './problem.ts'
import { attempt } from './session.ts'
import { valuesCondition } from './value-list.ts'
import { sourcesIn } from './walk.ts'

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
