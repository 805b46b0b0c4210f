// What a process keeps of the data ends by itself, so that two processes never differ for long.
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { pgliteQuery } from '../../src/db/query.ts'
import { makeAsk } from '../../src/open-translators.ts'
import { silent } from '../setup/app.ts'
import { worldCatalog, worldSql } from '../setup/world.ts'

let pglite: PGlite
beforeAll(async () => {
  pglite = await PGlite.create()
  await pglite.exec(worldSql)
})
afterAll(async () => {
  vi.useRealTimers()
  await pglite.close()
})

test('stored values and suggestions are kept for a quarter of an hour, then read anew', async () => {
  let reads = 0
  const real = pgliteQuery(pglite)
  const asking = makeAsk({
    config: readConfig({ TRANSLATOR: 'builtin' }),
    catalog: worldCatalog,
    query: (...given) => {
      reads += 1
      return real(...given)
    },
    log: silent,
  })
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T12:00:00Z') })
  const scope = { organizationId: 'a', roles: ['admin'] }
  const first = await asking.suggestions(scope)
  const before = reads
  vi.setSystemTime(new Date('2026-03-01T12:14:00Z'))
  expect(await asking.suggestions(scope)).toBe(first)
  expect(reads).toBe(before)
  vi.setSystemTime(new Date('2026-03-01T12:16:00Z'))
  const again = await asking.suggestions(scope)
  await asking.idle()
  expect(again).not.toBe(first)
  expect(reads).toBeGreaterThan(before)
})
