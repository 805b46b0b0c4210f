import { UserError } from '../errors.ts'
import { type ToldError, toldError } from '../lib/told-error.ts'
import type { Style } from './style.ts'

/** A failure as lines for a terminal: what, every issue, and how to mend it. */
export function failureText(error: unknown, style: Style): string {
  if (!(error instanceof UserError)) {
    const what = error instanceof Error ? linesOf(toldError(error)) : `${String(error)}\n`
    return `${style.bold('Something went wrong inside Tablewright')}\n${what}`
  }
  const issues = (error.issues ?? []).map((issue) => {
    const place = issue.path.length === 0 || issue.message.includes(':') ? '' : `${issue.path.join('.')}: `
    return `  - ${place}${issue.message}${issue.fix === undefined ? '' : `\n    Fix: ${issue.fix}`}\n`
  })
  return `${style.bold(error.message)}\n${issues.join('')}${error.fix === undefined ? '' : `  Fix: ${error.fix}\n`}`
}

function linesOf({ type, code, message, stack, cause }: ToldError): string {
  const what = `${type}${code === undefined ? '' : ` ${code}`}: ${message}\n${stack}\n`
  return cause === undefined ? what : `${what}Caused by ${linesOf(cause)}`
}
