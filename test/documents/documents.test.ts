// Dashboards, views and reports: a table shows in them to those who may see it, filtered as a whole or not at all, and
// nothing dangles when one of them goes.
import { eq } from 'drizzle-orm'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { read } from 'xlsx'
import type { ServiceContext } from '../../src/context.ts'
import {
  CreateDashboard,
  createDashboard,
  deleteDashboard,
  getDashboard,
  listDashboards,
  PatchDashboard,
  restoreDashboard,
  shareDashboard,
  updateDashboard,
} from '../../src/dashboards/dashboards.ts'
import { refreshDashboard, tileRows } from '../../src/dashboards/tile-rows.ts'
import { documents } from '../../src/db/schema-documents.ts'
import { auditLog } from '../../src/db/schema-log.ts'
import { tables } from '../../src/db/schema-tables.ts'
import { ListDeleted, listDeleted } from '../../src/documents/deleted.ts'
import { ListDocuments, ShareDocument } from '../../src/documents/verbs.ts'
import { tidyUp } from '../../src/jobs/housekeeping.ts'
import { removeMember } from '../../src/people/remove-member.ts'
import { exportReport } from '../../src/reports/export-report.ts'
import { CreateReport, createReport, deleteReport, getReport, updateReport } from '../../src/reports/reports.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { deleteTable, restoreTable } from '../../src/tables/delete-table.ts'
import { getTable } from '../../src/tables/get-table.ts'
import { updateTable } from '../../src/tables/update-table.ts'
import { CreateView, createView, deleteView, listViews, restoreView, updateView } from '../../src/views/views.ts'
import { member, pgliteService, postgresService, type Service, type Somebody } from '../setup/service.ts'

const byStatus = {
  version: 1,
  dataSources: ['donations'],
  groupBy: [{ field: 'status' }],
  aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
}
const byCampaign = {
  version: 1,
  dataSources: ['campaigns', 'donations'],
  groupBy: [{ field: 'name' }],
  aggregates: [{ id: 'raised', fn: 'sum', field: 'donations.amount' }],
}
const twoFacts = {
  ...byCampaign,
  dataSources: ['campaigns', 'donations', 'pledges'],
  aggregates: [
    { id: 'raised', fn: 'sum', field: 'donations.amount' },
    { id: 'pledged', fn: 'sum', field: 'pledges.amount' },
  ],
}
const contacts = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }] }
const phones = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }, { field: 'phone' }] }

const filters = [
  { id: 'channel', label: 'Channel', field: { entity: 'campaigns', field: 'channel' }, op: 'eq' },
  { id: 'segment', label: 'Segment', field: { entity: 'contacts', field: 'segment' }, op: 'eq' },
  { id: 'status', label: 'Status', field: { entity: 'donations', field: 'status' }, op: 'eq' },
  { id: 'when', label: 'When', field: 'date', op: 'in_period' },
]

const databases = [
  { name: 'PGlite', open: pgliteService },
  { name: 'Postgres', open: () => postgresService(inject('postgresUrl'), 'documents') },
]

describe.each(databases)('on $name', ({ open }) => {
  let service: Service
  let ctx: ServiceContext
  let ann: Somebody
  let bob: Somebody
  let vic: Somebody
  let boss: Somebody
  let eve: Somebody
  beforeAll(async () => {
    service = await open()
    ctx = service.ctx
    ann = await member(ctx, { name: 'Ann' })
    bob = await member(ctx, { name: 'Bob' })
    vic = await member(ctx, { role: 'viewer', name: 'Vic' })
    boss = await member(ctx, { role: 'admin', name: 'Boss' })
    eve = await member(ctx, { organizationId: 'b', role: 'admin', name: 'Eve' })
  })
  afterAll(() => service.close())

  const save = async (definition: object, more: object = {}, who = ann): Promise<string> =>
    (await createTable({ ...who.call, input: CreateTable.parse({ definition, visibility: 'ORG', ...more }) })).table.id
  const tile = (tableId: string, id = 't') => ({ id, tableId, x: 0, y: 0, width: 6, height: 8 })
  const dashboard = async (tiles: object[], more: object = {}, who = ann) =>
    (
      await createDashboard({
        ...who.call,
        input: CreateDashboard.parse({ name: 'D', visibility: 'ORG', tiles, ...more }),
      })
    ).dashboard
  const rowsOf = (who: Somebody, id: string, values: object = {}, tileId = 't') =>
    tileRows({ ...who.call, id, tileId, timezone: 'UTC', values: values as Record<string, unknown> })
  const see = (who: Somebody, id: string) => getDashboard({ ...who.call, id })

  describe('dashboards', () => {
    test('filter a table before it counts: over its own rows, or over all that it counts, or not at all', async () => {
      const tables = [byStatus, byCampaign, twoFacts, contacts]
      const ids = await Promise.all(tables.map((definition) => save(definition)))
      const tiles = ids.map((id, index) => tile(id, `t${index}`))
      const { id } = await dashboard(tiles, { filters })
      const read = async (index: number, values: object) => {
        const { rows, appliedFilters, ignoredFilters } = await rowsOf(ann, id, values, `t${index}`)
        return { rows, appliedFilters, ignored: ignoredFilters.map((one) => one.id) }
      }
      // Gifts 1, 2 and 6 are of the one campaign by e-mail: 100 + 50.50 + nothing.
      expect(await read(0, { channel: 'email' })).toEqual({
        ...{ rows: [['completed', '150.50']], appliedFilters: ['channel'], ignored: [] },
      })
      // Of 2025: 100 + 50.50 + 10 + 200 + 5, and 75 refunded.
      expect(await read(0, { when: { year: 2025 } })).toMatchObject({
        rows: [
          ['completed', '365.50'],
          ['refunded', '75.00'],
        ],
      })
      expect(await read(1, { when: { year: 2024 } })).toMatchObject({
        rows: [
          ['Fall Gala', null],
          ['Quiet Week', null],
          ['Spring Appeal', null],
        ],
        appliedFilters: ['when'],
      })
      // Of major donors: gifts 1 and 2, and gift 7; the campaigns stay.
      expect(await read(1, { segment: 'Major' })).toMatchObject({
        rows: [
          ['Fall Gala', '200.00'],
          ['Quiet Week', null],
          ['Spring Appeal', '150.50'],
        ],
      })
      expect(await read(2, { segment: 'Major' })).toMatchObject({
        rows: [
          ['Fall Gala', '200.00', null],
          ['Quiet Week', null, null],
          ['Spring Appeal', '150.50', '800.00'],
        ],
      })
      // Pledges have no status of a gift: a number would escape, so no number is filtered.
      const plain = await read(2, {})
      expect(await read(2, { status: 'completed' })).toEqual({ ...plain, ignored: ['status'] })
      expect(await read(3, { channel: 'email' })).toMatchObject({ appliedFilters: [], ignored: ['channel'] })
      expect(await read(0, { channel: 'email', when: { year: 2025 }, status: 'refunded' })).toMatchObject({
        rows: [],
        appliedFilters: ['channel', 'status', 'when'],
      })
    })

    test('cut no time of a table that compares two, and count a metric by the rows that it counts', async () => {
      const byMonth = {
        ...{ version: 1, dataSources: ['donations'], groupBy: [{ field: 'received_at', grain: 'month' }] },
        aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
        compare: { to: 'previous_period' },
      }
      const compared = await dashboard([tile(await save(byMonth))], { filters })
      const plain = await rowsOf(ann, compared.id)
      const cut = await rowsOf(ann, compared.id, { when: { year: 2025 } })
      expect(cut.ignoredFilters).toMatchObject([{ id: 'when', reason: expect.stringContaining('compares') }])
      expect(cut.rows).toEqual(plain.rows)
      expect((await rowsOf(ann, compared.id, { status: 'refunded' })).appliedFilters).toEqual(['status'])
      const metric = { ...byCampaign, aggregates: [{ id: 'raised', metric: 'donations.raised' }] }
      const counted = await dashboard([tile(await save(metric))], { filters })
      expect((await rowsOf(ann, counted.id, { when: { year: 2025 } })).rows).toEqual([
        ['Fall Gala', '210.00'],
        ['Quiet Week', null],
        ['Spring Appeal', '150.50'],
      ])
      const inherited = [{ ...filters[0], id: 'constructor', value: 'email' }]
      const odd = await dashboard([tile(await save(byStatus))], { filters: inherited })
      expect((await rowsOf(ann, odd.id)).rows).toEqual([['completed', '150.50']])
    })

    test('say why a filter was not taken, and take no value that the table cannot', async () => {
      const { id } = await dashboard([tile(await save(contacts))], { filters })
      const { ignoredFilters } = await rowsOf(ann, id, { channel: 'email', when: { year: 2025 }, segment: 'Nonsense' })
      expect(ignoredFilters).toEqual([
        { id: 'channel', reason: 'Its rows do not lead to Campaigns' },
        { id: 'segment', reason: expect.stringContaining('Nonsense') },
        { id: 'when', reason: expect.any(String) },
      ])
      await expect(rowsOf(ann, id, { other: 1 })).rejects.toMatchObject({ code: 'invalid_request' })
      await expect(rowsOf(ann, id, {}, 'other')).rejects.toMatchObject({ code: 'not_found' })
    })

    test('begin with the values of their filters, which a reader may take off', async () => {
      const set = filters.map((one) => (one.id === 'channel' ? { ...one, value: 'email' } : one))
      const { id } = await dashboard([tile(await save(byStatus))], { filters: set })
      expect((await rowsOf(ann, id)).rows).toEqual([['completed', '150.50']])
      expect((await rowsOf(ann, id, { channel: null })).rows).toHaveLength(2)
    })

    test('tell a reader nothing of a table that is not shared with them, and show others what is theirs', async () => {
      const secret = await save(byStatus, { name: 'Secret', visibility: 'PRIVATE' })
      const hidden = await save(phones, { name: 'Phones' }, boss)
      const { id } = await dashboard([tile(secret, 's'), tile(hidden, 'h')])
      const seen = await see(vic, id)
      expect(seen.tiles.map(({ table }) => table)).toEqual([
        { tableId: secret, state: 'not_shared', access: null, name: null, sentence: null },
        { tableId: hidden, state: 'hidden', access: 'view', name: 'Phones', sentence: null },
      ])
      expect(JSON.stringify(seen)).not.toContain('Secret')
      await expect(rowsOf(vic, id, {}, 's')).rejects.toMatchObject({ code: 'not_found' })
      await expect(rowsOf(vic, id, {}, 'h')).rejects.toMatchObject({ code: 'columns_hidden' })
      expect((await rowsOf(boss, id, {}, 'h')).rows.length).toBeGreaterThan(0)
      const refreshed = await refreshDashboard({ ...vic.call, id, timezone: 'UTC' })
      expect(refreshed).toEqual([
        { tileId: 's', asOf: null, failed: 'It is not shared with you' },
        { tileId: 'h', asOf: null, failed: expect.stringContaining('columns') },
      ])
    })

    test('take no table that the one who puts it there does not see; what stands there stays', async () => {
      const secret = await save(byStatus, { visibility: 'PRIVATE' })
      await expect(dashboard([tile(secret)], {}, bob)).rejects.toMatchObject({ code: 'not_found' })
      const foreign = await save(byStatus, {}, eve)
      await expect(dashboard([tile(foreign)])).rejects.toMatchObject({ code: 'not_found' })
      const { id, version } = await dashboard([tile(secret)], { orgPermission: 'edit' })
      const tiles = [{ ...tile(secret), x: 6 }]
      const input = PatchDashboard.parse({ tiles })
      const moved = await updateDashboard({ ...bob.call, id, version, input })
      expect(moved.tiles[0]).toMatchObject({ x: 6, table: { state: 'not_shared' } })
    })

    test('change only from the version that was read, and write down who did what', async () => {
      const { id } = await dashboard([])
      const rename = (name: string, version?: number) =>
        updateDashboard({ ...ann.call, id, version, input: PatchDashboard.parse({ name }) })
      const outcomes = await Promise.allSettled([rename('A', 1), rename('B', 1), rename('C', 1)])
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      await expect(rename('D')).rejects.toMatchObject({ code: 'version_required' })
      await shareDashboard({ ...ann.call, id, input: ShareDocument.parse({ visibility: 'PRIVATE' }) })
      await deleteDashboard({ ...ann.call, id })
      await expect(see(ann, id)).rejects.toMatchObject({ code: 'not_found' })
      await restoreDashboard({ ...ann.call, id })
      await expect(see(bob, id)).rejects.toMatchObject({ code: 'not_found' })
      const lines = await ctx.db.select().from(auditLog)
      expect(lines.filter(({ subjectId }) => subjectId === id).map(({ action }) => action)).toEqual([
        'dashboards.create',
        'dashboards.update',
        'dashboards.share',
        'dashboards.delete',
        'dashboards.restore',
      ])
    })

    test('refuse what the grid cannot hold', () => {
      const bad = (one: object) =>
        CreateDashboard.safeParse({ name: 'D', tiles: [{ ...tile('tbl_x'), ...one }] }).success
      expect(bad({})).toBe(true)
      for (const one of [{ x: 8 }, { width: 13 }, { height: 0 }, { x: -1 }, { id: '' }, { more: 1 }, { showAs: 'pie' }])
        expect(bad(one), JSON.stringify(one)).toBe(false)
      const twice = { name: 'D', tiles: [tile('tbl_x'), tile('tbl_y')] }
      expect(CreateDashboard.safeParse(twice).success).toBe(false)
    })
  })

  describe('pinning', () => {
    test('is the same from the table and from the dashboard, and leaves nothing dangling', async () => {
      const table = await save(byStatus)
      const { id } = await dashboard([])
      const report = (await createReport({ ...ann.call, input: CreateReport.parse({ name: 'R' }) })).report.id
      const destinations = [
        { type: 'dashboard' as const, id },
        { type: 'report' as const, id: report },
        { type: 'view' as const },
      ]
      const pinned = await updateTable({ ...ann.call, id: table, version: 1, input: { destinations } })
      expect(pinned.destinations.map(({ type }) => type)).toEqual(['dashboard', 'report', 'view'])
      expect((await see(ann, id)).tiles).toMatchObject([{ tableId: table, table: { state: 'ok' } }])
      expect((await getReport({ ...ann.call, id: report })).items).toMatchObject([{ kind: 'table', tableId: table }])
      expect((await listViews(ann.call)).map(({ tableId }) => tableId)).toContain(table)

      await deleteTable({ ...ann.call, id: table })
      expect((await see(ann, id)).tiles[0]?.table).toMatchObject({ state: 'deleted', access: 'own' })
      expect((await see(vic, id)).tiles[0]?.table).toMatchObject({ state: 'deleted', access: 'view' })
      expect((await listViews(ann.call)).map(({ tableId }) => tableId)).not.toContain(table)
      await restoreTable({ ...ann.call, id: table })
      expect((await see(ann, id)).tiles[0]?.table).toMatchObject({ state: 'ok' })

      const version = (await see(ann, id)).version
      await updateDashboard({ ...ann.call, id, version, input: PatchDashboard.parse({ tiles: [] }) })
      const left = await getTable({ ...ann.call, id: table })
      expect(left.destinations.map(({ type }) => type)).toEqual(['report', 'view'])
      const none = await updateTable({ ...ann.call, id: table, version: left.version, input: { destinations: [] } })
      expect(none.destinations).toEqual([])
      expect((await getReport({ ...ann.call, id: report })).items).toEqual([])
      expect((await listViews(ann.call)).map(({ tableId }) => tableId)).not.toContain(table)
    })

    test('stands as its rows say it best, from its making as after a change, and as a table while they say nothing', async () => {
      const { id } = await dashboard([])
      const destinations = [{ type: 'dashboard' as const, id }]
      const total = { version: 1, dataSources: ['donations'], aggregates: byStatus.aggregates }
      await save(total, { destinations })
      const bars = await save(byStatus)
      await updateTable({ ...ann.call, id: bars, version: 1, input: { destinations } })
      const list = await save(contacts)
      await updateTable({
        ...ann.call,
        id: list,
        version: 1,
        input: { destinations, definition: { ...contacts, limit: 2 } },
      })
      const looks = async () =>
        (await see(ann, id)).tiles.map(({ showAs, x, y, width, height }) => ({ showAs, x, y, width, height }))
      const made = await looks()
      expect(made).toEqual([
        { showAs: 'number', x: 0, y: 0, width: 3, height: 4 },
        { showAs: 'chart', x: 3, y: 0, width: 6, height: 4 },
        { showAs: 'table', x: 0, y: 4, width: 6, height: expect.any(Number) },
      ])
      // What stands there already is neither moved nor sized anew.
      const { version } = await getTable({ ...ann.call, id: bars })
      await updateTable({ ...ann.call, id: bars, version, input: { destinations, name: 'Bars' } })
      expect(await looks()).toEqual(made)
      const slow = { ...ann.call, signal: AbortSignal.abort() }
      const unread = await save(byStatus)
      await updateTable({ ...slow, id: unread, version: 1, input: { destinations } })
      expect((await looks()).at(-1)).toMatchObject({ showAs: 'table', width: 6, height: 8 })
    })

    test('needs the right to change the dashboard; where else a table stands is told to nobody else', async () => {
      const table = await save(byStatus, { orgPermission: 'edit' })
      const mine = await dashboard([tile(table)], { visibility: 'PRIVATE' })
      expect((await getTable({ ...bob.call, id: table })).destinations).toEqual([])
      const destinations = [{ type: 'dashboard' as const, id: mine.id }]
      const change = updateTable({ ...bob.call, id: table, version: 1, input: { destinations } })
      await expect(change).rejects.toMatchObject({ code: 'not_found' })
      await updateTable({ ...bob.call, id: table, version: 1, input: { destinations: [] } })
      expect((await see(ann, mine.id)).tiles).toHaveLength(1)
      await deleteDashboard({ ...ann.call, id: mine.id })
      expect((await getTable({ ...ann.call, id: table })).destinations).toEqual([])
    })
  })

  describe('views', () => {
    test('stand in sections and places, for whoever sees the table', async () => {
      const open = await save(byStatus, { name: 'Open' })
      const closed = await save(byCampaign, { name: 'Closed', visibility: 'PRIVATE' })
      const put = async (tableId: string, more: object) =>
        (await createView({ ...ann.call, input: CreateView.parse({ tableId, section: 'Daily', ...more }) })).view
      const second = await put(open, { position: 2, label: 'Second' })
      const first = await put(open, { position: 1 })
      const other = await put(closed, { section: 'A' })
      const own = await put(open, { section: 'Mine', visibility: 'PRIVATE' })
      const ids = async (who: Somebody) => (await listViews(who.call)).map(({ id }) => id)
      const all = [other, first, second, own].map(({ id }) => id)
      expect((await ids(ann)).filter((id) => all.includes(id))).toEqual(all)
      expect((await ids(vic)).filter((id) => all.includes(id))).toEqual([first.id, second.id])
      await updateView({ ...bob.call, id: second.id, version: 1, input: { position: 0, label: 'Now first' } })
      expect((await ids(vic)).filter((id) => all.includes(id))).toEqual([second.id, first.id])
      await deleteView({ ...bob.call, id: first.id })
      expect(await ids(ann)).not.toContain(first.id)
      expect(await ids(eve)).toEqual([])
    })
  })

  describe('reports', () => {
    const collect = async (bytes: AsyncIterable<Uint8Array>) => {
      const parts: Uint8Array[] = []
      for await (const part of bytes) parts.push(part)
      return Buffer.concat(parts)
    }

    test('are one file: a sheet a table, or a file a table; what the reader may not see is said to be left out', async () => {
      const one = await save(byStatus, { name: 'By status' })
      const secret = await save(byCampaign, { name: 'Board only', visibility: 'PRIVATE' })
      const two = await save(byCampaign, { name: 'By campaign' })
      const items = [
        { kind: 'text', text: 'How we did', style: 'heading' },
        { kind: 'table', tableId: one },
        { kind: 'text', text: 'And where from.' },
        { kind: 'table', tableId: secret },
        { kind: 'table', tableId: two, title: 'Where from' },
        { kind: 'text', text: 'The end.' },
      ]
      const input = CreateReport.parse({ name: 'Quarter', description: 'For all.', visibility: 'ORG', items })
      const { id } = (await createReport({ ...ann.call, input })).report
      const file = async (who: Somebody, format: 'xlsx' | 'csv' | 'pdf') => {
        const made = await exportReport({ ...who.call, id, format, timezone: 'UTC' })
        return { ...made, data: await collect(made.bytes), count: made.rowCount() }
      }
      const book = await file(ann, 'xlsx')
      expect(read(book.data).SheetNames).toEqual(['By status', 'Board only', 'Where from', 'About'])
      expect(book.count).toBe(8)
      expect(book.name).toBe('Quarter 2026-03-01.xlsx')
      const theirs = await file(vic, 'xlsx')
      expect(read(theirs.data).SheetNames).toEqual(['By status', 'Where from', 'About'])
      const about = JSON.stringify(read(theirs.data).Sheets.About)
      expect(about).toContain('A table is left out: it is not shared with you.')
      expect(about).not.toContain('Board only')
      const zip = unzipSync(new Uint8Array((await file(vic, 'csv')).data))
      expect(Object.keys(zip)).toEqual(['01 By status 2026-03-01.csv', '02 Where from 2026-03-01.csv', 'Report.txt'])
      const text = new TextDecoder().decode(zip['Report.txt'])
      expect(text.indexOf('How we did')).toBeLessThan(text.indexOf('And where from.'))
      expect(text).toContain('The end.')
      const pdf = await file(ann, 'pdf')
      expect(pdf.data.subarray(0, 5).toString()).toBe('%PDF-')
    })

    test('without a table to show are no file; others’ reports are not there', async () => {
      const { report } = await createReport({ ...ann.call, input: CreateReport.parse({ name: 'Empty' }) })
      const empty = exportReport({ ...ann.call, id: report.id, format: 'pdf', timezone: 'UTC' })
      await expect(empty).rejects.toMatchObject({ code: 'conflict' })
      for (const who of [bob, boss, eve])
        for (const id of [report.id, 'rep_0000000000'])
          await expect(getReport({ ...who.call, id })).rejects.toMatchObject({ code: 'not_found' })
      const items = [{ kind: 'text' as const, text: 'x', style: 'paragraph' as const }]
      const changed = await updateReport({ ...ann.call, id: report.id, version: 1, input: { items } })
      expect(changed).toMatchObject({ version: 2, items })
    })
  })

  test('a member who leaves hands dashboards on with the tables', async () => {
    const gone = await member(ctx, { name: 'Gone' })
    const { id } = await dashboard([], { visibility: 'PRIVATE' }, gone)
    const leave = (transferTo?: string) => removeMember({ ...boss.call, userId: gone.userId, transferTo })
    await expect(leave()).rejects.toMatchObject({ code: 'conflict' })
    await leave(ann.userId)
    expect((await see(ann, id)).owner.id).toBe(ann.userId)
  })

  test('what was deleted is listed for those who may restore it, with who did it and until when, and then goes', async () => {
    const cay = await member(ctx, { name: 'Cay' })
    const table = await save(byStatus, { name: 'T' }, cay)
    const secret = await save(byStatus, { name: 'S', visibility: 'PRIVATE' }, cay)
    const { id: board } = await dashboard([tile(table)], { name: 'D' }, cay)
    const report = (await createReport({ ...cay.call, input: CreateReport.parse({ name: 'R', visibility: 'ORG' }) }))
      .report.id
    const input = CreateView.parse({ tableId: table, section: 'Goes' })
    const { view } = await createView({ ...cay.call, input })
    await deleteView({ ...cay.call, id: view.id })
    await deleteReport({ ...cay.call, id: report })
    await deleteDashboard({ ...boss.call, id: board })
    await deleteTable({ ...cay.call, id: secret })
    await deleteTable({ ...cay.call, id: table })
    const ours = new Set([table, secret, board, report, view.id])
    const listed = async (who: Somebody, query: object = {}) => {
      const { deleted, nextCursor } = await listDeleted({ ...who.call, input: ListDeleted.parse(query) })
      return { ids: deleted.filter(({ id }) => ours.has(id)).map(({ id }) => id), deleted, nextCursor }
    }
    const all = [table, secret, board, report, view.id]
    const own = await listed(cay)
    expect(own.ids).toEqual(all)
    expect(own.deleted.map(({ kind, deletedBy }) => [kind, deletedBy?.name])).toEqual([
      ['table', 'Cay'],
      ['table', 'Cay'],
      ['dashboard', 'Boss'],
      ['report', 'Cay'],
      ['view', 'Cay'],
    ])
    const [first] = own.deleted
    expect(first && first.keptUntil.getTime() - first.deletedAt.getTime()).toBe(90 * 86_400_000)
    const one = await listed(cay, { limit: '2' })
    const two = await listed(cay, { limit: '2', cursor: one.nextCursor })
    const three = await listed(cay, { limit: '2', cursor: two.nextCursor })
    expect([...one.ids, ...two.ids, ...three.ids]).toEqual(all)
    expect(three.nextCursor).toBe(undefined)
    await expect(listed(cay, { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_request' })
    // An admin owns along what the organization saw, and never what was private; nobody else finds any of it.
    expect((await listed(boss)).ids).toEqual(all.filter((id) => id !== secret))
    expect((await listed(bob)).ids).toEqual([])
    expect((await listed(eve)).deleted).toEqual([])
    await expect(listed(vic)).rejects.toMatchObject({ code: 'forbidden' })

    await restoreTable({ ...cay.call, id: table })
    await expect(restoreView({ ...bob.call, id: view.id })).rejects.toMatchObject({ code: 'forbidden' })
    await restoreView({ ...cay.call, id: view.id })
    expect((await listViews(vic.call)).map(({ id }) => id)).toContain(view.id)
    expect((await listed(cay)).ids).toEqual([secret, board, report])

    const long = { deletedAt: new Date('2025-11-29T12:00:00Z') }
    await ctx.db.update(tables).set(long).where(eq(tables.id, secret))
    await ctx.db.update(documents).set(long).where(eq(documents.id, report))
    // Past its time it is listed no more, also while it is not cleared away yet.
    expect((await listed(cay)).ids).toEqual([board])
    const gone = await tidyUp(ctx, { conversationDays: 90, deliveryDays: 400 })
    expect(gone).toEqual({ tables: 1, documents: 1 })
    await expect(restoreTable({ ...cay.call, id: secret })).rejects.toMatchObject({ code: 'not_found' })
    expect((await getTable({ ...cay.call, id: table })).name).toBe('T')
  })

  test('lists show what one sees, page by page, and find it by words', async () => {
    const mark = `mark${Math.random().toString(36).slice(2)}`
    const ids: string[] = []
    for (const name of ['one', 'two', 'three']) ids.unshift((await dashboard([], { name: `${mark} ${name}` })).id)
    await dashboard([], { name: `${mark} mine`, visibility: 'PRIVATE' })
    const list = async (who: Somebody, query: object = {}) =>
      listDashboards({ ...who.call, input: ListDocuments.parse({ search: mark, ...query }) })
    const first = await list(vic, { limit: '2' })
    const second = await list(vic, { limit: '2', cursor: first.nextCursor })
    expect([...first.dashboards, ...second.dashboards].map(({ id }) => id)).toEqual(ids)
    expect((await list(ann)).dashboards).toHaveLength(4)
    expect((await list(eve)).dashboards).toEqual([])
    expect((await list(vic, { search: `${mark} TWO` })).dashboards).toHaveLength(1)
  })
})
