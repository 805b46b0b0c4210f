// A logical copy of the store alone, schema `tablewright`, is a whole backup: restored into an empty database it has every
// row, keys still open it, and saved tables run. Made with COPY, as pg_dump does it.
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import postgres from 'postgres'
import { expect, inject, test } from 'vitest'
import { CreateDashboard, createDashboard } from '../../src/dashboards/dashboards.ts'
import { postgresStore } from '../../src/db/store.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { serveApp } from '../setup/app.ts'
import { createDatabase } from '../setup/postgres.ts'
import { member, postgresService, serviceAt } from '../setup/service.ts'
import { worldSql } from '../setup/world.ts'

const definition = { version: 1, dataSources: ['donations'], columns: [{ field: 'amount' }], sortBy: [{ field: 'id' }] }

/** The tables of the store but for the list of migrations, which an empty store makes itself. */
async function tablesOf(sql: postgres.Sql): Promise<string[]> {
  const rows =
    await sql`select tablename from pg_tables where schemaname = 'tablewright' and tablename <> 'migrations' order by 1`
  return rows.map(({ tablename }) => String(tablename))
}

async function dump(sql: postgres.Sql): Promise<Map<string, Buffer>> {
  const copies = new Map<string, Buffer>()
  await sql.begin('isolation level repeatable read read only', async (tx) => {
    for (const table of await tablesOf(tx as unknown as postgres.Sql))
      copies.set(table, await buffer(await tx`copy ${sql('tablewright')}.${sql(table)} to stdout`.readable()))
  })
  return copies
}

async function restore(sql: postgres.Sql, copies: ReadonlyMap<string, Buffer>): Promise<void> {
  await sql.begin(async (tx) => {
    // Rows before those they refer to: nothing fires meanwhile.
    await tx`set local session_replication_role = replica`
    for (const [table, bytes] of copies)
      await pipeline(Readable.from([bytes]), await tx`copy ${sql('tablewright')}.${sql(table)} from stdin`.writable())
  })
}

test('a copy of the store, restored elsewhere, is the store', async () => {
  const service = await postgresService(inject('postgresUrl'), 'backup_from')
  const { call, secret } = await member(service.ctx, { role: 'editor' })
  const { table } = await createTable({
    ...call,
    input: CreateTable.parse({ definition, name: 'Kept: ü, "quotes", \\N', createdVia: 'BUILDER' }),
  })
  await createDashboard({ ...call, input: CreateDashboard.parse({ name: 'Board' }) })
  const from = postgres(service.config.databaseUrl ?? '', { max: 1, onnotice: () => {} })
  const copies = await dump(from)
  // What happens afterwards is not in it.
  await createTable({ ...call, input: CreateTable.parse({ definition, name: 'Too late', createdVia: 'BUILDER' }) })
  await Promise.all([from.end(), service.close()])

  const url = await createDatabase(inject('postgresUrl'), 'backup_to')
  const to = postgres(url, { max: 1, onnotice: () => {} })
  const empty = postgresStore(url)
  await empty.migrate()
  await empty.close()
  await restore(to, copies)
  await to.unsafe(worldSql)
  const again = await dump(to)
  expect([...again.keys()]).toEqual([...copies.keys()])
  for (const [name, bytes] of copies) expect(again.get(name)?.toString(), name).toBe(bytes.toString())
  expect(copies.get('tables')?.length).toBeGreaterThan(100)
  await to.end()

  const restored = await serviceAt(url)
  const app = await serveApp(restored.ctx)
  const headers = { Authorization: `Bearer ${secret}` }
  const list = (await (await fetch(`${app.url}/api/v1/tables`, { headers })).json()) as { tables: { name: string }[] }
  expect(list.tables.map(({ name }) => name)).toEqual(['Kept: ü, "quotes", \\N'])
  const ran = await app.post(`/api/v1/tables/${table.id}/execute`, {}, headers)
  expect([ran.status, ((await ran.json()) as { rows: unknown[] }).rows.length]).toEqual([200, 9])
  expect((await fetch(`${app.url}/api/v1/tables`, { headers: { Authorization: 'Bearer twk_other' } })).status).toBe(401)
  await app.close()
  await restored.close()
}, 120_000)
