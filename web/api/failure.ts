import type { Changed } from '../../src/errors.ts'
import type { ErrorBody } from '../../src/http/errors.ts'
import { whenText } from './locale.ts'
import { isOwner } from './owner.ts'

/** What a request failed with, in words that can be shown. */
export type Failure = Pick<ErrorBody['error'], 'message' | 'fix' | 'issues' | 'changed'> & {
  readonly code?: ErrorBody['error']['code']
  readonly requestId?: string
}

export class FailedRequest extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Said to the page when the server does not know who asks. */
export const REFUSED = 'tablewright-refused'

/** The failure of a response that is not fine; servers in between may answer with anything. */
export async function failureOf(response: Response): Promise<Failure> {
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined
  // Signing in is refused in words of its own.
  if (response.status === 401 && !new URL(response.url).pathname.startsWith('/api/v1/session')) {
    dispatchEvent(new Event(REFUSED))
    const message = 'Nothing was done, as nobody is signed in'
    return { ...body?.error, message, fix: 'sign in, and do it once more' }
  }
  if (body?.error?.changed !== undefined) {
    const message = changedFirst('it', body.error.changed)
    return { ...body.error, message, fix: 'Read the newest version, and do it once more' }
  }
  if (body?.error !== undefined) return body.error
  return {
    message: `The server answered ${response.status} without saying why`,
    fix: 'Try again in a moment',
  }
}

/** Who changed a thing after the reader had read it, and when on the reader's own clock. */
export function changedFirst(what: string, { by = 'Somebody', byId, at }: Changed): string {
  const who = isOwner(byId)
    ? `You changed ${what} in another tab or window after it was read here`
    : `${by} changed ${what} after you had read it`
  return `${who}, on ${whenText(at)}`
}

/** Any thrown thing as a failure; a lost connection is the usual one. */
export function asFailure(error: unknown): Failure {
  if (error instanceof FailedRequest) return error.failure
  if (error instanceof TypeError) {
    return {
      message: 'The server cannot be reached',
      fix: 'Check that it runs and that you are online, then try again',
    }
  }
  return { message: 'Something went wrong in this page', fix: 'Reload it and try again' }
}
