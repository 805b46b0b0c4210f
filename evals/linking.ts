// How often a cut catalog still holds everything a question needs.
// Many databases become one big catalog, whose tables look alike; for each question of the train split the entities and
// fields of its gold SQL must be in the part that linking keeps. Nothing is run, so no database is needed.
// With --entities the catalog is filled up with copies of its tables that only their names tell apart, as archives are.
// node evals/linking.ts [--data DIR] [--budget TOKENS …] [--entities N] [--limit N] [--misses N] [--no-values]
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'libpg-query'
import { Catalog, type CatalogInput } from '../src/catalog/schema.ts'
import { humanise } from '../src/catalog/words.ts'
import { linkCatalog } from '../src/translate/link.ts'
import type { ValueIndex } from '../src/translate/types.ts'
import { indexValues, type StoredValue } from '../src/translate/value-index.ts'
import { emptyValueIndex } from '../src/translate/values.ts'

type Node = { [key: string]: unknown }
type Question = { id: string; database: string; question: string; sql: string; sql_pg?: string; split: string }
type Need = { entity: string; fields: string[] }

const { values: given } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../shared/nl2sql') },
    budget: { type: 'string', multiple: true, default: ['4000', '8000', '12000'] },
    entities: { type: 'string', default: '0' },
    limit: { type: 'string' },
    misses: { type: 'string', default: '0' },
    'no-values': { type: 'boolean', default: false },
  },
})

const big = await mergedCatalog(given.data, Number(given.entities))
const questions = readFileSync(join(given.data, 'questions.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Question)
  .filter(({ split, sql_pg }) => split === 'train' && sql_pg !== undefined)
  .slice(0, given.limit === undefined ? undefined : Number(given.limit))
const values: ValueIndex = given['no-values'] ? emptyValueIndex : indexValues(big.values)
console.log(
  `${Object.keys(big.catalog.entities).length} entities, ${big.values.length} values, ${questions.length} questions`,
)

const needs = new Map<string, readonly Need[]>()
for (const question of questions) needs.set(question.id, await neededBy(question, big))
for (const budget of given.budget) measure(Number(budget))

function measure(budgetTokens: number): void {
  let whole = 0
  let entities = 0
  let ms = 0
  let kept = 0
  let shown = 0
  for (const { id, question } of questions) {
    const begun = performance.now()
    const link = linkCatalog({ catalog: big.catalog, prompt: question, values, budgetTokens })
    ms += performance.now() - begun
    kept += Object.keys(link.catalog.entities).length
    const missing = (needs.get(id) ?? []).filter(({ entity }) => link.catalog.entities[entity] === undefined)
    const blind = (needs.get(id) ?? []).filter(({ entity, fields }) => {
      const seen = link.catalog.entities[entity]?.fields
      return seen === undefined || fields.some((field) => seen[field] === undefined)
    })
    if (missing.length === 0) entities += 1
    if (blind.length === 0) whole += 1
    else if (shown++ < Number(given.misses))
      console.log(`  ${id} ${question}\n    missing ${blind.map((one) => one.entity)}`)
  }
  const share = (count: number) => `${((100 * count) / questions.length).toFixed(2)} %`
  console.log(
    `${budgetTokens} tokens: entities ${share(entities)}, entities and fields ${share(whole)}, ` +
      `${(kept / questions.length).toFixed(0)} entities kept, ${(ms / questions.length).toFixed(1)} ms`,
  )
}

type Big = { catalog: Catalog; values: StoredValue[]; entityOf: Map<string, string> }

/** All databases in one catalog; a table name that is taken gets a number, so that no database's name helps. */
async function mergedCatalog(data: string, wanted: number): Promise<Big> {
  const entities: CatalogInput['entities'] = {}
  const entityOf = new Map<string, string>()
  const stored: StoredValue[] = []
  for (const file of readdirSync(join(data, 'databases')).sort()) {
    const database = file.replace(/\.sql$/, '')
    const text = readFileSync(join(data, 'databases', file), 'utf8')
    const ddl = text
      .split('\n\n')
      .filter((part) => !part.startsWith('INSERT'))
      .join('\n\n')
    const statements = nodesOf(await parse(ddl), 'CreateStmt')
    for (const statement of statements) {
      const table = String(recordOf(statement.relation).relname)
      let name = table
      for (let copy = 2; entities[name] !== undefined; copy += 1) name = `${table}_${copy}`
      entityOf.set(`${database}.${table}`, name)
      const columns = nodesOf(statement.tableElts, 'ColumnDef').map((column) => String(column.colname))
      const fields = columns.map(
        (column) => [column, { column, type: 'text' as const, label: humanise(column) }] as const,
      )
      entities[name] = {
        table: name,
        shared: true,
        label: humanise(table),
        fields: Object.fromEntries(fields),
        relations: {},
      }
      stored.push(...valuesOf(text, table, columns).map((one) => ({ ...one, entity: name })))
    }
    for (const alter of nodesOf(await parse(ddl), 'AlterTableStmt')) addRelations(alter, database)
  }

  function addRelations(alter: Node, database: string): void {
    const from = entityOf.get(`${database}.${recordOf(alter.relation).relname}`) ?? ''
    for (const key of nodesOf(alter, 'Constraint').filter(({ contype }) => contype === 'CONSTR_FOREIGN')) {
      const to = entityOf.get(`${database}.${recordOf(key.pktable).relname}`) ?? ''
      const column = stringsIn(key.fk_attrs)[0] ?? ''
      const target = stringsIn(key.pk_attrs)[0] ?? ''
      const there = entities[from]?.relations
      const back = entities[to]?.relations
      if (there === undefined || back === undefined) continue
      const label = humanise(column)
      there[`${column}_`] = { to, kind: 'to_one', on: [{ from: column, to: target }], label }
      back[`${from}_${column}`.slice(0, 60)] = {
        to: from,
        kind: 'to_many',
        on: [{ from: target, to: column }],
        label: humanise(from),
      }
    }
  }

  for (const [name, entity] of Object.entries(entities).slice(0, Math.max(0, wanted - Object.keys(entities).length)))
    entities[`archived_${name}`] = { ...entity, label: `Archived ${entity.label}`, relations: {} }
  return { catalog: Catalog.parse({ version: 1, entities }), values: stored, entityOf }
}

/** Texts of a table's INSERT statements: short ones with a letter, each once. */
function valuesOf(text: string, table: string, columns: readonly string[]): Omit<StoredValue, 'entity'>[] {
  const found = new Map<string, Omit<StoredValue, 'entity'>>()
  for (const insert of text.split(`INSERT INTO "${table}" VALUES\n`).slice(1))
    for (const line of insert.split(/;\n/)[0]?.split('\n') ?? []) {
      const cells = [...line.matchAll(/'((?:[^']|'')*)'|[^,()]+/g)]
      for (const [at, cell] of cells.entries()) {
        const value = cell[1]?.replaceAll("''", "'")
        const field = columns[at]
        if (value === undefined || field === undefined || value.length > 60 || !/\p{L}/u.test(value)) continue
        found.set(`${field} ${value}`, { field, value, text: value, trust: 1 })
      }
    }
  return [...found.values()]
}

/** Tables and columns of a gold query; a column without a table belongs to every table of the query that has it. */
async function neededBy({ database, sql_pg = '' }: Question, { catalog, entityOf }: Big): Promise<Need[]> {
  const tree = await parse(sql_pg)
  const tables = new Set(nodesOf(tree, 'RangeVar').map(({ relname }) => entityOf.get(`${database}.${relname}`)))
  const columns = new Set(nodesOf(tree, 'ColumnRef').map(({ fields }) => stringsIn(fields).at(-1)))
  return [...tables].flatMap((entity) => {
    const fields = entity === undefined ? undefined : catalog.entities[entity]?.fields
    if (entity === undefined || fields === undefined) return []
    return [{ entity, fields: Object.keys(fields).filter((field) => columns.has(field)) }]
  })
}

function* walk(part: unknown): Generator<Node> {
  if (typeof part !== 'object' || part === null) return
  if (!Array.isArray(part)) yield part as Node
  for (const inner of Object.values(part)) yield* walk(inner)
}

/** The bodies of all nodes of a kind, wherever they stand. */
function nodesOf(tree: unknown, kind: string): Node[] {
  return [...walk(tree)].flatMap((node) => (kind in node ? [recordOf(node[kind])] : []))
}

function stringsIn(list: unknown): string[] {
  return nodesOf(list, 'String').map(({ sval }) => String(sval))
}

function recordOf(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {}
}
