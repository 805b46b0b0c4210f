// What no table can answer gets a clear no, with the closest prompt that works; what only sounds so is still answered.
import { describe, expect, test } from 'vitest'
import type { Definition } from '../../../src/definition/schema.ts'
import { translateBuiltin } from '../../../src/translate/builtin/translate.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const catalog = demoCatalog()
const none = { find: () => [] }
const clock = { now: new Date('2026-11-23T16:00:00Z'), timezone: 'America/New_York' }
type Input = Parameters<typeof translateBuiltin>[0]
const translated = (prompt: string, base?: Definition) =>
  translateBuiltin({ prompt, catalog, values: none, clock, ...(base && { base }) } as unknown as Input)
const tableOf = (prompt: string): Definition => {
  const made = translated(prompt)
  if (made.kind !== 'answer') throw new Error(`"${prompt}" is not answered`)
  return made.definition
}

/** Prompts with the words their refusal has, and what is possible instead. */
const refused: readonly (readonly [prompt: string, reason: RegExp, closest?: string])[] = [
  ['set the goal of Spring Appeal to 5000', /change data/, 'List of campaigns'],
  ['delete all donations', /change data/, 'List of donations'],
  ['mark all pledges as paid', /change data/, 'List of pledges'],
  ['add a contact named John Smith', /change data/, 'List of contacts'],
  ['cancel all pledges', /change data/, 'List of pledges'],
  ['refund donation 12', /change data/, 'List of donations'],
  ['remove duplicate contacts', /change data/, 'List of contacts'],
  ['show donors and delete them', /change data/, 'List of contacts'],
  ['send an e-mail to all donors', /write to somebody/, 'List of contacts'],
  ['why did donations drop in March', /No table says why/, 'Number of donations by month this year'],
  ['what caused the drop in donations', /No table says why/, 'Number of donations by month this year'],
  ["predict next year's donations", /what will be/, 'Number of donations by month this year'],
  ["show me hillcrest's donors", /^“hillcrest” is none of the names/, 'List of contacts'],
  ['donors of Harborlight', /^“Harborlight” is none of the names/, 'List of contacts'],
  ['donations of the Red Cross', /^“Red Cross” is none of the names/, 'List of donations'],
  ['number of donations of org_hillcrest', /^“org_hillcrest” is none of the names/, 'List of donations'],
]

describe('what is refused', () => {
  for (const [prompt, reason, closest] of refused)
    test(`"${prompt}" gets a no and the closest that is possible`, () => {
      const made = translated(prompt)
      expect(made).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason), suggestions: [closest] })
      expect(translated(closest ?? '').kind).toBe('answer')
    })

  for (const prompt of [
    'create a table of donations by month',
    'make a list of contacts who came to events',
    'cancelled pledges',
    'email and phone of all donors',
    'refunds by month',
    "donors' emails",
    'phone numbers of donors',
    'goal of each campaign',
    'how many events will take place next month',
  ])
    test(`"${prompt}" only sounds so and is answered`, () => expect(translated(prompt).kind).toBe('answer'))
})

test('"increase in donations" and "drop in donations" are nouns and no orders', () => {
  for (const prompt of ['increase in donations by year', 'drop in donations by month'])
    expect(translated(prompt).kind).not.toBe('refused')
})

describe('what the data does not have is never answered by something else', () => {
  for (const [prompt, word] of [
    ['salary of each employee', 'salary'],
    ['credit card numbers of donors', 'card numbers'],
    ["companies' donations", 'companies'],
  ] as const)
    test(`"${prompt}"`, () =>
      expect(translated(prompt)).toMatchObject({ kind: 'draft', notUnderstood: expect.arrayContaining([word]) }))
})

describe('a follow-up stays one', () => {
  const list = tableOf('list donors with email and phone')
  const months = tableOf('donations by month this year')

  for (const [prompt, base] of [
    ['the same for pledges', list],
    ['and pledges', list],
    ['also events', list],
    ['instead campaigns', list],
    ['the same for pledges', months],
    ['also pledges', months],
    ['for events', months],
  ] as const)
    test(`"${prompt}" after ${base.dataSources[0]} is asked back with the table before`, () =>
      expect(translated(prompt, base)).toMatchObject({ kind: 'draft', definition: base }))

  test('"just email and phone" leaves these columns', () =>
    expect(translated('just email and phone', list)).toMatchObject({
      kind: 'answer',
      definition: { ...list, columns: [{ field: 'email' }, { field: 'phone' }] },
    }))

  for (const [prompt, limit] of [
    ['change the limit to 20', 20],
    ['set the limit to 5', 5],
    ['update the limit to 10', 10],
  ] as const)
    test(`"${prompt}" is no write`, () =>
      expect(translated(prompt, months)).toMatchObject({ kind: 'answer', definition: { ...months, limit } }))

  test('"change 2025 to 2026" puts one condition in the place of the other', () => {
    const before = tableOf('donations by campaign in 2025')
    const made = translated('change 2025 to 2026', before)
    expect(made).toMatchObject({
      kind: 'answer',
      definition: {
        groupBy: before.groupBy,
        aggregates: before.aggregates,
        filters: {
          all: [
            { field: 'received_at', op: 'in_period', value: { year: 2026 } },
            { field: 'status', op: 'eq', value: 'completed' },
          ],
        },
      },
    })
    // Where there is no 2025 nothing is put beside.
    expect(translated('change 2025 to 2026', tableOf('donations by campaign')).kind).toBe('draft')
  })

  test('"delete the phone column" is no write', () =>
    expect(translated('delete the phone column', list)).toMatchObject({
      kind: 'answer',
      definition: { columns: list.columns.filter(({ field }) => field !== 'phone') },
    }))

  for (const prompt of [
    'delete all donations',
    'email them all',
    'set the goal of all campaigns to 5',
    'mark them as paid',
  ])
    test(`"${prompt}" is a write beside a table too`, () => expect(translated(prompt, list).kind).toBe('refused'))

  test('what begins as a question of its own is one', () =>
    expect(translated('show me campaigns by goal', list)).toMatchObject({
      kind: 'answer',
      notes: ['Read as a new question, not as a change of the table before'],
    }))
})
