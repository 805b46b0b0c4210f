// A snapshot whose settings were refused runs nothing: not without its time limit, and not outside of its transaction. One of
// a single statement, whose end is sent along with it, keeps every fence of the others and leaves nothing behind.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { postgresSource } from '../../src/rows/source.ts'
import { createDatabase } from '../setup/postgres.ts'

let source: ReturnType<typeof postgresSource>
beforeAll(async () => {
  source = postgresSource(await createDatabase(inject('postgresUrl'), 'rows_source'), { maxConnections: 1 })
})
afterAll(() => source.close())

test.each([0, 50])('work that sends its statement %i ms after settings that are refused gets no rows', async (ms) => {
  const seen: unknown[] = []
  const snapshot = source.snapshot({ timezone: 'Nowhere/At_All', timeoutMs: 5000 }, async (run) => {
    await new Promise((next) => setTimeout(next, ms))
    seen.push(await run('select 1', []).catch(() => 'refused'))
  })
  await expect(snapshot).rejects.toThrow(/time ?zone/i)
  expect(seen).toEqual(['refused'])
  expect(await source.snapshot({ timezone: 'UTC', timeoutMs: 5000 }, (run) => run('show timezone', []))).toEqual([
    ['UTC'],
  ])
})

test('rows as bytes are the rows as texts, whatever stands in a cell', async () => {
  const values = `select true, false, 1.50::numeric, 'NaN'::float8, 0.1::float8 + 0.2, '-infinity'::date,
    timestamptz '2025-03-01 09:30:00.123456-05', '{"a": "b"}'::jsonb, '\\x00ff'::bytea, null::int, '', 'é 한 😀 "\\,', 9::int8,
    date '0044-03-15 BC', json '[1]', time '09:30', 7::int2, 1.5::real, 42::oid, timestamp '2025-01-01' where $1 = 'x'`
  const [texts, bytes] = await source.snapshot({ timezone: 'Asia/Kolkata', timeoutMs: 5000 }, async (run, runBytes) => [
    await run(values, ['x']),
    await runBytes(values, ['x']),
  ])
  expect(texts).toHaveLength(1)
  expect(bytes.map((row) => row.map((cell) => cell?.toString() ?? null))).toEqual(texts)
})

describe('a snapshot of one statement', () => {
  const options = { timezone: 'Asia/Tokyo', timeoutMs: 300, organizationId: 'one', oneStatement: true }
  const ask = (text: string, more: object = {}) => source.snapshot({ ...options, ...more }, (run) => run(text, []))
  const outside = () =>
    ask("select current_setting('transaction_isolation'), current_setting('transaction_read_only')", {
      timeoutMs: 5000,
    })

  test('is read only, repeatable, of its organization, in its time zone and within its time', async () => {
    expect(await outside()).toEqual([['repeatable read', 'on']])
    expect(await ask("select current_setting('tablewright.organization'), current_setting('timezone')")).toEqual([
      ['one', 'Asia/Tokyo'],
    ])
    await expect(ask('create table written (id int)')).rejects.toThrow(/read-only/)
    await expect(ask('select pg_sleep(10)')).rejects.toThrow(/statement timeout/)
    await expect(ask('select 1', { timezone: 'Nowhere/At_All' })).rejects.toThrow(/time ?zone/i)
  })

  test('refuses a second statement, which would run behind its end', async () => {
    const seen: unknown[] = []
    const late = source.snapshot(options, async (run) => {
      seen.push(await run('select 1', []))
      seen.push(await run('select 2', []))
    })
    await expect(late).rejects.toThrow('asked for another')
    expect(seen).toEqual([[['1']]])
  })

  test('leaves the connection as it was, however it ended', async () => {
    const before = await state()
    for (const text of ['select 1', 'select 1 / 0', 'select pg_sleep(10)', 'nonsense']) {
      await ask(text).catch(() => {})
      expect(await state()).toEqual(before)
    }
    const gone = new AbortController()
    setTimeout(() => gone.abort(), 20)
    const left = source.snapshot({ ...options, timeoutMs: 10_000, signal: gone.signal }, (run) =>
      run('select pg_sleep(10)', []),
    )
    await expect(left).rejects.toThrow(/abort/i)
    expect(await state()).toEqual(before)
  })

  /** What a transaction of the same connection finds: the settings that the ones before have left, and those of today. */
  const state = () =>
    source.snapshot({ timezone: 'UTC', timeoutMs: 5000 }, (run) =>
      run(
        `select pg_backend_pid(), (select string_agg(name || reset_val, ',' order by name) from pg_settings
          where name in ('statement_timeout', 'TimeZone', 'tablewright.organization')),
          current_setting('tablewright.organization'), current_setting('timezone')`,
        [],
      ),
    )
})
