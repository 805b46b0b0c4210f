// Conversations: every turn is kept whatever became of it, belongs to the one who asked and to nobody else, goes on where
// it was left, and never shows again what its asker may no longer see.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { ServiceContext } from '../../src/context.ts'
import {
  deleteConversation,
  getConversation,
  ListConversations,
  listConversations,
  PlaceConversation,
  placeConversation,
  recentPrompts,
  renameConversation,
  SaveTurn,
  saveTurn,
} from '../../src/conversations/conversations.ts'
import { type ConverseInput, converse, MAX_TURNS } from '../../src/conversations/converse.ts'
import { pathTo } from '../../src/conversations/path.ts'
import { conversations, conversationTurns } from '../../src/db/schema-conversations.ts'
import { Definition } from '../../src/definition/schema.ts'
import { UserError } from '../../src/errors.ts'
import { tidyUp } from '../../src/jobs/housekeeping.ts'
import type { Translation } from '../../src/translate/types.ts'
import { demoContext, serveApp } from '../setup/app.ts'
import { again, member, pgliteService, postgresService, type Service, type Somebody } from '../setup/service.ts'

const byStatus = Definition.parse({
  dataSources: ['donations'],
  groupBy: [{ field: 'status' }],
  aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
})
const answered = (definition: Definition): Translation => ({
  ...{ kind: 'answer', definition, confidence: 0.9, assumptions: ['so'], translator: 'builtin', notes: [] },
})

/** Understands a handful of prompts; a follow-up limits what it refines. */
const ask: ServiceContext['ask'] = async ({ prompt, base }) => {
  if (prompt === 'fail') throw new UserError('source_unavailable', 'Cannot read the data', { fix: 'wait' })
  if (prompt === 'phones') {
    const columns = [{ field: 'name' }, { field: 'phone' }]
    return answered(Definition.parse({ dataSources: ['contacts'], columns }))
  }
  if (prompt === 'either' || prompt === 'alike') {
    // Counted by another column the same rows come out; summed by another they do not.
    const field = prompt === 'either' ? 'fee' : 'amount'
    const rival = { ...byStatus, aggregates: [{ ...byStatus.aggregates[0], id: 'other', field }] }
    return {
      ...answered(byStatus),
      rivals: [{ definition: Definition.parse(rival), assumptions: ['or so'] }],
    } as Translation
  }
  if (prompt === 'likely' || prompt === 'torn') {
    // Summed by another column other rows come out.
    const other = { ...byStatus, aggregates: [{ ...byStatus.aggregates[0], id: 'other', field: 'fee' }] }
    const odds = prompt === 'likely' ? 4 : 0
    const likely = [byStatus, Definition.parse(other)].map((definition, at) => ({
      ...{ definition, assumptions: [], whole: true },
      odds: at === 0 ? odds : -odds,
    }))
    return { ...answered(byStatus), likely } as Translation
  }
  if (prompt === 'half') {
    const definition = { ...byStatus, limit: 7 }
    const about = { understood: ['7'], notUnderstood: ['phone'], suggestions: ['without phone'] }
    return { kind: 'draft', definition, ...about, translator: 'builtin', notes: [] }
  }
  if (prompt === 'nonsense') {
    return { kind: 'refused', reason: 'no', suggestions: ['ask other things'], translator: 'builtin', notes: [] }
  }
  const [, limit] = /^only (\d+)$/.exec(prompt) ?? []
  return answered(limit === undefined ? byStatus : { ...(base ?? byStatus), limit: Number(limit) })
}

const databases = [
  { name: 'PGlite', open: pgliteService },
  { name: 'Postgres', open: () => postgresService(inject('postgresUrl'), 'conversations') },
]

describe.each(databases)('conversations on $name', ({ open }) => {
  let service: Service
  let ctx: ServiceContext
  let ann: Somebody
  let boss: Somebody
  let eve: Somebody
  const say = (who: Omit<Somebody, 'secret'>, prompt: string, more: Partial<ConverseInput> = {}) =>
    converse({ call: who.call, input: { prompt, timezone: 'UTC', conversationId: 'new', ...more } })
  const begun = async (who: Somebody, prompt = 'raised by status') => (await say(who, prompt)).conversationId ?? ''
  const read = (who: Omit<Somebody, 'secret'>, id: string) => getConversation({ ...who.call, id })

  beforeAll(async () => {
    service = await open()
    ctx = { ...service.ctx, ask }
    ann = await member(ctx, { role: 'admin', name: 'Ann' })
    boss = await member(ctx, { role: 'admin', name: 'Boss' })
    eve = await member(ctx, { organizationId: 'b', role: 'admin', name: 'Eve' })
  })
  afterAll(() => service.close())

  test('keep each turn with what it was: answer, refusal and failure', async () => {
    const first = await say(ann, 'raised by status')
    const id = first.conversationId ?? ''
    expect(first).toMatchObject({ kind: 'answer', turn: 1, conversationId: expect.stringMatching(/^cnv_/) })
    await say(ann, 'nonsense', { conversationId: id })
    await expect(say(ann, 'fail', { conversationId: id })).rejects.toMatchObject({ code: 'source_unavailable' })
    const { turnList, title, turns } = await read(ann, id)
    expect({ title, turns }).toEqual({ title: 'raised by status', turns: 3 })
    expect(turnList.map(({ number, kind, prompt }) => [number, kind, prompt])).toEqual([
      [1, 'answer', 'raised by status'],
      [2, 'refused', 'nonsense'],
      [3, 'failed', 'fail'],
    ])
    expect(turnList[0]).toMatchObject({
      ...{ state: 'ok', rowCount: expect.any(Number), afterTurn: null, changes: null },
      sentence: expect.stringContaining('amount'),
      answer: { assumptions: ['so'], confidence: 0.9, translator: 'builtin' },
    })
    expect(turnList[1]).toMatchObject({ answer: { reason: 'no' }, definition: null })
    expect(turnList[2]).toMatchObject({ answer: { code: 'source_unavailable', fix: 'wait' } })
    const kept = await ctx.db.select().from(conversationTurns)
    expect(JSON.stringify(kept)).not.toContain('"rows"')
  })

  test('go on from the last table, from a turn that is named, or from nothing', async () => {
    const id = await begun(ann)
    await say(ann, 'only 3', { conversationId: id })
    await say(ann, 'nonsense', { conversationId: id })
    await say(ann, 'only 2', { conversationId: id })
    await say(ann, 'only 1', { conversationId: id, afterTurn: 1 })
    await say(ann, 'only 9', { conversationId: id, afterTurn: 0 })
    const { turnList } = await read(ann, id)
    expect(turnList.map(({ afterTurn }) => afterTurn)).toEqual([null, 1, 2, 2, 1, null])
    expect(turnList[3]?.changes).toEqual([{ kind: 'set', part: 'limit', before: 3, after: 2 }])
    expect(turnList[4]?.changes).toEqual([{ kind: 'set', part: 'limit', before: null, after: 1 }])
    expect(turnList[5]?.changes).toBe(null)
    const about = { conversationId: id, afterTurn: 3 }
    await expect(say(ann, 'only 1', about)).rejects.toMatchObject({ code: 'conflict' })
    await expect(say(ann, 'only 1', { ...about, afterTurn: 77 })).rejects.toMatchObject({ code: 'not_found' })
    expect((await read(ann, id)).turns).toBe(6)
  })

  test('go back to a turn and forward again; what was left stays, and is the same wherever it is read', async () => {
    const id = await begun(ann)
    await say(ann, 'only 3', { conversationId: id })
    await say(ann, 'nonsense', { conversationId: id })
    const place = (turn: number) => placeConversation({ ...ann.call, id, input: PlaceConversation.parse({ turn }) })
    const way = async () => {
      const { place: at, turnList } = await read(ann, id)
      return { at, way: pathTo(turnList, at).map(({ number }) => number), turns: turnList.length }
    }
    expect(await way()).toEqual({ at: 3, way: [1, 2, 3], turns: 3 })
    expect(await place(1)).toMatchObject({ place: 1, turns: 3 })
    expect(await way()).toEqual({ at: 1, way: [1], turns: 3 })
    // Nothing is said of what to refine: it is what stands at the place, not what was asked last.
    const branch = await say(ann, 'only 2', { conversationId: id })
    expect(branch).toMatchObject({ turn: 4, definition: { limit: 2 } })
    expect((await read(ann, id)).turnList[3]).toMatchObject({ parent: 1, afterTurn: 1 })
    expect(await way()).toEqual({ at: 4, way: [1, 4], turns: 4 })
    await place(3)
    expect(await way()).toEqual({ at: 3, way: [1, 2, 3], turns: 4 })
    await say(ann, 'only 1', { conversationId: id, afterTurn: 2 })
    expect(await way()).toEqual({ at: 5, way: [1, 2, 3, 5], turns: 5 })
    // A turn that is named goes on from there, also when it was left.
    await say(ann, 'only 7', { conversationId: id, afterTurn: 4 })
    expect(await way()).toEqual({ at: 6, way: [1, 4, 6], turns: 6 })
    await expect(place(7)).rejects.toMatchObject({ code: 'not_found' })
    expect(PlaceConversation.safeParse({ turn: 0 }).success).toBe(false)
  })

  test('undo the last change in words, one further back each time, and say so where nothing is before', async () => {
    const id = await begun(ann)
    const told = { conversationId: id }
    await say(ann, 'only 3', told)
    await say(ann, 'only 3', told)
    await say(ann, 'only 2', told)
    expect(await say(ann, 'Undo that.', told)).toMatchObject({
      ...{ kind: 'answer', turn: 5, definition: { limit: 3 }, assumptions: [] },
      changes: { gone: [{ part: 'limit' }], come: [{ part: 'limit' }] },
    })
    // What changed nothing is not a step back.
    expect(await say(ann, 'undo', told)).toMatchObject({ kind: 'answer', definition: { limit: null } })
    expect(await say(ann, 'go back', told)).toMatchObject({ kind: 'refused', turn: 7 })
    // From there everything goes on, and what comes is undone by itself.
    expect(await say(ann, 'only 9', told)).toMatchObject({ definition: { limit: 9 } })
    expect(await say(ann, 'undo that', { ...told, afterTurn: 8 })).toMatchObject({ definition: { limit: null } })
    const { turnList } = await read(ann, id)
    expect(turnList.map(({ kind, prompt }) => `${kind} ${prompt}`).slice(4)).toEqual([
      'answer Undo that.',
      'answer undo',
      'refused go back',
      'answer only 9',
      'answer undo that',
    ])
    expect(turnList[4]?.changes).toEqual([{ kind: 'set', part: 'limit', before: 2, after: 3 }])
    expect(await say(ann, 'undo that', { conversationId: 'mine', base: byStatus })).toMatchObject({ kind: 'refused' })
  })

  test('ask which is meant where readings differ in their numbers, and only there; what was chosen is the next turn', async () => {
    const steps: string[] = []
    const alike = await converse({
      call: ann.call,
      input: { prompt: 'alike', timezone: 'UTC', conversationId: 'new' },
      onStep: ({ step }) => steps.push(step),
    })
    expect(alike).toMatchObject({ kind: 'answer', assumptions: ['so'] })
    expect(steps).toEqual(['understanding', 'checking', 'running', 'comparing'])
    const asked = await say(ann, 'either')
    const id = asked.conversationId ?? ''
    if (asked.kind !== 'question') throw new Error(`it was ${asked.kind}`)
    expect(asked.readings.map(({ assumptions, rowCount }) => [assumptions, rowCount])).toEqual([
      [['so'], 2],
      [['or so'], 2],
    ])
    expect(asked.readings[0]?.rows).not.toEqual(asked.readings[1]?.rows)
    expect(new Set(asked.readings.map(({ sentence }) => sentence)).size).toBe(2)
    const reading = asked.readings[1]?.definition
    const chosen = await say(ann, 'either', { conversationId: id, reading })
    expect(chosen).toMatchObject({ kind: 'answer', definition: reading, assumptions: ['You chose this reading'] })
    const { turnList } = await read(ann, id)
    expect(turnList.map(({ kind }) => kind)).toEqual(['question', 'answer'])
    expect(turnList[0]).toMatchObject({ definition: null, answer: { question: expect.any(String) } })
    expect(turnList[1]).toMatchObject({ definition: reading, afterTurn: null })
    await expect(say(ann, 'either', { reading: { dataSources: ['nothing'] } })).rejects.toMatchObject({
      code: 'invalid_definition',
    })
  })

  test('over a catalog as introspected answer what its rows leave sure, and draft what they leave open', async () => {
    const sure = await say(ann, 'likely')
    expect(sure).toMatchObject({ kind: 'answer', definition: byStatus, notes: [] })
    const torn = await say(ann, 'torn')
    expect(torn).toMatchObject({ kind: 'draft', definition: byStatus, notUnderstood: [] })
    expect(torn.kind === 'draft' && torn.notes[0]).toMatch(/leave open what is meant/)
    expect(torn).not.toHaveProperty('rows')
  })

  test('tell what was done by hand in the place of words, and what changed in the words of the sentences', async () => {
    const id = await begun(ann)
    const reading = { ...byStatus, limit: 2 }
    const asked = { conversationId: id, afterTurn: 1, reading, did: 'Only the first two' }
    const answer = await say(ann, 'raised by status', asked)
    expect(answer).toMatchObject({ kind: 'answer', assumptions: [] })
    const { turnList } = await read(ann, id)
    expect(turnList[1]).toMatchObject({
      answer: { did: 'Only the first two' },
      changeWords: { gone: [], come: [{ part: 'limit', text: 'the first 2 rows' }] },
    })
    expect(turnList[1]?.changeWords).toEqual(answer.kind === 'answer' && answer.changes)
    expect(turnList[0]?.changeWords).toBe(null)
  })

  test('say which prompts can be asked again: those of the one who asks that were answered by themselves', async () => {
    const zoe = await member(ctx, { role: 'editor', name: 'Zoe' })
    expect(await recentPrompts(zoe.call)).toEqual([])
    for (const prompt of [
      'raised one',
      'raised two',
      'nonsense',
      'half',
      'raised three',
      'raised four',
      'raised two',
    ]) {
      await say(zoe, prompt)
    }
    const id = await begun(zoe, 'raised four')
    await say(zoe, 'only 3', { conversationId: id })
    expect(await recentPrompts(zoe.call)).toEqual(['raised four', 'raised two', 'raised three'])
    expect(await recentPrompts(eve.call)).not.toContain('raised two')
  })

  test('are there for the one who had them and for nobody else, in the same words as one that never was', async () => {
    const id = await begun(ann)
    const colleague = await member(ctx, { role: 'editor' })
    for (const who of [boss, eve, colleague]) {
      const tries = [
        (one: string) => read(who, one),
        (one: string) => renameConversation({ ...who.call, id: one, input: { title: 'x' } }),
        (one: string) => deleteConversation({ ...who.call, id: one }),
        (one: string) => placeConversation({ ...who.call, id: one, input: { turn: 1 } }),
        (one: string) => saveTurn({ ...who.call, id: one, turn: 1, input: SaveTurn.parse({}) }),
        (one: string) => say(who, 'only 1', { conversationId: one }),
      ]
      for (const attempt of tries)
        for (const one of [id, 'cnv_00000000000000000000000000'])
          await expect(attempt(one)).rejects.toMatchObject({
            code: 'not_found',
            message: `Cannot find conversation "${one}": no such conversation`,
          })
      const listed = await listConversations({ ...who.call, input: ListConversations.parse({}) })
      expect(listed.conversations).toEqual([])
    }
    expect((await read(ann, id)).turns).toBe(1)
  })

  test('take many prompts at once and lose none', async () => {
    const id = await begun(ann)
    const wanted = Array.from({ length: 8 }, (_, index) => `only ${index + 1}`)
    const turns = await Promise.all(wanted.map((prompt) => say(ann, prompt, { conversationId: id })))
    expect(turns.map(({ turn }) => turn).sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    expect((await read(ann, id)).turnList.map(({ prompt }) => prompt).sort()).toEqual(
      [...wanted, 'raised by status'].sort(),
    )
  })

  test('say when they are full, before anything is asked', async () => {
    const id = await begun(ann)
    await ctx.db.update(conversations).set({ turnCount: MAX_TURNS })
    await expect(say(ann, 'only 1', { conversationId: id })).rejects.toMatchObject({
      code: 'conflict',
      fix: 'begin a new one with the table so far as its base',
    })
    await ctx.db.delete(conversations)
  })

  test('hide a table when its asker may not see a column of it any more', async () => {
    const cat = await member(ctx, { role: 'admin', name: 'Cat' })
    const id = await begun(cat, 'phones')
    expect((await read(cat, id)).turnList[0]).toMatchObject({ state: 'ok', sentence: expect.stringMatching(/phone/i) })
    const now = await again(ctx, cat.userId)
    const demoted = {
      ...now,
      call: { ...now.call, identity: { ...now.call.identity, role: 'viewer' as const, roles: ['viewer'] } },
    }
    const [turn] = (await read(demoted, id)).turnList
    expect(turn).toMatchObject({ state: 'hidden', definition: null, sentence: null, prompt: 'phones' })
    expect(JSON.stringify(turn?.answer)).not.toMatch(/so|phone/)
  })

  test('keep no word of an answer that may name what its asker has lost, whatever the turn was', async () => {
    const dan = await member(ctx, { role: 'admin', name: 'Dan' })
    const id = await begun(dan)
    for (const prompt of ['nonsense', 'half']) await say(dan, prompt, { conversationId: id })
    await say(dan, 'fail', { conversationId: id }).catch(() => {})
    const before = (await read(dan, id)).turnList
    expect(before.map(({ answer }) => answer)).toMatchObject([
      { assumptions: ['so'] },
      { reason: 'no' },
      { notUnderstood: ['phone'] },
      { message: 'Cannot read the data' },
    ])
    const now = await again(ctx, dan.userId)
    const identity = { ...now.call.identity, role: 'viewer' as const, roles: ['viewer'] }
    const after = (await read({ ...now, call: { ...now.call, identity } }, id)).turnList
    for (const { answer } of after)
      expect(
        Object.keys(answer).filter(
          (key) => !['code', 'confidence', 'translator', 'totalMs', 'truncated'].includes(key),
        ),
      ).toEqual([])
    // What anybody may see stays.
    expect(after[0]).toMatchObject({ state: 'ok', sentence: expect.stringContaining('amount') })
  })

  test('go on from a draft, as the table that was looked at last', async () => {
    const id = await begun(ann)
    await say(ann, 'half', { conversationId: id })
    const made = await say(ann, 'only 2', { conversationId: id })
    expect(made).toMatchObject({ definition: { limit: 2 } })
    expect((await read(ann, id)).turnList[2]).toMatchObject({
      afterTurn: 2,
      changes: [{ kind: 'set', part: 'limit', before: 7, after: 2 }],
    })
  })

  test('that are full or gone when an answer comes do not take it away; it says that it is not kept', async () => {
    for (const meanwhile of ['full', 'gone']) {
      const id = await begun(ann)
      const slow: ServiceContext = {
        ...ctx,
        ask: async (input) => {
          if (meanwhile === 'full') await ctx.db.update(conversations).set({ turnCount: MAX_TURNS })
          else await ctx.db.delete(conversations)
          return ask(input)
        },
      }
      const input = { prompt: 'only 1', timezone: 'UTC', conversationId: id }
      const made = await converse({ call: { ...ann.call, ctx: slow }, input })
      expect(made).toMatchObject({ kind: 'answer', notes: [expect.stringContaining('not kept')] })
      expect(made).not.toHaveProperty('turn')
      await ctx.db.delete(conversations)
    }
  })

  test('let a table be saved from any turn, once for each key, with the words it came from', async () => {
    const id = await begun(ann)
    await say(ann, 'only 3', { conversationId: id })
    await say(ann, 'nonsense', { conversationId: id })
    const save = () =>
      saveTurn({ ...ann.call, id, turn: 1, input: SaveTurn.parse({ name: 'Kept' }), idempotencyKey: 'save-once' })
    const { table } = await save()
    expect(table).toMatchObject({
      ...{ name: 'Kept', createdVia: 'AI_GENERATED', aiPrompt: 'raised by status', visibility: 'PRIVATE' },
      definition: byStatus,
    })
    expect(await save()).toMatchObject({ repeated: true, table: { id: table.id } })
    await expect(saveTurn({ ...ann.call, id, turn: 3, input: SaveTurn.parse({}) })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('are found by the words of their prompts, page by page, renamed and deleted for good', async () => {
    await ctx.db.delete(conversations)
    const ids: string[] = []
    for (const prompt of ['first 100%', 'second', 'third']) ids.unshift(await begun(ann, prompt))
    await say(ann, 'only 5', { conversationId: ids[1] ?? '' })
    const list = async (query: object = {}) => listConversations({ ...ann.call, input: ListConversations.parse(query) })
    expect((await list({ search: '100%' })).conversations.map(({ title }) => title)).toEqual(['first 100%'])
    expect((await list({ search: 'ONLY 5' })).conversations.map(({ id }) => id)).toEqual([ids[1]])
    const one = await list({ limit: '2' })
    const two = await list({ limit: '2', cursor: one.nextCursor })
    expect([...one.conversations, ...two.conversations].map(({ title }) => title)).toEqual([
      'second',
      'third',
      'first 100%',
    ])
    await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_request' })
    const id = ids[0] ?? ''
    await renameConversation({ ...ann.call, id, input: { title: 'Named' } })
    expect((await read(ann, id)).title).toBe('Named')
    await deleteConversation({ ...ann.call, id })
    await expect(read(ann, id)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('are forgotten after their time, the living ones not', async () => {
    await ctx.db.delete(conversations)
    const old = await begun(ann, 'old')
    const young = await begun(ann, 'young')
    await ctx.db.update(conversations).set({ updatedAt: new Date('2026-01-20T00:00:00Z') })
    await say(ann, 'only 2', { conversationId: young })
    expect(await tidyUp(ctx, { conversationDays: 30, deliveryDays: 400 })).toEqual({ conversations: 1 })
    await expect(read(ann, old)).rejects.toMatchObject({ code: 'not_found' })
    expect((await read(ann, young)).turns).toBe(2)
  })
})

describe('over HTTP', () => {
  test('a conversation goes on over events and JSON alike; nothing is kept for visitors or under ids of their own', async () => {
    const { ctx, close } = await demoContext('2026-11-23')
    const app = await serveApp(ctx)
    const organizationId = ctx.scope.organizationId
    const { secret } = await member(ctx, { organizationId, role: 'viewer' })
    const headers = { Authorization: `Bearer ${secret}` }
    const generate = (body: object, more: Record<string, string> = {}) =>
      app.post('/api/v1/tables/generate', body, { ...headers, ...more })
    const first = await (await generate({ prompt: 'number of campaigns by channel', conversationId: 'new' })).json()
    expect(first).toMatchObject({ kind: 'answer', turn: 1 })
    const { conversationId } = first
    const events = await (await generate({ prompt: 'top 2', conversationId }, { Accept: 'text/event-stream' })).text()
    const done = JSON.parse(/event: done\ndata: (.*)/.exec(events)?.[1] ?? '{}')
    expect(done).toMatchObject({ kind: 'answer', conversationId, turn: 2, definition: { limit: 2 } })
    const got = await (await fetch(`${app.url}/api/v1/conversations/${conversationId}`, { headers })).json()
    expect(got.turnList.map(({ afterTurn }: { afterTurn: number | null }) => afterTurn)).toEqual([null, 1])
    const own = await (await generate({ prompt: 'number of campaigns', conversationId: 'mine' })).json()
    expect(own).toMatchObject({ conversationId: 'mine' })
    expect(own).not.toHaveProperty('turn')
    const visitor = await app.post('/api/v1/tables/generate', { prompt: 'number of campaigns', conversationId: 'new' })
    expect(visitor.status).toBe(200)
    expect(await visitor.json()).not.toHaveProperty('conversationId')
    const stolen = await app.post('/api/v1/tables/generate', { prompt: 'number of campaigns', conversationId })
    expect([401, 404]).toContain(stolen.status)
    const list = await (await fetch(`${app.url}/api/v1/conversations`, { headers })).json()
    expect(list.conversations.length).toBe(1)
    await app.close()
    await close()
  }, 60_000)
})
