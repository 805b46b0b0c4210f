// A catalog that changes breaks no table silently: each is named with its owner and a repair, keeps its last good rows for
// those who could see them, and is mended as a version of its history.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { stringify } from 'yaml'
import { Catalog } from '../../src/catalog/schema.ts'
import type { ServiceContext } from '../../src/context.ts'
import { proposeRepair } from '../../src/definition/repair.ts'
import { Definition } from '../../src/definition/schema.ts'
import { applyRepair, brokenTables } from '../../src/tables/broken-tables.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { executeTable } from '../../src/tables/execute-table.ts'
import { getTable } from '../../src/tables/get-table.ts'
import { ListHistory, tableHistory } from '../../src/tables/history.ts'
import { refreshTable } from '../../src/tables/refresh-table.ts'
import { tableRows } from '../../src/tables/table-rows.ts'
import { cli } from '../setup/cli.ts'
import { member, pgliteService, postgresService, type Service, type Somebody } from '../setup/service.ts'
import { worldCatalog } from '../setup/world.ts'

const byStatus = {
  version: 1,
  dataSources: ['donations'],
  groupBy: [{ field: 'status' }],
  aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
}

/** The same world after somebody renamed a field, for these roles alone if given, and took another away. */
function changed(roles?: readonly string[]): Catalog {
  const { entities, ...rest } = structuredClone(worldCatalog) as Catalog & { entities: Record<string, never> }
  const donations = entities.donations as unknown as {
    fields: Record<string, object>
    metrics: object
    defaultColumns: string[]
  }
  const { amount, fee: _fee, ...fields } = donations.fields
  const next = {
    ...donations,
    fields: { ...fields, amounts: { ...amount, ...(roles && { roles }) } },
    metrics: {},
    defaultColumns: ['status'],
  }
  return Catalog.parse({ ...rest, entities: { ...entities, donations: next } })
}

const databases = [
  { name: 'PGlite', open: pgliteService },
  { name: 'Postgres', open: () => postgresService(inject('postgresUrl'), 'broken_tables') },
]

describe.each(databases)('on $name', ({ open }) => {
  let service: Service
  let before: ServiceContext
  let after: ServiceContext
  let ann: Somebody
  let boss: Somebody
  let vic: Somebody
  beforeAll(async () => {
    service = await open()
    before = service.ctx
    after = { ...before, catalog: changed() }
    ann = await member(before, { name: 'Ann' })
    boss = await member(before, { role: 'admin', name: 'Boss' })
    vic = await member(before, { role: 'viewer', name: 'Vic' })
  })
  afterAll(() => service.close())
  const save = async (definition: object, who = ann): Promise<string> =>
    (await createTable({ ...who.call, input: CreateTable.parse({ definition, visibility: 'ORG' }) })).table.id
  const then = (who: Somebody) => ({ ...who.call, ctx: after })
  const rows = (call: Somebody['call'], id: string, more: object = {}) =>
    tableRows({ ...call, id, timezone: 'UTC', limit: 100, ...more })

  test('a broken table says so with a repair, and shows its last good rows as such', async () => {
    const id = await save(byStatus)
    const good = await rows(ann.call, id)
    expect(good).not.toHaveProperty('stale')
    const table = await getTable({ ...then(ann), id })
    expect(table).toMatchObject({ state: 'broken', issues: [{ code: 'unknown-field' }] })
    expect(table.repair?.aggregates).toEqual([{ id: 'raised', fn: 'sum', field: 'amounts' }])
    const old = await rows(then(ann), id)
    expect(old).toMatchObject({ rows: good.rows, asOf: good.asOf, sentence: good.sentence })
    expect(old.stale?.issues).toMatchObject([{ code: 'unknown-field' }])
    const one = await rows(then(ann), id, { limit: 1 })
    expect((await rows(then(ann), id, { limit: 1, cursor: one.nextCursor })).rows).toEqual([good.rows[1]])
    for (const run of [executeTable, refreshTable])
      await expect(run({ ...then(ann), id, timezone: 'UTC' })).rejects.toMatchObject({ code: 'invalid_definition' })
    expect((await rows(then(ann), id)).rows).toEqual(good.rows)
  })

  test('old rows are for readers who have every role of whoever ran the table, and for nobody else', async () => {
    const id = await save(byStatus, boss)
    await rows(boss.call, id)
    expect((await rows(then(boss), id)).stale).toBeDefined()
    await expect(rows(then(vic), id)).rejects.toMatchObject({ code: 'invalid_definition' })
    await rows(vic.call, id)
    expect((await rows(then(vic), id)).stale).toBeDefined()
    expect((await rows(then(boss), id)).stale).toBeDefined()
  })

  test('old rows stay closed to those from whom the field is hidden under its new name', async () => {
    const id = await save(byStatus)
    await rows(vic.call, id)
    await rows(boss.call, id)
    const restricted = { ...before, catalog: changed(['admin']) }
    await expect(rows({ ...vic.call, ctx: restricted }, id)).rejects.toMatchObject({ code: 'invalid_definition' })
    expect((await rows({ ...boss.call, ctx: restricted }, id)).stale).toBeDefined()
    expect((await rows(then(vic), id)).stale).toBeDefined()
  })

  test('the check names each broken table with its owner, and mends what is clear as a version', async () => {
    const fine = await save({ version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }] })
    const clear = await save({ ...byStatus, title: 'Clear' })
    const lost = await save({ version: 1, dataSources: ['donations'], columns: [{ field: 'fee' }] })
    const { broken, checked } = await brokenTables(after.db, after.catalog)
    expect(checked).toBeGreaterThanOrEqual(3)
    const found = (id: string) => broken.find((table) => table.id === id)
    expect(found(fine)).toBeUndefined()
    expect(found(lost)).toMatchObject({ owner: { name: 'Ann' }, issues: [{ code: 'unknown-field' }] })
    expect(found(lost)).not.toHaveProperty('repair')
    const table = found(clear)
    if (table === undefined) throw new Error('not found')
    expect(await applyRepair(after.db, { ...table, version: 7 }, new Date())).toBe(false)
    expect(await applyRepair(after.db, table, new Date())).toBe(true)
    expect(await getTable({ ...then(ann), id: clear })).toMatchObject({ state: 'ok', version: 2 })
    const { versions } = await tableHistory({ ...then(ann), id: clear, input: ListHistory.parse({}) })
    expect(versions.map(({ kind }) => kind)).toEqual(['updated', 'created'])
    expect((await brokenTables(before.db, before.catalog)).broken.map(({ id }) => id)).toContain(clear)
  })
})

test('a repair changes names alone, all of them or none', () => {
  const catalog = changed()
  const repaired = proposeRepair(
    Definition.parse({ ...byStatus, filters: { field: 'amount', op: 'gt', value: 5 } }),
    catalog,
  )
  expect(repaired?.definition).toMatchObject({ filters: { field: 'amounts', op: 'gt', value: 5 } })
  const half = { ...byStatus, filters: { field: 'fee', op: 'gt', value: 5 } }
  expect(proposeRepair(Definition.parse(half), catalog)).toBeUndefined()
  expect(proposeRepair(Definition.parse(byStatus), worldCatalog)).toBeUndefined()
})

test('the command tells the operator, mends when asked, and its exit code says whether anything is left', async () => {
  const service = await postgresService(inject('postgresUrl'), 'broken_cli')
  const ann = await member(service.ctx, { name: 'Ann' })
  const make = (definition: object) =>
    createTable({ ...ann.call, input: CreateTable.parse({ definition, name: 'Gifts' }) })
  await make(byStatus)
  const file = join(mkdtempSync(join(tmpdir(), 'catalog-')), 'catalog.yaml')
  writeFileSync(file, stringify(changed()))
  const env = { DATABASE_URL: service.config.databaseUrl ?? '', AUTH_SECRET: 'a secret of the tests, 32 characters' }
  const check = (...more: string[]) => cli(['catalog', 'check', '--catalog', file, ...more], { env })
  const told = await check()
  expect(told.code).toBe(1)
  expect(told.out).toContain('1 of 1 saved table would not run')
  expect(told.out).toMatch(/“Gifts” \(tbl_\w+ of a\), owner Ann </)
  expect(told.out).toContain('did you mean "amounts"')
  expect(told.out).toContain('Repair: aggregates:')
  expect(told.err).toContain('catalog check --repair')
  const mended = await check('--repair')
  expect([mended.code, mended.out]).toEqual([0, expect.stringContaining('mended')])
  const again = await check()
  expect([again.code, again.out]).toEqual([0, expect.stringContaining('1 saved table fit')])
  await service.close()
}, 60_000)
