// A worker: looks once a minute what came due, and delivers. Any number may run; they share the work through the store.
import type { Config } from '../config.ts'
import type { ServiceContext } from '../context.ts'
import type { Store } from '../db/store.ts'
import { deliverOccurrence } from '../delivery/deliver.ts'
import { exportTurns, runExports } from '../delivery/export-job.ts'
import type { Mailer } from '../delivery/mailer.ts'
import { sweep } from '../delivery/sweep.ts'
import { inTime } from '../lib/in-time.ts'
import { traced } from '../lib/trace.ts'
import { type Kept, tidyUp } from './housekeeping.ts'
import { workInTurn } from './in-turn.ts'
import { DELIVER, type DeliverJob, EXPORT, openQueue, TICK, TIDY } from './queue.ts'

export type Worker = {
  /** The context whose changes wake workers. */
  readonly ctx: ServiceContext
  /** Finishes the recipients under way and leaves the rest to others. */
  readonly close: () => Promise<void>
}

const EVERY_MINUTE = '* * * * *'
/** UTC. */
const EVERY_NIGHT = '17 3 * * *'
const TIDY_POLL_SECONDS = 60
/** In which mails under way may end; then the process goes, and what it was sending stands as not known. */
const STOP_TIMEOUT_MS = 25_000
/** Occurrences at a time, and of one organization, so that the others always have a place. */
const AT_ONCE = 5
const OF_ONE_ORGANIZATION = 4
/** Of different organizations. */
const EXPORTS_AT_ONCE = 2

/** Starts delivering. */
export async function startWorker(options: {
  ctx: ServiceContext
  store: Pick<Store, 'pglite'>
  config: Pick<Config, 'databaseUrl' | 'queueBackend'> & Kept
  mailer: Mailer
  /** Seconds between two looks for jobs. */
  pollSeconds?: number
}): Promise<Worker> {
  const { store, config, mailer, pollSeconds = 2 } = options
  const { log } = options.ctx
  const stop = new AbortController()
  const queue = await openQueue({
    ...{
      databaseUrl: config.databaseUrl,
      pglite: store.pglite,
      backend: config.queueBackend,
      log,
      now: options.ctx.now,
    },
  })
  const { boss } = queue
  const ctx = { ...options.ctx, wake: queue.wake, wakeExports: queue.wakeExports }
  const deliver = async ({ id, data }: { id: string; data: DeliverJob }): Promise<void> => {
    const occurrence = { ...data, occurrence: new Date(data.occurrence) }
    await deliverOccurrence({ ctx, mailer, occurrence, signal: stop.signal }).catch((err: unknown) => {
      // The ledger still has it; the next look wakes somebody again.
      log.error({ err, ...data }, 'a delivery job failed')
    })
    await boss.complete(DELIVER, id)
  }
  let delivering: Promise<void> = Promise.resolve()
  try {
    await boss.work(TICK, { pollingIntervalSeconds: pollSeconds }, async () => {
      const swept = await traced('sweep', {}, () => sweep(ctx))
      if (swept.due > 0) log.info(swept, 'scheduled tables came due')
      // Those that a dead worker left.
      await queue.wakeExports(ctx.db)
    })
    const turns = exportTurns()
    const two = { pollingIntervalSeconds: pollSeconds, localConcurrency: EXPORTS_AT_ONCE }
    await boss.work(EXPORT, two, async () => {
      await runExports(ctx, stop.signal, turns)
    })
    await boss.work(TIDY, { pollingIntervalSeconds: TIDY_POLL_SECONDS }, async () => {
      const gone = await tidyUp(ctx, config)
      if (Object.keys(gone).length > 0) log.info(gone, 'what has had its time was deleted')
    })
    await boss.schedule(TIDY, EVERY_NIGHT)
    await boss.schedule(TICK, EVERY_MINUTE)
    delivering = workInTurn({
      next: async (ignoreGroups) => (await boss.fetch<DeliverJob>(DELIVER, { ignoreGroups: [...ignoreGroups] }))[0],
      ownerOf: ({ data }) => data.organizationId,
      run: deliver,
      ...{ places: AT_ONCE, placesEach: OF_ONE_ORGANIZATION, pauseMs: pollSeconds * 1000 },
      ...{ onError: queue.trouble, signal: stop.signal },
    })
    // What was missed while nobody worked does not wait for the minute.
    await boss.send(TICK, {})
  } catch (error) {
    stop.abort()
    await queue.close(STOP_TIMEOUT_MS)
    throw error
  }
  const close = async (): Promise<void> => {
    const begun = performance.now()
    stop.abort()
    await inTime(delivering, STOP_TIMEOUT_MS, 'mails are still under way').catch(() => {})
    await queue.close(Math.max(1000, STOP_TIMEOUT_MS - (performance.now() - begun)))
  }
  return { ctx, close }
}
