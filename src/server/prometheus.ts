// Metrics for Prometheus. In: what happens in this process, and looks at the store when somebody reads them. Out: text.
import { and, eq, inArray, isNull, lte, min, sql } from 'drizzle-orm'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Config } from '../config.ts'
import type { ServiceContext } from '../context.ts'
import { deliveries, exports } from '../db/schema-deliveries.ts'
import { documents } from '../db/schema-documents.ts'
import { tables } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { inTime } from '../lib/in-time.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { FairSource } from '../rows/fair-source.ts'
import { costOf } from '../tables/usage.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Readers come every few seconds from several places; the store is looked at once for all of them. */
const FRESH_MS = 5000
const LOOK_TIMEOUT_MS = 2000
/** Longer than a look at a source that does not answer. */
const HEALTH_TIMEOUT_MS = 3000

export type Prometheus = {
  readonly metrics: Metrics
  /** Has the state of the store told too, from now on. */
  readonly watch: (parts: {
    db: Db
    now: () => Date
    health: ServiceContext['health']
    gauge?: FairSource['gauge'] | undefined
  }) => void
  readonly render: () => Promise<{ contentType: string; text: string }>
}

/** A registry of its own; `prices`: dollars a million tokens, by model. */
export function prometheus({ prices }: { readonly prices: Config['modelPrices'] }): Prometheus {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register, prefix: 'tablewright_' })
  const requests = new Histogram({
    name: 'tablewright_http_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  })
  const translations = new Histogram({
    name: 'tablewright_translation_seconds',
    help: 'Time from a prompt to what was understood',
    labelNames: ['translator', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const tokens = new Counter({
    name: 'tablewright_model_tokens_total',
    help: 'Tokens of language models; cached ones are part of the input',
    labelNames: ['model', 'kind'],
    registers,
  })
  const calls = new Counter({
    name: 'tablewright_model_calls_total',
    help: 'Calls of language models',
    labelNames: ['model'],
    registers,
  })
  const failures = new Counter({
    name: 'tablewright_model_failures_total',
    help: 'Prompts that a language model did not answer, so that another translator did',
    labelNames: ['translator'],
    registers,
  })
  const dollars = new Counter({
    name: 'tablewright_model_cost_dollars_total',
    help: 'What language models cost, of those that MODEL_PRICES names',
    labelNames: ['model'],
    registers,
  })
  const queries = new Histogram({
    name: 'tablewright_query_seconds',
    help: 'Time of a read of the source, waiting for a connection not counted',
    labelNames: ['kind', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const mails = new Counter({
    name: 'tablewright_deliveries_total',
    help: 'Deliveries that this process brought to an end, by how they ended',
    labelNames: ['state'],
    registers,
  })
  let look = async (): Promise<void> => {}
  const metrics: Metrics = {
    request: ({ seconds, status, ...labels }) => requests.observe({ ...labels, status: String(status) }, seconds),
    translation: ({ seconds, usages, ...labels }) => {
      translations.observe(labels, seconds)
      for (const { model, calls: made, inputTokens, outputTokens, cachedTokens = 0 } of usages) {
        calls.inc({ model }, made)
        tokens.inc({ model, kind: 'input' }, inputTokens)
        tokens.inc({ model, kind: 'output' }, outputTokens)
        tokens.inc({ model, kind: 'cached' }, cachedTokens)
        const cost = costOf(prices, { model, inputTokens, outputTokens, cachedTokens })
        if (cost !== null) dollars.inc({ model }, cost)
      }
    },
    modelFailed: (labels) => failures.inc(labels),
    query: ({ seconds, ...labels }) => queries.observe(labels, seconds),
    delivery: ({ state, count = 1 }) => mails.inc({ state }, count),
  }
  return {
    metrics,
    watch: (parts) => {
      look = watch(register, parts)
    },
    render: async () => {
      await look()
      return { contentType: register.contentType, text: await register.metrics() }
    },
  }
}

/** Gives what looks at the store and sets the gauges, before they are read. */
function watch(
  register: Registry,
  { db, now, gauge, health }: Parameters<Prometheus['watch']>[0],
): () => Promise<void> {
  const registers = [register]
  const waiting = new Gauge({
    name: 'tablewright_deliveries_open',
    help: 'Deliveries that are not at their end, by state; retrying: they failed, and wait for the next attempt',
    labelNames: ['state'],
    registers,
  })
  const files = new Gauge({
    name: 'tablewright_exports_open',
    help: 'Files to be made by a worker that are not at their end, by state',
    labelNames: ['state'],
    registers,
  })
  const lateness = new Gauge({
    name: 'tablewright_delivery_lateness_seconds',
    help: 'How long what waits longest has been due: a delivery, or a schedule that nobody took up',
    registers,
  })
  const up = new Gauge({
    name: 'tablewright_store_up',
    help: 'Whether the store answered the last look at it',
    registers,
  })
  const sourceUp = new Gauge({
    name: 'tablewright_source_up',
    help: 'Whether the source answered the last look at it; as before while the store is away',
    registers,
  })
  if (gauge !== undefined) queryGauge(registers, gauge)
  let looked = Number.NEGATIVE_INFINITY
  return async () => {
    if (performance.now() - looked < FRESH_MS) return
    looked = performance.now()
    const seen = health(AbortSignal.timeout(HEALTH_TIMEOUT_MS)).then(
      ({ source }) => sourceUp.set(source === 'up' ? 1 : 0),
      () => {},
    )
    try {
      const at = now()
      const looks = Promise.all([openDeliveries(db, at), openExports(db), dueSince(db, at)])
      const [open, making, due] = await inTime(looks, LOOK_TIMEOUT_MS, 'the store does not answer')
      for (const state of OPEN) waiting.set({ state }, open.find((one) => one.state === state)?.count ?? 0)
      for (const state of MAKING) files.set({ state }, making.find((one) => one.state === state)?.count ?? 0)
      const since = [...due, ...open.map((one) => one.since)].flatMap((one) => (one === null ? [] : [one.getTime()]))
      lateness.set(Math.max(0, ...since.map((ms) => (at.getTime() - ms) / 1000)))
      up.set(1)
    } catch {
      up.set(0)
    }
    await seen
  }
}

function queryGauge(registers: Registry[], gauge: FairSource['gauge']): void {
  new Gauge({
    name: 'tablewright_queries',
    help: 'Reads of the source, running and waiting for a connection',
    labelNames: ['state'],
    registers,
    collect() {
      const { running, waiting: held } = gauge()
      this.set({ state: 'running' }, running)
      this.set({ state: 'waiting' }, held)
    },
  })
}

const OPEN = ['queued', 'retrying', 'running', 'sending'] as const
const MAKING = ['queued', 'running'] as const

function openExports(db: Db) {
  return db
    .select({ state: exports.state, count: sql<number>`count(*)::int` })
    .from(exports)
    .where(inArray(exports.state, MAKING))
    .groupBy(exports.state)
}

/** Of those whose attempts failed, and of those under way, too: what matters is when they should have been there. */
function openDeliveries(db: Db, now: Date) {
  const { occurrence, createdAt, nextAttemptAt, attempts, leaseUntil, state } = deliveries
  // Sent again by hand it is due anew.
  const anew = sql`${attempts} = 0 and ${nextAttemptAt} > ${createdAt}`
  const since = sql<Date | null>`min(case when ${anew} then ${nextAttemptAt} else ${occurrence} end)`
  const told = { count: sql<number>`count(*)::int`, since: since.mapWith(occurrence) }
  const waits = sql<(typeof OPEN)[number]>`case when ${lte(nextAttemptAt, now)} then 'queued' else 'retrying' end`
  const waiting = db
    .select({ state: waits, ...told })
    .from(deliveries)
    .where(eq(state, 'queued'))
    .groupBy(sql`1`)
  const held = db
    .select({ state: sql<(typeof OPEN)[number]>`${state}`, ...told })
    .from(deliveries)
    .where(and(sql`${leaseUntil} is not null`, inArray(state, ['running', 'sending'])))
    .groupBy(state)
  return waiting.unionAll(held)
}

/** Since when the schedules are due that no worker has taken up; null: none is. */
async function dueSince(db: Db, now: Date): Promise<(Date | null)[]> {
  const of = async (source: typeof tables | typeof documents): Promise<Date | null> => {
    const { nextScheduledRun, deletedAt } = source
    const [found] = await db
      .select({ since: min(nextScheduledRun) })
      .from(source)
      .where(and(lte(nextScheduledRun, now), isNull(deletedAt)))
    return found?.since ?? null
  }
  return Promise.all([of(tables), of(documents)])
}
