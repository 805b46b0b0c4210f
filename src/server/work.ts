// A worker in a process of its own: it delivers, and, where it is given a port, tells an operator how it does.
// In: a configuration. Out: a way to stop. Refused: a process without a store that others can reach.
import { createStartingApp, createWorkerApp } from '../app.ts'
import type { Config } from '../config.ts'
import type { Log } from '../context.ts'
import { makeMailer } from '../delivery/mailer.ts'
import { UserError } from '../errors.ts'
import { startWorker } from '../jobs/worker.ts'
import type { Progress } from '../open.ts'
import { openService } from '../open-service.ts'
import { type Listening, listening } from './listening.ts'
import { prometheus } from './prometheus.ts'
import { startTracing } from './tracing.ts'

export type RunningWorker = {
  /** Where health and metrics are, if anywhere. */
  readonly url?: string
  /** Whether there is a mail server to send by. */
  readonly sends: boolean
  /** Finishes the mails under way and leaves the rest to others. */
  readonly close: () => Promise<void>
}

/** Starts to work. Throws `UserError`. */
export async function startWork(options: {
  config: Config
  log: Log
  onProgress?: (progress: Progress) => void
}): Promise<RunningWorker> {
  const { config, log, onProgress = () => {} } = options
  if (config.databaseUrl === undefined) {
    throw new UserError('invalid_configuration', 'Cannot work apart from the server: DATABASE_URL is not set', {
      fix: 'set DATABASE_URL to the store that the server uses; an embedded one is delivered from by "tablewright serve"',
    })
  }
  const mailer = makeMailer(config)
  const { host, workerPort, metricsToken } = config
  const ends: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const end of ends.reverse()) await end()
  }
  let told: Listening | undefined
  try {
    if (workerPort !== undefined) {
      told = await listening(createStartingApp(log), { host, port: workerPort })
      ends.push(told.close)
    }
    const tracing = config.tracing && startTracing(config.tracing)
    if (tracing !== undefined) ends.push(tracing.close)
    const prom = prometheus({ prices: config.modelPrices })
    const service = await openService({ config, log, metrics: prom.metrics, onProgress })
    ends.push(service.close)
    const worker = await startWorker({ ...service, config, mailer })
    ends.push(worker.close)
    const { ctx } = worker
    prom.watch({ db: ctx.db, now: ctx.now, health: ctx.health, gauge: service.gauge })
    told?.answerBy(createWorkerApp({ ctx, scrape: prom.render, metricsToken }))
    return { ...(told && { url: told.url }), sends: mailer.send !== undefined, close }
  } catch (error) {
    await close()
    throw error
  }
}
