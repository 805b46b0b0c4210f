// The queue: pg-boss over the store's own database. Jobs only wake workers; what is to be done and what was done stands in
// the ledger, so that a job that is lost or comes twice does no harm.
import type { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { type BackendProfile, fromDrizzle, fromPglite, PgBoss } from 'pg-boss'
import type { Log, ServiceContext, Wake, Woken } from '../context.ts'
import type { Db } from '../db/store.ts'

const SCHEMA = 'tablewright_jobs'
export const DELIVER = 'deliver'
export const TICK = 'tick'
export const TIDY = 'tidy'
export const EXPORT = 'export'
const A_DAY_S = 86_400
const PIECE = 1000

export type DeliverJob = { readonly organizationId: string; readonly subjectId: string; readonly occurrence: string }
export type Queue = {
  readonly boss: PgBoss
  readonly wake: Wake
  readonly wakeExports: NonNullable<ServiceContext['wakeExports']>
  /** Writes down that the queue fails, seldom. */
  readonly trouble: (error: unknown) => void
  /** Waits for jobs that pg-boss runs. */
  readonly close: (timeoutMs: number) => Promise<void>
}

/** Opens the queue, making what it needs in the database. */
export async function openQueue(options: {
  databaseUrl?: string | undefined
  pglite?: PGlite | undefined
  /** What the database is, where it is not embedded; the queue does without what that one lacks. */
  backend?: Exclude<BackendProfile, 'pglite' | 'yugabytedb'>
  log: Log
  now: () => Date
}): Promise<Queue> {
  const { databaseUrl, pglite, backend = 'postgres', log, now } = options
  const boss = new PgBoss({
    schema: SCHEMA,
    ...(pglite === undefined
      ? { connectionString: databaseUrl ?? '', application_name: 'tablewright jobs', max: 4, backend }
      : { db: fromPglite(pglite), backend: 'pglite' as const }),
  })
  const trouble = seldom(log)
  boss.on('error', trouble)
  // Its data may be a statement with its values.
  boss.on('warning', ({ message }) => log.warn({ warning: message }, 'the job queue warns'))
  await boss.start()
  // At most one job of a key waits; another may be under way.
  const once = { policy: 'short', retryLimit: 0, deleteAfterSeconds: A_DAY_S } as const
  await boss.createQueue(DELIVER, { ...once, expireInSeconds: A_DAY_S / 8 })
  await boss.createQueue(TICK, { ...once, expireInSeconds: 600 })
  await boss.createQueue(EXPORT, { ...once, expireInSeconds: A_DAY_S / 2 })
  await boss.createQueue(TIDY, { ...once, expireInSeconds: 3600 })
  const wake: Wake = async (tx, waiting) => {
    const db = fromDrizzle(tx as Parameters<typeof fromDrizzle>[0], sql)
    for (let at = 0; at < waiting.length; at += PIECE) {
      const jobs = waiting.slice(at, at + PIECE).map((one) => jobOf(one, now()))
      await boss.insert(DELIVER, jobs, { db })
    }
  }
  const wakeExports = async (tx: Db): Promise<void> => {
    const db = fromDrizzle(tx as Parameters<typeof fromDrizzle>[0], sql)
    await boss.insert(EXPORT, [{ data: {}, singletonKey: EXPORT }], { db })
  }
  return { boss, wake, wakeExports, trouble, close: (timeout) => boss.stop({ graceful: true, timeout }) }
}

const SELDOM_MS = 10_000

/** Every worker of the queue asks each second or two: while the database is away one line says it for all. */
function seldom(log: Log): (err: unknown) => void {
  let saidAt = Number.NEGATIVE_INFINITY
  let unsaid = 0
  return (err) => {
    if (performance.now() - saidAt < SELDOM_MS) {
      unsaid += 1
      return
    }
    log.error({ err, unsaid }, 'the job queue has trouble')
    saidAt = performance.now()
    unsaid = 0
  }
}

/** Seconds are counted from here, so that they fit where the queue keeps them. */
const EPOCH_MS = Date.UTC(2026, 0, 1)
/** An occurrence stands as if it came due so much later for each one of its organization before it. */
const STEP_BACK_S = 60

/**
 * Organizations take turns: whoever has many due at once has the later ones give way to what comes due elsewhere
 * meanwhile, but not for ever.
 */
function jobOf({ organizationId, subjectId, occurrence, ahead = 0 }: Woken, now: Date) {
  const data: DeliverJob = { organizationId, subjectId, occurrence: occurrence.toISOString() }
  const priority = -(Math.floor((now.getTime() - EPOCH_MS) / 1000) + ahead * STEP_BACK_S)
  return { data, singletonKey: JSON.stringify(Object.values(data)), group: { id: organizationId }, priority }
}
