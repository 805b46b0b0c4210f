// Plan → rows in batches: the same plan as run.ts, read through a cursor, in one snapshot that lasts as long as its reader.
// In: a checked definition and a cap. Out: columns, totals, batches that are read when they are wanted.
// Refused: reading twice; a reader that takes nothing for IDLE_TIMEOUT_MS, or takes longer than LONGEST_MS in all, loses its
// snapshot: others wait for its place, and the database cannot clean up behind it.
import { UserError } from '../errors.ts'
import type { Issue } from '../lib/issue.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { type Batch, batchMaker } from './batch.ts'
import { issueOf } from './issue-of.ts'
import { type Planned, planned } from './planned.ts'
import type { RunInput } from './run.ts'
import type { ByteRow, RunBytes, RunStatement } from './source.ts'

const IDLE_TIMEOUT_MS = 5 * 60_000
const LONGEST_MS = 60 * 60_000
const CANCEL_AFTER_MS = 250
const FIRST_BATCH_ROWS = 100
const MAX_BATCH_ROWS = 1000
/** Asked for while one is worked on, so that the database never waits for the next question. */
const BATCHES_AHEAD = 3
/** Bytes wanted in one batch: wide rows come in small batches, so that memory stays flat. */
const BATCH_BYTES = 300_000

export type TableStream = {
  readonly columns: readonly OutputColumn[]
  readonly totals?: readonly Cell[]
  /** Every row in order, once; the next batches are fetched while one is worked on. Rejects with the database's error. */
  readonly batches: AsyncIterable<Batch>
  readonly rowCount: () => number
  /** Whether the cap cut the rows; known when the batches have ended. */
  readonly truncated: () => boolean
  readonly maxRows: number
  readonly statements: Planned['statements']
  /** Gives the snapshot back; needed only where the batches are not read to their end. */
  readonly close: () => Promise<void>
}
export type StreamOutcome =
  | { readonly ok: true; readonly stream: TableStream }
  | { readonly ok: false; readonly issues: readonly Issue[] }

type Rows = readonly ByteRow[]
type Reading = { readonly plan: Planned; readonly first: Rows; readonly more: () => Promise<Rows> }

/** Opens a table as batches; what the database refuses before the first rows is an issue, later it rejects. */
export async function streamTable(input: RunInput & { readonly longestMs?: number }): Promise<StreamOutcome> {
  const { source, timeoutMs, clock, maxRows, signal, scope, longestMs = LONGEST_MS } = input
  const stop = new AbortController()
  const opened = Promise.withResolvers<Reading>()
  const ended = Promise.withResolvers<void>()
  const abort = (): void => stop.abort()
  signal?.addEventListener('abort', abort, { once: true })
  const { organizationId } = scope
  const shared = { organizationId, timezone: clock.timezone, timeoutMs }
  const options = { ...shared, signal: stop.signal, idleTimeoutMs: IDLE_TIMEOUT_MS }
  const snapshot = source
    .snapshot(options, async (run, runBytes) => {
      signal?.throwIfAborted()
      const reading = await open(input, run, runBytes)
      if (source.exclusive === true) return opened.resolve(await readAhead(reading))
      opened.resolve(reading)
      const tooLate = setTimeout(() => {
        stop.abort(tookTooLong(longestMs))
        ended.resolve()
      }, longestMs)
      return ended.promise.finally(() => clearTimeout(tooLate))
    })
    // The reader learns of a failure from the batch that it stopped.
    .catch(opened.reject)
  try {
    const { plan, first, more } = await opened.promise
    const { columns, totals, statements } = plan
    const rows = capped({ first, more, maxRows, signal, batchOf: batchMaker(columns) })
    const close = async (): Promise<void> => {
      signal?.removeEventListener('abort', close)
      rows.stop()
      // A cancellation that comes late would hit whoever uses the connection next, so only a long wait is worth one.
      if (!(await settles(rows.pending(), CANCEL_AFTER_MS))) stop.abort()
      ended.resolve()
      await snapshot
    }
    signal?.addEventListener('abort', close, { once: true })
    if (signal?.aborted) await close()
    signal?.throwIfAborted()
    const { rowCount, truncated } = rows
    const batches = { [Symbol.asyncIterator]: () => rows.iterator(close) }
    return {
      ok: true,
      stream: { columns, ...(totals && { totals }), batches, rowCount, truncated, maxRows, statements, close },
    }
  } catch (error) {
    signal?.throwIfAborted()
    const issue = issueOf(error, timeoutMs)
    if (issue === undefined) throw error
    return { ok: false, issues: [issue] }
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

function tookTooLong(longestMs: number): UserError {
  const minutes = Math.ceil(longestMs / 60_000)
  return new UserError('query_timeout', `Cannot finish the file: it took longer than ${minutes} minutes to read`, {
    fix: 'ask for fewer rows, or have a worker make the file',
  })
}

async function settles(work: Promise<unknown>, withinMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(done, withinMs, false)
  })
  const inTime = work.then(
    () => true,
    () => true,
  )
  return Promise.race([inTime, late]).finally(() => clearTimeout(timer))
}

async function open(input: RunInput, run: RunStatement, runBytes: RunBytes): Promise<Reading> {
  const plan = await planned(input, run)
  if (plan.rows === undefined) return { plan, first: [], more: async () => [] }
  // Every row will be read, so the planner should not prefer plans that are quick for the first ones.
  await run("select set_config('cursor_tuple_fraction', '1', true)", [])
  await run(`declare rows_of_file no scroll cursor for ${plan.rows.text}`, plan.rows.params)
  let size = FIRST_BATCH_ROWS
  const more = async (): Promise<Rows> => {
    const rows = await runBytes(`fetch ${size} from rows_of_file`, [])
    if (rows.length > 0) size = nextSize(rows)
    return rows
  }
  return { plan, first: await more(), more }
}

function nextSize(rows: Rows): number {
  let bytes = 0
  for (const row of rows) for (const cell of row) bytes += (cell?.length ?? 0) + 16
  const fitting = Math.floor((BATCH_BYTES * rows.length) / bytes)
  return Math.max(1, Math.min(MAX_BATCH_ROWS, fitting))
}

async function readAhead({ plan, first, more }: Reading): Promise<Reading> {
  const waiting: Rows[] = []
  for (let batch = first; batch.length > 0; batch = await more()) waiting.push(batch)
  waiting.reverse()
  return { plan, first: waiting.pop() ?? [], more: async () => waiting.pop() ?? [] }
}

type Reader = Pick<TableStream, 'rowCount' | 'truncated'> & {
  /** Nothing is fetched any more: the snapshot is about to end. */
  readonly stop: () => void
  readonly pending: () => Promise<unknown>
  readonly iterator: (close: () => Promise<void>) => AsyncIterator<Batch, undefined>
}

function capped(input: {
  readonly first: Rows
  readonly more: () => Promise<Rows>
  readonly batchOf: (rows: Rows) => Batch
  readonly maxRows: number
  readonly signal: AbortSignal | undefined
}): Reader {
  const { first, more, maxRows, signal, batchOf } = input
  const ahead: Promise<Rows>[] = [Promise.resolve(first)]
  let count = 0
  let cut = false
  let over = false

  async function take(): Promise<Batch | undefined> {
    const rows = (await ahead.shift()) ?? []
    if (rows.length === 0 || cut || over) return undefined
    cut = count + rows.length > maxRows
    const kept = cut ? rows.slice(0, maxRows - count) : rows
    count += kept.length
    while (!cut && ahead.length < BATCHES_AHEAD) {
      const next = more()
      // Told when its turn comes.
      next.catch(() => {})
      ahead.push(next)
    }
    return batchOf(kept)
  }

  const iterator = (close: () => Promise<void>): AsyncIterator<Batch, undefined> => {
    const end = async (): Promise<IteratorReturnResult<undefined>> => {
      await close()
      return { done: true, value: undefined }
    }
    const next = async (): Promise<IteratorResult<Batch, undefined>> => {
      try {
        signal?.throwIfAborted()
        const value = over ? undefined : await take()
        signal?.throwIfAborted()
        return value === undefined ? end() : { done: false, value }
      } catch (error) {
        await end()
        signal?.throwIfAborted()
        throw error
      }
    }
    return { next, return: end }
  }
  const stop = (): void => {
    over = true
  }
  return { stop, pending: () => Promise.allSettled(ahead), rowCount: () => count, truncated: () => cut, iterator }
}
