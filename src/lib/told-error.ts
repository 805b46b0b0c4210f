// An error as a log may tell it: by name, code and place, with what caused it. Never the values of a statement, which
// Drizzle writes behind it, and which a database quotes when it cannot read them.

const DATA_EXCEPTION = /^22/
/** What the language throws where it cannot read a text: it says which. */
const READING: ReadonlySet<string> = new Set(['SyntaxError', 'RangeError', 'URIError'])

export type ToldError = {
  readonly type: string
  readonly code?: string
  readonly message?: string
  readonly stack?: string
  readonly cause?: ToldError
  readonly errors?: readonly ToldError[]
}

/** What is written down of an error; anything else that was thrown is told by its kind only. */
export function toldError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack, cause } = error
  const code = 'code' in error ? String(error.code) : undefined
  const [said = ''] = message.split('\nparams:')
  return {
    type: name,
    ...(code !== undefined && { code }),
    message: quotes(name, code) ? withoutQuoted(said) : said,
    stack: framesOf(stack),
    ...(cause !== undefined && { cause: toldError(cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(toldError) }),
  }
}

const quotes = (name: string, code: string | undefined): boolean =>
  READING.has(name) || (code !== undefined && DATA_EXCEPTION.test(code))

/** `Unexpected token 'x', "abc" is not valid JSON`, `Cannot convert abc to a BigInt`, `Invalid time zone specified: abc`. */
function withoutQuoted(message: string): string {
  return message
    .replaceAll(/(["'`]).*\1/gs, '$1…$1')
    .replace(/\b(convert) .* (to)\b/s, '$1 … $2')
    .replace(/: (?!["'`]…).*/s, ': …')
}

/** The lines of a stack without the message, which stands there too. */
function framesOf(stack = ''): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}
