// A connection that ends in the middle of a transaction ends the transaction: not the process, and nothing of it is written
// by another connection; what is asked next is answered. The driver alone ends the process here, or never connects again.
import { sql } from 'drizzle-orm'
import { integer, pgTable } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { postgresQuery } from '../../src/db/query.ts'
import { type Db, postgresStore, type Store } from '../../src/db/store.ts'
import { createDatabase } from '../setup/postgres.ts'

const rows = pgTable('rows', { id: integer('id') })
let url: string
let store: Store
let killer: postgres.Sql
beforeAll(async () => {
  url = await createDatabase(inject('postgresUrl'), 'db_lasting')
  killer = postgres(url, { max: 1, onnotice: () => {} })
  await killer`create table rows (id int)`
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
