// Files that a worker makes: it says how far it is, survives a worker's death, stops when told, and only the one who asked
// gets the file, for a while.
import { eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { ServiceContext } from '../../src/context.ts'
import { memberships } from '../../src/db/schema-access.ts'
import { exports, fileLinks, keptFiles, keptPieces } from '../../src/db/schema-deliveries.ts'
import {
  cancelExport,
  exportTurns,
  getExport,
  listExports,
  runExports,
  StartExport,
  startExport,
} from '../../src/delivery/export-job.ts'
import { keepFile } from '../../src/delivery/kept-files.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { ShareTable, shareTable } from '../../src/tables/share-table.ts'
import { member, pgliteService, postgresService, type Service, type Somebody } from '../setup/service.ts'

const contacts = { version: 1, dataSources: ['contacts'], columns: [{ field: 'id' }, { field: 'name' }] }
const phones = { version: 1, dataSources: ['contacts'], columns: [{ field: 'phone' }] }

const databases = [
  { name: 'PGlite', open: pgliteService, rows: 3000 },
  { name: 'Postgres', open: () => postgresService(inject('postgresUrl'), 'export_job'), rows: 150_000 },
]

describe.each(databases)('on $name', ({ open, rows }) => {
  let service: Service
  let ctx: ServiceContext
  let now = Date.parse('2026-03-01T12:00:00Z')
  let ann: Somebody
  let boss: Somebody
  let eve: Somebody
  beforeAll(async () => {
    service = await open()
    ctx = { ...service.ctx, now: () => new Date(now) }
    ann = await member(ctx, { name: 'Ann' })
    boss = await member(ctx, { name: 'Boss', role: 'admin' })
    eve = await member(ctx, { organizationId: 'b', role: 'admin' })
    await service.execute(
      `insert into contacts select 1000 + n, 'a', 'Name ' || n, null, 'Major', null, null from generate_series(1, ${rows}) n`,
    )
  })
  afterAll(() => service.close())

  const call = (who: Somebody) => ({ ctx, identity: who.call.identity })
  const save = async (definition: object, who = ann) =>
    (await createTable({ ...call(who), input: CreateTable.parse({ definition, name: 'People', visibility: 'ORG' }) }))
      .table.id
  const start = (id: string, input: object = {}, who = ann) =>
    startExport({ ...call(who), id, input: StartExport.parse(input) })
  const work = (stop = new AbortController()) => runExports(ctx, stop.signal)

  test('end with a link to every row, for the one who asked and for a week', async () => {
    const asked = await start(await save(contacts))
    expect(asked).toMatchObject({ state: 'queued', rowCount: 0, format: 'csv' })
    expect(await work()).toBe(1)
    const done = await getExport({ ...call(ann), id: asked.id })
    expect(done).toMatchObject({ state: 'done', rowCount: rows + 4, reason: null })
    const app = createApp({ ctx, requestsPerMinute: 1e6 })
    const file = await app.request(done.link ?? '')
    const text = await file.text()
    expect(text.split('\r\n').filter(Boolean)).toHaveLength(rows + 5)
    expect(text).toContain(`Name ${rows}`)
    for (const who of [boss, eve]) {
      await expect(getExport({ ...call(who), id: asked.id })).rejects.toMatchObject({ code: 'not_found' })
      await expect(cancelExport({ ...call(who), id: asked.id })).rejects.toMatchObject({ code: 'not_found' })
      expect(await listExports(call(who))).toEqual([])
    }
    expect(await cancelExport({ ...call(ann), id: asked.id })).toMatchObject({ state: 'done' })
    now += 8 * 86_400_000
    expect(await getExport({ ...call(ann), id: asked.id })).not.toHaveProperty('link')
    expect((await app.request(done.link ?? '')).status).toBe(404)
  })

  test('take the options of CSV, as a download does', async () => {
    const asked = await start(await save(contacts), { options: { delimiter: ';', bom: true } })
    await work()
    const { link = '' } = await getExport({ ...call(ann), id: asked.id })
    const bytes = new Uint8Array(await (await createApp({ ctx, requestsPerMinute: 1e6 }).request(link)).arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(new TextDecoder().decode(bytes.subarray(3, 60))).toMatch(/^Contact id;Name\r\n/)
  })

  test('are behind links that close when the one who asked loses the table, a role or the organization', async () => {
    const app = createApp({ ctx, requestsPerMinute: 1e6 })
    const cat = await member(ctx, { name: 'Cat', role: 'admin' })
    const id = await save(phones, boss)
    const asked = await start(id, {}, cat)
    await work()
    const link = async () => (await getExport({ ...call(cat), id: asked.id })).link ?? ''
    const first = await link()
    const open = async (path = first) => (await app.request(path)).status
    expect(await open()).toBe(200)
    const share = async (visibility: 'PRIVATE' | 'ORG') =>
      shareTable({ ...call(boss), id, input: ShareTable.parse({ visibility }) })
    await share('PRIVATE')
    // An admin sees every table; somebody else does not any more.
    const role = (to: 'viewer' | 'admin') =>
      ctx.db.update(memberships).set({ role: to }).where(eq(memberships.userId, cat.userId))
    await role('viewer')
    expect(await open()).toBe(404)
    await share('ORG')
    // Phones are for admins.
    expect(await open()).toBe(404)
    await role('admin')
    expect(await open()).toBe(200)
    for (let asking = 0; asking < 9; asking += 1) await link()
    expect(await ctx.db.select().from(fileLinks).where(eq(fileLinks.recipient, cat.userId))).toHaveLength(5)
    const last = await link()
    expect([await open(last), await open(first)]).toEqual([200, 404])
    await ctx.db.delete(memberships).where(eq(memberships.userId, cat.userId))
    expect(await open(last)).toBe(404)
  })

  test('never keep more than an organization may, however many are written at once', async () => {
    await ctx.db.delete(keptFiles)
    const about = { organizationId: 'a', subjectId: 'tbl_x', name: 'x', contentType: 'text/csv' }
    const megabyte = new Uint8Array(1024 * 1024)
    const write = () =>
      keepFile(
        ctx.db,
        about,
        (async function* () {
          for (let n = 0; n < 3; n += 1) yield megabyte
        })(),
        ctx.now(),
        10 * megabyte.length,
      )
    const done = await Promise.allSettled(Array.from({ length: 6 }, write))
    const kept = done.filter(({ status }) => status === 'fulfilled').length
    expect(kept).toBeLessThanOrEqual(3)
    for (const one of done) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' })
    const pieces = await ctx.db.select({ data: keptPieces.data }).from(keptPieces)
    expect(pieces.reduce((sum, { data }) => sum + data.length, 0)).toBe(kept * 3 * megabyte.length)
    await ctx.db.delete(keptFiles)
  })

  test('that are cancelled when their file is finished keep none', async () => {
    const before = (await ctx.db.select().from(keptFiles)).length
    const asked = await start(await save(contacts))
    let cancelled = false
    const db = new Proxy(ctx.db, {
      get: (target, key) => {
        const value = Reflect.get(target, key, target)
        if (key !== 'update') return typeof value === 'function' ? value.bind(target) : value
        return (table: unknown) => {
          // The file is marked as whole: the cancellation comes between this and "done".
          if (table !== keptFiles) return target.update(table as never)
          return {
            set: (set: object) => ({
              where: async (where: never) => {
                await target.update(keptFiles).set(set).where(where)
                if ('complete' in set) {
                  cancelled = true
                  await cancelExport({ ...call(ann), id: asked.id })
                }
              },
            }),
          }
        }
      },
    })
    await runExports({ ...ctx, db }, new AbortController().signal)
    expect(cancelled).toBe(true)
    expect(await getExport({ ...call(ann), id: asked.id })).toMatchObject({ state: 'cancelled' })
    expect((await ctx.db.select().from(keptFiles)).length).toBe(before)
  })

  test('go on after a worker died, from the beginning and not twice', async () => {
    const asked = await start(await save(contacts), { format: 'xlsx' })
    const dead = { state: 'running' as const, token: 'dead', leaseUntil: new Date(now + 60_000) }
    await ctx.db.update(exports).set(dead).where(eq(exports.id, asked.id))
    expect(await work()).toBe(0)
    now += 120_000
    const [one, two] = await Promise.all([work(), work()])
    expect((one ?? 0) + (two ?? 0)).toBe(1)
    expect(await getExport({ ...call(ann), id: asked.id })).toMatchObject({ state: 'done', rowCount: rows + 4 })
  })

  test('that lose their database are tried again while that may pass, and fail with its reason after a quarter of an hour', async () => {
    const gone = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
    const without = { ...ctx, source: { ...ctx.source, snapshot: () => Promise.reject(gone) } }
    const workWithout = () => runExports(without, new AbortController().signal)
    const [passing, lasting] = [await start(await save(contacts)), await start(await save(contacts))]
    await workWithout()
    // Nobody takes them up again at once.
    expect(await work()).toBe(0)
    await cancelExport({ ...call(ann), id: lasting.id })
    now += 30_000
    expect(await work()).toBe(1)
    expect(await getExport({ ...call(ann), id: passing.id })).toMatchObject({ state: 'done', rowCount: rows + 4 })
    expect(await getExport({ ...call(ann), id: lasting.id })).toMatchObject({ state: 'cancelled' })

    const late = await start(await save(contacts))
    await workWithout()
    now += 16 * 60_000
    await workWithout()
    expect(await getExport({ ...call(ann), id: late.id })).toMatchObject({
      state: 'failed',
      reason: 'Cannot reach the database: nothing listens at its address',
    })
  })

  test('are given back by a worker that is stopped', async () => {
    const asked = await start(await save(contacts))
    const stop = new AbortController()
    const working = work(stop)
    stop.abort()
    await working
    expect(['queued', 'done']).toContain((await getExport({ ...call(ann), id: asked.id })).state)
    await work()
    expect(await getExport({ ...call(ann), id: asked.id })).toMatchObject({ state: 'done' })
  })

  test('that are cancelled leave no file, and the next one is made', async () => {
    const before = (await ctx.db.select().from(keptFiles)).length
    const [first, second] = [await start(await save(contacts)), await start(await save(contacts))]
    await cancelExport({ ...call(ann), id: first.id })
    await work()
    expect(await getExport({ ...call(ann), id: first.id })).toMatchObject({ state: 'cancelled' })
    expect(await getExport({ ...call(ann), id: second.id })).toMatchObject({ state: 'done' })
    expect((await ctx.db.select().from(keptFiles)).length).toBe(before + 1)
  })

  test('are made for organizations in turn, however many one of them asks for', async () => {
    let ticks = now
    const later = () => {
      ticks += 1
      return new Date(ticks)
    }
    const ticking: ServiceContext = { ...ctx, now: later }
    const begin = async (who: Somebody, name: string) => {
      const input = CreateTable.parse({ definition: { ...contacts, limit: 1 }, name })
      const { table } = await createTable({ ...call(who), input })
      const asked = { ctx: ticking, identity: who.call.identity, id: table.id, input: StartExport.parse({}) }
      return (await startExport(asked)).id
    }
    const ids = [await begin(ann, '1'), await begin(ann, '2'), await begin(boss, '3'), await begin(eve, '4')]
    expect(await runExports(ticking, new AbortController().signal)).toBe(4)
    const made = await ctx.db.select().from(exports).where(inArray(exports.id, ids)).orderBy(exports.finishedAt)
    expect(made.map(({ id }) => ids.indexOf(id) + 1)).toEqual([1, 4, 2, 3])
  })

  test('a long one of an organization keeps no other organization waiting', async () => {
    const held = Promise.withResolvers<void>()
    const begun: string[] = []
    const slow: ServiceContext = {
      ...ctx,
      source: {
        ...ctx.source,
        snapshot: async (options, asked) => {
          begun.push(options.organizationId ?? '')
          if (options.organizationId === 'a') await held.promise
          return ctx.source.snapshot(options, asked)
        },
      },
    }
    const [mine] = [await start(await save(contacts)), await start(await save(contacts))]
    const own = exportTurns()
    const run = () => runExports(slow, new AbortController().signal, own)
    const long = run()
    await expect.poll(() => begun, { timeout: 20_000 }).toEqual(['a'])
    // Another place finds nothing that it may make: what waits is of the same organization.
    expect(await run()).toBe(0)
    const theirs = await start(await save(contacts, eve), {}, eve)
    expect(await run()).toBe(1)
    expect(await getExport({ ...call(eve), id: theirs.id })).toMatchObject({ state: 'done' })
    expect(await getExport({ ...call(ann), id: mine?.id ?? '' })).toMatchObject({ state: 'running' })
    held.resolve()
    expect(await long).toBe(2)
  })

  test('are refused for columns one may not see, and when too many are under way', async () => {
    const hidden = await save(phones, boss)
    await expect(start(hidden)).rejects.toMatchObject({ code: 'columns_hidden' })
    await expect(start('tbl_none')).rejects.toMatchObject({ code: 'not_found' })
    const id = await save(contacts)
    const open = await Promise.all(Array.from({ length: 5 }, () => start(id)))
    await expect(start(id)).rejects.toMatchObject({ code: 'conflict' })
    for (const one of open) await cancelExport({ ...call(ann), id: one.id })
  })
})

test('one that is cancelled while it runs stops, and keeps nothing', async () => {
  const service = await postgresService(inject('postgresUrl'), 'export_cancel')
  const ann = await member(service.ctx)
  await service.execute(
    `insert into contacts select 1000 + n, 'a', repeat('x', 200), null, 'Major', null, null from generate_series(1, 900000) n`,
  )
  const { table } = await createTable({ ...ann.call, input: CreateTable.parse({ definition: contacts, name: 'P' }) })
  const asked = await startExport({ ...ann.call, id: table.id, input: StartExport.parse({}) })
  const working = runExports(service.ctx, new AbortController().signal)
  for (let seen = 0; seen === 0; ) {
    await new Promise((done) => setTimeout(done, 50))
    const view = await getExport({ ...ann.call, id: asked.id })
    if (view.state === 'done') throw new Error('it was faster than the test')
    seen = view.rowCount
  }
  await cancelExport({ ...ann.call, id: asked.id })
  await working
  expect(await getExport({ ...ann.call, id: asked.id })).toMatchObject({ state: 'cancelled' })
  expect(await service.ctx.db.select().from(keptFiles)).toEqual([])
  await service.close()
}, 60_000)
