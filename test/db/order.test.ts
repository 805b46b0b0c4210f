import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ListConversations, listConversations } from '../../src/conversations/conversations.ts'
import { listDashboards } from '../../src/dashboards/dashboards.ts'
import type { Db } from '../../src/db/store.ts'
import { AllDeliveries, allDeliveries } from '../../src/delivery/all-deliveries.ts'
import { ListDeliveries, listDeliveries } from '../../src/delivery/list-deliveries.ts'
import { ListDocuments } from '../../src/documents/verbs.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { ListTables, listTables } from '../../src/tables/list-tables.ts'
import { createDatabase } from '../setup/postgres.ts'
import { member, type Service, type Somebody, serviceAt } from '../setup/service.ts'

let service: Service
let sql: postgres.Sql
let ann: Somebody
let tableId: string
const asked: { text: string; params: unknown[] }[] = []
beforeAll(async () => {
  const url = await createDatabase(inject('postgresUrl'), 'order')
  service = await serviceAt(url)
  sql = postgres(url, { max: 1, onnotice: () => {} })
  const logger = { logQuery: (text: string, params: unknown[]) => void asked.push({ text, params }) }
  const someone = await member(service.ctx, { role: 'admin' })
  const db = drizzle({ client: sql, logger }) as unknown as Db
  ann = { ...someone, call: { ...someone.call, ctx: { ...service.ctx, db } } }
  const definition = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }] }
  tableId = (await createTable({ ...ann.call, input: CreateTable.parse({ definition }) })).table.id
})
afterAll(async () => {
  await sql.end()
  await service.close()
})

const lists: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['tables, the newest first', () => listTables({ ...ann.call, input: ListTables.parse({}) })],
  ['tables by name', () => listTables({ ...ann.call, input: ListTables.parse({ sort: 'name' }) })],
  ['dashboards', () => listDashboards({ ...ann.call, input: ListDocuments.parse({}) })],
  ['conversations', () => listConversations({ ...ann.call, input: ListConversations.parse({}) })],
  ['deliveries of an organization', () => allDeliveries({ ...ann.call, input: AllDeliveries.parse({}) })],
  ['deliveries of a table', () => listDeliveries({ ...ann.call, id: tableId, input: ListDeliveries.parse({}) })],
]

// An index whose order differs from the query's in where nulls come, say, is of no use to it, and nothing fails: it is only slow.
test.each(lists)('a page of %s is read in the order of an index, however many there are', async (_, list) => {
  asked.length = 0
  await list()
  const pages = asked.filter(({ text }) => /order by .* limit/s.test(text))
  expect(pages).not.toEqual([])
  for (const way of ['seqscan', 'bitmapscan', 'sort', 'incremental_sort']) await sql.unsafe(`set enable_${way} = off`)
  for (const { text, params } of pages) {
    const plan = await sql.unsafe(`explain ${text}`, params as never[])
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).not.toMatch(/\bSort\b/)
  }
})
