// A first catalog of any Postgres, for a person to read and edit.
// In: a function that runs a statement. Out: a catalog of every table and view that may be read, and notes on what was decided.
// Refused: a schema without tables. Relations that nobody declared are marked as guesses.
import { fieldsOf, shownFields } from './introspect/fields.ts'
import { guessLinks, type Link } from './introspect/guess.ts'
import { isSoleKey } from './introspect/match.ts'
import { entityLabels, identifiers, namesKey } from './introspect/names.ts'
import { type Query, type RawTable, readTables } from './introspect/read.ts'
import { nameRelations } from './introspect/relations.ts'
import { sampleTable, type TableFacts } from './introspect/sample.ts'
import type { CatalogInput } from './schema.ts'

export type IntrospectOptions = {
  /** Default "public". */
  readonly schema?: string
  /** Name of the column that holds the organization; tables without it are marked shared. */
  readonly tenantKey?: string
  /** Look at rows to find keys, numbers and dates kept as text, and relations; default true. */
  readonly sampling?: boolean
  /** Rows looked at per table; default 10,000. */
  readonly sampleRows?: number
  readonly name?: string
}
export type Introspected = { readonly catalog: CatalogInput; readonly notes: string[] }

/** Describes one schema of a database as a catalog; throws what the query function throws, or an Error when there is no table. */
export async function introspect(query: Query, options: IntrospectOptions = {}): Promise<Introspected> {
  const { schema = 'public', tenantKey, sampling = true, sampleRows = 10_000 } = options
  const tables = (await readTables(query, schema)).filter((table) => table.columns.length > 0)
  if (tables.length === 0) throw new Error(`Cannot introspect schema "${schema}": it has no table that may be read`)
  const notes: string[] = []
  const facts = sampling ? await sampleAll(query, schema, tables, sampleRows, notes) : undefined
  const tenant = tenancy(tables, tenantKey)

  const declared = declaredLinks(tables, notes)
  const isTenant = (column: string) => column === tenantKey
  const guessed = await guessLinks(
    tables,
    declared,
    isTenant,
    facts === undefined ? undefined : { query, schema, maxRows: sampleRows, facts },
  )
  const links = [...declared, ...guessed]
  const entityNames = nameEntities(tables)
  const columns = new Map(
    tables.map((table) => {
      const keys = new Set([
        ...keyColumns(table, facts?.get(table.id)),
        ...[...links.filter((link) => link.from.id === table.id), ...table.foreignKeys].flatMap((link) => link.columns),
      ])
      return [table.id, fieldsOf(table, (name) => keys.has(name), isTenant, facts?.get(table.id))]
    }),
  )
  const relations = nameRelations(
    links,
    entityNames,
    new Map([...columns].map(([id, { taken }]) => [id, taken])),
    isUnique,
    isTenant,
  )

  const entities: CatalogInput['entities'] = {}
  for (const table of tables) {
    const own = columns.get(table.id)
    const name = entityNames.get(table.id)
    if (own === undefined || name === undefined) continue
    const linked = links.filter((link) => link.from.id === table.id)
    // Within one organization the rest of a key that begins with the organization is unique.
    const key = keyColumns(table, facts?.get(table.id))
      .filter((column, _, all) => !isTenant(column) || all.length === 1)
      .map((column) => own.byColumn.get(column))
    const related = relations.get(table.id) ?? {}
    const comment = table.comment?.trim() ?? ''
    entities[name] = {
      table: table.name,
      ...(schema === 'public' ? {} : { schema }),
      ...entityLabels(table.name),
      ...(comment === '' ? {} : { description: comment.slice(0, 2000) }),
      ...tenant(table),
      ...(key.length > 0 && key.every((one) => one !== undefined) ? { primaryKey: key } : {}),
      ...shownFields(table, own, new Set(linked.flatMap((link) => link.columns))),
      ...(isJunction(table, linked) ? { junction: true } : {}),
      fields: own.fields,
      ...(Object.keys(related).length === 0 ? {} : { relations: related }),
    }
    notes.push(...own.notes)
    if (key.length === 0) notes.push(`${table.name} has no key: its rows cannot be told apart by their values`)
    else if (!isStored(table))
      notes.push(
        `${table.name} is a view: ${key.join(', ')} is taken as its key, because no two of its rows share a value`,
      )
  }
  for (const link of guessed)
    notes.push(
      `${link.from.name}.${link.columns.join(', ')} leads to ${link.to.name}.${link.targetColumns.join(', ')}: guessed, no foreign key says so`,
    )
  notes.unshift(...tenantNotes(tables, links, tenant, tenantKey))
  return { catalog: { version: 1, ...(options.name === undefined ? {} : { name: options.name }), entities }, notes }
}

async function sampleAll(
  query: Query,
  schema: string,
  tables: readonly RawTable[],
  maxRows: number,
  notes: string[],
): Promise<Map<string, TableFacts>> {
  const facts = new Map<string, TableFacts>()
  for (const table of tables) {
    try {
      facts.set(table.id, await sampleTable(query, schema, table, maxRows))
    } catch (error) {
      notes.push(
        `${table.name} could not be sampled: ${error instanceof Error ? error.message : 'the statement failed'}`,
      )
    }
  }
  return facts
}

function nameEntities(tables: readonly RawTable[]): Map<string, string> {
  const names = identifiers(
    tables.map((table) => table.name),
    'table',
    new Set(),
  )
  return new Map(tables.map((table, index) => [table.id, names[index] ?? table.name]))
}

/** The declared key; without one, a unique set of columns that are never empty; for a view, what its rows show. */
function keyColumns(table: RawTable, facts: TableFacts | undefined): readonly string[] {
  if (table.primaryKey.length > 0) return table.primaryKey
  const required = new Set(table.columns.filter((column) => column.notNull).map((column) => column.name))
  const declared = table.uniques.find((columns) => columns.every((name) => required.has(name)))
  return declared ?? (isStored(table) ? [] : measuredKey(table, facts))
}

/** Rows of a plain table have a place of their own; those of views and foreign tables are only told apart by values. */
function isStored(table: RawTable): boolean {
  return table.kind === 'r' || table.kind === 'm' || table.kind === 'p'
}

function measuredKey(table: RawTable, facts: TableFacts | undefined): string[] {
  if (facts === undefined || facts.rows === 0) return []
  const unique = [...facts.columns].flatMap(([name, one]) =>
    one.present === facts.rows && one.distinct === facts.rows ? [name] : [],
  )
  const owned = unique.find((name) => isSoleKey(table, name))
  const found = owned ?? (facts.complete ? unique.find(namesKey) : undefined)
  return found === undefined ? [] : [found]
}

function declaredLinks(tables: readonly RawTable[], notes: string[]): Link[] {
  const byId = new Map(tables.map((table) => [table.id, table]))
  const seen = new Set<string>()
  return tables.flatMap((from) =>
    from.foreignKeys.flatMap((key): Link[] => {
      const to = byId.get(key.target)
      if (to === undefined) {
        notes.push(
          `${from.name}.${key.columns.join(', ')} refers to ${key.targetName}, which is not part of this catalog`,
        )
        return []
      }
      const text = JSON.stringify([from.id, key.columns, to.id, key.targetColumns])
      if (seen.has(text)) return []
      seen.add(text)
      return [{ from, columns: key.columns, to, targetColumns: key.targetColumns, guessed: false }]
    }),
  )
}

/** Only what is declared: a column that merely happens to hold no value twice may do so tomorrow. */
function isUnique(table: RawTable, columns: readonly string[]): boolean {
  return table.uniques.some((unique) => unique.every((name) => columns.includes(name)))
}

/** A table that only links others: two or three to-one relations and nothing else worth showing. */
function isJunction(table: RawTable, links: readonly Link[]): boolean {
  const targets = links.filter((link) => link.to.id !== table.id || links.length > 1)
  if (targets.length < 2 || targets.length > 3) return false
  const linking = new Set(links.flatMap((link) => link.columns))
  const surrogate = table.primaryKey.length === 1 ? table.primaryKey[0] : undefined
  return table.columns.every(
    ({ name }) =>
      linking.has(name) ||
      name === surrogate ||
      /^(created|updated|added|inserted|modified)_?(at|on|by)?$|^(position|sort_order|ordinal|ord)$/.test(name),
  )
}

type Tenancy = { tenantKey: string } | { shared: true }

function tenancy(tables: readonly RawTable[], tenantKey: string | undefined): (table: RawTable) => Tenancy {
  // The table of organizations itself has no such column: its own key is what the others point at.
  const owners = new Map(
    tables.flatMap((table) =>
      table.foreignKeys.flatMap((key) => {
        const [target, ...more] = key.targetColumns
        return key.columns[0] === tenantKey && target !== undefined && more.length === 0
          ? [[key.target, target] as const]
          : []
      }),
    ),
  )
  return (table) => {
    if (tenantKey !== undefined && table.columns.some((column) => column.name === tenantKey)) return { tenantKey }
    const owned = owners.get(table.id)
    return owned === undefined ? { shared: true } : { tenantKey: owned }
  }
}

function tenantNotes(
  tables: readonly RawTable[],
  links: readonly Link[],
  tenant: (table: RawTable) => Tenancy,
  tenantKey: string | undefined,
): string[] {
  if (tenantKey === undefined)
    return ['every entity is marked shared, because no tenant key was named: every organization sees every row']
  const shared = tables.filter((table) => 'shared' in tenant(table))
  const exposed = shared.flatMap((table) => {
    const owner = links.find((link) => link.from.id === table.id && 'tenantKey' in tenant(link.to))?.to
    return owner === undefined
      ? []
      : [
          `DANGER: ${table.name} has no column ${tenantKey}, but its rows belong to ${owner.name}, which does: marked shared, every organization sees them; give it the column, or take it out of the catalog`,
        ]
  })
  const names = shared.map((table) => table.name).join(', ')
  return [
    ...exposed,
    ...(shared.length === 0
      ? []
      : [`marked shared, because they have no column ${tenantKey}: ${names}; every organization sees their rows`]),
  ]
}
