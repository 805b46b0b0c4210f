import { destination, pino } from 'pino'
import type { Config } from '../config.ts'
import type { Log } from '../context.ts'

/** A log of JSON lines on stderr; addresses of databases and keys never get into it. */
export function makeLog(level: Config['logLevel']): Log {
  return pino(
    { level, base: null, redact: ['*.databaseUrl', '*.apiKey', '*.authorization'] },
    destination({ fd: 2, sync: true }),
  )
}
