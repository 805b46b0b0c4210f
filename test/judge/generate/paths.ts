// What a definition may name from an entity: fields behind to-one relations, and entities behind any relations.
import type { Catalog, FieldType } from '../../../src/catalog/schema.ts'
import type { Grain } from '../../../src/definition/schema.ts'
import type { Data, Stored } from '../world.ts'
import type { Random } from './random.ts'
import type { ColumnTypes, TestWorld } from './world.ts'

export type FieldPath = {
  readonly path: string
  readonly hops: readonly string[]
  readonly entityName: string
  readonly type: FieldType
  readonly zoned: boolean
  readonly column: string
  readonly sqlType: string
  readonly isStoredAsText: boolean
}
export type RelationPath = { readonly hops: readonly string[]; readonly entityName: string; readonly toOne: boolean }

/** Everything the generators of definitions look at. */
export type Setting = {
  readonly catalog: Catalog
  readonly columnTypes: ColumnTypes
  readonly data: Data
  readonly now: Date
  readonly timezone: string
  readonly world: TestWorld
}

const MOST_HOPS = 3
const MOST_PATHS = 80

/** Chains of relations from an entity, the empty chain first; none visits more than three relations. */
export function relationPaths({ catalog }: Setting, from: string): RelationPath[] {
  const found: RelationPath[] = [{ hops: [], entityName: from, toOne: true }]
  for (const { hops, entityName, toOne } of found) {
    if (hops.length >= MOST_HOPS || found.length > MOST_PATHS) continue
    for (const [name, relation] of Object.entries(catalog.entities[entityName]?.relations ?? {}))
      found.push({ hops: [...hops, name], entityName: relation.to, toOne: toOne && relation.kind === 'to_one' })
  }
  return found
}

/** Fields of the entity at the end of a chain, as paths from its beginning. */
export function fieldsAt({ catalog, columnTypes }: Setting, { hops, entityName }: RelationPath): FieldPath[] {
  return Object.entries(catalog.entities[entityName]?.fields ?? {}).map(([name, field]) => ({
    path: [...hops, name].join('.'),
    hops,
    entityName,
    type: field.type,
    zoned: field.zoned,
    column: field.column,
    sqlType: columnTypes[entityName]?.[field.column] ?? '',
    isStoredAsText: field.storedAs === 'text',
  }))
}

/** Every field that one row of the entity has one value of. */
export function toOneFields(setting: Setting, from: string): FieldPath[] {
  return relationPaths(setting, from)
    .filter(({ toOne }) => toOne)
    .flatMap((chain) => fieldsAt(setting, chain))
}

/** A field path, near ones preferred; undefined when none is wanted. */
export function pickField(
  random: Random,
  fields: readonly FieldPath[],
  wanted: (field: FieldPath) => boolean = () => true,
): FieldPath | undefined {
  const fitting = fields.filter(wanted)
  if (fitting.length === 0) return undefined
  return random.weighted(fitting.map((field) => [[6, 3, 2, 1][field.hops.length] ?? 1, field] as const))
}

export const isNumeric = ({ type }: { type: FieldType }): boolean =>
  type === 'integer' || type === 'number' || type === 'money'
export const isTemporal = ({ type }: { type: FieldType }): boolean => type === 'date' || type === 'timestamp'
export const isTextual = ({ type }: { type: FieldType }): boolean => type === 'text' || type === 'enum' || type === 'id'

/** Two fields hold the same kind of value, so that they may be compared. */
export function isSameKind(a: FieldPath, b: FieldPath): boolean {
  if (isNumeric(a)) return isNumeric(b)
  if (a.type === 'id') return b.type === 'id' && a.sqlType === b.sqlType
  return a.type === b.type && a.zoned === b.zoned
}

/** A value that the field's column holds somewhere (any tenant), or undefined. */
export function storedSample(random: Random, { data }: Setting, field: FieldPath): Exclude<Stored, null> | undefined {
  const values = (data[field.entityName] ?? [])
    .map((row) => row[field.column] ?? null)
    .filter((value) => value !== null)
  return values.length === 0 ? undefined : random.pick(values)
}

export const DATE_GRAINS: readonly Grain[] = [
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'fiscal_quarter',
  'fiscal_year',
]
export const NUMBER_GRAINS: readonly Grain[] = [
  'day_of_week',
  'day_of_month',
  'month_of_year',
  'quarter_of_year',
  'year_number',
]

export function randomGrain(random: Random, field: FieldPath): Grain {
  if (field.type === 'timestamp' && random.chance(0.25)) return random.pick(['hour', 'hour_of_day'] as const)
  return random.chance(0.75)
    ? random.pick([...DATE_GRAINS, 'month', 'month', 'quarter'] as const)
    : random.pick(NUMBER_GRAINS)
}
