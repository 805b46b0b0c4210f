// Random catalogs: entities with every kind of field and key, and every kind of relation between them.
import { Catalog, type CatalogInput } from '../../../src/catalog/schema.ts'
import { randomMetrics } from './metrics.ts'
import type { Random } from './random.ts'
import type { ColumnTypes } from './world.ts'

type EntityInput = CatalogInput['entities'][string]
type FieldInput = EntityInput['fields'][string]
type FieldType = FieldInput['type']

/** An entity while it is being made. */
type Draft = {
  readonly name: string
  readonly entity: EntityInput & {
    relations: NonNullable<EntityInput['relations']>
    primaryKey: string[]
    defaultColumns: string[]
  }
  readonly types: Record<string, string>
  /** Columns that identify a row, for others to point at; empty: nobody can. */
  readonly key: readonly { readonly column: string; readonly type: string }[]
}

const NAMES = ['people', 'orders', 'items', 'places', 'tags', 'visits'] as const
const TENANT_TYPES = ['text', 'int4', 'uuid'] as const
const FIELD_NAMES: Readonly<Record<FieldType, readonly string[]>> = {
  text: ['title', 'city', 'note'],
  integer: ['units', 'rank_no'],
  number: ['weight', 'score'],
  money: ['amount', 'fee'],
  date: ['due_on', 'born_on'],
  timestamp: ['made_at', 'seen_at'],
  boolean: ['active', 'checked'],
  enum: ['status', 'level'],
  id: ['external_id'],
}

export type CatalogDraft = { readonly catalog: Catalog; readonly columnTypes: ColumnTypes; readonly tenantType: string }

export function randomCatalog(random: Random): CatalogDraft {
  const tenantType = random.pick(TENANT_TYPES)
  const drafts: Draft[] = []
  for (const name of NAMES.slice(0, random.int(2, 5))) {
    const draft = randomEntity(random, name, tenantType, random.chance(0.15))
    if (drafts.length > 0) link(random, draft, drafts)
    drafts.push(draft)
  }
  if (drafts.length > 1 && random.chance(0.25)) linkByCode(random, drafts)
  for (const draft of drafts) if (draft.key.length === 1 && random.chance(0.25)) linkToSelf(draft)
  if (drafts.length > 1 && random.chance(0.4)) addJunction(random, drafts, tenantType)
  const metrics = randomMetrics(random, Object.fromEntries(drafts.map(({ name, entity }) => [name, entity])))
  const catalog = Catalog.parse({
    version: 1,
    fiscalYearStart: random.pick([1, 2, 4, 7, 10, 12]),
    weekStart: random.pick(['monday', 'sunday', 'saturday', 'wednesday']),
    entities: Object.fromEntries(drafts.map(({ name, entity }) => [name, { ...entity, metrics: metrics[name] ?? {} }])),
  } satisfies CatalogInput)
  return { catalog, columnTypes: Object.fromEntries(drafts.map(({ name, types }) => [name, types])), tenantType }
}

function emptyDraft(random: Random, name: string, tenantType: string, shared: boolean, key: Draft['key']): Draft {
  const tenantKey = random.pick(['organization_id', 'Org Id', 'tenant'])
  return {
    name,
    key,
    types: shared ? {} : { [tenantKey]: tenantType },
    entity: {
      table: random.chance(0.2) ? `${name} Table` : name,
      label: name,
      ...(shared ? { shared: true as const } : { tenantKey }),
      primaryKey: [],
      defaultColumns: [],
      fields: {},
      relations: {},
    },
  }
}

function randomEntity(random: Random, name: string, tenantType: string, shared: boolean): Draft {
  const keyKind = random.weighted([
    [4, 'int4'],
    [3, 'text'],
    [1.5, 'uuid'],
    [1, 'int8'],
    [1.2, 'composite'],
    [0.8, 'none'],
  ])
  const key =
    keyKind === 'none'
      ? []
      : keyKind === 'composite'
        ? [
            { column: 'area', type: 'text' },
            { column: 'number', type: 'int4' },
          ]
        : [{ column: 'id', type: keyKind }]
  const draft = emptyDraft(random, name, tenantType, shared, key)
  for (const { column, type } of key) {
    draft.types[column] = type
    draft.entity.fields[column] = { column, type: column === 'number' ? 'integer' : 'id', label: column }
    draft.entity.primaryKey.push(column)
  }
  for (const type of wantedTypes(random)) addField(random, draft, type)
  const fields = Object.keys(draft.entity.fields)
  draft.entity.defaultColumns.push(...random.sample(fields, random.int(1, 3)))
  const dates = Object.entries(draft.entity.fields).filter(([, { type }]) => type === 'date' || type === 'timestamp')
  if (dates.length > 0 && random.chance(0.8)) draft.entity.defaultDate = random.pick(dates)[0]
  return draft
}

function wantedTypes(random: Random): FieldType[] {
  const often: FieldType[] = ['text', 'money', 'timestamp', 'integer', 'enum', 'date', 'number', 'boolean']
  const rest: FieldType[] = ['text', 'money', 'timestamp', 'date', 'number', 'id', 'integer', 'enum']
  return [...often.filter(() => random.chance(0.75)), ...random.sample(rest, random.int(0, 2))]
}

function addField(random: Random, draft: Draft, type: FieldType): void {
  const name = FIELD_NAMES[type].find((one) => draft.entity.fields[one] === undefined)
  if (name === undefined) return
  const column = random.chance(0.15)
    ? random.pick([`${name} Col`, `${name}_x`, `"${name}"`, ODD_COLUMNS[type] ?? name])
    : name
  const isText = type === 'text' || type === 'enum' || type === 'id'
  const storedAsText = !isText && type !== 'boolean' && random.chance(0.06)
  // Times in text columns have no offset: they are wall clocks.
  const zoned = type !== 'timestamp' || (!storedAsText && random.chance(0.7))
  draft.types[column] = storedAsText ? 'text' : sqlType(random, type, zoned)
  draft.entity.fields[name] = {
    column,
    type,
    label: name,
    ...(type === 'enum' ? { values: ENUM_VALUES.map((value) => ({ value })) } : {}),
    ...(type === 'money' ? { currency: 'USD' } : {}),
    ...(isText && random.chance(0.2) ? { caseSensitive: true } : {}),
    ...(storedAsText ? { storedAs: 'text' as const } : {}),
    ...(draft.types[column] === 'real' ? { storedAs: 'real' as const } : {}),
    ...(zoned ? {} : { zoned: false }),
  }
}

/** Column names that a statement may well use for its own purposes. */
const ODD_COLUMNS: Partial<Record<FieldType, string>> = {
  money: 'a0',
  text: 'k0',
  date: 'v',
  integer: 'é%s $1',
  number: 'n',
}

/** Stands for an enum type of the database that holds those values, in that order. */
export const NATIVE_ENUM = 'native enum'

export const ENUM_VALUES = ['New', 'On Hold', 'Open', 'closed'] as const

function sqlType(random: Random, type: FieldType, zoned: boolean): string {
  switch (type) {
    case 'text':
      return random.pick(['text', 'text', 'varchar(200)'])
    case 'enum':
      return random.pick(['text', 'text', NATIVE_ENUM])
    case 'id':
      return random.pick(['text', 'int4', 'uuid'])
    case 'integer':
      return random.pick(['int4', 'int8', 'int2', 'numeric'])
    case 'number':
      return random.pick(['numeric', 'numeric(12,4)', 'float8', 'real'])
    case 'money':
      return random.pick(['numeric(12,2)', 'numeric', 'int4'])
    case 'date':
      return 'date'
    case 'timestamp':
      return zoned ? 'timestamptz' : 'timestamp'
    case 'boolean':
      return 'bool'
  }
}

/** Gives an entity one to three foreign keys to earlier entities. */
function link(random: Random, draft: Draft, earlier: readonly Draft[]): void {
  const targets = earlier.filter(({ key }) => key.length > 0)
  for (const [index, target] of random
    .sample(
      targets,
      random.weighted([
        [5, 1],
        [3, 2],
        [1, 3],
      ]),
    )
    .entries())
    connect(random, draft, target, `${target.name}_${index}`, random.chance(0.15))
}

/** Adds foreign key columns and the relations both ways. */
function connect(random: Random, draft: Draft, target: Draft, prefix: string, oneToOne: boolean): void {
  const on = target.key.map(({ column, type }) => {
    const from = `${prefix}_${column}`
    draft.types[from] = type
    return { from, to: column }
  })
  const [only] = on
  if (only !== undefined && on.length === 1 && random.chance(0.4))
    draft.entity.fields[only.from] = { column: only.from, type: 'id', label: only.from }
  const forward =
    target.name.replace(/s$/, '') + (draft.entity.relations[target.name.replace(/s$/, '')] === undefined ? '' : '2')
  draft.entity.relations[forward] = { to: target.name, kind: 'to_one', on, label: forward }
  const back = target.entity.relations[draft.name] === undefined ? draft.name : `${draft.name}2`
  target.entity.relations[back] = {
    to: draft.name,
    kind: oneToOne ? 'to_one' : 'to_many',
    on: on.map(({ from, to }) => ({ from: to, to: from })),
    label: back,
  }
}

/** A relation over a unique text column that is not the key, as states have codes. */
function linkByCode(random: Random, drafts: readonly Draft[]): void {
  const [target, from] = random.sample(drafts, 2)
  if (target === undefined || from === undefined) return
  target.types.code = 'text'
  target.entity.fields.code = { column: 'code', type: 'text', label: 'code' }
  from.types[`${target.name}_code`] = 'text'
  from.entity.fields[`${target.name}_code`] = { column: `${target.name}_code`, type: 'text', label: 'code' }
  const on = [{ from: `${target.name}_code`, to: 'code' }]
  from.entity.relations.coded = { to: target.name, kind: 'to_one', on, label: 'coded' }
  const back = on.map((pair) => ({ from: pair.to, to: pair.from }))
  target.entity.relations.coders = { to: from.name, kind: 'to_many', on: back, label: 'coders' }
}

function linkToSelf(draft: Draft): void {
  const [key] = draft.key
  if (key === undefined) return
  draft.types.parent_id = key.type
  draft.entity.relations.parent = {
    to: draft.name,
    kind: 'to_one',
    on: [{ from: 'parent_id', to: key.column }],
    label: 'parent',
  }
  draft.entity.relations.children = {
    to: draft.name,
    kind: 'to_many',
    on: [{ from: key.column, to: 'parent_id' }],
    label: 'children',
  }
}

/** A table that links two entities many to many, with or without a key and a field of its own. */
function addJunction(random: Random, drafts: Draft[], tenantType: string): void {
  const targets = drafts.filter(({ key }) => key.length > 0)
  if (targets.length < 2) return
  const [left, right] = random.sample(targets, 2)
  if (left === undefined || right === undefined) return
  const draft = emptyDraft(random, 'links', tenantType, false, [])
  connect(random, draft, left, 'a', false)
  connect(random, draft, right, 'b', false)
  const columns = Object.keys(draft.types).filter((column) => column.startsWith('a_') || column.startsWith('b_'))
  if (random.chance(0.7))
    for (const column of columns) {
      draft.entity.fields[column] = {
        column,
        type: draft.types[column] === 'int4' && column.endsWith('number') ? 'integer' : 'id',
        label: column,
      }
      draft.entity.primaryKey.push(column)
    }
  if (random.chance(0.6)) addField(random, draft, 'integer')
  if (random.chance(0.5)) addField(random, draft, 'date')
  if (Object.keys(draft.entity.fields).length === 0) addField(random, draft, 'text')
  draft.entity.defaultColumns.push(Object.keys(draft.entity.fields)[0] ?? '')
  drafts.push({ ...draft, entity: { ...draft.entity, junction: true } })
}
