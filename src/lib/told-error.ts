// An error as a log may tell it: by name, code and place, with what caused it. Never the values of a statement, which
// Drizzle writes behind it, and which a database quotes when it cannot read them.

const DATA_EXCEPTION = /^22/

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
    message: code !== undefined && DATA_EXCEPTION.test(code) ? said.replaceAll(/".*"/gs, '"…"') : said,
    stack: framesOf(stack),
    ...(cause !== undefined && { cause: toldError(cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(toldError) }),
  }
}

/** The lines of a stack without the message, which stands there too. */
function framesOf(stack = ''): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}
