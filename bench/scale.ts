// Past one machine: the same load on one and on two API processes over one Postgres, and deliveries by one and by two
// workers, each mail counted at the mail server. Every process is one that an operator would start.
// Run: node bench/scale.ts [--seconds 8] [--mails 600]
import type { ChildProcess } from 'node:child_process'
import { Agent, request } from 'node:http'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { postgresStore } from '../src/db/store.ts'
import { ScheduleConfig } from '../src/schedules/config.ts'
import { addPerson } from '../test/setup/app.ts'
import { startCli } from '../test/setup/cli.ts'
import { createDatabase, startPostgres } from '../test/setup/postgres.ts'
import { mailServer } from '../test/setup/smtp.ts'
import { serve } from './load.ts'
import { median, quantile } from './report.ts'

const { values: given } = parseArgs({
  options: { seconds: { type: 'string', default: '8' }, mails: { type: 'string', default: '600' } },
})
const SECONDS = Number(given.seconds)
const MAILS = Number(given.mails)
const CONNECTIONS = 16
const ROUNDS = 3
const RECIPIENTS = 10
const ORGANIZATION = 'org_riverbend'
const AUTH_SECRET = 'a secret of the load test, 32 characters'
/** One that the database works on, and one that hardly asks it for anything, so that the processes show. */
const questions = {
  'raised by month': {
    version: 1,
    dataSources: ['donations'],
    groupBy: [{ field: 'received_at', grain: 'month' }],
    aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
  },
  'list of campaigns': {
    version: 1,
    dataSources: ['campaigns'],
    columns: [{ field: 'name' }, { field: 'channel' }, { field: 'status' }],
    limit: 50,
  },
}

const rule = { frequency: 'daily', time: '08:00', timezone: 'UTC', allowOutside: true, format: 'csv' }

type Answer = { readonly ms: number; readonly status: number }

function ask(agent: Agent, url: string, secret: string, body: string): Promise<Answer> {
  const begun = performance.now()
  return new Promise((done, fail) => {
    const headers = {
      ...{ 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
      Authorization: `Bearer ${secret}`,
    }
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.on('error', fail)
      response.on('end', () => done({ ms: performance.now() - begun, status: response.statusCode ?? 0 }))
      response.resume()
    })
    call.on('error', fail)
    call.end(body)
  })
}

/** Each connection asks the processes in turn, as a balancer in front of them would. */
async function load(urls: readonly string[], secret: string, definition: object, seconds: number): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const until = performance.now() + seconds * 1000
  const body = JSON.stringify({ definition, timezone: 'UTC' })
  const answers: Answer[] = []
  let turn = 0
  const connection = async (): Promise<void> => {
    while (performance.now() < until) {
      const url = urls[turn++ % urls.length] ?? ''
      answers.push(await ask(agent, `${url}/api/v1/tables/preview`, secret, body))
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
  agent.destroy()
  return answers
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const over = new Promise((done) => child.once('close', done))
  child.kill('SIGTERM')
  await over
}

async function measureApi(databaseUrl: string, secret: string): Promise<void> {
  const servers = [await serve(databaseUrl), await serve(databaseUrl)]
  const urls = servers.map(({ url }) => url)
  console.log('| question | API processes | requests/s | p50 ms | p95 ms | not 200 |')
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |')
  for (const [name, definition] of Object.entries(questions)) {
    await load(urls, secret, definition, 2)
    const found = [1, 2].map(() => ({ rates: [] as number[], times: [] as number[], odd: 0 }))
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [at, own] of found.entries()) {
        const answers = await load(urls.slice(0, at + 1), secret, definition, SECONDS)
        own.rates.push(answers.length / SECONDS)
        own.times.push(...answers.map(({ ms }) => ms))
        own.odd += answers.filter(({ status }) => status !== 200).length
      }
    for (const [at, { rates, times, odd }] of found.entries()) {
      const figures = [median(rates), median(times), quantile(times, 0.95)].map((n) => n.toFixed(1))
      console.log(`| ${[name, at + 1, ...figures, odd].join(' | ')} |`)
    }
  }
  await Promise.all(servers.map(({ child }) => ended(child)))
}

/** Schedules that are all due, and so many workers; until every mail is at the mail server and in the ledger. */
async function measureMails(databaseUrl: string, workers: number, ownerId: string): Promise<string[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  const mails = await mailServer(() => 'fine', { answerAfterMs: 20 })
  const env = {
    ...{ DATABASE_URL: databaseUrl, AUTH_SECRET, SMTP_URL: mails.url, MAIL_FROM: 'tables@example.org' },
  }
  const children = Array.from({ length: workers }, () => startCli(['work'], { env }))
  while (!children.every(({ said }) => said.err.includes('Working'))) await new Promise((done) => setTimeout(done, 50))
  const wrong: string[] = []
  try {
    await sql`delete from tablewright.deliveries`
    await sql`delete from tablewright.tables`
    const small = {
      version: 1,
      dataSources: ['campaigns'],
      groupBy: [{ field: 'channel' }],
      aggregates: [{ id: 'n', fn: 'count' }],
    }
    for (let table = 0; table < MAILS / RECIPIENTS; table += 1) {
      const recipients = Array.from({ length: RECIPIENTS }, (_, n) => `t${table}n${n}@x.org`)
      const config = ScheduleConfig.parse({ ...rule, recipients })
      await sql`insert into tablewright.tables (organization_id, id, name, created_via, definition, created_by, owner_id,
        updated_by, schedule_config, scheduled_by, next_scheduled_run) values (${ORGANIZATION}, ${`tbl_scale${table}`}, ${`T${table}`},
        'BUILDER', ${sql.json(small)}, ${ownerId}, ${ownerId}, ${ownerId}, ${sql.json(config as never)}, ${ownerId}, now())`
    }
    // They look each minute; the time is that from the first mail on.
    const first = performance.now() + 90_000
    while (mails.taken.length === 0 && performance.now() < first) await new Promise((done) => setTimeout(done, 5))
    const begun = performance.now()
    const late = begun + 120_000
    while (mails.taken.length < MAILS && performance.now() < late) await new Promise((done) => setTimeout(done, 20))
    const seconds = (performance.now() - begun) / 1000
    // Whatever came twice comes now.
    await new Promise((done) => setTimeout(done, 2000))
    const counts = new Map<string, number>()
    for (const { to } of mails.taken) counts.set(to, (counts.get(to) ?? 0) + 1)
    const doubled = [...counts.values()].filter((count) => count > 1).length
    const [ledger] = await sql<{ sent: number; all: number }[]>`
      select count(*) filter (where state = 'sent')::int as sent, count(*)::int as all from tablewright.deliveries`
    const lost = MAILS - counts.size
    console.log(
      `| ${workers} | ${MAILS} | ${(MAILS / seconds).toFixed(0)} | ${lost} | ${doubled} | ${ledger?.sent} of ${ledger?.all} |`,
    )
    if (lost > 0 || doubled > 0 || ledger?.sent !== MAILS || ledger.all !== MAILS) wrong.push(`${workers} workers`)
  } finally {
    await Promise.all(children.map(({ child }) => ended(child)))
    await mails.close()
    await sql.end()
  }
  return wrong
}

const server = await startPostgres()
try {
  const databaseUrl = await createDatabase(server.url, 'bench_scale')
  const first = await serve(databaseUrl)
  await ended(first.child)
  const store = postgresStore(databaseUrl, { maxConnections: 1 })
  const { secret, userId } = await addPerson(store as never, { organizationId: ORGANIZATION, role: 'editor' })
  await store.close()
  console.log(`${availableParallelism()} processors, shared by the load, the processes and Postgres\n`)
  await measureApi(databaseUrl, secret)
  console.log(
    '\n| workers | mails | mails/s | lost | doubled | in the ledger |\n| ---: | ---: | ---: | ---: | ---: | ---: |',
  )
  const wrong: string[] = []
  for (const workers of [1, 2]) wrong.push(...(await measureMails(databaseUrl, workers, userId)))
  if (wrong.length > 0) process.exitCode = 1
} finally {
  await server.stop()
}
