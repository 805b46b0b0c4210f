// Mixed calls by several people at once, ended by killing the server: after the restart everything that was acknowledged is
// there, and nothing is there by half. In: a time. Out: calls by kind with their times, and every inconsistency found.
// Run: node bench/load.ts [--seconds 180] [--clients 8]
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { canonicalJson } from '../src/catalog/hash.ts'
import { postgresStore } from '../src/db/store.ts'
import { addPerson } from '../test/setup/app.ts'
import { createDatabase, startPostgres } from '../test/setup/postgres.ts'

type Kind = 'create' | 'update' | 'refresh' | 'rows' | 'share' | 'delete' | 'restore' | 'list' | 'generate' | 'pin'
type Call = { readonly kind: Kind; readonly ms: number; readonly status: number; readonly atMs: number }
/** What the server's processes held, some seconds after the start. */
type Sample = { readonly atMs: number; readonly rssMiB: number }
/** What the clients know of a table: the newest version that was acknowledged, and calls whose answer never came. */
type Known = { id: string; version: number; deleted: boolean; open: number; name: string; definition: string }
export type LoadReport = {
  readonly calls: readonly Call[]
  readonly tables: number
  readonly acknowledged: number
  readonly unanswered: number
  readonly wrong: readonly string[]
  readonly restartMs: number
  readonly samples: readonly Sample[]
}

/** Demo data small enough to be loaded at once. */
const SMALL = ['--rows', '2000']
const definition = {
  version: 1,
  dataSources: ['campaigns'],
  groupBy: [{ field: 'channel' }],
  aggregates: [{ id: 'n', fn: 'count' }],
}

type Answer = { id: string; version: number; deletedAt: string | null; name: string; definition: object | null }

/** What was acknowledged, to compare it with what is there afterwards. */
function remember(table: Known, { name, definition }: Answer): void {
  table.name = name
  // A deleted table may be told without its definition.
  if (definition !== null) table.definition = canonicalJson(definition)
}

/** Puts load on a server of its own over the database, kills it, starts it again and looks for harm. */
export async function loadAndKill(options: {
  databaseUrl: string
  seconds: number
  clients: number
  onProgress?: (text: string) => void
}): Promise<LoadReport> {
  const { databaseUrl, seconds, clients, onProgress = () => {} } = options
  let server = await serve(databaseUrl, SMALL)
  const store = postgresStore(databaseUrl)
  const secrets: string[] = []
  for (let index = 0; index < clients; index += 1) {
    const person = { organizationId: 'brightwater', role: index === 0 ? ('admin' as const) : ('editor' as const) }
    secrets.push((await addPerson(store as never, person)).secret)
  }
  const calls: Call[] = []
  const tables: Known[] = []
  const keys = new Map<string, { id: string; secret: string }>()
  const dashboard = { id: '', version: 0 }
  const samples: Sample[] = []
  const begunAt = performance.now()
  let acknowledged = 0
  let unanswered = 0
  let over = false

  async function ask(
    kind: Kind,
    secret: string,
    path: string,
    init: { method?: string; body?: object; headers?: Record<string, string> } = {},
  ) {
    const begun = performance.now()
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method: init.method ?? 'GET',
      headers: {
        Authorization: `Bearer ${secret}`,
        ...(init.body && { 'Content-Type': 'application/json' }),
        ...init.headers,
      },
      ...(init.body && { body: JSON.stringify(init.body) }),
    })
    const body = (await response.json()) as Answer
    calls.push({ kind, ms: performance.now() - begun, status: response.status, atMs: begun - begunAt })
    return { status: response.status, body }
  }

  /** A change of a table: counted as open until its answer is there. */
  async function change(kind: Kind, secret: string, table: Known, path: string, init: Parameters<typeof ask>[3]) {
    table.open += 1
    const { status, body } = await ask(kind, secret, path, init)
    table.open -= 1
    if (status >= 300) return
    acknowledged += 1
    if (body.version > table.version) {
      table.version = body.version
      table.deleted = body.deletedAt !== null
      remember(table, body)
    }
  }

  const some = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)]
  async function act(secret: string, turn: number): Promise<void> {
    const table = some(tables.slice(-60))
    const dice = Math.random()
    if (table === undefined || dice < 0.12) {
      const key = `load-${Math.random().toString(36).slice(2)}`
      keys.set(key, { id: '', secret })
      const name = `Table ${key}`
      const body = { definition, name, visibility: 'ORG', orgPermission: 'edit' }
      const made = await ask('create', secret, '/tables', { method: 'POST', body, headers: { 'Idempotency-Key': key } })
      if (made.status !== 201) return
      acknowledged += 1
      keys.set(key, { id: made.body.id, secret })
      const fresh: Known = {
        id: made.body.id,
        version: made.body.version,
        deleted: false,
        open: 0,
        name: '',
        definition: '',
      }
      remember(fresh, made.body)
      tables.push(fresh)
      return
    }
    const at = `/tables/${table.id}`
    if (dice < 0.45) {
      const body = { name: `Named ${turn}`, definition: { ...definition, limit: 1 + (turn % 50) } }
      const headers = { 'If-Match': `"${table.version}"` }
      return change('update', secret, table, at, { method: 'PUT', body, headers })
    }
    if (dice < 0.55) return void (await ask('refresh', secret, `${at}/refresh`, { method: 'POST', body: {} }))
    if (dice < 0.67) return void (await ask('rows', secret, `${at}/rows`))
    if (dice < 0.73) {
      const body = { visibility: 'ORG', orgPermission: 'edit' }
      return change('share', secret, table, `${at}/share`, { method: 'POST', body })
    }
    if (dice < 0.79) {
      if (table.deleted) return change('restore', secret, table, `${at}/restore`, { method: 'POST' })
      return change('delete', secret, table, at, { method: 'DELETE' })
    }
    if (dice < 0.88) return void (await ask('list', secret, '/tables?limit=50'))
    if (dice < 0.94) {
      const body = { prompt: 'number of campaigns by channel', conversationId: 'new' }
      return void (await ask('generate', secret, '/tables/generate', { method: 'POST', body }))
    }
    const tile = {
      id: `t${turn}-${Math.floor(Math.random() * 1e6)}`,
      tableId: table.id,
      x: 0,
      y: 0,
      width: 6,
      height: 4,
    }
    const headers = { 'If-Match': `"${dashboard.version}"` }
    const put = await ask('pin', secret, `/dashboards/${dashboard.id}`, {
      method: 'PUT',
      body: { tiles: [tile] },
      headers,
    })
    if (put.status === 200) dashboard.version = Math.max(dashboard.version, put.body.version)
    if (put.status === 412) dashboard.version = (await ask('pin', secret, `/dashboards/${dashboard.id}`)).body.version
  }

  const first = secrets[0] ?? ''
  const board = { name: 'Load', visibility: 'ORG', orgPermission: 'edit' }
  const made = await ask('pin', first, '/dashboards', { method: 'POST', body: board })
  Object.assign(dashboard, { id: made.body.id, version: made.body.version })
  async function client(secret: string): Promise<void> {
    for (let turn = 0; !over; turn += 1) {
      try {
        await act(secret, turn)
      } catch {
        // No answer: the call may have been carried out or not.
        if (over) unanswered += 1
        else throw new Error('a call failed while the server lived')
        return
      }
    }
  }
  const working = Promise.all(secrets.map(client))
  for (let left = seconds; left > 0; left -= 10) {
    await Promise.race([new Promise((done) => setTimeout(done, Math.min(left, 10) * 1000)), working])
    const sample = { atMs: performance.now() - begunAt, rssMiB: memoryOf(server.child.pid ?? 0) }
    samples.push(sample)
    onProgress(`${calls.length} calls, ${Math.round(sample.rssMiB)} MiB`)
  }
  over = true
  server.child.kill('SIGKILL')
  await working
  const begun = performance.now()
  server = await serve(databaseUrl, SMALL)
  const restartMs = performance.now() - begun
  const wrong = await harm({
    databaseUrl,
    tables,
    keys,
    ask: (secret, path, init) => ask('create', secret, path, init),
  })
  server.child.kill('SIGTERM')
  await store.close()
  return { calls, tables: tables.length, acknowledged, unanswered, wrong, restartMs, samples }
}

/** Memory of a process and those it started, in MiB. */
function memoryOf(pid: number): number {
  const of = (one: number): number => {
    try {
      const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, 'utf8')) ?? []
      const children = readFileSync(`/proc/${one}/task/${one}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
      return Number(kib ?? 0) / 1024 + children.reduce((sum, child) => sum + of(child), 0)
    } catch {
      return 0
    }
  }
  return of(pid)
}

type Ask = (
  secret: string,
  path: string,
  init: { method?: string; body?: object; headers?: Record<string, string> },
) => Promise<{ status: number; body: { id: string } }>

/** Everything that is not as it was acknowledged, or that is there by half. */
async function harm({
  databaseUrl,
  tables,
  keys,
  ask,
}: {
  databaseUrl: string
  tables: readonly Known[]
  keys: ReadonlyMap<string, { id: string; secret: string }>
  ask: Ask
}): Promise<string[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  const wrong: string[] = []
  const rows = await sql<
    {
      id: string
      version: number
      lines: number
      kept: number
      same: boolean
      deleted: boolean
      name: string
      definition: object
    }[]
  >`
    select t.id, t.name, t.definition, t.version, t.deleted_at is not null as deleted,
      (select count(*)::int from tablewright.audit_log a where a.subject_id = t.id and a.subject_kind = 'table') as lines,
      (select count(*)::int from tablewright.table_versions v where v.table_id = t.id) as kept,
      (select v.definition = t.definition and v.name = t.name from tablewright.table_versions v
        where v.table_id = t.id order by v.version desc limit 1) as same
    from tablewright.tables t`
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const { id, version, open, deleted, name, definition: known } of tables) {
    const row = byId.get(id)
    if (row === undefined) wrong.push(`${id}: acknowledged, but gone`)
    else if (row.version < version || row.version > version + open)
      wrong.push(`${id}: version ${row.version}, acknowledged ${version} with ${open} open`)
    else if (open === 0 && (row.name !== name || canonicalJson(row.definition) !== known))
      wrong.push(`${id}: it is not what was acknowledged`)
    else if (open === 0 && row.deleted !== deleted) wrong.push(`${id}: deleted is ${row.deleted}, not ${deleted}`)
  }
  for (const { id, version, lines, kept, same } of rows) {
    if (lines !== version) wrong.push(`${id}: ${lines} lines of audit for ${version} versions`)
    if (kept < 1 || !same) wrong.push(`${id}: its history does not end with what it is`)
  }
  const [orphans] = await sql<{ count: number }[]>`
    select count(*)::int as count from tablewright.cached_results r
    where r.row_count > 0 and not exists (select 1 from tablewright.cached_rows c where c.result_id = r.id)`
  if (orphans?.count !== 0) wrong.push(`${orphans?.count} results without rows`)
  const [turns] = await sql<{ count: number }[]>`
    select count(*)::int as count from tablewright.conversations c where c.turn_count <>
    (select count(*) from tablewright.conversation_turns t where t.conversation_id = c.id)`
  if (turns?.count !== 0) wrong.push(`${turns?.count} conversations that miss a turn`)
  const [tiles] = await sql<{ count: number }[]>`
    select count(*)::int as count from tablewright.documents d where jsonb_array_length(d.content->'tiles') <>
    (select count(*) from tablewright.placements p where p.document_id = d.id)`
  if (tiles?.count !== 0) wrong.push(`${tiles?.count} dashboards whose tables are not those of their tiles`)
  // The last creates are sent once more, those too whose answer never came: each key has made one table.
  for (const [key, { id, secret }] of [...keys].slice(-40)) {
    const name = `Table ${key}`
    const body = { definition, name, visibility: 'ORG', orgPermission: 'edit' }
    const init = { method: 'POST', body, headers: { 'Idempotency-Key': key } }
    const { body: again } = await ask(secret, '/tables', init)
    if (id !== '' && again.id !== id) wrong.push(`${key}: made ${id}, and ${again.id} when it was repeated`)
    const [made] = await sql<{ count: number }[]>`select count(*)::int as count from tablewright.audit_log
      where action = 'tables.create' and details->>'name' = ${name}`
    if (made?.count !== 1) wrong.push(`${key}: made ${made?.count} times`)
  }
  await sql.end()
  return wrong
}

/** Starts the server as an operator does, on a free port; the data of a database that has it already stays. */
export async function serve(
  databaseUrl: string,
  options: readonly string[] = [],
): Promise<{ url: string; child: ChildProcess; said: () => string }> {
  const env = {
    ...{ PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TRANSLATOR: 'builtin', RATE_LIMIT: '1000000' },
    ...{ DATABASE_URL: databaseUrl, AUTH_SECRET: 'a secret of the load test, 32 characters' },
  }
  const args = [new URL('../bin/tablewright.js', import.meta.url).pathname, 'serve', '--port', '0', ...options]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  const url = await new Promise<string>((done, fail) => {
    let ready = false
    child.stderr?.on('data', (part) => {
      // The end is enough to say why it ended; to keep and search all of it would slow those who ask.
      said = `${said}${part}`.slice(-4000)
      if (ready) return
      const [, found] = /Ready at (\S+)/.exec(said) ?? []
      if (found === undefined) return
      ready = true
      done(found)
    })
    child.on('close', (code) => fail(new Error(`the server ended with ${code}: ${said}`)))
  })
  return { url, child, said: () => said }
}

/** Memory and times minute by minute: what grows and what does not. */
export function soakText({ calls, samples }: LoadReport): string {
  const minutes = Math.ceil((samples.at(-1)?.atMs ?? 0) / 60_000)
  const lines = Array.from({ length: minutes }, (_, minute) => {
    const inIt = <T extends { readonly atMs: number }>(all: readonly T[]) =>
      all.filter(({ atMs }) => Math.floor(atMs / 60_000) === minute)
    const times = inIt(calls)
      .map(({ ms }) => ms)
      .sort((a, b) => a - b)
    const at = (part: number) => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1)
    const memory = inIt(samples).map(({ rssMiB }) => rssMiB)
    return `| ${minute + 1} | ${times.length} | ${at(0.5)} | ${at(0.95)} | ${Math.round(Math.max(0, ...memory))} |`
  })
  return ['| minute | calls | p50 ms | p95 ms | MiB |\n| ---: | ---: | ---: | ---: | ---: |', ...lines].join('\n')
}

/** The report as a table for people. */
export function reportText({ calls, tables, acknowledged, unanswered, wrong, restartMs }: LoadReport): string {
  const kinds = [...new Set(calls.map(({ kind }) => kind))].sort()
  const lines = kinds.map((kind) => {
    const own = calls.filter((call) => call.kind === kind)
    const times = own.map(({ ms }) => ms).sort((a, b) => a - b)
    const at = (part: number) => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1)
    const statuses = Object.entries(Object.groupBy(own, ({ status }) => String(status)))
      .map(([status, some]) => `${status}: ${some?.length}`)
      .join(', ')
    return `| ${kind} | ${own.length} | ${at(0.5)} | ${at(0.95)} | ${statuses} |`
  })
  return [
    '| call | times | p50 ms | p95 ms | answers |\n| --- | ---: | ---: | ---: | --- |',
    ...lines,
    '',
    `${tables} tables; ${acknowledged} changes acknowledged, ${unanswered} calls without an answer when the server was killed; ready again after ${Math.round(restartMs)} ms`,
    wrong.length === 0 ? 'Nothing lost, nothing half-written, nothing made twice' : `WRONG:\n${wrong.join('\n')}`,
  ].join('\n')
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '180' }, clients: { type: 'string', default: '8' } },
  })
  const server = await startPostgres()
  try {
    const databaseUrl = await createDatabase(server.url, 'bench_load')
    const report = await loadAndKill({
      ...{ databaseUrl, seconds: Number(values.seconds), clients: Number(values.clients) },
      onProgress: (text) => process.stderr.write(`${text}\n`),
    })
    console.log(reportText(report))
    if (Number(values.seconds) >= 300) console.log(`\n${soakText(report)}`)
    if (report.wrong.length > 0) process.exitCode = 1
  } finally {
    await server.stop()
  }
}
