// No organization can keep another one waiting, or have more waiting than its share.
import { expect, inject, test } from 'vitest'
import { fairSource } from '../../src/rows/fair-source.ts'
import { postgresSource, type Source } from '../../src/rows/source.ts'

/** A source whose snapshots last until they are told to end; begun ones stand in `begun` in their order. */
function held(): { source: Source; begun: string[]; ends: Map<string, (() => void)[]> } {
  const begun: string[] = []
  const ends = new Map<string, (() => void)[]>()
  const source: Source = {
    snapshot: async ({ organizationId = '' }, work) => {
      begun.push(organizationId)
      await new Promise<void>((done) => ends.set(organizationId, [...(ends.get(organizationId) ?? []), done]))
      return work(
        async () => [],
        async () => [],
      )
    },
  }
  return { source, begun, ends }
}
const options = { timezone: 'UTC', timeoutMs: 60_000 }
const soon = () => new Promise((done) => setTimeout(done, 5))

test('the organization with the fewest queries goes first, and none takes all places', async () => {
  const { source, begun, ends } = held()
  const fair = fairSource(source, { screens: 3, files: 1, part: 2 / 3, maxWaiting: 50 })
  const asked = ['a', 'a', 'a', 'a', 'b', 'c'].map((organizationId) =>
    fair.snapshot({ ...options, organizationId }, async () => organizationId),
  )
  await soon()
  expect(begun).toEqual(['a', 'a', 'b'])
  expect(fair.gauge()).toEqual({ running: 3, waiting: 3 })
  ends.get('a')?.shift()?.()
  await soon()
  expect(begun).toEqual(['a', 'a', 'b', 'c'])
  ends.get('c')?.shift()?.()
  await soon()
  expect(begun.at(-1)).toBe('a')
  while (begun.length < 6 || [...ends.values()].some((left) => left.length > 0)) {
    for (const left of ends.values()) left.shift()?.()
    await soon()
  }
  expect(await Promise.all(asked)).toEqual(['a', 'a', 'a', 'a', 'b', 'c'])
  expect(fair.gauge()).toEqual({ running: 0, waiting: 0 })
})

test('files have places of their own', async () => {
  const { source, begun } = held()
  const fair = fairSource(source, { screens: 1, files: 1, part: 1, maxWaiting: 50 })
  void fair.snapshot({ ...options, organizationId: 'a', idleTimeoutMs: 1000 }, async () => {})
  void fair.snapshot({ ...options, organizationId: 'a' }, async () => {})
  await soon()
  expect(begun).toEqual(['a', 'a'])
})

test('too many waiting are refused at once, and a wait ends at the time limit or when its asker leaves', async () => {
  const { source } = held()
  const fair = fairSource(source, { screens: 1, files: 1, part: 1, maxWaiting: 2 })
  const ask = (more: object = {}) => fair.snapshot({ ...options, organizationId: 'a', ...more }, async () => {})
  void ask()
  const leaving = new AbortController()
  const left = ask({ signal: leaving.signal })
  const late = ask({ timeoutMs: 20 })
  await expect(ask()).rejects.toMatchObject({ code: 'overloaded', fix: 'try again in a moment' })
  leaving.abort()
  await expect(left).rejects.toMatchObject({ name: 'AbortError' })
  await expect(late).rejects.toMatchObject({ code: 'overloaded' })
  expect(fair.gauge()).toEqual({ running: 1, waiting: 0 })
})

test('on a real Postgres a small organization is answered while a large one floods it', async () => {
  const source = postgresSource(inject('postgresUrl'), { maxConnections: 3, maxFileConnections: 1 })
  const fair = fairSource(source, { screens: 3, files: 1, part: 2 / 3, maxWaiting: 50 })
  const order: string[] = []
  const ask = (organizationId: string, statement: string) =>
    fair.snapshot({ ...options, organizationId }, (run) => run(statement, [])).then(() => order.push(organizationId))
  const flood = Array.from({ length: 12 }, () => ask('large', 'select pg_sleep(0.15)'))
  await soon()
  await ask('small', 'select 1')
  expect(order.filter((one) => one === 'large').length).toBeLessThan(4)
  await Promise.all(flood)
  await source.close()
})
