import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'
import { openContext } from '../open.ts'
import type { Io } from './io.ts'
import { makeLog } from './log.ts'
import { progressOn } from './progress.ts'

/** Opens the data, does the work, and gives the data back whatever happens. */
export async function withContext(io: Io, config: Config, work: (ctx: AppContext) => Promise<void>): Promise<void> {
  const { ctx, close } = await openContext({
    config,
    log: makeLog(config.logLevel),
    onProgress: progressOn(io),
    mayIntrospect: true,
  })
  try {
    await work(ctx)
  } finally {
    await close()
  }
}
