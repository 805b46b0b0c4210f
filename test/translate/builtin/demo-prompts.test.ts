import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pgliteDatabase } from '../../../src/demo/adapters.ts'
import { loadDemo } from '../../../src/demo/load.ts'
import { definitionToRows } from '../../../src/pipeline.ts'
import { pgliteSource } from '../../../src/rows/source.ts'
import { translateBuiltin } from '../../../src/translate/builtin/translate.ts'
import type { ValueIndex } from '../../../src/translate/types.ts'
import { buildValueIndex } from '../../../src/translate/values.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

type Case = { prompt: string; sql: string; ordered: boolean }
const cases = JSON.parse(readFileSync(new URL('../../golden/demo-prompts.json', import.meta.url), 'utf8')) as Case[]

const TODAY = '2026-11-23'
const catalog = demoCatalog()
const scope = { organizationId: 'org_riverbend', roles: ['admin'] }
const clock = { now: new Date(`${TODAY}T16:00:00Z`), timezone: 'America/New_York' }

let db: PGlite
let values: ValueIndex
beforeAll(async () => {
  db = await PGlite.create()
  await loadDemo({ database: pgliteDatabase(db), today: TODAY, donations: 20_000 })
  await db.exec("set timezone = 'America/New_York'")
  const query = async (text: string, params: readonly unknown[]) =>
    (await db.query(text, [...params])).rows as Record<string, unknown>[]
  values = await buildValueIndex({ catalog, query, scope })
}, 120_000)
afterAll(() => db.close())

/** A cell as both sides can be compared: numbers to six digits, times to the second. */
function plain(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  const text = String(cell)
  if (/^-?\d+(\.\d+)?$/.test(text)) return String(Number(Number(text).toPrecision(6)))
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:/.test(text)) return text.slice(0, 19).replace('T', ' ')
  return text
}

/** Whether every gold column stands among the columns found, row for row (as sets of rows where the order is open). */
function matches(
  gold: readonly (readonly unknown[])[],
  found: readonly (readonly unknown[])[],
  ordered: boolean,
): boolean {
  if (gold.length !== found.length) return false
  const width = gold[0]?.length ?? 0
  const column = (rows: readonly (readonly unknown[])[], i: number) => rows.map((row) => plain(row[i]))
  const key = (list: readonly string[]) => JSON.stringify(ordered ? list : [...list].sort())
  const have = Array.from({ length: found[0]?.length ?? 0 }, (_, i) => key(column(found, i)))
  return Array.from({ length: width }, (_, i) => key(column(gold, i))).every((wanted) => have.includes(wanted))
}

/** Prompts that are known to end as drafts; anything else must be answered, and rightly. */
const drafts = new Set([
  'New donors per month this year, by month of the first completed gift',
  'Money raised from members of companies last year, by company, top 5',
  'webinars last year with number of attendees',
  'how many people referred someone',
  'wire transfers over $10,000 this year with donor',
  'donors with gifts over $10,000 this year',
  'payroll by quarter this year',
  'gifts in honor of somebody over $500',
  'biggest gift last month and who gave it',
  'fees as a percentage of money raised by payment method',
  'amount of failed card payments this year',
  'average amount raised per month this year',
  'amount still outstanding on pledges by campaign, highest first',
  'contacts who do not receive e-mail',
  'gifts in memory of someone',
  'appeals of Year-End Appeal 2025',
])

describe('prompts a fundraiser asks, answered without a model', () => {
  test.each(cases.map((one) => [one.prompt, one] as const))('%s', async (prompt, { sql, ordered }) => {
    const result = translateBuiltin({ prompt, catalog, values, scope, clock })
    if (result.kind !== 'answer') {
      // Never a guess: what is not understood is handed over as a draft.
      expect([result.kind, drafts.has(prompt)]).toEqual(['draft', true])
      return
    }
    const parsers = { 1082: (text: string) => text, 1114: (text: string) => text, 1184: (text: string) => text }
    const gold = await db.query<unknown[]>(sql, [scope.organizationId, TODAY], { rowMode: 'array', parsers })
    const outcome = await definitionToRows({
      definition: result.definition,
      catalog,
      scope,
      clock,
      source: pgliteSource(db),
    })
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues))
    expect(gold.rows.length).toBeGreaterThan(0)
    expect(
      matches(gold.rows, outcome.result.rows, ordered),
      `${outcome.sentence}\n${JSON.stringify(gold.rows[0])}\n${JSON.stringify(outcome.result.rows[0])}`,
    ).toBe(true)
  })
})
