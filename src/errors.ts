// Every failure that a person may meet: its code, HTTP status and exit code. One list; docs/errors.md explains each.
// A `UserError` is somebody's mistake or a known condition and carries a fix; any other error is ours and shows as `internal`.
import { codesOf } from './lib/causes.ts'
import type { Issue } from './lib/issue.ts'

export const errorCodes = {
  invalid_json: { status: 400, exit: 1 },
  invalid_request: { status: 400, exit: 2 },
  unknown_organization: { status: 400, exit: 2 },
  unauthenticated: { status: 401, exit: 1 },
  forbidden: { status: 403, exit: 1 },
  columns_hidden: { status: 403, exit: 1 },
  not_found: { status: 404, exit: 1 },
  method_not_allowed: { status: 405, exit: 1 },
  conflict: { status: 409, exit: 1 },
  result_replaced: { status: 410, exit: 1 },
  version_conflict: { status: 412, exit: 1 },
  payload_too_large: { status: 413, exit: 1 },
  unsupported_media_type: { status: 415, exit: 1 },
  invalid_definition: { status: 422, exit: 1 },
  unsupported_sql: { status: 422, exit: 1 },
  idempotency_mismatch: { status: 422, exit: 1 },
  version_required: { status: 428, exit: 1 },
  rate_limited: { status: 429, exit: 1 },
  cancelled: { status: 499, exit: 1 },
  internal: { status: 500, exit: 1 },
  not_here: { status: 501, exit: 1 },
  translator_failed: { status: 502, exit: 1 },
  source_unavailable: { status: 503, exit: 1 },
  keys_unavailable: { status: 503, exit: 1 },
  not_ready: { status: 503, exit: 1 },
  overloaded: { status: 503, exit: 1 },
  query_timeout: { status: 504, exit: 1 },
  usage: { status: 400, exit: 2 },
  invalid_configuration: { status: 500, exit: 2 },
  invalid_catalog: { status: 500, exit: 2 },
  file_not_readable: { status: 500, exit: 2 },
  data_in_use: { status: 500, exit: 1 },
  port_in_use: { status: 500, exit: 1 },
  not_recorded: { status: 500, exit: 1 },
  not_understood: { status: 200, exit: 3 },
} as const satisfies Record<string, { status: number; exit: 1 | 2 | 3 }>
export type ErrorCode = keyof typeof errorCodes

/** Who changed a thing, by name and id, and when, as ISO text. */
export type Changed = { readonly by?: string; readonly byId?: string; readonly at: string }

/** A failure that a person can act on; `message` is one sentence without a final period, `fix` says what to do. */
export class UserError extends Error {
  readonly code: ErrorCode
  readonly fix?: string
  readonly issues?: readonly Issue[]
  /** The change that stands in the way. */
  readonly changed?: Changed

  constructor(
    code: ErrorCode,
    message: string,
    more: { fix?: string; issues?: readonly Issue[]; changed?: Changed; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'UserError'
    this.code = code
    if (more.fix !== undefined) this.fix = more.fix
    if (more.issues !== undefined) this.issues = more.issues
    if (more.changed !== undefined) this.changed = more.changed
  }
}

/** Whether an abort (a closed connection, Ctrl-C) is what ended the work. */
export function isAbort(error: unknown, signal?: AbortSignal): boolean {
  return signal?.aborted === true || (error instanceof Error && error.name === 'AbortError')
}

const SENTENCES: ReadonlyMap<string, { code: ErrorCode; message: string; fix: string }> = new Map(
  [
    [
      '57014',
      'query_timeout',
      'Cannot finish the table: the database stopped the query at its time limit',
      'ask for a shorter period or fewer groups',
    ],
    [
      '40001',
      'source_unavailable',
      'Cannot read the data: the replica ended the query to keep up with its primary',
      'try again in a moment; for long queries raise max_standby_streaming_delay there, or set hot_standby_feedback',
    ],
    [
      '25006',
      'source_unavailable',
      'Cannot write to the store: its database takes no changes, as a replica does',
      'set DATABASE_URL to the primary; a replica may be SOURCE_DATABASE_URL',
    ],
    ['57P01', 'source_unavailable', 'Cannot read the data: the database is shutting down', 'try again in a moment'],
    ['57P03', 'source_unavailable', 'Cannot read the data: the database is starting up', 'try again in a moment'],
    [
      '53300',
      'source_unavailable',
      'Cannot read the data: the database takes no more connections',
      'try again in a moment',
    ],
    [
      '28P01',
      'source_unavailable',
      'Cannot read the data: the database refused the password',
      'check the user and password in the database URL',
    ],
    [
      '28000',
      'source_unavailable',
      'Cannot read the data: the database refused the user',
      'check the user in the database URL',
    ],
    [
      '3D000',
      'source_unavailable',
      'Cannot read the data: there is no such database',
      'check the name at the end of the database URL',
    ],
    [
      '42501',
      'source_unavailable',
      'Cannot read the data: the database user may not read a table of the catalog',
      'grant select on it, or take it out of the catalog',
    ],
    [
      '42P01',
      'source_unavailable',
      'Cannot read the data: a table of the catalog is not in the database',
      'run: tablewright catalog check',
    ],
    [
      '42703',
      'source_unavailable',
      'Cannot read the data: a column of the catalog is not in the database',
      'run: tablewright catalog check',
    ],
    [
      'ECONNREFUSED',
      'source_unavailable',
      'Cannot reach the database: nothing listens at its address',
      'start it, or check host and port in the database URL',
    ],
    [
      'ENOTFOUND',
      'source_unavailable',
      'Cannot reach the database: its host name is not known',
      'check the host in the database URL',
    ],
    [
      'ECONNRESET',
      'source_unavailable',
      'Cannot reach the database: it closed the connection',
      'try again in a moment',
    ],
    [
      'CONNECTION_CLOSED',
      'source_unavailable',
      'Cannot reach the database: it closed the connection',
      'try again in a moment',
    ],
    [
      'CONNECTION_ENDED',
      'source_unavailable',
      'Cannot reach the database: the connection has ended',
      'try again in a moment',
    ],
    [
      'CONNECT_TIMEOUT',
      'source_unavailable',
      'Cannot reach the database: it did not answer in time',
      'check host and port in the database URL, and firewalls between',
    ],
  ].map(
    ([key, code, message, fix]) =>
      [key, { code, message, fix }] as [string, { code: ErrorCode; message: string; fix: string }],
  ),
)

/** Turns a database or network failure that people can mend into a `UserError`; undefined for anything else. */
export function asUserError(error: unknown, signal?: AbortSignal): UserError | undefined {
  if (error instanceof UserError) return error
  if (isAbort(error, signal)) return new UserError('cancelled', 'Stopped: the one who asked has gone', { cause: error })
  for (const code of codesOf(error)) {
    const known = SENTENCES.get(code)
    if (known !== undefined) return new UserError(known.code, known.message, { fix: known.fix, cause: error })
  }
  return undefined
}
