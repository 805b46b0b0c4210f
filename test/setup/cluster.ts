// A Postgres of a test's own, that may be stopped, killed, started again and followed by a replica.
import { execFile } from 'node:child_process'
import { chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { clusterAt, freePort, madeCluster, setting } from './postgres.ts'

export type Cluster = {
  readonly url: string
  readonly start: () => Promise<void>
  /** Ends every connection and stops in order. */
  readonly stop: () => Promise<void>
  /** Ends at once, as when the machine fails. */
  readonly crash: () => Promise<void>
  /** A server that follows this one. */
  readonly replica: () => Promise<{ readonly url: string; readonly end: () => Promise<void> }>
  /** Stops it and removes its files. */
  readonly end: () => Promise<void>
}

const run = promisify(execFile)
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** Starts a cluster with files that outlive a stop. */
export async function restartableCluster(): Promise<Cluster> {
  const { server, databaseDir, url, port } = await madeCluster({ persistent: true })
  return {
    url,
    start: () => server.start(),
    stop: () => server.stop(),
    crash: async () => {
      const pid = Number((await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n')[0])
      process.kill(pid, 'SIGQUIT')
      while (isAlive(pid)) await pause(20)
    },
    replica: () => replicaOf(url, databaseDir, port),
    end: async () => {
      await server.stop()
      await rm(databaseDir, { recursive: true, force: true })
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A base backup by hand, as the binaries for tests bring no pg_basebackup; from then on it streams. */
async function replicaOf(url: string, primaryDir: string, primaryPort: number) {
  const databaseDir = await mkdtemp(join(tmpdir(), 'tablewright-replica-'))
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql`select pg_backup_start('replica', true)`
  await run('cp', ['-a', `${primaryDir}/.`, databaseDir])
  const [stopped] = await sql<{ label: string }[]>`select labelfile as label from pg_backup_stop(false)`
  await sql.end()
  for (const name of ['postmaster.pid', 'postmaster.opts']) await rm(join(databaseDir, name), { force: true })
  for (const name of await readdir(join(databaseDir, 'pg_wal')))
    if (/^[0-9A-F]{24}/.test(name)) await rm(join(databaseDir, 'pg_wal', name))
  const owner = await stat(primaryDir)
  for (const [name, text] of [
    ['backup_label', stopped?.label ?? ''],
    ['standby.signal', ''],
  ] as const) {
    await writeFile(join(databaseDir, name), text)
    await chown(join(databaseDir, name), owner.uid, owner.gid)
  }
  const port = await freePort()
  const from = `host=127.0.0.1 port=${primaryPort} user=postgres password=postgres`
  const { server, log } = clusterAt({
    ...{ databaseDir, port, persistent: true },
    settings: [...setting('primary_conninfo', from), ...setting('max_standby_streaming_delay', '0')],
  })
  const own = url.replace(`:${primaryPort}/`, `:${port}/`)
  // It never says the words that the package waits for.
  server.start().catch(() => {})
  const client = postgres(own, { max: 1, backoff: () => 0, onnotice: () => {} })
  const ready = async (): Promise<boolean> => {
    const [found] = await client<{ follows: boolean }[]>`select pg_is_in_recovery() as follows`.catch(() => [])
    return found?.follows ?? false
  }
  for (let tries = 0; !(await ready()); tries += 1) {
    if (tries > 100) throw new Error(`Cannot start a replica:\n${log.slice(-20).join('')}`)
    await pause(100)
  }
  await client.end()
  return {
    url: own,
    end: async () => {
      await server.stop()
      await rm(databaseDir, { recursive: true, force: true })
    },
  }
}
