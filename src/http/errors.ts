// Whatever went wrong, as the one error body. In: an error of any kind. Out: status and JSON.
// Told to the client: known conditions only; everything else is "internal" with the request id, and stands in the log.
import type { Context, ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { asUserError, type Changed, type ErrorCode, errorCodes, UserError } from '../errors.ts'
import type { Issue } from '../lib/issue.ts'
import type { HttpEnv } from './env.ts'
import { routeOf } from './observe.ts'

/** The body of every failed request. */
export type ErrorBody = {
  readonly error: {
    readonly code: ErrorCode
    readonly message: string
    readonly fix?: string
    readonly issues?: readonly Issue[]
    readonly changed?: Changed
    readonly requestId: string
  }
}

/** The error body of a failure; unknown failures are logged and told only as `internal`. */
export function errorBody(c: Context<HttpEnv>, error: unknown): { status: number; body: ErrorBody } {
  const requestId = c.get('requestId')
  const known = asUserError(error, c.req.raw.signal) ?? fromHono(error)
  if (known === undefined) {
    const about = { requestId, organizationId: c.get('organizationId'), method: c.req.method, route: routeOf(c) }
    c.get('log').error({ ...about, err: error }, 'request failed')
    return {
      status: 500,
      body: { error: { code: 'internal', message: 'Something went wrong on our side', requestId } },
    }
  }
  const { code, message, fix, issues, changed } = known
  return {
    status: errorCodes[code].status,
    body: {
      error: { code, message, ...(fix && { fix }), ...(issues && { issues }), ...(changed && { changed }), requestId },
    },
  }
}

/** The error body as a response. */
export function errorResponse(c: Context<HttpEnv>, error: unknown): Response {
  const { status, body } = errorBody(c, error)
  return c.json(body, status as ContentfulStatusCode)
}

export const onError: ErrorHandler<HttpEnv> = (error, c) => errorResponse(c, error)

function fromHono(error: unknown): UserError | undefined {
  if (!(error instanceof HTTPException) || error.status >= 500) return undefined
  return new UserError('invalid_request', error.message || 'Cannot read the request', { cause: error })
}
