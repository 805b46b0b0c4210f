// The relations of a catalog as a graph: who is how far from whom, and by which relations.
// In: a checked catalog. Out: edges and the cheapest paths, computed once per catalog and kept with it.
// Refused: paths longer than MAX_HOPS; what is farther apart is not meant together.
import type { Catalog, Entity, Relation } from '../../catalog/schema.ts'
import { clockOf } from './tie/facts.ts'
import { hasMetrics } from './written.ts'

const MAX_HOPS = 5
const MAX_PATHS = 6

export type Edge = {
  readonly from: string
  readonly to: string
  readonly relation: string
  readonly kind: Relation['kind']
  readonly cost: number
}
/** Edges in order; empty: the entity itself. */
export type Route = readonly Edge[]

export type Graph = {
  readonly edges: ReadonlyMap<string, readonly Edge[]>
  /** Cheapest simple routes between two entities, best first; [[]] for an entity and itself. */
  routes(from: string, to: string): readonly Route[]
  /** Cost of the cheapest route; Infinity when there is none. */
  distance(from: string, to: string): number
}

const cache = new WeakMap<Catalog, Graph>()

/** The graph of a catalog, made once. */
export function graphOf(catalog: Catalog): Graph {
  const known = cache.get(catalog)
  if (known !== undefined) return known
  const made = makeGraph(catalog)
  cache.set(catalog, made)
  return made
}

/** Rows that take their time from others are a part of them: an order and its lines. */
const PART_COST = 0.6

function makeGraph(catalog: Catalog): Graph {
  const curated = hasMetrics(catalog)
  const edges = new Map<string, Edge[]>()
  for (const [name, entity] of Object.entries(catalog.entities)) {
    const list: Edge[] = []
    for (const [relation, one] of Object.entries(entity.relations)) {
      if (!Object.hasOwn(catalog.entities, one.to)) continue
      const part = clockOf(catalog, name)?.entity === one.to || clockOf(catalog, one.to)?.entity === name
      const near = isSameThing(entity, one, catalog.entities[one.to]) ? 0.5 : part && curated ? PART_COST : 1
      const step = one.kind === 'to_one' ? near : near + 0.02
      const cost = step + (one.guessed ? 0.45 : 0) + (one.to === name ? 0.6 : 0)
      list.push({ from: name, to: one.to, relation, kind: one.kind, cost })
    }
    edges.set(name, list)
  }
  const found = new Map<string, readonly Route[]>()
  const routes = (from: string, to: string): readonly Route[] => {
    const key = `${from} ${to}`
    const known = found.get(key)
    if (known !== undefined) return known
    const made = search(edges, from, to)
    found.set(key, made)
    return made
  }
  const distances = new Map<string, ReadonlyMap<string, number>>()
  const distance = (from: string, to: string): number => {
    const known = distances.get(from) ?? reach(edges, from)
    distances.set(from, known)
    return known.get(to) ?? Number.POSITIVE_INFINITY
  }
  return { edges, routes, distance }
}

/** Whether a relation joins key to key: gymnasts that are people are the same rows, told apart in two tables. */
export function isSameThing(from: Entity | undefined, { on }: Relation, to: Entity | undefined): boolean {
  const [pair] = on
  const isKey = (entity: Entity | undefined, column: string | undefined) =>
    entity?.primaryKey.length === 1 && entity.fields[entity.primaryKey[0] ?? '']?.column === column
  return on.length === 1 && isKey(from, pair?.from) && isKey(to, pair?.to)
}

/** Cost of a route. */
export function routeCost(route: Route): number {
  return route.reduce((sum, edge) => sum + edge.cost, 0)
}

/** Whether a route leads to at most one row. */
export function isToOne(route: Route): boolean {
  return route.every((edge) => edge.kind === 'to_one')
}

/** A dotted path of relation names; '' for an empty route. */
export function routePath(route: Route): string {
  return route.map((edge) => edge.relation).join('.')
}

/** Dijkstra from one entity. */
function reach(edges: ReadonlyMap<string, readonly Edge[]>, from: string): Map<string, number> {
  const best = new Map<string, number>([[from, 0]])
  let frontier = [from]
  for (let hop = 0; hop < MAX_HOPS && frontier.length > 0; hop += 1) {
    const next: string[] = []
    for (const here of frontier)
      for (const edge of edges.get(here) ?? []) {
        const cost = (best.get(here) ?? 0) + edge.cost
        if (cost < (best.get(edge.to) ?? Number.POSITIVE_INFINITY)) {
          best.set(edge.to, cost)
          next.push(edge.to)
        }
      }
    frontier = next
  }
  return best
}

/** Simple routes by breadth: all of the fewest hops and of one more, the cheapest MAX_PATHS of them. */
function search(edges: ReadonlyMap<string, readonly Edge[]>, from: string, to: string): readonly Route[] {
  const routes: Edge[][] = from === to ? [[]] : []
  let frontier: Edge[][] = [[]]
  let fewest = from === to ? 0 : MAX_HOPS
  for (let hop = 1; hop <= Math.min(MAX_HOPS, fewest + 1) && frontier.length > 0; hop += 1) {
    const next: Edge[][] = []
    for (const route of frontier) {
      const here = route.at(-1)?.to ?? from
      for (const edge of edges.get(here) ?? []) {
        if (edge.to === to) {
          routes.push([...route, edge])
          fewest = Math.min(fewest, hop)
        } else if (edge.to !== from && !route.some((one) => one.to === edge.to) && next.length < 4000)
          next.push([...route, edge])
      }
    }
    frontier = next
  }
  return routes.sort((a, b) => routeCost(a) - routeCost(b)).slice(0, MAX_PATHS)
}
