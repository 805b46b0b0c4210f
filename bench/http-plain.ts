// What the API is measured against: Hono, the driver, and one route a statement. No tenant, no check, no snapshot, no log.
// In: the environment's DATABASE_URL and STATEMENTS. Out: its address, on standard output.
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import postgres from 'postgres'
import type { Statement } from '../src/sql/print.ts'

const statements = JSON.parse(process.env.STATEMENTS ?? '{}') as Record<string, Statement>
// As many connections as the API has for screens.
const sql = postgres(process.env.DATABASE_URL ?? '', { max: 6, prepare: false, fetch_types: false })

const app = new Hono().post('/:name', async (c) => {
  await c.req.json()
  const { text, params } = statements[c.req.param('name')] ?? { text: 'select 1', params: [] }
  return c.json({ rows: await sql.unsafe(text, [...params]).values() })
})
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
