// A transaction that the database ends because it met another runs again as a whole: what it was for happens once, whoever
// asked hears nothing of it. With serializable transactions, as a distributed Postgres has them, this is everyday.
import { asc, eq, sql } from 'drizzle-orm'
import { integer, pgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { auditLog } from '../../src/db/schema-log.ts'
import { tables } from '../../src/db/schema-tables.ts'
import { type Db, postgresStore, type Store } from '../../src/db/store.ts'
import { UserError } from '../../src/errors.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { getTable } from '../../src/tables/get-table.ts'
import { UpdateTable, updateTable } from '../../src/tables/update-table.ts'
import { createDatabase } from '../setup/postgres.ts'
import { member, postgresService, type Service, serviceAt } from '../setup/service.ts'

const accounts = pgTable('accounts', { id: integer('id').primaryKey(), amount: integer('amount').notNull() })
const add = (tx: Db, id: number) =>
  tx
    .update(accounts)
    .set({ amount: sql`${accounts.amount} + 1` })
    .where(eq(accounts.id, id))

describe.each(['read committed', 'repeatable read', 'serializable'])('transactions that are %s', (isolation) => {
  let store: Store
  beforeAll(async () => {
    const url = new URL(await createDatabase(inject('postgresUrl'), `db_conflicts_${isolation.replace(' ', '_')}`))
    url.searchParams.set('default_transaction_isolation', isolation)
    url.searchParams.set('deadlock_timeout', '20ms')
    store = postgresStore(url.href, { maxConnections: 8 })
    await store.db.execute(sql`create table accounts (id int primary key, amount int not null)`)
  })
  afterAll(() => store.close())
  const given = async (): Promise<void> => {
    await store.db.execute(sql`truncate accounts`)
    await store.db.insert(accounts).values([1, 2].map((id) => ({ id, amount: 0 })))
  }
  const amounts = async (): Promise<number[]> =>
    (await store.db.select().from(accounts).orderBy(asc(accounts.id))).map(({ amount }) => amount)

  test('and wait for each other in a ring both happen, each once', async () => {
    await given()
    let [tries, waiting] = [0, 0]
    const both = Promise.withResolvers<void>()
    const crossing = (first: number, second: number) =>
      store.db.transaction(async (tx) => {
        tries += 1
        await add(tx, first)
        waiting += 1
        if (waiting === 2) both.resolve()
        await both.promise
        await add(tx, second)
      })
    await Promise.all([crossing(1, 2), crossing(2, 1)])
    expect(await amounts()).toEqual([2, 2])
    expect(tries).toBeGreaterThan(2)
  })

  test('and change what others read for a change lose nothing', async () => {
    await given()
    const changes = Array.from({ length: 8 }, () =>
      store.db.transaction(async (tx) => {
        const [row] = await tx.select().from(accounts).where(eq(accounts.id, 1)).for('update')
        await tx
          .update(accounts)
          .set({ amount: (row?.amount ?? 0) + 1 })
          .where(eq(accounts.id, 1))
      }),
    )
    await Promise.all(changes)
    expect(await amounts()).toEqual([8, 0])
  })

  test('and fail for a reason of their own run once', async () => {
    await given()
    for (const reason of [new UserError('conflict', 'Cannot'), new Error('a bug'), 'no error at all']) {
      let tries = 0
      const failing = store.db.transaction(async (tx) => {
        tries += 1
        await add(tx, 1)
        throw reason
      })
      await expect(failing).rejects.toBe(reason)
      expect(tries).toBe(1)
    }
    await expect(store.db.transaction((tx) => tx.insert(accounts).values({ id: 1, amount: 0 }))).rejects.toThrow()
    expect(await amounts()).toEqual([0, 0])
  })

  test('and never get through end with one sentence, and leave nothing', async () => {
    await given()
    let tries = 0
    const failing = store.db.transaction(async (tx) => {
      tries += 1
      await add(tx, 1)
      await tx.execute(sql`do $$ begin raise exception sqlstate '40001'; end $$`)
    })
    await expect(failing).rejects.toMatchObject({
      code: 'source_unavailable',
      message: 'Cannot use the store: others keep changing the same rows at the same time',
    })
    expect(tries).toBe(8)
    expect(await amounts()).toEqual([0, 0])
  })
})

describe('verbs over a store whose transactions are serializable', () => {
  let made: Service
  let services: Service[]
  beforeAll(async () => {
    made = await postgresService(inject('postgresUrl'), 'db_conflicts_verbs')
    const url = new URL(made.config.databaseUrl ?? '')
    url.searchParams.set('default_transaction_isolation', 'serializable')
    services = await Promise.all([serviceAt(url.href), serviceAt(url.href)])
  })
  afterAll(() => Promise.all([made, ...services].map((service) => service.close())))

  const definition = { version: 1, dataSources: ['donations'], columns: [{ field: 'amount' }] }
  const input = CreateTable.parse({ name: 'T', definition })
  const TEN = Array.from({ length: 10 }, (_, index) => index)
  const ctxOf = (index: number) => (services[index % 2] as Service).ctx

  test('let one of many changes of the same version through, and tell the others who was first', async () => {
    const { call } = await member(ctxOf(0), { name: 'Ann' })
    const { table } = await createTable({ ...call, input })
    const changes = TEN.map((index) =>
      updateTable({
        ...{ ...call, ctx: ctxOf(index), id: table.id, version: 1 },
        input: UpdateTable.parse({ name: `T ${index}` }),
      }),
    )
    const ends = await Promise.allSettled(changes)
    const won = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
    const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
    expect(won).toHaveLength(1)
    expect(lost.map(({ code }) => code)).toEqual(Array.from({ length: 9 }, () => 'version_conflict'))
    expect(await getTable({ ...call, id: table.id })).toMatchObject({ name: won[0]?.name, version: 2 })
    const lines = await ctxOf(0).db.select().from(auditLog).where(eq(auditLog.subjectId, table.id))
    expect(lines.filter(({ action }) => action === 'tables.update')).toHaveLength(1)
  })

  test('make one table of many calls with one key, and hand the same to all', async () => {
    const { call } = await member(ctxOf(0), { name: 'Bob' })
    const made = await Promise.all(
      TEN.map((index) => createTable({ ...call, ctx: ctxOf(index), input, idempotencyKey: 'one' })),
    )
    expect(new Set(made.map(({ table }) => table.id)).size).toBe(1)
    expect(made.filter(({ repeated }) => !repeated)).toHaveLength(1)
    expect(await ctxOf(0).db.select().from(tables).where(eq(tables.createdBy, call.identity.userId))).toHaveLength(1)
  })
})
