import postgres from 'postgres'
import { expect, inject, test } from 'vitest'
import { createDatabase } from './postgres.ts'

test('the shared server is a Postgres 18 or newer that sorts and folds text by code point in UTF-8', async () => {
  const url = await createDatabase(inject('postgresUrl'), 'setup_test')
  const sql = postgres(url, { max: 1 })
  const [row] =
    await sql`select current_setting('server_version_num')::int as version, upper('ä') as upper, 'Z' < 'a' as order`
  await sql.end()
  expect(row?.version).toBeGreaterThanOrEqual(180000)
  expect(row).toMatchObject({ upper: 'Ä', order: true })
})

test('a database asked for twice is empty the second time', async () => {
  const first = postgres(await createDatabase(inject('postgresUrl'), 'setup_again'), { max: 1 })
  await first`create table kept (id int)`
  const second = postgres(await createDatabase(inject('postgresUrl'), 'setup_again'), { max: 1 })
  const rows = await second`select 1 from pg_tables where tablename = 'kept'`
  expect(rows).toHaveLength(0)
  await Promise.all([first.end(), second.end()])
})
