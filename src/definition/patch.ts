// What changed between two definitions, as a patch that can be shown, applied and undone.
// In: definitions. Out: changes by part and entry; applying diff(a, b) to a gives b, and nothing else is touched.
import { canonicalJson } from '../catalog/hash.ts'
import { columnId } from './outputs.ts'
import { Definition, type Filter } from './schema.ts'

const listParts = ['columns', 'groupBy', 'aggregates', 'calculations', 'sortBy'] as const
type ListPart = (typeof listParts)[number]
export type FilterPart = 'filters' | 'having'

/** One change: an entry of a list, one condition of a filter, or a part as a whole. */
export type DefinitionChange =
  | { readonly kind: 'add'; readonly part: ListPart | FilterPart; readonly index: number; readonly after: unknown }
  | { readonly kind: 'remove'; readonly part: ListPart | FilterPart; readonly index: number; readonly before: unknown }
  | {
      readonly kind: 'replace'
      readonly part: ListPart
      readonly index: number
      readonly before: unknown
      readonly after: unknown
    }
  | {
      readonly kind: 'order'
      readonly part: ListPart | FilterPart
      readonly before: readonly string[]
      readonly after: readonly string[]
    }
  | { readonly kind: 'set'; readonly part: keyof Definition; readonly before: unknown; readonly after: unknown }
export type DefinitionPatch = readonly DefinitionChange[]

/** The changes that lead from one definition to another; empty when they are equal. */
export function diffDefinitions(from: Definition, to: Definition): DefinitionPatch {
  const parts = new Set([...Object.keys(from), ...Object.keys(to)]) as Set<keyof Definition>
  return [...parts].flatMap((part) => {
    const before = from[part]
    const after = to[part]
    if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return []
    if (isListPart(part)) return listChanges(part, before as object[], after as object[], keyOf(part))
    if (part === 'filters' || part === 'having') {
      const [a, b] = [conjuncts(from[part]), conjuncts(to[part])]
      if (a !== undefined && b !== undefined) return listChanges(part, a, b, canonicalJson)
    }
    return [{ kind: 'set', part, before, after }]
  })
}

/** The patch that takes another one back. */
export function invertPatch(patch: DefinitionPatch): DefinitionPatch {
  return [...patch].reverse().map((change): DefinitionChange => {
    switch (change.kind) {
      case 'add':
        return { kind: 'remove', part: change.part, index: change.index, before: change.after }
      case 'remove':
        return { kind: 'add', part: change.part, index: change.index, after: change.before }
      default:
        return { ...change, before: change.after, after: change.before } as DefinitionChange
    }
  })
}

/** The definition with a patch applied; throws when an entry to remove or replace is not there. */
export function applyPatch(definition: Definition, patch: DefinitionPatch): Definition {
  let current: Record<string, unknown> = { ...definition }
  // Filters are lists of conditions while they change: what stands between two changes need not be a filter.
  const filters: Partial<Record<FilterPart, Filter[]>> = {}
  for (const change of patch) {
    if (change.kind === 'set') {
      current = { ...current, [change.part]: change.after }
      continue
    }
    const { part } = change
    if (part === 'filters' || part === 'having') {
      const list = changed(filters[part] ?? conjuncts(definition[part]) ?? [], change, canonicalJson)
      filters[part] = list
      current = { ...current, [part]: conjunction(list) }
    } else current = { ...current, [part]: changed(current[part] as object[], change, keyOf(part)) }
  }
  return Definition.parse(JSON.parse(JSON.stringify(current)))
}

function changed<T extends object>(
  entries: readonly T[],
  change: Exclude<DefinitionChange, { kind: 'set' }>,
  key: (entry: object) => string,
): T[] {
  const list = [...entries]
  const find = (wanted: unknown): number => {
    const at = list.findIndex((entry) => canonicalJson(entry) === canonicalJson(wanted))
    if (at < 0) throw new Error(`Cannot apply the change to "${change.part}": the entry it changes is not there`)
    return at
  }
  if (change.kind === 'add') list.splice(change.index, 0, change.after as T)
  else if (change.kind === 'remove') list.splice(find(change.before), 1)
  else if (change.kind === 'replace') list.splice(find(change.before), 1, change.after as T)
  else list.sort((a, b) => change.after.indexOf(key(a)) - change.after.indexOf(key(b)))
  return list
}

function listChanges(
  part: ListPart | FilterPart,
  before: readonly object[],
  after: readonly object[],
  key: (entry: object) => string,
): DefinitionPatch {
  const [a, b] = [before.map(key), after.map(key)]
  // Entries that cannot be told apart, and a filter that changes from nothing to something else, change as a whole.
  if (new Set(a).size < a.length || new Set(b).size < b.length)
    return [
      {
        kind: 'set',
        part,
        before: isListPart(part) ? before : conjunction(before as Filter[]),
        after: isListPart(part) ? after : conjunction(after as Filter[]),
      },
    ]
  const removed = before.flatMap((entry, index): DefinitionChange[] =>
    b.includes(key(entry)) ? [] : [{ kind: 'remove', part, index, before: entry }],
  )
  const replaced = before.flatMap((entry, index): DefinitionChange[] => {
    const other = after[b.indexOf(key(entry))]
    if (other === undefined || canonicalJson(entry) === canonicalJson(other)) return []
    return [{ kind: 'replace', part: part as ListPart, index, before: entry, after: other }]
  })
  const order = a.filter((k) => b.includes(k))
  const added = after.flatMap((entry, index): DefinitionChange[] => {
    if (a.includes(key(entry))) return []
    order.splice(index, 0, key(entry))
    return [{ kind: 'add', part, index, after: entry }]
  })
  const moved: DefinitionChange[] =
    order.join('\n') === b.join('\n') ? [] : [{ kind: 'order', part, before: order, after: b }]
  // Removals from the back, so that each index is the one it has when it is undone.
  return [...removed.reverse(), ...replaced, ...added, ...moved]
}

const isListPart = (part: string): part is ListPart => (listParts as readonly string[]).includes(part)

function keyOf(part: ListPart): (entry: object) => string {
  if (part === 'columns' || part === 'groupBy') return (entry) => columnId(entry)
  if (part === 'sortBy') return (entry) => (entry as { field: string }).field
  return (entry) => (entry as { id: string }).id
}

/** The parts of a filter that all must hold; undefined for one that is not a conjunction of single conditions. */
function conjuncts(filter: Filter | undefined): Filter[] | undefined {
  if (filter === undefined) return []
  return 'all' in filter ? (filter.all.length > 1 ? filter.all : undefined) : [filter]
}

function conjunction(parts: readonly Filter[]): Filter | undefined {
  const [only] = parts
  if (parts.length <= 1) return only
  return { all: [...parts] }
}
