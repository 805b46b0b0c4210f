// Readiness tells whether the data can be read, not how busy the server is; and asking for it, which anybody may, costs
// next to nothing.
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { sharedLook } from '../../src/lib/shared-look.ts'
import { type OpenedService, openService } from '../../src/open-service.ts'
import { prometheus } from '../../src/server/prometheus.ts'
import { silent } from '../setup/app.ts'
import { ownSource } from '../setup/own-source.ts'
import { createDatabase } from '../setup/postgres.ts'

describe('a server whose connections are all at work', () => {
  let opened: OpenedService
  beforeAll(async () => {
    const url = await createDatabase(inject('postgresUrl'), 'ready')
    const env = { DATABASE_URL: url, AUTH_SECRET: 'a secret of the tests, 32 characters', TRANSLATOR: 'builtin' }
    const config = { ...readConfig({ ...env, SOURCE_CONNECTIONS: '2' }), demoDonations: 2000 }
    opened = await openService({ config, log: silent })
  }, 120_000)
  afterAll(() => opened.close())

  test('is ready', async () => {
    const { ctx } = opened
    const stop = new AbortController()
    const options = { timezone: 'UTC', timeoutMs: 60_000, signal: stop.signal }
    // One has the only connection for screens, the others wait for it.
    const busy = ['a', 'b', 'c'].map((organizationId) =>
      ctx.source.snapshot({ ...options, organizationId }, (run) => run('select pg_sleep(60)', [])),
    )
    await expect.poll(() => opened.gauge?.()).toEqual({ running: 1, waiting: 2 })
    const answer = await createApp({ ctx }).request('/health/ready')
    stop.abort()
    await Promise.allSettled(busy)
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready', source: 'up' }])
  })
})

describe('a server whose source is away while its store answers', () => {
  let own: Awaited<ReturnType<typeof ownSource>>
  let opened: OpenedService
  let admin: postgres.Sql
  beforeAll(async () => {
    own = await ownSource(inject('postgresUrl'), 'ready')
    const config = readConfig({ ...own.env, ORGANIZATION_ID: 'a', TRANSLATOR: 'builtin' })
    opened = await openService({ config, log: silent })
    admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  }, 60_000)
  afterAll(async () => {
    await admin.unsafe('alter database ready_source allow_connections true')
    await Promise.all([opened.close(), admin.end(), own.remove()])
  })

  test('stays ready, for it still answers people, and says what is away; so do the metrics', async () => {
    const { ctx } = opened
    const ready = async () => {
      const answer = await createApp({ ctx }).request('/health/ready')
      return [answer.status, await answer.json()]
    }
    const sourceUp = async () => {
      const prom = prometheus({ prices: undefined })
      prom.watch({ db: ctx.db, now: () => new Date(), health: ctx.health })
      return (await prom.render()).text.match(/^tablewright_(?:source|store)_up \d$/gm)
    }
    expect(await ready()).toEqual([200, { status: 'ready', source: 'up' }])
    await admin.unsafe('alter database ready_source allow_connections false')
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'ready_source'`
    await expect.poll(ready, { timeout: 5000 }).toEqual([200, { status: 'ready', source: 'away' }])
    expect(await sourceUp()).toEqual(['tablewright_store_up 1', 'tablewright_source_up 0'])
    await admin.unsafe('alter database ready_source allow_connections true')
    await expect.poll(ready, { timeout: 5000 }).toEqual([200, { status: 'ready', source: 'up' }])
    expect(await sourceUp()).toEqual(['tablewright_store_up 1', 'tablewright_source_up 1'])
  })
})

describe('a look that many ask for', () => {
  const asks = (look: () => Promise<void>, goodForMs: number) => {
    let looks = 0
    const ask = sharedLook(async () => {
      looks += 1
      await look()
    }, goodForMs)
    return { ask: (signal = new AbortController().signal) => ask(signal), looks: () => looks }
  }
  const hundred = <T>(one: () => Promise<T>) => Promise.allSettled(Array.from({ length: 100 }, one))

  test('happens once for all of them, and holds for a while', async () => {
    const { ask, looks } = asks(() => new Promise((done) => setImmediate(done)), 600_000)
    await hundred(() => ask())
    await ask()
    expect(looks()).toBe(1)
  })

  test('that went wrong is told to all who waited, and the next one looks anew', async () => {
    let away = true
    const { ask, looks } = asks(async () => {
      await new Promise((done) => setImmediate(done))
      if (away) throw new Error('away')
    }, 600_000)
    const told = await hundred(() => ask())
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set(['rejected']))
    expect(looks()).toBe(1)
    away = false
    await ask()
    expect(looks()).toBe(2)
  })

  test('does not hold whoever leaves, nor end for the others', async () => {
    const held = Promise.withResolvers<void>()
    const { ask } = asks(() => held.promise, 0)
    const leaving = new AbortController()
    const [left, stays] = [ask(leaving.signal), ask()]
    leaving.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    held.resolve()
    await expect(stays).resolves.toBeUndefined()
  })
})
