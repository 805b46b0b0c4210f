// Data of one's own has no people yet: the server says where the first admin comes in, and nobody else can.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startCli } from '../setup/cli.ts'
import { ownSource } from '../setup/own-source.ts'
import { createDatabase } from '../setup/postgres.ts'

let own: Awaited<ReturnType<typeof ownSource>>
const started: ReturnType<typeof startCli>[] = []
beforeAll(async () => {
  own = await ownSource(inject('postgresUrl'), 'first_admin')
}, 60_000)
afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL')
  await own.remove()
})

async function serve(more: Record<string, string> = {}) {
  const where = { HOST: '127.0.0.1', PORT: '0', APP_URL: 'http://tables.example/' }
  const one = startCli(['serve'], { env: { ...own.env, ...where, ...more } })
  started.push(one)
  await expect.poll(() => one.said.err, { timeout: 60_000 }).toMatch(/Stop with/)
  const [, at = ''] = /Ready at (\S+)/.exec(one.said.err) ?? []
  const send = async (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${at}/api/v1${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const stop = async () => {
    one.child.kill('SIGTERM')
    await one.done
  }
  const [, token] = /first admin comes in at http:\/\/tables\.example\/join\/(\S+)/.exec(one.said.err) ?? []
  return { send, stop, token }
}
const person = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' }
const definition = { version: 1, dataSources: ['things'] }

test('the newest link makes the first admin, who can ask and keep; then there is no link', async () => {
  const first = await serve()
  expect((await first.send('/tables/preview', { definition })).status).toBe(401)
  await first.stop()

  const second = await serve()
  expect(second.token).not.toBe(first.token)
  const comeIn = (invitation: string | undefined) => second.send('/session/sign-up', { ...person, invitation })
  expect((await comeIn(first.token)).status).toBe(404)
  const joined = await comeIn(second.token)
  expect(joined.status).toBe(201)
  const cookie = joined.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const shown = await second.send('/tables/preview', { definition }, { cookie })
  expect([shown.status, ((await shown.json()) as { rows: unknown[] }).rows.length]).toEqual([200, 1])
  expect((await second.send('/tables', { definition, name: 'Things' }, { cookie })).status).toBe(201)
  expect((await second.send('/invitations', { email: 'bo@example.org', role: 'viewer' }, { cookie })).status).toBe(201)
  expect((await comeIn(second.token)).status).toBe(404)
  await second.stop()

  const third = await serve()
  expect(third.token).toBeUndefined()
  await third.stop()
}, 240_000)

test('with tokens of a host application there is none', async () => {
  const store = await createDatabase(inject('postgresUrl'), 'first_admin_host')
  const jwt = { JWT_SECRET: 'another secret of the tests, 32 characters', JWT_ISSUER: 'https://host.example' }
  const server = await serve({ ...jwt, DATABASE_URL: store })
  expect(server.token).toBeUndefined()
  await server.stop()
}, 120_000)
