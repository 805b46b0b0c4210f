// Puts the demo data into a database, once. In: a database handle, today's date, a number of donations.
// Out: what is there now. Refused: a schema named "demo" that is somebody else's.
// Everything happens in one transaction, so an interrupted load leaves nothing; half a load of another make is redone.
import { readFile } from 'node:fs/promises'
import { csvChunks } from './csv.ts'
import { generateDemo } from './generate.ts'

/** What loading needs of a database; adapters.ts makes one of PGlite and of postgres.js. */
export type DemoDatabase = {
  /** Runs statements without values. */
  exec: (sql: string) => Promise<void>
  query: (sql: string, params: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>
  /** Appends CSV rows (COPY's dialect) to a table that was created in this transaction. */
  copyCsv: (table: string, columns: readonly string[], chunks: Iterable<string>) => Promise<void>
  transaction: <T>(work: (inside: DemoDatabase) => Promise<T>) => Promise<T>
}

export type DemoState = { today: string; donations: number; rowCount: number }
export type DemoProgress = { table: string; rowCount: number }

/** Raised when rows of one version mean something else than those of the version before. */
const demoVersion = 1
const schemaComment = 'Tablewright demo data'
/** Two servers that start at once must not both load. */
const lockNumber = 7_238_101

/**
 * Loads the demo data unless it is there: 50,000 donations take seconds, a million tens of seconds.
 * `replace` loads it anew where it is of another day or size. Answers what is there and whether this call loaded it.
 */
export async function loadDemo(options: {
  database: DemoDatabase
  /** The day the story ends, such as 2026-02-28. */
  today: string
  donations?: number
  replace?: boolean
  onProgress?: (progress: DemoProgress) => void
}): Promise<DemoState & { loaded: boolean }> {
  const { database, today, donations = 50_000, replace = false, onProgress = () => {} } = options
  const before = await demoState(database)
  if (before && !replace) return { ...before, loaded: false }
  const tables = generateDemo({ today, donations })
  const [schema, keys] = await Promise.all([demoFile('schema.sql'), demoFile('keys.sql')])

  return database.transaction(async (inside) => {
    await inside.query('select pg_advisory_xact_lock($1)', [lockNumber])
    const meanwhile = await demoState(inside)
    // Another process has loaded it while this one waited, or between its look and this one's; the data of a day is always
    // the same, so what is asked for need not be made again.
    const isThere = meanwhile?.today === today && meanwhile.donations === donations
    if (meanwhile && (!replace || isThere)) return { ...meanwhile, loaded: false }
    await makeRoom(inside)
    await inside.exec(schema)
    let rowCount = 0
    for (const { name, columns, rows } of tables) {
      let inTable = 0
      const chunks = csvChunks(rows(), (count) => {
        inTable = count
        onProgress({ table: name, rowCount: count })
      })
      await inside.copyCsv(`demo.${name}`, columns, chunks)
      rowCount += inTable
    }
    await inside.exec(keys)
    for (const { name } of tables) await inside.exec(`analyze demo.${name}`)
    await inside.query('insert into demo.meta (version, today, donations, row_count) values ($1, $2, $3, $4)', [
      demoVersion,
      today,
      donations,
      rowCount,
    ])
    return { today, donations, rowCount, loaded: true }
  })
}

/** What demo data is in the database; undefined: none, half of it, or that of another version. */
export async function demoState(database: DemoDatabase): Promise<DemoState | undefined> {
  // Read from the tables, not by to_regclass: within a transaction that may still answer from before another one's commit.
  const [found] = await database.query(
    `select c.oid::text as meta from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'demo' and c.relname = 'meta'`,
    [],
  )
  if (!found?.meta) return undefined
  const [meta] = await database.query(
    'select today::text as today, donations, row_count::float8 as row_count from demo.meta where version = $1',
    [demoVersion],
  )
  if (!meta) return undefined
  return { today: String(meta.today), donations: Number(meta.donations), rowCount: Number(meta.row_count) }
}

async function makeRoom(database: DemoDatabase): Promise<void> {
  const [schema] = await database.query(
    "select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = 'demo'",
    [],
  )
  if (!schema) return
  if (schema.comment !== schemaComment) {
    throw new Error('Cannot load the demo data: schema "demo" holds something else; rename it or use another database')
  }
  await database.exec('drop schema demo cascade')
}

function demoFile(name: string): Promise<string> {
  return readFile(new URL(`../../demo/${name}`, import.meta.url), 'utf8')
}
