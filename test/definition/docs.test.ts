import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCatalog } from '../../src/catalog/load.ts'
import { AggregateFn, CalculationFn, Grain, Op } from '../../src/definition/schema.ts'
import { pgliteDatabase } from '../../src/demo/adapters.ts'
import { loadDemo } from '../../src/demo/load.ts'
import { definitionToRows } from '../../src/pipeline.ts'
import { pgliteSource } from '../../src/rows/source.ts'

const text = readFileSync(new URL('../../docs/definition.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/(?:^([^\n`]*):\n\n)?```json\n([\s\S]*?)```/gm)].map((m) => ({
  name: m[1] ?? '',
  json: m[2] ?? '',
}))

const loaded = loadCatalog(readFileSync(new URL('../../demo/catalog.yaml', import.meta.url), 'utf8'))
if (!loaded.ok) throw new Error('the demo catalog does not load')
const { catalog } = loaded

let db: PGlite
beforeAll(async () => {
  db = await PGlite.create()
  await loadDemo({ database: pgliteDatabase(db), today: '2026-05-20', donations: 3000 })
})
afterAll(() => db.close())

describe('the page of the language', () => {
  test.each(examples.map((e, i) => [`${i + 1}. ${e.name.slice(0, 80)}`, e.json]))(
    'example %s is accepted, read back and run',
    async (_name, json) => {
      const outcome = await definitionToRows({
        definition: JSON.parse(json),
        catalog,
        scope: { organizationId: 'org_riverbend', roles: ['admin'] },
        clock: { now: new Date('2026-05-20T16:00:00Z'), timezone: 'America/New_York' },
        source: pgliteSource(db),
      })
      expect(outcome.ok || outcome.issues).toBe(true)
      if (!outcome.ok) return
      expect(outcome.sentence.length).toBeGreaterThan(20)
      expect(outcome.result.rows.length, outcome.sentence).toBeGreaterThan(0)
    },
  )

  test('has an example for every function, operator, grain, calculation and kind of period', () => {
    const all = examples.map((e) => e.json).join('\n')
    const wanted = [
      ...AggregateFn.options.map((name) => `"fn": "${name}"`),
      ...CalculationFn.options.map((name) => `"fn": "${name}"`),
      ...Grain.options.map((name) => `"grain": "${name}"`),
      ...Op.options.map((name) => `"op": "${name}"`),
      ...[
        'last',
        'next',
        'this',
        'previous',
        'to_date',
        'year',
        'fiscal_year',
        'quarter',
        'month',
        'day',
        'from',
        'before',
        'since',
      ].map((key) => `"${key}": `),
      ...[
        'distinct',
        'totals',
        'pivot',
        'compare',
        'limitPer',
        'limit',
        'having',
        'fillGaps',
        'bucket',
        'hidden',
        'per',
        'metric',
        'where',
        'same',
        'of',
        'definition',
        'formula',
        'relation',
        'includeCurrent',
        'nulls',
        'format',
        'title',
        'label',
      ].map((key) => `"${key}": `),
      ...['"some"', '"none"', '"every"', '"count": {'],
    ]
    expect(wanted.filter((one) => !all.includes(one))).toEqual([])
  })
})
