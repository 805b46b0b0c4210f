// Where things stand seen from a root: paths to fields, and conditions moved to the entity they speak of.
// In: the graph, the words of the prompt, conditions with the entity each speaks of. Out: paths and nested filters.
// Refused: paths through to-many relations for single values; those give undefined.
import type { Catalog } from '../../../catalog/schema.ts'
import { words } from '../../../catalog/words.ts'
import type { Filter } from '../../../definition/schema.ts'
import { type Edge, type Graph, isToOne, type Route, routeCost, routePath } from '../graph.ts'
import { lemma } from '../stem.ts'

export type Ways = {
  readonly graph: Graph
  readonly catalog: Catalog
  /** Lemmas of the prompt: they decide between several relations of the same two entities. */
  readonly said: ReadonlySet<string>
  /** Entities the prompt names: a way through them is likelier. */
  readonly named: ReadonlySet<string>
  readonly memory: Map<string, Route | undefined>
}

/** The likeliest route between two entities; with `toOne`, among those that lead to one row. */
export function routeOf(ways: Ways, from: string, to: string, toOne = false): Route | undefined {
  const key = `${from} ${to} ${toOne}`
  if (ways.memory.has(key)) return ways.memory.get(key)
  let best: Route | undefined
  let bestCost = Number.POSITIVE_INFINITY
  const routes = ways.graph.routes(from, to)
  const fewest = Math.min(...routes.map((route) => route.length))
  for (const route of routes) {
    if (toOne && !isToOne(route)) continue
    let cost = routeCost(route) + SIBLING * siblings(route)
    for (const [index, edge] of route.entries()) {
      if (index < route.length - 1 && route.length === fewest && ways.named.has(edge.to)) cost -= 0.6
      cost -= said(ways, edge)
    }
    if (cost < bestCost) {
      best = route
      bestCost = cost
    }
  }
  ways.memory.set(key, best)
  return best
}

/** What it costs more to go through something that both ends belong to: a department's students do not take all its courses. */
const SIBLING = 1.2

function siblings(route: Route): number {
  return route.filter(
    (edge, at) => edge.kind === 'to_many' && route[at - 1]?.kind === 'to_one' && (route[at - 1]?.cost ?? 0) >= 1,
  ).length
}

/** How much the prompt's words speak for this relation among others. */
function said(ways: Ways, edge: Edge): number {
  const { own, verbs } = wordsOf(edge, ways.catalog)
  // "seen by" to the letter is that relation, however far.
  if (verbs.some((parts) => parts.every((word) => ways.said.has(word)))) return 1.4
  return Math.min(0.35 * own.filter((word) => ways.said.has(word)).length, 0.7)
}

type EdgeWords = {
  /** Lemmas of the relation's names and keys that its ends are not called by. */
  readonly own: readonly string[]
  /** Its names that are verbs, as lemmas. */
  readonly verbs: readonly (readonly string[])[]
}
const edgeWords = new WeakMap<Edge, EdgeWords>()

/** The words of an edge, looked up once: each route of each reading asks for them. */
function wordsOf(edge: Edge, catalog: Catalog): EdgeWords {
  const known = edgeWords.get(edge)
  if (known !== undefined) return known
  const relation = catalog.entities[edge.from]?.relations[edge.relation]
  const names = [relation?.label ?? '', ...(relation?.synonyms ?? [])]
  const keys = relation?.on.flatMap(({ from, to }) => [from, to]) ?? []
  const target = new Set([...words(edge.to), ...words(edge.from)].map(lemma))
  const own = new Set([edge.relation, ...names, ...keys].flatMap(words).map(lemma))
  const made = {
    own: [...own].filter((word) => !target.has(word) && word !== 'id'),
    verbs: names
      .filter((name) => /^\S+(ed|en) (by|with|to|for|of|from)$/i.test(name))
      .map((name) => words(name).map(lemma)),
  }
  edgeWords.set(edge, made)
  return made
}

/** The path of a field seen from the root through to-one relations; undefined when there is none. */
export function pathOf(ways: Ways, root: string, entity: string, field: string): string | undefined {
  const route = routeOf(ways, root, entity, true)
  if (route === undefined) return undefined
  const last = route.at(-1)
  const own = last === undefined ? undefined : ownKey(ways.catalog, last, field)
  const path = routePath(own === undefined ? route : route.slice(0, -1))
  return [...(path === '' ? [] : [path]), own ?? field].join('.')
}

/** The field on this side that holds the key on the other: it is there also where the row behind it is not. */
export function ownKey(
  catalog: Catalog,
  { from, to, relation }: Pick<Edge, 'from' | 'to' | 'relation'>,
  field: string,
): string | undefined {
  const on = catalog.entities[from]?.relations[relation]?.on ?? []
  const [pair] = on
  if (pair === undefined || on.length > 1 || catalog.entities[to]?.fields[field]?.column !== pair.to) return undefined
  return Object.entries(catalog.entities[from]?.fields ?? {}).find(([, one]) => one.column === pair.from)?.[0]
}

/** A condition written for the entity it speaks of. */
export type Placed = { readonly entity: string; readonly filter: Filter; readonly apart?: boolean }

/** Puts conditions of several entities behind one root: conditions of one related row stay together. */
export function placeAll(ways: Ways, root: string, placed: readonly Placed[]): { filters: Filter[]; lost: number } {
  const filters: Filter[] = []
  const groups = new Map<string, { path: string; end: string; items: { route: Route; item: Placed }[] }>()
  let lost = 0
  for (const item of placed) {
    const route = routeOf(ways, root, item.entity, true) ?? routeOf(ways, root, item.entity)
    if (route === undefined) {
      lost += 1
      continue
    }
    const hop = route.findIndex((edge) => edge.kind === 'to_many')
    if (hop < 0) {
      filters.push(prefix(item.filter, routePath(route)))
      continue
    }
    const path = routePath(route.slice(0, hop + 1))
    const key = item.apart === true ? `${path} ${groups.size}` : path
    const group = groups.get(key) ?? { path, end: route[hop]?.to ?? item.entity, items: [] }
    groups.set(key, group)
    group.items.push({ route: route.slice(hop + 1), item })
  }
  for (const group of groups.values()) {
    const inner = group.items.map(({ route, item }) => along(route, item.filter)).filter((filter) => !isTrivial(filter))
    filters.push({ relation: group.path, match: 'some', ...(inner.length === 0 ? {} : { where: allOf(inner) }) })
  }
  return { filters, lost }
}

/** A condition at the end of a route, seen from its start. */
export function along(route: Route, filter: Filter): Filter {
  const hop = route.findIndex((edge) => edge.kind === 'to_many')
  if (hop < 0) return prefix(filter, routePath(route))
  const inner = along(route.slice(hop + 1), filter)
  return { relation: routePath(route.slice(0, hop + 1)), match: 'some', ...(isTrivial(inner) ? {} : { where: inner }) }
}

/** Stands for "there is such a row": true for every row of its entity. */
export const EXISTS: Filter = { all: [{ formula: 'true', op: 'eq', value: true }] }

export function isTrivial(filter: Filter): boolean {
  return (
    'all' in filter &&
    filter.all.length === 1 &&
    filter.all[0] !== undefined &&
    'formula' in filter.all[0] &&
    filter.all[0].formula === 'true'
  )
}

export function allOf(filters: readonly Filter[]): Filter {
  const [first] = filters
  return filters.length === 1 && first !== undefined ? first : { all: [...filters] }
}

/** Puts a path before every field a filter names at its own level. */
export function prefix(filter: Filter, path: string): Filter {
  if (path === '') return filter
  const at = (name: string) => `${path}.${name}`
  if (isTrivial(filter)) return { relation: path, match: 'some' }
  if ('all' in filter) return { all: filter.all.map((one) => prefix(one, path)) }
  if ('any' in filter) return { any: filter.any.map((one) => prefix(one, path)) }
  if ('not' in filter) return { not: prefix(filter.not, path) }
  if ('relation' in filter) return { ...filter, relation: at(filter.relation) }
  if ('field' in filter) {
    const value = filter.value
    const other =
      typeof value === 'object' && !Array.isArray(value) && 'field' in value ? { field: at(value.field) } : value
    return { ...filter, field: at(filter.field), ...(other === undefined ? {} : { value: other }) }
  }
  if ('aggregate' in filter) {
    const { aggregate } = filter
    return {
      ...filter,
      aggregate: {
        ...aggregate,
        ...(aggregate.field === undefined ? {} : { field: at(aggregate.field) }),
        ...(aggregate.metric === undefined ? {} : { metric: at(aggregate.metric) }),
        ...(aggregate.per === undefined ? {} : { per: aggregate.per === 'source_rows' ? path : at(aggregate.per) }),
      },
    }
  }
  return filter
}
