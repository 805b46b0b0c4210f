import type { Config } from '../config.ts'
import type { Log } from '../context.ts'

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

/** Errors by name, code and place. A database's message may hold values, so the statement's error tells less. */
function told(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? errorOf(value) : value]),
  )
}

function errorOf(error: Error): object {
  const { name, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  const inner = cause instanceof Error ? { cause: errorOf(cause) } : {}
  // Drizzle writes parameters after the statement.
  return { type: name, ...code, message: message.split('\nparams:')[0], stack: framesOf(stack), ...inner }
}

/** The lines of a stack without the message, which stands there too. */
function framesOf(stack = ''): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}
