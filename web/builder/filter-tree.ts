// Conditions as a tree of groups, the way they are shown: what a group says, where its parts are, and how one is moved.
// In and out: filters of a definition. Places are indexes from the outermost group inwards.
import type { Filter } from '../../src/definition/schema.ts'

export type GroupKind = 'all' | 'any' | 'none' | 'notAll'
export type Group = { readonly kind: GroupKind; readonly parts: readonly Filter[] }
export type Place = readonly number[]
/** Before the part with this index in the group at this place. */
export type Spot = { readonly group: Place; readonly index: number }

export const GROUP_KINDS: readonly (readonly [GroupKind, string])[] = [
  ['all', 'All of these hold'],
  ['any', 'Any of these holds'],
  ['none', 'None of these holds'],
  ['notAll', 'Not all of these hold'],
]

/** What a group of conditions holds; undefined for a single condition. */
export function groupOf(filter: Filter): Group | undefined {
  if ('all' in filter) return { kind: 'all', parts: filter.all }
  if ('any' in filter) return { kind: 'any', parts: filter.any }
  if (!('not' in filter)) return undefined
  const { not } = filter
  if ('any' in not) return { kind: 'none', parts: not.any }
  if ('all' in not) return { kind: 'notAll', parts: not.all }
  return { kind: 'none', parts: [not] }
}

/** The filter that says a group; undefined where nothing is in it. */
export function filterOf(kind: GroupKind, parts: readonly Filter[]): Filter | undefined {
  if (parts.length === 0) return undefined
  const all = [...parts]
  if (kind === 'all') return { all }
  if (kind === 'any') return { any: all }
  return { not: kind === 'none' ? { any: all } : { all } }
}

/** Conditions begin as a group, so that there is always one to add to. */
export const asGroup = (filter: Filter): Group => groupOf(filter) ?? { kind: 'all', parts: [filter] }

/** Where the definition has a part of a group, as the paths of issues say it. */
export function pathOfPart(filter: Filter, index: number): readonly (string | number)[] {
  if ('all' in filter) return ['all', index]
  if ('any' in filter) return ['any', index]
  if (!('not' in filter)) return []
  const { not } = filter
  return 'any' in not ? ['not', 'any', index] : 'all' in not ? ['not', 'all', index] : ['not']
}

/** A condition or group taken to another spot; groups that are empty then go. Into itself nothing moves. */
export function moved(filter: Filter, from: Place, to: Spot): Filter | undefined {
  const tree = treeOf(filter) ?? { kind: 'all' as const, parts: [filter] }
  if (from.length === 0 || from.every((index, level) => to.group[level] === index)) return filter
  const holder = at(tree, from.slice(0, -1))
  const target = at(tree, to.group)
  const index = from.at(-1) ?? 0
  const part = holder?.parts[index]
  if (holder === undefined || target === undefined || part === undefined) return filter
  // Marked first and taken out last, so that no index of the other place changes meanwhile.
  const gone: Node = { kind: 'all', parts: [] }
  holder.parts[index] = gone
  target.parts.splice(to.index, 0, part)
  holder.parts.splice(holder.parts.indexOf(gone), 1)
  return filterFrom(tree)
}

/** The part at a place in a group of its own, which says the other thing than the group around it. */
export function wrapped(filter: Filter, place: Place): Filter | undefined {
  const tree = treeOf(filter) ?? { kind: 'all' as const, parts: [filter] }
  const holder = at(tree, place.slice(0, -1))
  const index = place.at(-1) ?? 0
  const part = holder?.parts[index]
  if (holder === undefined || part === undefined) return filter
  holder.parts[index] = { kind: holder.kind === 'any' ? 'all' : 'any', parts: [part] }
  return filterFrom(tree)
}

/** Where something that looks like this is; undefined where it is nowhere. */
export function placeOf(filter: Filter, part: Filter, here: Place = []): Place | undefined {
  if (JSON.stringify(filter) === JSON.stringify(part)) return here
  for (const [index, one] of (groupOf(filter)?.parts ?? []).entries()) {
    const found = placeOf(one, part, [...here, index])
    if (found !== undefined) return found
  }
  return undefined
}

/** How many conditions deep a filter goes, the way its limit counts. */
export function depthOf(filter: Filter): number {
  if ('all' in filter) return 1 + Math.max(0, ...filter.all.map(depthOf))
  if ('any' in filter) return 1 + Math.max(0, ...filter.any.map(depthOf))
  if ('not' in filter) return 1 + depthOf(filter.not)
  return 1 + ('relation' in filter && filter.where !== undefined ? depthOf(filter.where) : 0)
}

/** How many levels of conditions lead to the one at a path; a number's own conditions count for themselves. */
export function levelsAbove(path: readonly (string | number)[]): number {
  const own = path.findLastIndex(
    (step, at) => step === 'where' && (path[at - 1] === 'aggregate' || (at === 2 && path[0] === 'aggregates')),
  )
  const LEVELS: ReadonlySet<string | number> = new Set(['all', 'any', 'not', 'where'])
  return path.slice(own + 1).filter((step) => LEVELS.has(step)).length
}

type Node = { kind: GroupKind; parts: (Node | Filter)[] }
const isNode = (one: Node | Filter): one is Node => 'parts' in one

function treeOf(filter: Filter): Node | undefined {
  const group = groupOf(filter)
  return group && { kind: group.kind, parts: group.parts.map((one) => treeOf(one) ?? one) }
}

function at(tree: Node, place: Place): Node | undefined {
  let here: Node | Filter | undefined = tree
  for (const index of place) here = here !== undefined && isNode(here) ? here.parts[index] : undefined
  return here !== undefined && isNode(here) ? here : undefined
}

function filterFrom(one: Node | Filter): Filter | undefined {
  if (!isNode(one)) return one
  return filterOf(
    one.kind,
    one.parts.map(filterFrom).filter((part) => part !== undefined),
  )
}
