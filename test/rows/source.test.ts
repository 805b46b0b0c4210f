// A snapshot whose settings were refused runs nothing: not without its time limit, and not outside of its transaction.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { postgresSource } from '../../src/rows/source.ts'
import { createDatabase } from '../setup/postgres.ts'

let source: ReturnType<typeof postgresSource>
beforeAll(async () => {
  source = postgresSource(await createDatabase(inject('postgresUrl'), 'rows_source'), { maxConnections: 1 })
})
afterAll(() => source.close())

test.each([0, 50])('work that sends its statement %i ms after settings that are refused gets no rows', async (ms) => {
  const seen: unknown[] = []
  const snapshot = source.snapshot({ timezone: 'Nowhere/At_All', timeoutMs: 5000 }, async (run) => {
    await new Promise((next) => setTimeout(next, ms))
    seen.push(await run('select 1', []).catch(() => 'refused'))
  })
  await expect(snapshot).rejects.toThrow(/time ?zone/i)
  expect(seen).toEqual(['refused'])
  expect(await source.snapshot({ timezone: 'UTC', timeoutMs: 5000 }, (run) => run('show timezone', []))).toEqual([
    ['UTC'],
  ])
})
