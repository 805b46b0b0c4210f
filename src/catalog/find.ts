// Names people meant: the closest known name, and what a dotted path stands for.
// In: a catalog and names from outside. Out: hops and a field, or where it failed and what was probably meant.
// Refused: nothing is guessed silently; a name that is not there exactly is a problem with suggestions.
import type { Catalog, Entity, Field, Relation } from './schema.ts'
import { expand, singular, words } from './words.ts'

/** Longest text compared; what follows is ignored, so that cost is bounded for any input. */
const MAX_LENGTH = 64

/** A name with other spellings that mean it (label, synonyms). */
export type Candidate = { readonly name: string; readonly aliases?: readonly string[] }

/** The known names closest to a misspelt one, best first, at most `max` (default 3); empty when none is near. */
export function closest(
  name: string,
  candidates: Iterable<string | Candidate>,
  options: { readonly max?: number } = {},
): string[] {
  const wanted = spellings(name)
  const best = new Map<string, number>()
  for (const candidate of candidates) {
    const one = typeof candidate === 'string' ? { name: candidate } : candidate
    let cost = distanceOf(wanted, spellings(one.name))
    for (const alias of one.aliases ?? []) cost = Math.min(cost, distanceOf(wanted, spellings(alias)) + 0.005)
    if (cost <= MAX_COST && cost < (best.get(one.name) ?? Number.POSITIVE_INFINITY)) best.set(one.name, cost)
  }
  return [...best]
    .sort((a, b) => a[1] - b[1] || a[0].length - b[0].length || (a[0] < b[0] ? -1 : 1))
    .slice(0, Math.max(0, options.max ?? 3))
    .map(([found]) => found)
}

const MAX_COST = 0.6

type Spellings = { raw: string; lower: string; joined: string; singular: string; expanded: string; tokens: Set<string> }

function spellings(text: string): Spellings {
  const raw = text.slice(0, MAX_LENGTH)
  const parts = words(raw)
  const one = parts.map(singular)
  const expanded = expand(parts).map(singular)
  return {
    raw,
    lower: raw.toLowerCase(),
    joined: parts.join(''),
    singular: one.join(''),
    expanded: [...expanded].sort().join(' '),
    tokens: new Set(expanded),
  }
}

/** 0 for the same text, above MAX_COST for unrelated ones. */
function distanceOf(a: Spellings, b: Spellings): number {
  if (a.raw === b.raw) return 0
  if (a.lower === b.lower) return 0.01
  if (a.joined === '' || b.joined === '') return 1
  if (a.joined === b.joined) return 0.02
  if (a.singular === b.singular) return 0.05
  if (a.expanded === b.expanded) return 0.1
  return Math.min(typoCost(a.joined, b.joined), tokenCost(a.tokens, b.tokens), prefixCost(a.joined, b.joined))
}

function typoCost(a: string, b: string): number {
  const longer = Math.max(a.length, b.length)
  const allowed = longer < 3 ? 0 : longer < 5 ? 1 : longer < 9 ? 2 : 3
  const edits = editDistance(a, b, allowed)
  return edits > allowed ? 1 : 0.12 + edits / longer
}

function tokenCost(a: Set<string>, b: Set<string>): number {
  let shared = 0
  for (const token of a) if (b.has(token)) shared += 1
  if (shared === 0 || (shared < a.size && shared < b.size && shared < 2)) return 1
  return 0.3 + 0.4 * (1 - shared / Math.max(a.size, b.size))
}

function prefixCost(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length >= 3 && long.startsWith(short) ? 0.35 + 0.4 * (1 - short.length / long.length) : 1
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts; `limit + 1` when there are more. */
export function editDistance(a: string, b: string, limit = MAX_LENGTH): number {
  const left = a.slice(0, MAX_LENGTH)
  const right = b.slice(0, MAX_LENGTH)
  if (Math.abs(left.length - right.length) > limit) return limit + 1
  let before: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, j) => j)
  for (let i = 1; i <= left.length; i += 1) {
    const current = [i]
    let lowest = i
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1]
      let cost = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + (same ? 0 : 1))
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        cost = Math.min(cost, at(before, j - 2) + 1)
      current.push(cost)
      lowest = Math.min(lowest, cost)
    }
    if (lowest > limit) return limit + 1
    before = previous
    previous = current
  }
  return Math.min(at(previous, right.length), limit + 1)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}

/** The entity of that exact name, or undefined; safe for names from outside such as "constructor". */
export function entityOf(catalog: Catalog, name: string): Entity | undefined {
  return Object.hasOwn(catalog.entities, name) ? catalog.entities[name] : undefined
}

/** The field of that exact name, or undefined; safe for names from outside. */
export function fieldOf(entity: Entity, name: string): Field | undefined {
  return Object.hasOwn(entity.fields, name) ? entity.fields[name] : undefined
}

/** The relation of that exact name, or undefined; safe for names from outside. */
export function relationOf(entity: Entity, name: string): Relation | undefined {
  return Object.hasOwn(entity.relations, name) ? entity.relations[name] : undefined
}

/** One step along a relation, from entity to entity. */
export type Hop = {
  readonly relation: string
  readonly from: string
  readonly to: string
  readonly kind: Relation['kind']
}

export type ResolvedPath = {
  readonly ok: true
  readonly hops: readonly Hop[]
  /** The entity the path ends in: the field's owner, or the target of the last relation. */
  readonly entityName: string
  readonly fieldName?: string
  readonly field?: Field
}
export type UnresolvedPath = {
  readonly ok: false
  /** The segment that is not there. */
  readonly at: string
  /** The entity in which the segment was looked for. */
  readonly entityName: string
  readonly reason: 'unknown_entity' | 'unknown_name' | 'not_a_relation' | 'empty_path'
  /** Whole paths that exist and were probably meant, best first. */
  readonly suggestions: readonly string[]
}

/** Follows a dotted path (`relation.relation.field`, or ending in a relation) from an entity. */
export function resolvePath(catalog: Catalog, entityName: string, path: string): ResolvedPath | UnresolvedPath {
  let entity = entityOf(catalog, entityName)
  if (entity === undefined)
    return {
      ok: false,
      at: entityName,
      entityName,
      reason: 'unknown_entity',
      suggestions: closest(entityName, entityCandidates(catalog)),
    }
  const segments = path.split('.')
  const hops: Hop[] = []
  let here = entityName
  for (const [index, segment] of segments.entries()) {
    const relation = relationOf(entity, segment)
    const field = fieldOf(entity, segment)
    const last = index === segments.length - 1
    if (field !== undefined && (last || relation === undefined)) {
      if (last) return { ok: true, hops, entityName: here, fieldName: segment, field }
      return fail(catalog, here, entity, segments, index, 'not_a_relation')
    }
    const next = relation === undefined ? undefined : entityOf(catalog, relation.to)
    if (relation === undefined || next === undefined)
      return fail(catalog, here, entity, segments, index, segment === '' ? 'empty_path' : 'unknown_name')
    hops.push({ relation: segment, from: here, to: relation.to, kind: relation.kind })
    here = relation.to
    entity = next
  }
  return { ok: true, hops, entityName: here }
}

function fail(
  catalog: Catalog,
  entityName: string,
  entity: Entity,
  segments: readonly string[],
  index: number,
  reason: UnresolvedPath['reason'],
): UnresolvedPath {
  const at = segments[index] ?? ''
  // Most who ask only want to know whether a path holds: what was probably meant is looked for when it is read.
  return {
    ok: false,
    at,
    entityName,
    reason,
    get suggestions() {
      return meant(catalog, entityName, entity, segments, index)
    },
  }
}

function meant(
  catalog: Catalog,
  entityName: string,
  entity: Entity,
  segments: readonly string[],
  index: number,
): readonly string[] {
  const segment = segments[index] ?? ''
  const last = index === segments.length - 1
  const before = segments.slice(0, index)
  const rest = segments.slice(index + 1)
  const complete = (name: string) => [...before, name, ...rest].join('.')
  const near = closest(segment, last ? memberCandidates(entity) : relationCandidates(entity)).map(complete)
  const suggestions = near.filter((whole) => resolves(catalog, entityName, whole, before.length))
  if (suggestions.length < 3 && last) suggestions.push(...oneHopAway(catalog, entity, segment).map(complete))
  return [...new Set(suggestions)].slice(0, 3)
}

/** Whether the part of a path from `skip` on holds from the entity (looking names up only, no suggestions). */
function resolves(catalog: Catalog, entityName: string, path: string, skip: number): boolean {
  let entity = entityOf(catalog, entityName)
  const segments = path.split('.').slice(skip)
  for (const [index, segment] of segments.entries()) {
    if (entity === undefined) return false
    if (index === segments.length - 1 && fieldOf(entity, segment) !== undefined) return true
    const relation = relationOf(entity, segment)
    if (relation === undefined) return false
    entity = entityOf(catalog, relation.to)
  }
  return entity !== undefined
}

/** Fields with that very name (or spelling) behind a to-one relation of the entity: "state" → "contact.state". */
function oneHopAway(catalog: Catalog, entity: Entity, name: string): string[] {
  const wanted = spellings(name)
  const found: string[] = []
  for (const [relationName, relation] of Object.entries(entity.relations)) {
    const target = relation.kind === 'to_one' ? entityOf(catalog, relation.to) : undefined
    for (const { name: fieldName, aliases } of target === undefined ? [] : fieldCandidates(target))
      if ([fieldName, ...(aliases ?? [])].some((one) => distanceOf(wanted, spellings(one)) <= 0.1))
        found.push(`${relationName}.${fieldName}`)
  }
  return found.sort((a, b) => a.length - b.length)
}

/** Entities with their labels and synonyms, for `closest`. */
export function entityCandidates(catalog: Catalog): Candidate[] {
  return Object.entries(catalog.entities).map(([name, one]) => ({
    name,
    aliases: [one.label, ...(one.singular === undefined ? [] : [one.singular]), ...one.synonyms],
  }))
}

/** Fields of an entity with their labels and synonyms, for `closest`. */
export function fieldCandidates(entity: Entity): Candidate[] {
  return Object.entries(entity.fields).map(([name, one]) => ({ name, aliases: [one.label, ...one.synonyms] }))
}

function relationCandidates(entity: Entity): Candidate[] {
  return Object.entries(entity.relations).map(([name, one]) => ({ name, aliases: [one.label, ...one.synonyms] }))
}

function memberCandidates(entity: Entity): Candidate[] {
  return [...fieldCandidates(entity), ...relationCandidates(entity)]
}
