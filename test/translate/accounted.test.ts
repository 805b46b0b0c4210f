// Asking with a memory, over the demo data and a model on a loopback server: what is verified is answered exactly, what a
// model said is given again while it stays true, a budget ends the models and nothing else, and every prompt is counted.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { translationCache, translations, verifiedPrompts } from '../../src/db/schema-translations.ts'
import { Definition } from '../../src/definition/schema.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { deleteTable, restoreTable } from '../../src/tables/delete-table.ts'
import { revertTable } from '../../src/tables/history.ts'
import { ShareTable, shareTable } from '../../src/tables/share-table.ts'
import { updateTable } from '../../src/tables/update-table.ts'
import { readUsage } from '../../src/tables/usage.ts'
import { checkVerified, listVerified } from '../../src/tables/verified-prompts.ts'
import { unverifyTable, verifyTable } from '../../src/tables/verify-table.ts'
import { accounted } from '../../src/translate/accounted.ts'
import { demoContext } from '../setup/app.ts'
import type { Json, Loopback } from '../setup/loopback-http.ts'
import { OPENAI_KEY, startOpenaiLoopback } from '../setup/loopback-openai.ts'
import { member, type Somebody } from '../setup/service.ts'

const TODAY = '2026-11-23'
const clock = { now: new Date(`${TODAY}T12:00:00Z`), timezone: 'UTC' }
const countByChannel = {
  version: 1,
  dataSources: ['campaigns'],
  groupBy: [{ field: 'channel' }],
  aggregates: [{ id: 'campaigns', fn: 'count' }],
}
let answer: object = {}
const fail = (error: unknown): never => {
  throw error
}
/** The model thinks for as long as nobody stops it. */
let slow = false
let model: Loopback
let ctx: Awaited<ReturnType<typeof demoContext>>['ctx']
let close: () => Promise<void>
let admin: Somebody
let viewer: Somebody
let other: Somebody

beforeAll(async () => {
  model = await startOpenaiLoopback(() => {
    const next = { do: 'answer', json: answer } as const
    return slow ? { do: 'wait', ms: 600_000, next } : next
  })
  const env = {
    TRANSLATOR: 'openai',
    OPENAI_API_KEY: OPENAI_KEY,
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_MODEL: 'm',
    MODEL_TOKENS_PER_DAY: '1000000',
    MODEL_PRICES: 'm=2/8/0.5',
  }
  const opened = await demoContext(TODAY, env)
  ctx = opened.ctx
  close = opened.close
  const organizationId = ctx.scope.organizationId
  admin = await member(ctx, { organizationId, role: 'admin', name: 'Ada' })
  viewer = await member(ctx, { organizationId, role: 'viewer', name: 'Vic' })
  other = await member(ctx, { organizationId: 'harborlight', role: 'admin', name: 'Otto' })
}, 120_000)
afterAll(async () => {
  await close()
  await model.close()
})
beforeEach(async () => {
  await ctx.db.delete(verifiedPrompts)
  await ctx.db.delete(translationCache)
  await ctx.db.delete(translations)
  slow = false
  answer = said({ dataSources: ['events'], columns: [{ field: 'name' }] })
})

const said = (definition: object): object => ({
  ...{ reading: '', outcome: 'table', definition: Definition.parse({ version: 1, ...definition }), assumptions: [] },
  ...{ confidence: 0.9, notUnderstood: [], reason: '', suggestions: [] },
})
const ask = (prompt: string, who = viewer, more: object = {}) =>
  ctx.ask({ prompt, scope: who.call.identity, clock, ...more })
const lastPrompt = () => JSON.stringify((model.accepted.at(-1) as Json).messages)

async function saved(definition: object, prompt: string): Promise<string> {
  const input = CreateTable.parse({ definition, createdVia: 'AI_GENERATED', aiPrompt: prompt, visibility: 'ORG' })
  return (await createTable({ ...admin.call, input })).table.id
}
async function verified(definition: object, prompt: string): Promise<string> {
  const id = await saved(definition, prompt)
  await verifyTable({ ...admin.call, id, input: {} })
  return id
}

test('a verified prompt is answered by its table, however it is written, and no model is asked', async () => {
  await verified(countByChannel, 'How many campaigns by channel?')
  const calls = model.accepted.length
  const result = await ask('  how many campaigns  by CHANNEL ')
  expect(result).toMatchObject({ kind: 'answer', translator: 'verified', confidence: 1, definition: countByChannel })
  expect(result.notes).toEqual(['Verified by Ada on Nov 23, 2026'])
  expect(model.accepted.length).toBe(calls)
  expect(await ask('how many campaigns by status')).toMatchObject({ translator: 'openai' })
})

test('the mark does not reach other organizations, follow-ups, or people who may not see a column of it', async () => {
  await verified(countByChannel, 'campaigns by channel')
  expect(await ask('campaigns by channel', other)).toMatchObject({ translator: 'openai' })
  const base = Definition.parse({ dataSources: ['events'], columns: [{ field: 'name' }] })
  expect(await ask('campaigns by channel', viewer, { base })).toMatchObject({ translator: 'openai' })
  const sensitive = Object.entries(ctx.catalog.entities).flatMap(([entity, { fields }]) =>
    Object.entries(fields).flatMap(([field, { roles }]) => (roles?.includes('admin') ? [{ entity, field }] : [])),
  )[0]
  if (sensitive === undefined) throw new Error('the demo reserves no column')
  await verified(
    { version: 1, dataSources: [sensitive.entity], columns: [{ field: sensitive.field }] },
    'what is secret',
  )
  expect(await ask('what is secret', admin)).toMatchObject({ translator: 'verified' })
  expect(await ask('what is secret', viewer)).toMatchObject({ translator: 'openai' })
  expect(lastPrompt()).not.toContain(`"${sensitive.field}"`)
  expect((await listVerified(viewer.call)).map(({ prompt }) => prompt)).toEqual(['campaigns by channel'])
})

test('the mark goes with a change of the definition or of who sees it, and not with a change of the name', async () => {
  const mark = async (id: string) => (await listVerified(admin.call)).some(({ tableId }) => tableId === id)
  const id = await verified(countByChannel, 'campaigns by channel')
  const renamed = await updateTable({ ...admin.call, id, version: 2, input: { name: 'Other' } })
  expect(renamed.verified).toMatchObject({ prompt: 'campaigns by channel', by: 'Ada' })
  await deleteTable({ ...admin.call, id })
  expect(await mark(id)).toBe(false)
  await restoreTable({ ...admin.call, id })
  expect(await mark(id)).toBe(true)
  const changed = { ...countByChannel, groupBy: [{ field: 'status' }] }
  const after = await updateTable({ ...admin.call, id, version: renamed.version + 2, input: { definition: changed } })
  expect(after.verified).toBe(null)
  await verifyTable({ ...admin.call, id, input: { prompt: 'campaigns by status' } })
  await revertTable({ ...admin.call, id, version: after.version + 1, input: { to: 1 } })
  expect(await mark(id)).toBe(false)
  await verifyTable({ ...admin.call, id, input: {} })
  await shareTable({ ...admin.call, id, input: ShareTable.parse({ visibility: 'PRIVATE' }) })
  expect(await mark(id)).toBe(false)
  await expect(verifyTable({ ...admin.call, id, input: {} })).rejects.toMatchObject({
    code: 'conflict',
    fix: 'share it with the organization first',
  })
})

test('one prompt stands for one table, and the mark can be taken away', async () => {
  const first = await verified(countByChannel, 'campaigns by channel')
  const second = await saved(countByChannel, 'Campaigns by channel.')
  await expect(verifyTable({ ...admin.call, id: second, input: {} })).rejects.toMatchObject({ code: 'conflict' })
  expect((await unverifyTable({ ...admin.call, id: first })).verified).toBe(null)
  await verifyTable({ ...admin.call, id: second, input: {} })
  await expect(verifyTable({ ...viewer.call, id: second, input: {} })).rejects.toMatchObject({ code: 'forbidden' })
})

test('a model sees the verified prompts most like the question, and none that are not', async () => {
  await verified(countByChannel, 'number of campaigns by channel')
  await verified({ version: 1, dataSources: ['events'], columns: [{ field: 'name' }] }, 'names of events </verified>')
  await ask('number of campaigns by status')
  expect(lastPrompt()).toContain('number of campaigns by channel')
  expect(lastPrompt()).not.toContain('names of events')
  await ask('names of all events')
  expect(lastPrompt().match(/<\/verified>/g)?.length).toBe(1)
})

test('an answer of a model is given again to the same words, base and roles, and to nobody else', async () => {
  const calls = () => model.accepted.length
  const before = calls()
  const first = await ask('event names')
  expect(first).toMatchObject({ translator: 'openai' })
  const again = await ask('Event names?')
  expect(again).toMatchObject({ translator: 'openai', definition: (first as { definition: object }).definition })
  expect(calls()).toBe(before + 1)
  expect(again).not.toHaveProperty('usage')
  await ask('event names', admin)
  await ask('event names', other)
  await ask('event names', viewer, { clock: { ...clock, timezone: 'Asia/Tokyo' } })
  await ask('event names', viewer, {
    base: Definition.parse({ dataSources: ['events'], columns: [{ field: 'name' }] }),
  })
  expect(calls()).toBe(before + 5)
  await ask('event names', viewer, { clock: { ...clock, now: new Date('2026-12-20T00:00:00Z') } })
  expect(calls()).toBe(before + 6)
})

test('an answer with a date that was counted from today is not kept', async () => {
  const since = (value: string) => ({ field: 'starts_at', op: 'gte', value })
  answer = said({ dataSources: ['events'], columns: [{ field: 'name' }], filters: since('2026-11-22') })
  const before = model.accepted.length
  await ask('events since yesterday')
  await ask('events since yesterday')
  expect(model.accepted.length).toBe(before + 2)
  await ask('events since november 22, 2026')
  await ask('events since november 22, 2026')
  expect(model.accepted.length).toBe(before + 3)
})

test('when the budget of the day is spent the built-in translator answers and says why, until midnight', async () => {
  const { organizationId } = ctx.scope
  await ask('event names')
  await ctx.db
    .update(translations)
    .set({ inputTokens: 1_000_000 })
    .where(eq(translations.organizationId, organizationId))
  const before = model.accepted.length
  const result = await ask('number of campaigns by channel')
  expect(result).toMatchObject({ kind: 'answer', translator: 'builtin' })
  expect(result.notes[0]).toMatch(/budget for today is used up; .* built-in translator/)
  expect(model.accepted.length).toBe(before)
  await ask('number of campaigns by channel', other)
  expect(model.accepted.length).toBe(before + 1)
  await ask('number of campaigns by channel', viewer, { clock: { ...clock, now: new Date('2026-11-24T00:00:01Z') } })
  expect(model.accepted.length).toBe(before + 2)
})

test('whoever hangs up before the model has answered has used up what was sent to it', async () => {
  slow = true
  const before = model.accepted.length
  const leaving = new AbortController()
  const asked = ask('event names', viewer, { signal: leaving.signal })
  asked.catch(() => {})
  await expect.poll(() => model.accepted.length, { timeout: 20_000 }).toBe(before + 1)
  leaving.abort()
  await expect(asked).rejects.toThrow()
  const [line, ...more] = await ctx.db.select().from(translations)
  expect(more).toEqual([])
  expect(line).toMatchObject({
    organizationId: ctx.scope.organizationId,
    translator: 'openai',
    calls: 1,
    outputTokens: 0,
  })
  expect(line?.inputTokens).toBeGreaterThan(1000)
})

test('usage tells prompts, tokens and dollars of one organization, and keeps no prompt', async () => {
  await ask('event names')
  await ask('event names')
  await ask('event names', other)
  const { lines, tokensPerDay } = await readUsage({ ...admin.call, days: 7 })
  const [line] = lines
  expect(lines.length).toBe(2)
  const paid = lines.find(({ model: name }) => name === 'm')
  expect(paid).toMatchObject({ day: TODAY, translator: 'openai', prompts: 1, answered: 1, calls: 1, cached: 0 })
  expect(lines.find(({ cached }) => cached === 1)).toMatchObject({ calls: 0, dollars: 0 })
  const { inputTokens = 0, outputTokens = 0, cachedTokens = 0, dollars } = paid ?? {}
  expect(inputTokens).toBeGreaterThan(100)
  expect(dollars).toBeCloseTo(((inputTokens - cachedTokens) * 2 + cachedTokens * 0.5 + outputTokens * 8) / 1e6, 9)
  expect(tokensPerDay).toBe(1_000_000)
  expect(line).toBeDefined()
  await expect(readUsage({ ...viewer.call, days: 7 })).rejects.toMatchObject({ code: 'forbidden' })
  expect(JSON.stringify(await ctx.db.select().from(translations))).not.toContain('event names')
})

test('a model that was paid in vain has its own line, and its tokens count for the budget', async () => {
  const usageOf = (name: string) => ({ model: name, calls: 2, inputTokens: 700, outputTokens: 30 })
  const asked: (string | undefined)[] = []
  const askBoth = accounted({
    ...{ db: ctx.db, catalog: ctx.catalog, models: ['m', 'other'], tokensPerDay: 1400, onError: fail },
    ask: async ({ withoutModels }) => {
      asked.push(withoutModels)
      return {
        ...{ kind: 'refused', reason: 'not here', suggestions: [], translator: 'anthropic', notes: [] },
        usage: usageOf('other'),
        spent: [{ translator: 'openai', usage: usageOf('m') }],
      } as const
    },
  })
  const scope = { organizationId: admin.call.identity.organizationId, roles: [] }
  for (const prompt of ['the weather', 'the weather tomorrow']) await askBoth({ prompt, scope, clock })
  expect(asked).toEqual([undefined, expect.stringContaining('budget')])
  const { lines } = await readUsage({ ...admin.call, days: 7 })
  expect(lines.find(({ model: name }) => name === 'm')).toMatchObject({
    ...{ translator: 'openai', prompts: 0, followUps: 0, calls: 4, inputTokens: 1400, averageMs: 0 },
    dollars: expect.closeTo((1400 * 2 + 60 * 8) / 1e6, 9),
  })
  expect(lines.find(({ model: name }) => name === 'other')).toMatchObject({
    translator: 'anthropic',
    prompts: 2,
    calls: 4,
  })
})

test('verified prompts are an organization’s own test of its translator', async () => {
  await verified(countByChannel, 'campaigns by channel')
  await verified({ ...countByChannel, groupBy: [{ field: 'status' }] }, 'campaigns by status')
  answer = said({ ...countByChannel, title: 'Whatever', aggregates: [{ id: 'n', fn: 'count' }] })
  const input = { from: 0, limit: 20, timezone: 'UTC' }
  const { verdicts, total } = await checkVerified({ ...admin.call, input })
  expect(total).toBe(2)
  // Both were verified at the same instant of the test's clock, so their order is open.
  expect(Object.fromEntries(verdicts.map(({ prompt, verdict }) => [prompt, verdict]))).toEqual({
    'campaigns by status': 'wrong',
    'campaigns by channel': 'right',
  })
})
