// Random rows for a catalog: several tenants, keys that collide between them, orphans, empty and odd values.
import type { Catalog, Entity, Field } from '../../../src/catalog/schema.ts'
import type { Data, Row, Stored } from '../world.ts'
import { type CatalogDraft, ENUM_VALUES } from './catalog.ts'
import type { Random } from './random.ts'
import { localNow, randomDay, randomInstant, randomLocal } from './times.ts'

const TENANTS: Readonly<Record<string, readonly (string | number)[]>> = {
  text: ['acme', 'ACME', "o'hara"],
  int4: [7, 8, 70],
  uuid: [
    '00000000-0000-4000-8000-00000000000a',
    '00000000-0000-4000-8000-00000000000b',
    '00000000-0000-4000-8000-00000000000c',
  ],
}
const TEXTS = [
  'Ann',
  'ann',
  'BOB',
  'Bob',
  '',
  'a%b',
  'a_b',
  'axb',
  "O'Neil",
  '"q"',
  'été',
  '日本',
  '😀 z',
  'back\\slash',
  ' lead',
  'Ann Lee',
  '10',
  '9',
]
const UUIDS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'].map(
  (digit) => `${digit}0000000-0000-4000-8000-000000000000`,
)

export type Clock = { readonly now: Date; readonly timezone: string }

export function tenantsOf({ tenantType }: CatalogDraft): readonly [string | number, ...(string | number)[]] {
  const [first = 'acme', ...rest] = TENANTS[tenantType] ?? []
  return [first, ...rest]
}

export function randomData(random: Random, draft: CatalogDraft, clock: Clock): Data {
  const { catalog } = draft
  const data: Record<string, Row[]> = {}
  for (const [name, entity] of Object.entries(catalog.entities)) {
    const makeCell = cellMakers(random, entity, draft.columnTypes[name] ?? {}, clock)
    data[name] = tenantRows(random, draft, entity).flatMap(({ tenant, count }) =>
      rowsOfTenant(random, draft, name, data, tenant, count, makeCell),
    )
  }
  return data
}

function tenantRows(
  random: Random,
  draft: CatalogDraft,
  entity: Entity,
): { tenant: string | number | null; count: number }[] {
  const own = random.weighted([
    [1, 0],
    [2, random.int(1, 4)],
    [8, random.int(5, 24)],
  ])
  if (entity.tenantKey === undefined) return [{ tenant: null, count: own }]
  const [mine, ...others] = tenantsOf(draft)
  return [{ tenant: mine, count: own }, ...others.map((tenant) => ({ tenant, count: random.int(0, 8) }))]
}

type Makers = Readonly<Record<string, () => Stored>>

/** A pool of values for each column, so that values repeat. */
function cellMakers(random: Random, entity: Entity, types: Readonly<Record<string, string>>, clock: Clock): Makers {
  const makers: Record<string, () => Stored> = {}
  for (const field of Object.values(entity.fields)) {
    const type = types[field.column] ?? 'text'
    const pool = Array.from({ length: random.int(2, 10) }, () => randomCell(random, field, type, clock))
    const emptiness = random.weighted([
      [3, 0],
      [4, 0.15],
      [1, 0.5],
    ])
    makers[field.column] = () =>
      random.chance(emptiness) ? null : random.chance(0.7) ? random.pick(pool) : randomCell(random, field, type, clock)
  }
  return makers
}

function randomCell(random: Random, field: Field, type: string, clock: Clock): Stored {
  if (field.storedAs === 'text')
    return random.chance(0.25)
      ? random.pick(['', 'n/a', 'soon', '2025-02-30'])
      : textual(randomTyped(random, field, 'numeric', clock), field)
  return randomTyped(random, field, type, clock)
}

function textual(value: Stored, field: Field): Stored {
  return field.type === 'timestamp' && typeof value === 'string'
    ? value.replace('T', ' ')
    : value === null
      ? null
      : String(value)
}

function randomTyped(random: Random, field: Field, type: string, { now, timezone }: Clock): Stored {
  const local = localNow(now, timezone)
  switch (field.type) {
    case 'text':
      return random.pick(TEXTS)
    case 'enum':
      return random.pick(ENUM_VALUES)
    case 'id':
      return idValue(type, random.int(1, 12))
    case 'boolean':
      return random.chance(0.5)
    case 'integer':
      if (type === 'int8' && random.chance(0.03)) return '9007199254740993'
      return random.weighted([
        [5, random.int(0, 9)],
        [2, random.int(-100, 300)],
        [0.5, 32_000],
      ])
    case 'number':
      if (type === 'float8' || type === 'real') return random.pick([0.1, 0.2, 1.5, -2.25, 3, 1000.75, 0])
      return decimal(random, random.int(0, type === 'numeric(12,4)' ? 4 : 6))
    case 'money':
      return type === 'int4' ? random.int(-50, 500) : decimal(random, 2)
    case 'date':
      return randomDay(random, local).toString()
    case 'timestamp':
      return field.zoned ? randomInstant(random, local, timezone) : randomLocal(random, local, timezone).toString()
  }
}

function decimal(random: Random, places: number): string {
  const value = random.weighted([
    [6, random.int(0, 10_000)],
    [2, random.int(-5000, 0)],
    [1, 0],
    [0.3, 99_999_999],
  ])
  const digits = String(Math.abs(value)).padStart(places + 1, '0')
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
  return value < 0 ? `-${text}` : text
}

/** The n-th id of a storage type. */
export function idValue(type: string, n: number): Stored {
  if (type === 'uuid') return UUIDS[n % UUIDS.length] ?? null
  return type === 'text' ? `${n % 3 === 0 ? 'K' : 'k'}${n}` : n
}

function rowsOfTenant(
  random: Random,
  draft: CatalogDraft,
  name: string,
  data: Data,
  tenant: string | number | null,
  count: number,
  makers: Makers,
): Row[] {
  const { catalog, columnTypes } = draft
  const entity = catalog.entities[name]
  if (entity === undefined) return []
  const types = columnTypes[name] ?? {}
  const keyColumns = entity.primaryKey.map((field) => entity.fields[field]?.column ?? '')
  const foreign = foreignKeys(catalog, name)
  const taken = new Set<string>()
  const rows: Row[] = []
  for (let n = 1; n <= count; n += 1) {
    const row: Record<string, Stored> = {}
    for (const column of Object.keys(types)) row[column] = makers[column]?.() ?? null
    if (entity.tenantKey !== undefined) row[entity.tenantKey] = tenant
    for (const column of keyColumns)
      row[column] = column === 'area' ? random.pick(['n', 's', 'N']) : idValue(types[column] ?? 'text', n)
    for (const [column, cell] of codes(random, types, n)) row[column] = cell
    for (const key of foreign) Object.assign(row, foreignCells(random, key, catalog, data, tenant, rows, n))
    const unique = [
      keyColumns,
      ...foreign.filter(({ oneToOne }) => oneToOne).map(({ on }) => on.map(({ from }) => from)),
    ]
    const marks = unique
      .filter((columns) => columns.length > 0)
      .map((columns) => `${columns} ${JSON.stringify(columns.map((column) => row[column] ?? null))}`)
    if (
      marks.some((mark) => taken.has(mark) && !mark.includes('[null')) ||
      keyColumns.some((column) => row[column] === null)
    )
      continue
    for (const mark of marks) taken.add(mark)
    rows.push(row)
  }
  return rows
}

/** Unique codes, and codes that point at them. */
function codes(random: Random, types: Readonly<Record<string, string>>, n: number): [string, Stored][] {
  return Object.keys(types).flatMap((column): [string, Stored][] => {
    if (column === 'code') return [[column, random.chance(0.85) ? `c${n}` : null]]
    return column.endsWith('_code') ? [[column, random.chance(0.8) ? `c${random.int(1, 6)}` : null]] : []
  })
}

type ForeignKey = {
  readonly on: readonly { from: string; to: string }[]
  readonly to: string
  readonly oneToOne: boolean
  readonly toSelf: boolean
}

/** The to-one relations whose columns are in this entity: those whose target side is its key. */
function foreignKeys(catalog: Catalog, name: string): ForeignKey[] {
  const entity = catalog.entities[name]
  return Object.values(entity?.relations ?? {}).flatMap(({ to, kind, on }) => {
    const target = catalog.entities[to]
    const keys = new Set(target?.primaryKey.map((field) => target.fields[field]?.column))
    if (kind !== 'to_one' || !on.every((pair) => keys.has(pair.to))) return []
    const back = Object.values(target?.relations ?? {}).find(
      (other) =>
        other.to === name &&
        other.on.every((pair) => on.some(({ from, to: column }) => pair.from === column && pair.to === from)),
    )
    const isForward = on.every(({ from }) => from.includes('_'))
    return isForward ? [{ on, to, oneToOne: back?.kind === 'to_one', toSelf: to === name }] : []
  })
}

/** Cells that point at a row of the same tenant mostly; else at nothing, at no row, or at another tenant's row. */
function foreignCells(
  random: Random,
  { on, to, toSelf }: ForeignKey,
  catalog: Catalog,
  data: Data,
  tenant: string | number | null,
  rowsSoFar: readonly Row[],
  n: number,
): Record<string, Stored> {
  const tenantKey = catalog.entities[to]?.tenantKey
  const all = toSelf ? rowsSoFar : (data[to] ?? [])
  const own = tenantKey === undefined ? all : all.filter((row) => row[tenantKey] === tenant)
  const others = all.filter((row) => !own.includes(row))
  const target = random.weighted<() => Row | undefined>([
    [8, () => (own.length > 0 ? random.pick(own.slice(0, n % 3 === 0 ? 2 : own.length)) : undefined)],
    [1, () => undefined],
    [0.7, () => (others.length > 0 ? random.pick(others) : undefined)],
  ])()
  const orphan = target === undefined && random.chance(0.3) && own[0] !== undefined
  return Object.fromEntries(
    on.map(({ from, to: column }) => [from, target?.[column] ?? (orphan ? orphanOf(own[0]?.[column] ?? null) : null)]),
  )
}

function orphanOf(sample: Stored): Stored {
  if (typeof sample === 'number') return 999
  return typeof sample === 'string' && sample.length === 36 ? 'ffffffff-0000-4000-8000-000000000000' : 'nobody'
}
