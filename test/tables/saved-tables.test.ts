import { and, eq, inArray, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { Catalog } from '../../src/catalog/schema.ts'
import type { ServiceContext } from '../../src/context.ts'
import { auditLog } from '../../src/db/schema-log.ts'
import { cachedResults, cachedRows, refreshes, tables } from '../../src/db/schema-tables.ts'
import { removeMember } from '../../src/people/remove-member.ts'
import type { Source } from '../../src/rows/source.ts'
import { CloneTable, cloneTable } from '../../src/tables/clone-table.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { deleteTable, restoreTable } from '../../src/tables/delete-table.ts'
import { executeTable } from '../../src/tables/execute-table.ts'
import { getTable } from '../../src/tables/get-table.ts'
import { ListHistory, revertTable, tableHistory } from '../../src/tables/history.ts'
import { ListTables, listTables } from '../../src/tables/list-tables.ts'
import { refreshTable } from '../../src/tables/refresh-table.ts'
import { scheduleTable, unscheduleTable } from '../../src/tables/schedule-table.ts'
import { ScheduleConfig } from '../../src/tables/schemas.ts'
import { ShareTable, shareTable } from '../../src/tables/share-table.ts'
import { tableRows } from '../../src/tables/table-rows.ts'
import { transferTable } from '../../src/tables/transfer-table.ts'
import { updateTable } from '../../src/tables/update-table.ts'
import type { TableView } from '../../src/tables/view.ts'
import { again, member, pgliteService, postgresService, type Service, type Somebody } from '../setup/service.ts'

const donations = {
  version: 1,
  title: 'Donations by status',
  dataSources: ['donations'],
  groupBy: [{ field: 'status' }],
  aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
}
/** A source that lets something happen when its rows have been read. */
const stoppedBy = (source: Source, happens: () => PromiseLike<unknown>): Source => ({
  ...source,
  snapshot: async (options, work) => {
    const found = await source.snapshot(options, work)
    await happens()
    return found
  },
})
const byAmount = {
  version: 1,
  dataSources: ['donations'],
  columns: [{ field: 'id' }, { field: 'amount' }],
  sortBy: [{ field: 'amount', direction: 'desc' }],
}
/** Only admins see phones. */
const phones = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }, { field: 'phone' }] }

const databases = [
  { name: 'PGlite', open: pgliteService },
  { name: 'Postgres', open: () => postgresService(inject('postgresUrl'), 'saved_tables') },
]

describe.each(databases)('saved tables on $name', ({ open }) => {
  let service: Service
  let ctx: ServiceContext
  let ann: Somebody
  let bob: Somebody
  let eve: Somebody
  let boss: Somebody
  beforeAll(async () => {
    service = await open()
    ctx = service.ctx
    ann = await member(ctx, { teamIds: ['north'], name: 'Ann' })
    bob = await member(ctx, { teamIds: ['north'], name: 'Bob' })
    eve = await member(ctx, { organizationId: 'b', role: 'admin', name: 'Eve' })
    boss = await member(ctx, { role: 'admin', name: 'Boss' })
  })
  afterAll(() => service.close())

  const save = async (who: Somebody, more: object = {}): Promise<TableView> =>
    (await createTable({ ...who.call, input: CreateTable.parse({ definition: donations, ...more }) })).table
  const share = (who: Somebody, id: string, input: object) =>
    shareTable({ ...who.call, id, input: ShareTable.parse(input) })
  const list = async (who: Somebody, input: object = {}) => listTables({ ...who.call, input: ListTables.parse(input) })
  const rows = (who: Somebody, id: string, more: { limit?: number; cursor?: string; timezone?: string } = {}) =>
    tableRows({ ...who.call, id, timezone: 'UTC', limit: 100, ...more })
  const refresh = (who: Somebody, id: string, timezone = 'UTC') => refreshTable({ ...who.call, id, timezone })
  const audited = async (id: string) =>
    (await ctx.db.select().from(auditLog).where(eq(auditLog.subjectId, id)).orderBy(auditLog.id)).map(
      ({ action }) => action,
    )

  describe('are made', () => {
    test('with everything that was given, private at first, their history begun, and written down who did it', async () => {
      const table = await save(ann, {
        name: ' Mine ',
        description: 'What I watch',
        createdVia: 'AI_GENERATED',
        aiPrompt: 'donations by status',
        destinations: [{ type: 'view' }],
      })
      expect(table).toMatchObject({
        name: 'Mine',
        description: 'What I watch',
        createdVia: 'AI_GENERATED',
        aiPrompt: 'donations by status',
        destinations: [{ type: 'view', id: expect.stringMatching(/^viw_/) }],
        visibility: 'PRIVATE',
        sharedWithTeams: [],
        sharedWithUsers: [],
        scheduleConfig: null,
        nextScheduledRun: null,
        createdBy: ann.userId,
        owner: { id: ann.userId, name: 'Ann' },
        version: 1,
        access: 'own',
        state: 'ok',
      })
      expect(table.sentence).toMatch(/amount.*status/i)
      expect(await getTable({ ...ann.call, id: table.id })).toEqual(table)
      expect(await audited(table.id)).toEqual(['tables.create'])
    })

    test('under the title of the definition, or the prompt, when no name is given', async () => {
      expect((await save(ann)).name).toBe('Donations by status')
      const untitled = { ...donations, title: undefined }
      const prompted = await save(ann, { definition: untitled, createdVia: 'AI_GENERATED', aiPrompt: 'what came in?' })
      expect(prompted.name).toBe('What came in?')
    })

    test('only from definitions that run, every issue at once, and not from columns that the maker may not see', async () => {
      const wrong = {
        ...donations,
        groupBy: [{ field: 'sttus' }],
        aggregates: [{ id: 'n', fn: 'sum', field: 'status' }],
      }
      await expect(save(ann, { definition: wrong })).rejects.toMatchObject({
        code: 'invalid_definition',
        issues: [{ path: ['groupBy', 0, 'field'] }, { path: ['aggregates', 0, 'field'] }],
      })
      await expect(save(ann, { definition: phones })).rejects.toMatchObject({ code: 'invalid_definition' })
      expect((await save(boss, { definition: phones })).state).toBe('ok')
    })

    test('not by viewers', async () => {
      const viewer = await member(ctx, { role: 'viewer' })
      await expect(save(viewer)).rejects.toMatchObject({ code: 'forbidden' })
    })

    test('once for each idempotency key, also when the same call comes twice at once', async () => {
      const input = CreateTable.parse({ definition: donations, name: 'Once' })
      const call = { ...ann.call, input, idempotencyKey: 'k1' }
      const made = await Promise.all([createTable(call), createTable(call), createTable(call)])
      expect(new Set(made.map(({ table }) => table.id)).size).toBe(1)
      expect(made.filter(({ repeated }) => !repeated)).toHaveLength(1)
      const other = { ...call, input: { ...input, name: 'Another' } }
      await expect(createTable(other)).rejects.toMatchObject({ code: 'idempotency_mismatch' })
      expect((await createTable({ ...bob.call, input, idempotencyKey: 'k1' })).repeated).toBe(false)
    })
  })

  describe('are seen', () => {
    test('private by their owner only, whatever the role of others; the words are those of an unknown one', async () => {
      const { id } = await save(ann)
      const unknown = id.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
      for (const who of [bob, boss, eve]) {
        const [there, none] = [id, unknown].map((one) =>
          getTable({ ...who.call, id: one }).catch((error) => [error.code, error.message.replace(one, 'ID')]),
        )
        expect(await there).toEqual(['not_found', 'Cannot find table "ID": no such table'])
        expect(await there).toEqual(await none)
      }
    })

    test('by the teams and people named, as far as named, and by nobody else', async () => {
      const carl = await member(ctx, { name: 'Carl' })
      const { id } = await save(ann)
      await share(ann, id, {
        visibility: 'TEAM',
        sharedWithTeams: [{ id: 'north', permission: 'view' }],
        sharedWithUsers: [{ id: carl.userId, permission: 'edit' }],
      })
      expect((await getTable({ ...bob.call, id })).access).toBe('view')
      expect((await getTable({ ...carl.call, id })).access).toBe('edit')
      await expect(getTable({ ...boss.call, id })).rejects.toMatchObject({ code: 'not_found' })
      await expect(updateTable({ ...bob.call, id, version: 2, input: { name: 'X' } })).rejects.toMatchObject({
        code: 'forbidden',
      })
      expect((await updateTable({ ...carl.call, id, version: 2, input: { name: 'X' } })).name).toBe('X')
      await share(ann, id, { visibility: 'PRIVATE' })
      await expect(getTable({ ...carl.call, id })).rejects.toMatchObject({ code: 'not_found' })
    })

    test('by the whole organization when it is shared with it, and by no other organization', async () => {
      const { id } = await save(ann, { visibility: 'ORG', orgPermission: 'edit' })
      expect((await getTable({ ...bob.call, id })).access).toBe('edit')
      expect((await getTable({ ...boss.call, id })).access).toBe('own')
      await expect(getTable({ ...eve.call, id })).rejects.toMatchObject({ code: 'not_found' })
    })

    test('nobody of elsewhere can be named, all wrong names are told at once, and names beside PRIVATE are refused', async () => {
      const { id } = await save(ann)
      const wrong = {
        visibility: 'TEAM',
        sharedWithTeams: [{ id: 'nowhere' }, { id: 'north' }, { id: 'north' }],
        sharedWithUsers: [{ id: eve.userId }],
      }
      await expect(share(ann, id, wrong)).rejects.toMatchObject({
        code: 'invalid_request',
        issues: [
          { code: 'unknown-team', path: ['sharedWithTeams', 0, 'id'] },
          { code: 'twice', path: ['sharedWithTeams', 2, 'id'] },
          { code: 'unknown-member', path: ['sharedWithUsers', 0, 'id'] },
        ],
      })
      await expect(share(ann, id, { visibility: 'PRIVATE', sharedWithTeams: [{ id: 'north' }] })).rejects.toMatchObject(
        { issues: [{ code: 'private-with-names' }] },
      )
      expect((await getTable({ ...ann.call, id })).version).toBe(1)
    })
  })

  describe('are listed', () => {
    test('exactly those that can be opened, page by page without gaps or doubles, in every order', async () => {
      const org = `list${Math.random().toString(36).slice(2)}`
      const people = await Promise.all(
        ['editor', 'editor', 'viewer', 'admin'].map((role, index) =>
          member(ctx, { organizationId: org, role: role as 'editor', teamIds: index < 2 ? ['t'] : [] }),
        ),
      )
      const [one, two] = people
      if (one === undefined || two === undefined) throw new Error('no people')
      const ids: string[] = []
      for (const owner of [one, two])
        for (const [index, sharing] of [
          {},
          { visibility: 'ORG' },
          { visibility: 'TEAM', sharedWithTeams: [{ id: 't' }] },
          { visibility: 'TEAM', sharedWithUsers: people.slice(2, 3).map(({ userId }) => ({ id: userId })) },
        ].entries())
          ids.push((await save(owner, { name: `${index % 2 ? 'Same' : 'same'} ${index}`, ...sharing })).id)
      const [deleted = ''] = ids
      await deleteTable({ ...one.call, id: deleted })
      for (const person of people) {
        const opened: string[] = []
        for (const id of ids)
          if (
            await getTable({ ...person.call, id }).then(
              () => true,
              () => false,
            )
          )
            opened.push(id)
        for (const sort of ['updated', 'created', 'name'] as const) {
          const seen: string[] = []
          let cursor: string | undefined
          do {
            const page = await list(person, { sort, limit: 2, ...(cursor && { cursor }) })
            seen.push(...page.tables.map(({ id }) => id))
            cursor = page.nextCursor
          } while (cursor !== undefined)
          expect([...seen].sort(), sort).toEqual([...opened].sort())
          const names = await Promise.all(
            seen.map(async (id) => (await getTable({ ...person.call, id })).name.toLowerCase()),
          )
          if (sort === 'name') expect(names).toEqual([...names].sort())
        }
      }
      expect((await list(one, { deleted: 'true' })).tables.map(({ id }) => id)).toEqual([deleted])
      expect((await list(two, { deleted: 'true' })).tables).toEqual([])
    })

    test('by words, owner, visibility, origin, destination and schedule; like-signs are only themselves', async () => {
      const mark = `mark${Math.random().toString(36).slice(2)}`
      const a = await save(ann, { name: `${mark} 100% sure_thing`, destinations: [{ type: 'view' }] })
      const b = await save(bob, {
        name: `${mark} other`,
        visibility: 'ORG',
        createdVia: 'IMPORT',
        description: 'Deep blue',
      })
      const config = ScheduleConfig.parse({
        allowOutside: true,
        frequency: 'daily',
        recipients: ['x@example.org'],
        format: 'csv',
      })
      await scheduleTable({ ...ann.call, id: a.id, input: config })
      const find = async (input: object) => (await list(ann, input)).tables.map(({ id }) => id)
      expect(await find({ search: `${mark}` })).toEqual([a.id, b.id])
      expect(await find({ search: `BLUE ${mark}` })).toEqual([b.id])
      expect(await find({ search: `${mark} 100%` })).toEqual([a.id])
      expect(await find({ search: `${mark} e_t` })).toEqual([a.id])
      expect(await find({ search: `${mark} o_h` })).toEqual([])
      expect(await find({ search: mark, owner: 'me' })).toEqual([a.id])
      expect(await find({ search: mark, owner: bob.userId })).toEqual([b.id])
      expect(await find({ search: mark, visibility: 'ORG' })).toEqual([b.id])
      expect(await find({ search: mark, createdVia: 'IMPORT' })).toEqual([b.id])
      expect(await find({ search: mark, destination: 'view' })).toEqual([a.id])
      expect(await find({ search: mark, destination: 'report' })).toEqual([])
      expect(await find({ search: mark, scheduled: 'true' })).toEqual([a.id])
      expect(await find({ search: mark, scheduled: 'false' })).toEqual([b.id])
      await expect(list(ann, { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_request' })
    })
  })

  describe('change', () => {
    test('only from the version that was read: of many changes at once one is made, the others learn who was first', async () => {
      const { id } = await save(ann, { visibility: 'ORG', orgPermission: 'edit' })
      const outcomes = await Promise.allSettled(
        [ann, bob, ann, bob].map((who, index) =>
          updateTable({ ...who.call, id, version: 1, input: { name: `Name ${index}` } }),
        ),
      )
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue
        const changed = { by: expect.stringMatching(/^(Ann|Bob)$/), at: expect.stringMatching(/Z$/) }
        expect(outcome.reason).toMatchObject({ code: 'version_conflict', changed })
        expect(outcome.reason.message).toMatch(/(Ann|Bob) changed it at .* now version 2, not 1/)
      }
      await expect(updateTable({ ...ann.call, id, input: { name: 'No version' } })).rejects.toMatchObject({
        code: 'version_required',
      })
    })

    test('nothing when nothing is different', async () => {
      const { id } = await save(ann)
      const same = await updateTable({ ...ann.call, id, version: 1, input: { definition: donations } })
      expect(same.version).toBe(1)
      expect(await audited(id)).toEqual(['tables.create'])
    })

    test('with a history that says what changed and leads back', async () => {
      const { id } = await save(ann)
      await updateTable({ ...ann.call, id, version: 1, input: { name: 'Renamed' } })
      await share(ann, id, { visibility: 'ORG' })
      const more = { ...donations, aggregates: [...donations.aggregates, { id: 'gifts', fn: 'count' }] }
      await updateTable({ ...ann.call, id, version: 3, input: { definition: more } })
      const back = await revertTable({ ...ann.call, id, version: 4, input: { to: 1 } })
      expect(back).toMatchObject({ name: 'Donations by status', version: 5, visibility: 'ORG' })
      const { versions } = await tableHistory({ ...bob.call, id, input: ListHistory.parse({}) })
      expect(versions.map(({ version, kind, revertedTo }) => [version, kind, revertedTo])).toEqual([
        [5, 'reverted', 1],
        [4, 'updated', null],
        [2, 'updated', null],
        [1, 'created', null],
      ])
      expect(versions[1]?.changes).toMatchObject([
        { kind: 'add', part: 'aggregates', index: 1, after: { id: 'gifts' } },
      ])
      expect(versions[2]).toMatchObject({ name: 'Renamed', changes: [] })
      // Sharing counts as a number, and the history says so where it stands.
      expect(versions.map(({ since }) => since.length)).toEqual([0, 0, 1, 0])
      expect(versions[2]?.since).toMatchObject([{ version: 3, action: 'tables.share', changedBy: { name: 'Ann' } }])
      const [newest, between, rest] = [
        await tableHistory({ ...bob.call, id, input: ListHistory.parse({ limit: 3 }) }),
        await tableHistory({ ...bob.call, id, input: ListHistory.parse({ before: 4, limit: 1 }) }),
        await tableHistory({ ...bob.call, id, input: ListHistory.parse({ before: 2 }) }),
      ]
      expect(newest.nextBefore).toBe(2)
      expect(between.versions.map(({ version, since }) => [version, since[0]?.version])).toEqual([[2, 3]])
      expect(rest.versions.map(({ version }) => version)).toEqual([1])
      await expect(revertTable({ ...ann.call, id, version: 5, input: { to: 3 } })).rejects.toMatchObject({
        code: 'not_found',
      })
      expect(await audited(id)).toEqual([
        'tables.create',
        'tables.update',
        'tables.share',
        'tables.update',
        'tables.revert',
      ])
    })

    test('all or nothing: what fails leaves no trace', async () => {
      const { id } = await save(ann)
      const broken = { ...donations, groupBy: [{ field: 'nothing' }] }
      await expect(updateTable({ ...ann.call, id, version: 1, input: { definition: broken } })).rejects.toThrow()
      expect(await getTable({ ...ann.call, id })).toMatchObject({ version: 1 })
      expect((await tableHistory({ ...ann.call, id, input: ListHistory.parse({}) })).versions).toHaveLength(1)
      expect(await audited(id)).toEqual(['tables.create'])
    })
  })

  describe('are copied, put away, handed on', () => {
    test('a copy belongs to who made it, is private, and lives its own life', async () => {
      const { id } = await save(ann, { visibility: 'ORG', createdVia: 'AI_GENERATED', aiPrompt: 'donations' })
      const call = { ...bob.call, id, input: CloneTable.parse({}), idempotencyKey: `c${id}` }
      const { table } = await cloneTable(call)
      expect(table).toMatchObject({
        ...{ name: 'Copy of Donations by status', visibility: 'PRIVATE', version: 1, aiPrompt: 'donations' },
        ...{ owner: { id: bob.userId }, createdBy: bob.userId, createdVia: 'AI_GENERATED' },
      })
      expect((await cloneTable(call)).table.id).toBe(table.id)
      await updateTable({ ...bob.call, id: table.id, version: 1, input: { name: 'Own' } })
      expect((await getTable({ ...ann.call, id })).version).toBe(1)
    })

    test('one that is deleted is found by nobody, and comes back as it was', async () => {
      const before = await save(ann, { visibility: 'ORG' })
      const { id } = before
      await deleteTable({ ...ann.call, id })
      for (const who of [ann, bob, boss]) {
        await expect(getTable({ ...who.call, id })).rejects.toMatchObject({ code: 'not_found' })
        await expect(rows(who, id)).rejects.toMatchObject({ code: 'not_found' })
      }
      await expect(restoreTable({ ...bob.call, id })).rejects.toMatchObject({ code: 'forbidden' })
      const after = await restoreTable({ ...ann.call, id })
      expect(after).toMatchObject({ name: before.name, visibility: 'ORG', version: 3, deletedAt: null })
      await expect(restoreTable({ ...ann.call, id })).rejects.toMatchObject({ code: 'not_found' })
    })

    test('to an editor of the same organization only; who gave a private one away does not see it any more', async () => {
      const { id } = await save(ann)
      const viewer = await member(ctx, { role: 'viewer' })
      const give = (userId: string) => transferTable({ ...ann.call, id, input: { userId } })
      await expect(give(viewer.userId)).rejects.toMatchObject({ code: 'conflict' })
      await expect(give(eve.userId)).rejects.toMatchObject({ code: 'not_found' })
      await give(bob.userId)
      expect(await getTable({ ...bob.call, id })).toMatchObject({ owner: { id: bob.userId }, createdBy: ann.userId })
      await expect(getTable({ ...ann.call, id })).rejects.toMatchObject({ code: 'not_found' })
    })

    test('when somebody leaves their tables go to whom the admin says, and none is left without an owner', async () => {
      const leaver = await member(ctx, { name: 'Leaver', teamIds: ['north'] })
      const mine = await save(leaver)
      const gone = await save(leaver)
      await deleteTable({ ...leaver.call, id: gone.id })
      const { id } = await save(ann)
      await share(ann, id, { visibility: 'TEAM', sharedWithUsers: [{ id: leaver.userId }] })
      const remove = (transferTo?: string) => removeMember({ ...boss.call, userId: leaver.userId, transferTo })
      await expect(remove()).rejects.toMatchObject({ code: 'conflict' })
      await expect(remove(eve.userId)).rejects.toMatchObject({ code: 'not_found' })
      expect(await remove(bob.userId)).toEqual({ transferred: 2 })
      expect((await getTable({ ...bob.call, id: mine.id })).owner.id).toBe(bob.userId)
      expect((await getTable({ ...ann.call, id })).sharedWithUsers).toEqual([])
      await expect(again(ctx, leaver.userId)).rejects.toThrow()
      expect(await audited(mine.id)).toEqual(['tables.create', 'tables.transfer'])
    })
  })

  describe('are scheduled', () => {
    test('for the next time on the clock of their time zone, and no more once unscheduled or deleted', async () => {
      const { id } = await save(ann)
      const input = ScheduleConfig.parse({
        allowOutside: true,
        ...{ frequency: 'weekly', dayOfWeek: 'monday', time: '08:00', timezone: 'America/New_York' },
        ...{ recipients: ['ann@example.org'], format: 'excel' },
      })
      const scheduled = await scheduleTable({ ...ann.call, id, input })
      expect(scheduled.scheduleConfig).toEqual(input)
      expect(scheduled.nextScheduledRun?.toISOString()).toBe('2026-03-02T13:00:00.000Z')
      expect((await unscheduleTable({ ...ann.call, id })).nextScheduledRun).toBeNull()
      expect((await unscheduleTable({ ...ann.call, id })).version).toBe(3)
    })

    test('only in a way that means something', () => {
      const fine = { frequency: 'monthly', recipients: ['a@example.org'], format: 'pdf' }
      const places = (config: object) =>
        ScheduleConfig.safeParse(config).error?.issues.map(({ path }) => path.join('.')) ?? []
      expect(places(fine)).toEqual([])
      expect(places({ ...fine, dayOfWeek: 'monday' })).toEqual(['daysOfWeek'])
      expect(places({ ...fine, frequency: 'weekly', daysOfWeek: ['monday', 'monday'] })).toEqual(['daysOfWeek'])
      expect(places({ ...fine, startsOn: '2026-12-02', endsOn: '2026-12-01' })).toEqual(['endsOn'])
      const weekdayOfMonth = { nth: 2, weekday: 'tuesday' }
      expect(places({ ...fine, dayOfMonth: 3, weekdayOfMonth })).toEqual(['weekdayOfMonth'])
      expect(places({ ...fine, dayOfMonth: 32 })).toEqual(['dayOfMonth'])
      expect(places({ ...fine, recipients: [] })).toEqual(['recipients'])
      expect(places({ ...fine, recipients: ['a@example.org', 'A@example.org'] })).toEqual(['recipients'])
      expect(places({ ...fine, time: '8:00', timezone: 'Mars' })).toEqual(['time', 'timezone'])
    })
  })

  describe('have rows', () => {
    test('of one result on all pages, in the order of the definition, whatever happens to the data between', async () => {
      const { id } = await save(ann, { definition: byAmount })
      const first = await rows(ann, id, { limit: 4 })
      expect(first).toMatchObject({ position: 0, rowCount: 9, refreshing: false, truncated: false })
      await service.execute(`insert into donations values (${id.length + 900}, 'a', 1, 1, 1000, 0, 'completed', now())`)
      await refresh(ann, id)
      const pages = [first]
      for (let cursor = first.nextCursor; cursor !== undefined; cursor = pages.at(-1)?.nextCursor)
        pages.push(await rows(ann, id, { limit: 4, cursor }))
      expect(pages.map((page) => page.rows.length)).toEqual([4, 4, 1])
      const amounts = pages.flatMap((page) => page.rows.map(([, amount]) => amount))
      expect(amounts).toEqual(['200.00', '100.00', '75.00', '50.50', '20.00', '10.00', '5.00', '1.00', null])
      const fresh = await rows(ann, id)
      expect(fresh.rows[0]?.[1]).toBe('1000.00')
      expect(fresh.asOf > first.asOf).toBe(true)
      await service.execute('delete from donations where id > 900')
    })

    test('that say when their result is gone, and are never those of another definition', async () => {
      const { id } = await save(ann, { definition: byAmount })
      const { nextCursor = '' } = await rows(ann, id, { limit: 2 })
      await updateTable({ ...ann.call, id, version: 1, input: { definition: donations } })
      await expect(rows(ann, id, { limit: 2, cursor: nextCursor })).rejects.toMatchObject({ code: 'result_replaced' })
      expect((await rows(ann, id)).columns.map((column) => column.id)).toEqual(['status', 'raised'])
      await expect(rows(ann, id, { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_request' })
    })

    test("that another table's cursor does not lead into", async () => {
      const [a, b] = [await save(ann, { definition: byAmount }), await save(ann, { definition: byAmount })]
      const { nextCursor = '' } = await rows(ann, a.id, { limit: 2 })
      await expect(rows(ann, b.id, { cursor: nextCursor })).rejects.toMatchObject({ code: 'result_replaced' })
    })

    test('of the asker, run now, when executed, of which nothing is kept', async () => {
      const { id } = await save(ann, { definition: byAmount })
      const run = await executeTable({ ...ann.call, id, timezone: 'UTC', maxRows: 3 })
      expect([run.rows.length, run.truncated, run.title]).toEqual([3, true, 'Table'])
      expect(await ctx.db.select().from(cachedResults).where(eq(cachedResults.tableId, id))).toEqual([])
    })

    test('at most two results of a class are kept, and their pieces go with them', async () => {
      const { id } = await save(ann, { definition: byAmount })
      for (let times = 0; times < 4; times += 1) await refresh(ann, id)
      const kept = await ctx.db
        .select({ id: cachedResults.id })
        .from(cachedResults)
        .where(eq(cachedResults.tableId, id))
      expect(kept).toHaveLength(2)
      const orphans = await ctx.db
        .select({ id: cachedRows.resultId })
        .from(cachedRows)
        .where(
          sql`not exists (select 1 from ${cachedResults} where ${and(
            eq(cachedResults.organizationId, cachedRows.organizationId),
            eq(cachedResults.id, cachedRows.resultId),
          )})`,
        )
      expect(orphans).toEqual([])
    })

    test('that are read from before while a new run is under way; only one runs at a time, and a dead one is taken over', async () => {
      const { id } = await save(ann, { definition: byAmount })
      const before = await rows(ann, id)
      await refresh(ann, id)
      const [latest] = await ctx.db
        .select()
        .from(cachedResults)
        .where(eq(cachedResults.tableId, id))
        .orderBy(sql`as_of desc`)
      if (latest === undefined) throw new Error('nothing kept')
      const { organizationId, permissionClass, timezone, definitionHash } = latest
      const lease = { organizationId, tableId: id, permissionClass, timezone, definitionHash, token: 'elsewhere' }
      const now = ctx.now()
      await ctx.db.insert(refreshes).values({ ...lease, startedAt: now, leaseUntil: new Date(now.getTime() + 60_000) })
      expect(await refresh(ann, id)).toMatchObject({ refreshing: true, result: { id: latest.id } })
      const meanwhile = await rows(ann, id)
      expect(meanwhile).toMatchObject({ refreshing: true, rowCount: before.rowCount, asOf: latest.asOf })
      await ctx.db
        .update(refreshes)
        .set({ leaseUntil: new Date(now.getTime() - 1) })
        .where(eq(refreshes.tableId, id))
      expect((await refresh(ann, id)).refreshing).toBe(false)
      expect(await ctx.db.select().from(refreshes).where(eq(refreshes.tableId, id))).toEqual([])
    })

    test('a run whose lease is another’s by now keeps nothing and lets nothing go', async () => {
      const { id } = await save(ann, { definition: byAmount })
      await refresh(ann, id)
      await refresh(ann, id)
      const all = () =>
        ctx.db.select().from(cachedResults).where(eq(cachedResults.tableId, id)).orderBy(cachedResults.id)
      const before = await all()
      const late = { ...ctx, source: stoppedBy(ctx.source, () => ctx.db.update(refreshes).set({ token: 'another' })) }
      const refreshed = await refreshTable({ ...ann.call, ctx: late, id, timezone: 'UTC' })
      expect(refreshed).toMatchObject({ refreshing: true, result: { id: before.at(-1)?.id } })
      expect(await all()).toEqual(before)
      await ctx.db.delete(refreshes).where(eq(refreshes.tableId, id))
    })

    test('what an organization keeps is bounded: the oldest results go, not the one just made', async () => {
      const [old, { id }] = [await save(ann, { definition: byAmount }), await save(ann, { definition: byAmount })]
      await refresh(ann, old.id)
      await ctx.db
        .update(cachedResults)
        .set({ bytes: 256 * 1024 * 1024 })
        .where(eq(cachedResults.tableId, old.id))
      // Seven million letters each: the bound is looked at once in eight.
      const letters = Array.from({ length: 7 }, () => ['x'.repeat(2 ** 20), '1'])
      const source: Source = {
        snapshot: (_, work) =>
          work(
            async () => letters,
            async () => [],
          ),
      }
      for (let time = 0; time < 2; time += 1)
        await refreshTable({ ...ann.call, ctx: { ...ctx, source }, id, timezone: 'UTC' })
      const left = await ctx.db
        .select({ tableId: cachedResults.tableId })
        .from(cachedResults)
        .where(inArray(cachedResults.tableId, [old.id, id]))
      expect(left).toEqual([{ tableId: id }, { tableId: id }])
    })

    test('runs of several tables at once keep each its own rows', async () => {
      const made = await Promise.all(Array.from({ length: 8 }, () => save(ann, { definition: byAmount })))
      for (let round = 0; round < 3; round += 1) await Promise.all(made.map(({ id }) => refresh(ann, id)))
      const pages = await Promise.all(made.map(({ id }) => rows(ann, id)))
      for (const page of pages) expect(page.rows).toEqual(pages[0]?.rows)
      const kept = await ctx.db
        .select({ tableId: cachedResults.tableId })
        .from(cachedResults)
        .where(
          inArray(
            cachedResults.tableId,
            made.map(({ id }) => id),
          ),
        )
      expect(kept).toHaveLength(2 * made.length)
    })

    test('the lease is given back when a run fails', async () => {
      const { id } = await save(ann)
      const failing = { ...ctx, source: { snapshot: () => Promise.reject(new Error('no database')) } }
      await expect(refreshTable({ ...ann.call, ctx: failing, id, timezone: 'UTC' })).rejects.toThrow('no database')
      expect(await ctx.db.select().from(refreshes).where(eq(refreshes.tableId, id))).toEqual([])
    })
  })

  describe('and columns that not everybody may see', () => {
    const leaks = /phone|555/i
    const sayings = async (work: Promise<unknown>) =>
      work.then(JSON.stringify, (error) => JSON.stringify([error.code, error.message, error.fix, error.issues]))

    test('a table that uses one is listed for others, but tells nothing: no definition, prompt, rows, history, issues', async () => {
      const table = await save(boss, {
        ...{ name: 'Call list', definition: phones, visibility: 'ORG', orgPermission: 'edit' },
        ...{ createdVia: 'AI_GENERATED', aiPrompt: 'names and phone numbers' },
      })
      const { id } = table
      expect((await rows(boss, id)).rows.flat()).toContain('555-1')
      expect(await getTable({ ...ann.call, id })).toMatchObject({
        name: 'Call list',
        state: 'hidden',
        definition: null,
      })
      const version = 1
      for (const say of [
        () => getTable({ ...ann.call, id }),
        () => list(ann, { search: 'Call list' }),
        () => rows(ann, id),
        () => refresh(ann, id),
        () => executeTable({ ...ann.call, id, timezone: 'UTC' }),
        () => tableHistory({ ...ann.call, id, input: ListHistory.parse({}) }),
        () => cloneTable({ ...ann.call, id, input: {} }),
        () => revertTable({ ...ann.call, id, version, input: { to: 1 } }),
        () => updateTable({ ...ann.call, id, version, input: { definition: donations } }),
      ])
        expect(await sayings(say())).not.toMatch(leaks)
      await expect(rows(ann, id)).rejects.toMatchObject({ code: 'columns_hidden' })
    })

    test('a kept result is never shown to another class of readers, not by cursor either', async () => {
      const everything = { version: 1, dataSources: ['contacts'] }
      const { id } = await save(boss, { definition: everything, visibility: 'ORG' })
      const full = await rows(boss, id, { limit: 1 })
      expect(full.columns.map((column) => column.id)).toContain('phone')
      const part = await rows(ann, id)
      expect(part.columns.map((column) => column.id)).toEqual(['name', 'state'])
      expect(JSON.stringify(part)).not.toMatch(leaks)
      await expect(rows(ann, id, { cursor: full.nextCursor ?? '' })).rejects.toMatchObject({ code: 'result_replaced' })
      const finance = await member(ctx, { columnRoles: ['finance'] })
      const classes = await ctx.db
        .selectDistinct({ of: cachedResults.permissionClass })
        .from(cachedResults)
        .where(eq(cachedResults.tableId, id))
      await rows(finance, id)
      const after = await ctx.db
        .selectDistinct({ of: cachedResults.permissionClass })
        .from(cachedResults)
        .where(eq(cachedResults.tableId, id))
      expect([classes.length, after.length]).toEqual([2, 2])
    })

    test('when the catalog hides a column that was everybody’s, results from before are not shown any more', async () => {
      const { id } = await save(ann, {
        definition: { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }, { field: 'state' }] },
      })
      await rows(ann, id)
      const stricter = Catalog.parse(structuredClone(ctx.catalog))
      const state = stricter.entities.contacts?.fields.state
      if (state === undefined) throw new Error('no such field')
      Object.assign(state, { roles: ['admin'] })
      const call = { ...ann.call, ctx: { ...ctx, catalog: stricter } }
      await expect(tableRows({ ...call, id, timezone: 'UTC', limit: 10 })).rejects.toMatchObject({
        code: 'columns_hidden',
      })
    })

    test('what is broken for everybody says so, and is not mistaken for something hidden', async () => {
      const { id } = await save(ann, { visibility: 'ORG' })
      await ctx.db
        .update(tables)
        .set({ definition: { ...donations, groupBy: [{ field: 'gone' }] } })
        .where(eq(tables.id, id))
      const broken = await getTable({ ...bob.call, id })
      expect(broken).toMatchObject({ state: 'broken', definition: null, issues: [{ path: ['groupBy', 0, 'field'] }] })
      await expect(rows(bob, id)).rejects.toMatchObject({ code: 'invalid_definition' })
      await ctx.db
        .update(tables)
        .set({ definition: { version: 99 } })
        .where(eq(tables.id, id))
      expect((await getTable({ ...bob.call, id })).issues?.[0]?.code).toBe('unknown-version')
    })
  })
})
