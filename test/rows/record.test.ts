// Rows that come as records are the rows that come as columns: whatever stands in a cell, and whatever order they have.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { validateDefinition } from '../../src/pipeline.ts'
import { planTable } from '../../src/plan/plan.ts'
import { asRecords, readRecord } from '../../src/rows/record.ts'
import type { Source } from '../../src/rows/source.ts'
import { printQuery } from '../../src/sql/print.ts'
import { cases } from '../golden/cases.ts'
import { pgliteWorld, postgresWorld, type World, worldCatalog, worldClock, worldScope } from '../setup/world.ts'

const worlds: Record<string, World> = {}
beforeAll(async () => {
  worlds.pglite = await pgliteWorld()
  worlds.postgres = await postgresWorld(inject('postgresUrl'), 'record_world')
})
afterAll(() => Promise.all(Object.values(worlds).map((world) => world.close())))

async function both(source: Source, text: string, params: readonly (string | null)[]) {
  return source.snapshot({ timezone: 'Asia/Kolkata', timeoutMs: 30_000 }, async (run) => {
    const columns = await run(text, params)
    const records = await run(asRecords(text), params)
    const width = columns[0]?.length ?? 1
    return { columns, records: records.map(([record]) => readRecord(record ?? '', width)) }
  })
}

describe.each(['pglite', 'postgres'])('on %s', (name) => {
  const source = (): Source => {
    const world = worlds[name]
    if (world === undefined) throw new Error(`no world "${name}"`)
    return world.source
  }

  test('any texts, empty ones and missing ones', async () => {
    const nasty = fc.constantFrom(
      '',
      '"',
      '""',
      '\\',
      '\\\\',
      '(',
      ')',
      ',',
      ',,',
      ' ',
      '\n',
      '\t',
      '\r\n',
      'NULL',
      '\u00a0',
      '😀',
      "'",
    )
    const piece = fc.oneof(nasty, fc.string({ unit: 'grapheme', maxLength: 5 }))
    const text = fc.array(piece, { maxLength: 6 }).map((all) => all.join('').replaceAll('\0', '').toWellFormed())
    const row = fc.array(fc.option(text, { nil: null }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(row, async (cells) => {
        const list = cells.map((_, at) => `$${at + 1}::text as c${at}`).join()
        const { columns, records } = await both(source(), `select ${list}`, cells)
        expect(columns).toEqual([cells])
        expect(records).toEqual(columns)
      }),
      { numRuns: 300 },
    )
  })

  test('values of every kind', async () => {
    const { columns, records } = await both(
      source(),
      `select true as c1, false as c2, 1.50::numeric as c3, 'NaN'::float8 as c4, 0.1::float8 + 0.2 as c5,
        '-infinity'::date as c6, timestamptz '2025-03-01 09:30:00.123456-05' as c7, interval '1 day 2:03' as c8,
        '{"a": "b\\\\c"}'::jsonb as c9, array['a,b', null, '"']::text as c10, '\\x00ff'::bytea as c11, null::int as c12,
        '0044-03-15 BC'::date as c13, row(1, 'x "y"') as c14 union all select null, null, null, null, null, null, null,
        null, null, null, null, null, null, null`,
      [],
    )
    expect(records).toEqual(columns)
  })

  test.each(
    Object.values(cases)
      .flatMap((group) => Object.entries(group))
      .filter(([, one]) => !('pivot' in one)),
  )('%s', async (_, definition) => {
    const input = { catalog: worldCatalog, scope: worldScope, clock: worldClock, maxRows: 1000 }
    const valid = validateDefinition({ ...input, definition })
    if (!valid.ok) return
    const { text, params } = printQuery(planTable({ ...input, definition: valid.definition }).rows, worldCatalog)
    const { columns, records } = await both(source(), text, params)
    expect(records).toEqual(columns)
  })
})

test('a record of other cells than were asked for is refused', () => {
  expect(readRecord('(a,b)', 2)).toEqual(['a', 'b'])
  expect(() => readRecord('(a)', 2)).toThrow('other cells')
})
