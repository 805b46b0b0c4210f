// Where the sources of a query stand as seen from one row: each gets a path of to-one relations, or stays unplaced.
// In: conditions that equate columns, the catalog's relations. Out: a `Place`. Nothing is refused here; the caller decides
// what an unplaced source means.
import { entityOf } from '../../catalog/find.ts'
import type { Catalog, Relation } from '../../catalog/schema.ts'
import type { Bound, OptionalGroup, Source } from './bound.ts'
import { type Equalities, equalitiesOf, equatedColumns, keyColumns, unionFind } from './equalities.ts'

export type Placed = {
  readonly path: string
  readonly entity: string
  /** An outer join brought it: its row may be missing. */
  readonly optional: boolean
}
export type Place = {
  /** The entity whose row everything is read from. */
  readonly entity: string
  readonly sources: ReadonlyMap<number, Placed>
}
export type Extended = {
  readonly place: Place
  /** Sources newly placed behind a relation: without a row there, an inner join drops the row. */
  readonly required: readonly number[]
  readonly unplaced: readonly Source[]
}

/** A place with one source as its row. */
export function placeAt(source: Source & { entity: string }): Place {
  return {
    entity: source.entity,
    sources: new Map([[source.id, { path: '', entity: source.entity, optional: false }]]),
  }
}

/** Joins a relation path and a name. */
export function joinPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

/** Places every source that the conditions tie to an already placed one as the same row or by a to-one relation. */
export function extendPlace(
  catalog: Catalog,
  start: Place,
  sources: readonly Source[],
  conditions: readonly Bound[],
  optional: readonly OptionalGroup[] = [],
): Extended {
  const inner = equalitiesOf(conditions)
  const placed = new Map(start.sources)
  const required: number[] = []
  let waiting = sources.filter((source) => !placed.has(source.id))
  for (let moved = true; moved; ) {
    moved = false
    for (const source of waiting) {
      const group = optional.find((one) => one.sources.includes(source.id))
      const found = placeOne(catalog, placed, source, inner, group)
      if (found === undefined) continue
      placed.set(source.id, found.placed)
      if (found.byRelation && !found.placed.optional) required.push(source.id)
      moved = true
    }
    waiting = waiting.filter((source) => !placed.has(source.id))
  }
  return { place: { entity: start.entity, sources: placed }, required, unplaced: waiting }
}

function placeOne(
  catalog: Catalog,
  placed: ReadonlyMap<number, Placed>,
  source: Source,
  inner: Equalities,
  group: OptionalGroup | undefined,
): { placed: Placed; byRelation: boolean } | undefined {
  if (source.entity === null || (group !== undefined && group.sources.length > 1)) return undefined
  const equalities = group === undefined ? inner : equalitiesOf(group.on)
  for (const [id, other] of placed) {
    if (group === undefined && isSameRow(catalog, id, other, source, equalities))
      return { placed: { ...other, entity: source.entity }, byRelation: false }
  }
  for (const [id, other] of placed) {
    const relation = relationBetween(catalog, other.entity, source.entity, 'to_one', (from, to) =>
      equalities.columns(id, from, source.id, to),
    )
    if (relation === undefined) continue
    if (group !== undefined && !group.on.every((condition) => joinsBy(condition, id, source.id, relation.relation)))
      continue
    const path = joinPath(other.path, relation.name)
    return {
      placed: { path, entity: source.entity, optional: group !== undefined || other.optional },
      byRelation: true,
    }
  }
  return undefined
}

function isSameRow(catalog: Catalog, id: number, other: Placed, source: Source, equalities: Equalities): boolean {
  if (other.entity !== source.entity || other.optional) return false
  if (equalities.sameRow(id, source.id)) return true
  const key = keyColumns(catalog, other.entity)
  return key.length > 0 && key.every((column) => equalities.columns(id, column, source.id, column))
}

/** The relation of an entity to another whose join columns all pass the test: declared before guessed, then by name. */
export function relationBetween(
  catalog: Catalog,
  from: string,
  to: string,
  kind: Relation['kind'],
  equated: (fromColumn: string, toColumn: string) => boolean,
): { name: string; relation: Relation } | undefined {
  const found = Object.entries(entityOf(catalog, from)?.relations ?? {})
    .filter(([, one]) => one.to === to && one.kind === kind && one.on.every((pair) => equated(pair.from, pair.to)))
    .sort(([a, one], [b, other]) => Number(one.guessed) - Number(other.guessed) || a.length - b.length)
  const first = found[0]
  return first === undefined ? undefined : { name: first[0], relation: first[1] }
}

function joinsBy(condition: Bound, from: number, to: number, relation: Relation): boolean {
  const pair = equatedColumns(condition)
  if (pair === undefined) return false
  const [left, right] = pair[0].source === from ? pair : [pair[1], pair[0]]
  return (
    left.source === from &&
    right.source === to &&
    relation.on.some((one) => one.from === left.column && one.to === right.column)
  )
}

/** The relation that leads back along a relation of `from`, by the same columns. */
export function inverseOf(
  catalog: Catalog,
  from: string,
  relation: Relation,
): { name: string; relation: Relation } | undefined {
  const found = Object.entries(entityOf(catalog, relation.to)?.relations ?? {}).filter(
    ([, one]) =>
      one.to === from &&
      one.on.length === relation.on.length &&
      relation.on.every((pair) => one.on.some((back) => back.from === pair.to && back.to === pair.from)),
  )
  const first = found.sort(([, one], [, other]) => Number(one.guessed) - Number(other.guessed))[0]
  return first === undefined ? undefined : { name: first[0], relation: first[1] }
}

/** The conditions that a place does not already guarantee: joins along its relations are left out. */
export function leftover(catalog: Catalog, place: Place, conditions: readonly Bound[]): Bound[] {
  const equal = unionFind()
  const seen = new Set<string>()
  for (const { path } of place.sources.values()) {
    let entityName = place.entity
    let here = ''
    for (const name of path === '' ? [] : path.split('.')) {
      const relation = entityOf(catalog, entityName)?.relations[name]
      if (relation === undefined) break
      const next = joinPath(here, name)
      if (!seen.has(next)) for (const pair of relation.on) equal.join(`${here} ${pair.from}`, `${next} ${pair.to}`)
      seen.add(next)
      here = next
      entityName = relation.to
    }
  }
  return conditions.filter((condition) => {
    if (condition.kind === 'same_row') {
      const left = place.sources.get(condition.left)
      return left === undefined || left.path !== place.sources.get(condition.right)?.path
    }
    const pair = equatedColumns(condition)
    if (pair === undefined) return true
    const [left, right] = pair.map((column) => {
      const at = place.sources.get(column.source)
      return at === undefined || at.optional ? undefined : `${at.path} ${column.column}`
    })
    // A column compared with itself still asks that it is not null.
    if (left !== undefined && left === right) return !keyColumns(catalog, pair[0].entity).includes(pair[0].column)
    return left === undefined || right === undefined || !equal.same(left, right)
  })
}
