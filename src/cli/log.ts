import { type DestinationStream, destination, pino } from 'pino'
import type { Config } from '../config.ts'
import type { Log } from '../context.ts'
import { toldError } from '../lib/told-error.ts'

/** A log of JSON lines, on stderr; addresses of databases, keys and values of statements never get into it. */
export function makeLog(level: Config['logLevel'], to: DestinationStream = destination({ fd: 2, sync: true })): Log {
  return pino(
    {
      level,
      base: null,
      redact: ['*.databaseUrl', '*.apiKey', '*.authorization'],
      serializers: { err: toldError },
    },
    to,
  )
}
