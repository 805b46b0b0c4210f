// What a log tells of an error is enough to find it, and nothing of what anybody wrote or kept.
import { Temporal } from '@js-temporal/polyfill'
import { sql } from 'drizzle-orm'
import { expect, inject, test } from 'vitest'
import { failureText } from '../../src/cli/failure.ts'
import { makeLog } from '../../src/cli/log.ts'
import { plain } from '../../src/cli/style.ts'
import { users } from '../../src/db/schema-access.ts'
import { consoleLog } from '../../src/worker/log.ts'
import { emptyPostgres } from '../setup/store.ts'

/** A line of the log, by each of the two that write one. */
function linesOf(err: unknown): string[] {
  const lines: string[] = []
  makeLog('error', { write: (line) => void lines.push(line) }).error({ requestId: 'r', err }, 'failed')
  const { error } = console
  console.error = (line: string) => void lines.push(line)
  try {
    consoleLog('error').error({ requestId: 'r', err }, 'failed')
  } finally {
    console.error = error
  }
  return lines
}

test('a statement that fails is told with its code and place, without its values', async () => {
  const store = await emptyPostgres(inject('postgresUrl'), 'cli_log')
  await store.migrate()
  const person = { id: 'usr_secret', name: 'Xanthippe', email: 'xanthippe@example.org' }
  await store.db.insert(users).values(person)
  const failures = await Promise.all([
    store.db
      .insert(users)
      .values(person)
      .then(
        () => undefined,
        (error: unknown) => error,
      ),
    store.db.execute(sql`select ${'Xanthippe "of" nowhere'}::text::int`).then(
      () => undefined,
      (error: unknown) => error,
    ),
  ])
  await store.end()
  expect(failures.map((error) => error instanceof Error)).toEqual([true, true])
  const lines = failures.flatMap(linesOf)
  expect(lines).toHaveLength(4)
  // So it is on a terminal, where the cause is what one looks for.
  const shown = failures.map((error) => failureText(error, plain))
  expect(shown[0]).toMatch(/Failed query: insert into.*\n +at .*\nCaused by PostgresError 23505: duplicate key/s)
  for (const line of [...lines, ...shown]) expect(line).not.toMatch(/Xanthippe|xanthippe|usr_secret|nowhere/)
  for (const line of lines.slice(0, 2)) {
    expect(JSON.parse(line)).toMatchObject({
      requestId: 'r',
      err: {
        message: expect.stringContaining('insert into "tablewright"."users"'),
        stack: expect.stringMatching(/^ +at /),
        cause: { code: '23505', message: expect.stringContaining('violates unique constraint') },
      },
    })
  }
  for (const line of lines.slice(2))
    expect(JSON.parse(line)).toMatchObject({
      err: { cause: { code: '22P02', message: expect.stringContaining('"…"') } },
    })
})

test('what cannot be read is not told, whoever says so', () => {
  const secret = 'Xanthippe'
  const readings = [
    () => JSON.parse(`${secret} "of" nowhere`),
    () => JSON.parse(`{"name": "${secret}`),
    () => JSON.parse(`["${secret}", nowhere]`),
    () => BigInt(`${secret} nowhere`),
    () => new Intl.DateTimeFormat('en', { timeZone: `${secret}/nowhere` }),
    () => new Intl.NumberFormat(`${secret}-nowhere-`),
    () => Temporal.PlainDate.from(`${secret} nowhere`),
  ]
  for (const read of readings) {
    let failure: unknown
    try {
      read()
    } catch (error) {
      failure = error
    }
    expect(failure).toBeInstanceOf(Error)
    for (const line of linesOf(failure)) {
      expect(line).not.toMatch(/Xanthippe|nowhere/)
      expect(JSON.parse(line).err.message).not.toBe('')
    }
  }
  expect(linesOf(new RangeError('Maximum call stack size exceeded'))[0]).toContain('call stack size exceeded')
})

test('whatever else is thrown is told by its kind', () => {
  for (const line of linesOf('a secret')) expect(line).not.toContain('a secret')
  const all = new AggregateError([new Error('first'), Object.assign(new Error('second'), { code: 'ECONNREFUSED' })])
  for (const line of linesOf(all))
    expect(JSON.parse(line)).toMatchObject({ err: { errors: [{ message: 'first' }, { code: 'ECONNREFUSED' }] } })
})
