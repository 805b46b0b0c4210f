// A connection that ends in the middle of a transaction ends the transaction: not the process, and nothing of it is written
// by another connection; what is asked next is answered. The driver alone ends the process here, or never connects again.
import { eq, sql } from 'drizzle-orm'
import { integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { prepared } from '../../src/db/prepared.ts'
import { postgresQuery } from '../../src/db/query.ts'
import { type Db, postgresStore, type Store } from '../../src/db/store.ts'
import { createDatabase } from '../setup/postgres.ts'

const rows = pgTable('rows', { id: integer('id') })
const kinds = pgTable('kinds', {
  j: jsonb('j').$type<unknown>(),
  at: timestamp('at', { withTimezone: true }),
  list: text('list').array(),
  text: text('text'),
})
let url: string
let store: Store
let killer: postgres.Sql
beforeAll(async () => {
  url = await createDatabase(inject('postgresUrl'), 'db_lasting')
  killer = postgres(url, { max: 1, onnotice: () => {} })
  await killer`create table rows (id int)`
  await killer`create table kinds (j jsonb, at timestamptz, list text[], text text)`
  store = postgresStore(url, { maxConnections: 2 })
})
afterAll(async () => {
  await store.close()
  await killer.end()
})

const pidOf = async (tx: Db): Promise<number> => {
  const [row] = await tx.select({ pid: sql<number>`pg_backend_pid()` }).from(sql`(values (1)) as one`)
  return row?.pid ?? 0
}
const kill = async (pid: number): Promise<void> => void (await killer`select pg_terminate_backend(${pid})`)
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
const count = async (): Promise<number> => (await store.db.select().from(rows)).length

test('while a statement runs: it rejects, and the store is used as before', async () => {
  for (let round = 0; round < 10; round += 1) {
    const transaction = store.db.transaction(async (tx) => {
      await tx.insert(rows).values({ id: round })
      const pid = await pidOf(tx)
      setTimeout(() => void kill(pid), 10)
      await tx.execute(sql`select pg_sleep(5)`)
    })
    await expect(transaction).rejects.toThrow()
    expect(await count()).toBe(0)
  }
})

test('between statements, with others that wait for a connection', async () => {
  for (let round = 0; round < 10; round += 1) {
    const transaction = store.db.transaction(async (tx) => {
      await tx.insert(rows).values({ id: round })
      await kill(await pidOf(tx))
      await pause(30)
      // Whoever has swallowed the failure and goes on is refused as well.
      await tx
        .insert(rows)
        .values({ id: 100 + round })
        .catch(() => {})
      await tx.transaction((inner) => inner.insert(rows).values({ id: 200 + round })).catch(() => {})
      return 'done'
    })
    const others = Array.from({ length: 6 }, () => store.db.execute(sql`select pg_sleep(0.02)`))
    await expect(transaction).rejects.toThrow()
    await Promise.all(others)
    expect(await count()).toBe(0)
  }
})

test('and a transaction that ends well or throws is what it was', async () => {
  expect(await store.db.transaction(async (tx) => tx.insert(rows).values({ id: 1 }).returning())).toEqual([{ id: 1 }])
  const thrown = store.db.transaction(async (tx) => {
    await tx.insert(rows).values({ id: 2 })
    throw new Error('not today')
  })
  await expect(thrown).rejects.toThrow('not today')
  await store.db.transaction(async (tx) => {
    await tx.transaction((inner) => inner.insert(rows).values({ id: 3 }))
    const failed = tx.transaction(async (inner) => {
      await inner.insert(rows).values({ id: 4 })
      await inner.execute(sql`select 1 / 0`)
    })
    await expect(failed).rejects.toThrow()
  })
  expect((await store.db.select().from(rows).orderBy(rows.id)).map(({ id }) => id)).toEqual([1, 3])
})

test('what is written after a loss is what was meant: JSON, times, lists and texts', async () => {
  const made = {
    j: { a: ['"', 1, null] },
    at: new Date('2025-03-01T09:30:00.123Z'),
    list: ['a,b', '{"}'],
    text: '\\x00',
  }
  for (let round = 0; round < 3; round += 1) {
    await store.db.delete(kinds)
    await store.db.insert(kinds).values(made)
    expect(await store.db.select().from(kinds)).toEqual([made])
    expect([...(await killer`select jsonb_typeof(j) as type from kinds`)]).toEqual([{ type: 'object' }])
    const cut = store.db.transaction(async (tx) => {
      await kill(await pidOf(tx))
      await pause(30)
    })
    await expect(cut).rejects.toThrow()
  }
})

test('a named statement that a pooler has lost is answered, and names are used no more; none within a transaction', async () => {
  const one = postgresStore(url, { maxConnections: 1 })
  const named = prepared((db) =>
    db
      .select({ id: rows.id })
      .from(rows)
      .where(eq(rows.id, sql.placeholder('id')))
      .prepare('row_by_id'),
  )
  const kept = async (): Promise<number> => {
    const [found] = await one.db
      .select({ count: sql<number>`count(*)::int` })
      .from(sql`pg_prepared_statements`)
      .where(sql`statement like '%"rows"%'`)
    return found?.count ?? 0
  }
  await one.db.insert(rows).values({ id: 77 })
  await one.db.transaction((tx) => named(tx).execute({ id: 77 }))
  expect(await kept()).toBe(0)
  for (let round = 0; round < 3; round += 1) expect(await named(one.db).execute({ id: 77 })).toEqual([{ id: 77 }])
  expect(await kept()).toBe(1)
  await one.db.execute(sql`deallocate all`)
  expect(await named(one.db).execute({ id: 77 })).toEqual([{ id: 77 }])
  await one.db.execute(sql`deallocate all`)
  for (let round = 0; round < 3; round += 1) expect(await named(one.db).execute({ id: 77 })).toEqual([{ id: 77 }])
  expect(await kept()).toBe(0)
  await one.db.delete(rows).where(eq(rows.id, 77))
  await one.close()
})

test('a read of the source that is cut off rejects, and the next one answers', async () => {
  const { query, close } = postgresQuery(url, { maxConnections: 1 })
  for (let round = 0; round < 5; round += 1) {
    const [{ pid } = {}] = await query('select pg_backend_pid() as pid', [])
    setTimeout(() => void kill(Number(pid)), 10)
    await expect(query('select pg_sleep(5)', [])).rejects.toThrow()
    expect(await query('select 1 as one', [])).toEqual([{ one: 1 }])
  }
  await close()
})
