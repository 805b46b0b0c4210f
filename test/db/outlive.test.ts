// A connection that is lost while the driver asks it for the types of arrays, which nobody waits for.
import { spawn } from 'node:child_process'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

let proxy: Server
let url = ''
let cut = 0
beforeAll(async () => {
  const own = new URL(inject('postgresUrl'))
  // Hangs up, as a database that falls over does, on the first two that ask for types.
  proxy = createServer((client: Socket) => {
    const server = connect(Number(own.port), own.hostname)
    client.on('data', (bytes: Buffer) => {
      if (cut < 2 && bytes.includes('pg_catalog.pg_type')) {
        cut += 1
        client.resetAndDestroy()
        server.destroy()
      } else server.write(bytes)
    })
    server.pipe(client)
    for (const one of [client, server]) one.on('error', () => {})
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  const address = proxy.address()
  const through = new URL(own)
  through.port = String(typeof address === 'object' ? address?.port : '')
  url = through.href
})
afterAll(() => proxy.close())

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }
const at = (path: string): string => JSON.stringify(new URL(`../../src/db/${path}`, import.meta.url).href)
const guard = `
    import { outliveLostConnections } from ${at('outlive.ts')}
    outliveLostConnections({ warn: (_, text) => console.error(text) })`

/** Asks through the proxy until there is an answer, in a process of its own. */
function asked(guarded: boolean): Promise<Ended> {
  return run(`${guarded ? guard : ''}
    import { postgresQuery } from ${at('query.ts')}
    const { query, close } = postgresQuery(process.env.URL)
    for (let tries = 0; tries < 50; tries += 1) {
      const rows = await query('select 1 as one', []).catch(() => undefined)
      if (rows !== undefined) { console.log(JSON.stringify(rows)); break }
      await new Promise((done) => setTimeout(done, 50))
    }
    await close()
    process.exit(0)`)
}

function run(script: string): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, URL: url },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (part) => {
    said.out += part
  })
  child.stderr.on('data', (part) => {
    said.err += part
  })
  return new Promise((done) => child.on('close', (code) => done({ code, ...said })))
}

test('a connection lost while nobody waits for it ends no process that is guarded, and the next one answers', async () => {
  cut = 0
  expect(await asked(true)).toEqual({
    code: 0,
    out: '[{"one":1}]\n',
    err: expect.stringContaining('a connection was lost while nobody waited for it'),
  })
  // It is the driver that does it: without the guard the process ends.
  cut = 0
  expect(await asked(false)).toMatchObject({ code: 1, err: expect.stringContaining('ECONNRESET') })
})

test('a fault of our own that nobody handles ends a guarded process all the same', async () => {
  const ended = await run(`${guard}
    setInterval(() => {}, 1000)
    Promise.reject(new TypeError('a fault of ours'))`)
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('TypeError: a fault of ours') })
  expect(ended.err).not.toContain('a connection was lost')
})
