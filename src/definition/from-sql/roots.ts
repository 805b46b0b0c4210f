// Which entity a query is about: the source from whose rows the most of the others are reached by to-one relations.
import type { Bound, BoundSelect } from './bound.ts'
import { all, type Condition } from './combine.ts'
import { allOf } from './condition.ts'
import type { Ctx } from './operand.ts'
import { type Extended, extendPlace, leftover, placeAt } from './place.ts'
import { refuse } from './problem.ts'
import { componentsOf, matchCondition, requiredRows } from './related.ts'
import type { Session } from './session.ts'
import { sourcesIn } from './walk.ts'

export type Root = {
  readonly entity: string
  readonly reached: Extended
  /** Every source is on the root's row or one step of to-one relations away: the rows are exactly those of the join. */
  readonly exact: boolean
}

/** The possible roots that reach all sources of `shown`, the best first; refused when there is none. */
export function rootsOf(session: Session, select: BoundSelect, shown: readonly Bound[]): Root[] {
  const wanted = new Set(shown.flatMap((expr) => [...sourcesIn(expr)]))
  const own = new Set(select.sources.map((source) => source.id))
  const roots = select.sources.flatMap((source): Root[] => {
    const { entity } = source
    if (entity === null || select.optional.some((group) => group.sources.includes(source.id))) return []
    const reached = extendPlace(
      session.catalog,
      placeAt({ ...source, entity }),
      select.sources,
      select.conjuncts,
      select.optional,
    )
    return [{ entity, reached, exact: reached.unplaced.length === 0 }]
  })
  const exact = roots.filter((root) => root.exact)
  if (exact.length > 0) return exact
  return roots
    .filter((root) => [...wanted].every((id) => !own.has(id) || root.reached.place.sources.has(id)))
    .sort((a, b) => a.reached.unplaced.length - b.reached.unplaced.length)
}

/** The filter that keeps the rows of the query. */
export function rowsOfRoot(session: Session, select: BoundSelect, root: Root): Condition {
  const ctx: Ctx = { session, place: root.reached.place }
  if (root.exact) {
    const filter = allOf(ctx, leftover(session.catalog, ctx.place, select.conjuncts))
    return all([filter, ...requiredRows(ctx, root.reached.required, [filter])])
  }
  const start: Ctx = {
    session,
    place: { entity: root.entity, sources: new Map([...ctx.place.sources].filter(([id]) => isRoot(ctx, id))) },
  }
  const sources = select.sources.filter((source) => !start.place.sources.has(source.id))
  return matchCondition(start, sources, select.conjuncts, select.optional, select.at)
}

function isRoot(ctx: Ctx, id: number): boolean {
  return ctx.place.sources.get(id)?.path === ''
}

/** Refused: no root, with the tables that do not meet. */
export function noRoot(select: BoundSelect): never {
  const source = select.sources[1] ?? select.sources[0]
  const names = select.sources.map((one) => `"${one.name}"`).join(', ')
  const tied =
    componentsOf(select.sources, [...select.conjuncts, ...select.optional.flatMap((group) => group.on)]).length === 1
  if (!tied)
    return refuse(
      'cross join',
      `Cannot import ${names}: nothing joins these tables`,
      source?.at ?? select.at,
      'Add a join condition',
    )
  return refuse(
    'join',
    `Cannot show ${names} side by side: no single entity reaches all of them by relations to one row`,
    source?.at ?? select.at,
    'Add the missing relation to the catalog, or aggregate the rows of the many side',
  )
}
