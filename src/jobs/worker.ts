// A worker: looks once a minute what came due, and delivers. Any number may run; they share the work through the store.
import type { Config } from '../config.ts'
import type { ServiceContext } from '../context.ts'
import type { Store } from '../db/store.ts'
import { deliverOccurrence } from '../delivery/deliver.ts'
import { runExports } from '../delivery/export-job.ts'
import type { Mailer } from '../delivery/mailer.ts'
import { sweep } from '../delivery/sweep.ts'
import { type Kept, tidyUp } from './housekeeping.ts'
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
/** Occurrences at a time. */
const AT_ONCE = 4

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
    ...{ databaseUrl: config.databaseUrl, pglite: store.pglite, backend: config.queueBackend, log },
  })
  const { boss } = queue
  const ctx = { ...options.ctx, wake: queue.wake, wakeExports: queue.wakeExports }
  const deliver = async ({ data }: { data: DeliverJob }): Promise<void> => {
    const occurrence = { ...data, occurrence: new Date(data.occurrence) }
    await deliverOccurrence({ ctx, mailer, occurrence, signal: stop.signal }).catch((err: unknown) => {
      // The ledger still has it; the next look wakes somebody again.
      log.error({ err, ...data }, 'a delivery job failed')
    })
  }
  try {
    await boss.work<DeliverJob>(
      DELIVER,
      { batchSize: AT_ONCE, burstWhenBatchFull: true, pollingIntervalSeconds: pollSeconds },
      async (jobs) => {
        await Promise.all(jobs.map(deliver))
      },
    )
    await boss.work(TICK, { pollingIntervalSeconds: pollSeconds }, async () => {
      const swept = await sweep(ctx)
      if (swept.due > 0) log.info(swept, 'scheduled tables came due')
      // Those that a dead worker left.
      await queue.wakeExports(ctx.db)
    })
    await boss.work(EXPORT, { pollingIntervalSeconds: pollSeconds }, async () => {
      await runExports(ctx, stop.signal)
    })
    await boss.work(TIDY, { pollingIntervalSeconds: TIDY_POLL_SECONDS }, async () => {
      const gone = await tidyUp(ctx, config)
      if (Object.keys(gone).length > 0) log.info(gone, 'what has had its time was deleted')
    })
    await boss.schedule(TIDY, EVERY_NIGHT)
    await boss.schedule(TICK, EVERY_MINUTE)
    // What was missed while nobody worked does not wait for the minute.
    await boss.send(TICK, {})
  } catch (error) {
    await queue.close()
    throw error
  }
  const close = async (): Promise<void> => {
    stop.abort()
    await queue.close()
  }
  return { ctx, close }
}
