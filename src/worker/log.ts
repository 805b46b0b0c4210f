import type { Config } from '../config.ts'
import type { Log } from '../context.ts'
import { toldError } from '../lib/told-error.ts'

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** A log of JSON lines on the console, where Workers Logs finds them. */
export function consoleLog(level: Config['logLevel']): Log {
  const from = LEVELS.indexOf(level)
  const at = (name: 'debug' | 'info' | 'warn' | 'error') => {
    if (LEVELS.indexOf(name) < from) return () => {}
    return (fields: object, message: string): void =>
      console[name](JSON.stringify({ level: name, time: Date.now(), ...told(fields), msg: message }))
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function told(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, key === 'err' ? toldError(value) : value]),
  )
}
