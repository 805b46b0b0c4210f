// What the API costs beside a minimal Hono route that runs the same SQL: 16 connections that ask without a pause. Both are
// servers of their own; they are asked in turn for a few seconds, several times, so that both meet the same machine.
import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { postgresStore } from '../src/db/store.ts'
import { addPerson } from '../test/setup/app.ts'
import { compiled } from './compile.ts'
import { donationsOf, ORGANIZATION } from './demo-data.ts'
import { serve } from './load.ts'
import { type Question, questions } from './questions.ts'
import { type Bar, median, ms, type Part, quantile, times, whole } from './report.ts'

const CONNECTIONS = 16
/** A query that takes next to no time, so that everything around it shows. */
const light: Question = {
  name: 'light',
  definition: {
    dataSources: ['campaigns'],
    columns: ['name', 'channel', 'status', 'starts_on'].map((field) => ({ field })),
    sortBy: [{ field: 'name' }],
    limit: 50,
  },
  sql: '',
}
const asked = [light, ...questions.filter(({ name }) => name === 'simple' || name === 'multi-join')]

/** A way to ask: the address of each connection's calls. */
type Target = { readonly url: (connection: number) => string; readonly body: string; readonly secret?: string }
type Load = { readonly latencies: number[]; readonly rates: number[]; readonly statuses: Map<number, number> }

export const http: Part = async ({ quick, demo, say }) => {
  const databaseUrl = await demo(donationsOf(quick))
  say('starting the servers')
  const ours = await serve(databaseUrl)
  const children = [ours.child]
  try {
    const plain = await servePlain(databaseUrl)
    children.push(plain.child)
    const store = postgresStore(databaseUrl, { maxConnections: 1 })
    const { secret } = await addPerson(store as never, { organizationId: ORGANIZATION, role: 'editor' }).finally(() =>
      store.close(),
    )
    const api = `${ours.url}/api/v1/tables`
    const rows: string[][] = []
    const bars: Bar[] = []
    const odd = new Set<string>()
    for (const question of asked) {
      const tables = await saved(api, secret, question)
      const body = JSON.stringify({ definition: question.definition, timezone: 'UTC' })
      const byHand: Target = { url: () => `${plain.url}/${encodeURIComponent(question.name)}`, body }
      const ways: readonly (readonly [string, Target])[] = [
        ['preview', { url: () => `${api}/preview`, body, secret }],
        ['refresh', { url: (at) => `${api}/${tables[at]}/refresh`, body: '{"timezone":"UTC"}', secret }],
      ]
      for (const [way, target] of ways) {
        const name = `${way}, ${question.name}`
        say(`asking: ${name}`)
        const [own, theirs] = await inTurn(
          [target, byHand],
          quick ? { rounds: 3, seconds: 2 } : { rounds: 5, seconds: 6 },
        )
        if (own === undefined || theirs === undefined) continue
        for (const [status, count] of own.statuses)
          if (status !== 200) odd.add(`${name}: ${count} answers were ${status}`)
        const [p50, p95] = [0.5, 0.95].map((share) => [own, theirs].map(({ latencies }) => quantile(latencies, share)))
        const ratioOf = (pair: readonly number[] | undefined): number =>
          (pair?.[0] ?? Number.NaN) / (pair?.[1] ?? Number.NaN)
        rows.push([
          name,
          ...[own, theirs].map(({ rates }) => whole(median(rates))),
          ...[...(p50 ?? []), ...(p95 ?? [])].map(ms),
          ...[ratioOf(p50), ratioOf(p95)].map(times),
        ])
        bars.push({
          what: `${name}: p95 against a plain route`,
          bar: '1.2 ×',
          found: times(ratioOf(p95)),
          met: ratioOf(p95) <= 1.2,
        })
      }
    }
    return {
      title: 'HTTP: the API beside a minimal route',
      how: `${whole(donationsOf(quick))} donations, ${CONNECTIONS} connections kept alive. Ours is the server as an operator starts it, asked with an API key: who asks, the limits, the check, a read-only snapshot, the sentence; refresh keeps its rows in the store too. The plain route is Hono and the driver with the same statement. The light question lists 50 campaigns.`,
      sections: [
        {
          head: [
            ...['call', 'ours req/s', 'plain req/s', 'ours p50', 'plain p50', 'ours p95', 'plain p95'],
            ...['ratio p50', 'ratio p95'],
          ],
          rows,
        },
      ],
      bars,
      notes: [...odd],
    }
  } catch (error) {
    const [own, plain] = children.map(({ exitCode, signalCode }) => exitCode ?? signalCode ?? 'running')
    throw new Error(`${error} (ours: ${own}, plain: ${plain ?? 'not started'}); ours said last: ${ours.said()}`)
  } finally {
    for (const child of children) child.kill('SIGTERM')
  }
}

async function servePlain(databaseUrl: string): Promise<{ url: string; child: ChildProcess }> {
  const statements = Object.fromEntries(asked.map((question) => [question.name, compiled(question)]))
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: databaseUrl, STATEMENTS: JSON.stringify(statements) }
  const script = fileURLToPath(new URL('./http-plain.ts', import.meta.url))
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((done, fail) => {
    child.stdout.once('data', (part) => done(String(part).trim()))
    child.once('close', (code) => fail(new Error(`the plain server ended with ${code}`)))
  })
  return { url, child }
}

/** A table for each connection: runs of one table at once would be one run. */
async function saved(api: string, secret: string, { name, definition }: Question): Promise<string[]> {
  const ids: string[] = []
  for (let at = 0; at < CONNECTIONS; at += 1) {
    const response = await fetch(api, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: `${name} ${at}`, definition }),
    })
    const made = (await response.json()) as { id?: string }
    if (made.id === undefined) throw new Error(`cannot save a table: ${JSON.stringify(made)}`)
    ids.push(made.id)
  }
  return ids
}

async function inTurn(
  targets: readonly Target[],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Load[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const loads = targets.map((): Load => ({ latencies: [], rates: [], statuses: new Map() }))
  for (const target of targets) await load(agent, target, 1)
  for (let round = 0; round < rounds; round += 1)
    for (const [at, target] of targets.entries()) {
      const begun = performance.now()
      const found = await load(agent, target, seconds)
      const own = loads[at]
      own?.rates.push(found.length / ((performance.now() - begun) / 1000))
      for (const { took, status } of found) {
        own?.latencies.push(took)
        own?.statuses.set(status, (own.statuses.get(status) ?? 0) + 1)
      }
    }
  agent.destroy()
  return loads
}

type Answer = { readonly took: number; readonly status: number }

async function load(agent: Agent, target: Target, seconds: number): Promise<Answer[]> {
  const until = performance.now() + seconds * 1000
  const found: Answer[] = []
  const connection = async (at: number): Promise<void> => {
    while (performance.now() < until) {
      const begun = performance.now()
      const status = await post(agent, target, at)
      found.push({ took: performance.now() - begun, status })
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, at) => connection(at)))
  return found
}

/** node:http rather than fetch: it takes less of the processor that the servers need. */
function post(agent: Agent, { url, body, secret }: Target, at: number): Promise<number> {
  return new Promise((done, fail) => {
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      ...(secret !== undefined && { Authorization: `Bearer ${secret}` }),
    }
    const call = request(url(at), { method: 'POST', agent, headers }, (response) => {
      response.on('error', fail)
      response.on('end', () => done(response.statusCode ?? 0))
      response.resume()
    })
    call.on('error', fail)
    call.end(body)
  })
}
