// Row security as a third fence, on a real Postgres: what a role of `tablewright row-security` sees when the planner's own
// predicate is not there.
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { catalogToYaml } from '../../src/catalog/print.ts'
import { rowSecurity } from '../../src/catalog/row-security.ts'
import { postgresQuery } from '../../src/db/query.ts'
import { definitionToRows } from '../../src/pipeline.ts'
import { postgresSource, type Source } from '../../src/rows/source.ts'
import { buildValueIndex } from '../../src/translate/values.ts'
import { cases } from '../golden/cases.ts'
import { cli } from '../setup/cli.ts'
import { createDatabase } from '../setup/postgres.ts'
import { worldCatalog, worldClock, worldScope, worldSql } from '../setup/world.ts'

const ROLE = 'reader of "one"'
const HOST = 'row_security_host'
let owner: postgres.Sql
let ownerUrl: string
let readerUrl: string
let reader: ReturnType<typeof postgresSource>
let trusting: ReturnType<typeof postgresSource>

const asRole = (role: string): string => {
  const url = new URL(ownerUrl)
  url.username = encodeURIComponent(role)
  url.password = 'row-security'
  return url.href
}

beforeAll(async () => {
  ownerUrl = await createDatabase(inject('postgresUrl'), 'row_security')
  owner = postgres(ownerUrl, { max: 1, onnotice: () => {} })
  await owner.unsafe(worldSql)
  await owner.unsafe(`
    drop role if exists ${HOST};
    create role ${HOST} login password 'row-security';
    grant select, insert on all tables in schema public to ${HOST};
    -- A host that has row security of its own, open to all.
    alter table pledges enable row level security;
    create policy host_rule on pledges using (true)`)
  const catalog = join(tmpdir(), `tablewright-row-security-${process.pid}.yaml`)
  await writeFile(catalog, catalogToYaml(worldCatalog))
  const args = ['row-security', '--catalog', catalog, '--role', ROLE]
  // Twice: nothing may depend on being the first.
  for (let time = 0; time < 2; time += 1) expect(await cli([...args, '--apply', ownerUrl])).toMatchObject({ code: 0 })
  expect((await cli(args)).out).toContain(rowSecurity(worldCatalog, ROLE).join(';\n'))
  await owner.unsafe(`alter role "reader of ""one""" password 'row-security'`)
  readerUrl = asRole(ROLE)
  reader = postgresSource(readerUrl)
  trusting = postgresSource(ownerUrl)
}, 60_000)
afterAll(async () => {
  await Promise.all([reader.close(), trusting.close()])
  await owner.unsafe(`drop owned by "reader of ""one""", ${HOST}; drop role "reader of ""one""", ${HOST}`)
  await owner.end()
})

const tenantTables = Object.values(worldCatalog.entities).filter(({ tenantKey }) => tenantKey !== undefined)

/** A source in which every tenant predicate has been taken out of the SQL. */
function withoutPredicates(source: Source, removed: { count: number } = { count: 0 }): Source {
  return {
    ...source,
    snapshot: (options, work) =>
      source.snapshot(options, (run, runBytes) => {
        const bare = (text: string): string =>
          text.replaceAll(/"\w+"\."org" = \$(\d+)/g, (_, number) => {
            removed.count += 1
            return `$${number}::text is not null`
          })
        return work(
          (text, params) => run(bare(text), params),
          (text, params) => runBytes(bare(text), params),
        )
      }),
  }
}

const rowsOf = async (definition: object, source: Source, organizationId = 'a') => {
  const scope = { ...worldScope, organizationId }
  const outcome = await definitionToRows({ definition, catalog: worldCatalog, scope, clock: worldClock, source })
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues))
  const { rows, totals } = outcome.result
  return { rows, totals }
}

describe('a role of row security', () => {
  test.each(tenantTables.map(({ table }) => table))('sees of %s only the organization that is set', async (table) => {
    const count = (organizationId: string | undefined) =>
      reader.snapshot({ organizationId, timezone: 'UTC', timeoutMs: 5000 }, async (run) => {
        const rows = await run(`select org, count(*) from "${table}" group by org`, [])
        return rows.map(([org]) => org)
      })
    for (const organizationId of ['a', 'b']) expect(await count(organizationId)).toEqual([organizationId])
    for (const organizationId of [undefined, '', 'c', "a' or 'a'='a"]) expect(await count(organizationId)).toEqual([])
  })

  test('gets the same rows without the planner’s predicate as everybody gets with it', async () => {
    const removed = { count: 0 }
    let different = 0
    const bare = withoutPredicates(reader, removed)
    const open = withoutPredicates(trusting)
    for (const definitions of Object.values(cases)) {
      for (const [name, definition] of Object.entries(definitions)) {
        const right = await rowsOf(definition, trusting)
        expect(await rowsOf(definition, bare), name).toEqual(right)
        if (JSON.stringify(await rowsOf(definition, open)) !== JSON.stringify(right)) different += 1
      }
    }
    // Or else nothing was shown: the predicates were there, and without them others' rows do come in.
    expect(removed.count).toBeGreaterThan(60)
    expect(different).toBeGreaterThan(20)
  })

  test('reads what the catalog names, and changes nothing', async () => {
    const sql = postgres(readerUrl, { max: 1, onnotice: () => {} })
    await expect(sql`select * from notes`.execute()).resolves.toEqual([])
    await expect(sql`select * from pg_authid`.execute()).rejects.toMatchObject({ code: '42501' })
    await expect(sql`select fee, contact_id, org from donations`.execute()).resolves.toEqual([])
    await owner`alter table donations add column if not exists secret text`
    await expect(sql`select secret from donations`.execute()).rejects.toMatchObject({ code: '42501' })
    await sql`set default_transaction_read_only = off`
    await expect(sql`insert into states values ('XX', 'X')`.execute()).rejects.toMatchObject({ code: '42501' })
    await expect(sql`delete from donations`.execute()).rejects.toMatchObject({ code: '42501' })
    await sql.end()
  })

  test('shows stored values of its own organization to the translator', async () => {
    const { query, close } = postgresQuery(readerUrl)
    const index = await buildValueIndex({ catalog: worldCatalog, query, scope: worldScope })
    expect(index.failed).toEqual([])
    expect(index.find('Quiet Week').map(({ value }) => value)).toContain('Quiet Week')
    expect(await query('select org from campaigns', [])).toEqual([])
    await close()
  })

  test('takes nothing from the host’s own roles', async () => {
    const host = postgres(asRole(HOST), { max: 1, onnotice: () => {} })
    for (const { table } of tenantTables) {
      const [mine] = await host.unsafe(`select count(distinct org)::int as n from "${table}"`)
      expect(mine?.n, table).toBe(2)
    }
    await host.unsafe(`insert into events values (99, 'b', 'New', 1, now())`)
    await host.end()
  })

  test('is refused where it would fence nothing', async () => {
    const { donations } = worldCatalog.entities
    if (donations === undefined) throw new Error('no donations')
    await owner.unsafe('create or replace view all_donations as select * from donations')
    const view = { ...worldCatalog, entities: { donations: { ...donations, table: 'all_donations', relations: {} } } }
    const run = (statements: readonly string[]) =>
      owner.begin(async (tx) => {
        for (const statement of statements) await tx.unsafe(statement)
      })
    await expect(run(rowSecurity(view, ROLE))).rejects.toThrow('row security is for tables')
    await expect(run(rowSecurity(worldCatalog, 'postgres'))).rejects.toThrow('sees all rows whatever policies say')
  })
})
