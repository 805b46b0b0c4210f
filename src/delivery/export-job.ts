// A download that a worker makes: for tables so large that nobody wants to wait for the connection.
// In: a saved table and a format. Out: progress, then a link that expires. It runs as the one who asked, and only they see
// it. A worker that dies loses nothing: its lease runs out and another one begins again. Cancelled: it stops soon.
import { and, asc, desc, eq, lt, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { audit } from '../access/audit.ts'
import { may } from '../access/rules.ts'
import type { Call, ServiceContext } from '../context.ts'
import { type exportStates, exports } from '../db/schema-deliveries.ts'
import { asUserError, UserError } from '../errors.ts'
import { CsvOptions } from '../export/csv.ts'
import type { FileFormat } from '../export/formats.ts'
import { newId } from '../lib/id.ts'
import { ianaTimezone } from '../lib/timezone.ts'
import { traced } from '../lib/trace.ts'
import { exportTable } from '../tables/export.ts'
import { findTable } from '../tables/find.ts'
import { readDefinition, runnable } from '../tables/readable.ts'
import { dropFile, keepFile, LINK_DAYS, linkTo } from './kept-files.ts'
import { identityOf } from './run-as.ts'

export const StartExport = z.strictObject({
  format: z.enum(['csv', 'xlsx', 'excel', 'pdf']).default('csv'),
  timezone: z
    .string()
    .default('UTC')
    .refine((name) => ianaTimezone(name) !== undefined, 'an IANA time zone such as Europe/Berlin is expected'),
  options: CsvOptions.optional(),
})
export type StartExport = z.output<typeof StartExport>
export type ExportRow = typeof exports.$inferSelect
export type ExportState = (typeof exportStates)[number]
export type ExportView = Pick<
  ExportRow,
  'id' | 'subjectId' | 'format' | 'state' | 'rowCount' | 'reason' | 'createdAt' | 'finishedAt'
> & {
  /** Under the application's address; there once it is done, for as long as the file is kept. */
  readonly link?: string
}

const LEASE_MS = 60_000
/** Waiting and running ones of one person. */
const MAX_OPEN = 5
const A_DAY_MS = 86_400_000
const REMEMBERED = 100

/** Puts an export into the queue. Throws `UserError` not_found, columns_hidden, conflict. */
export async function startExport(call: Call & { id: string; input: StartExport }): Promise<ExportView> {
  const { ctx, identity, id: subjectId, input } = call
  return ctx.db.transaction(async (tx) => {
    const { row: table } = await findTable(tx, identity, subjectId, 'tables.export')
    runnable(readDefinition(table.definition, ctx.catalog, identity), table.name)
    const mine = and(eq(exports.organizationId, identity.organizationId), eq(exports.userId, identity.userId))
    const open = await tx
      .select({ id: exports.id })
      .from(exports)
      .where(and(mine, or(eq(exports.state, 'queued'), eq(exports.state, 'running'))))
    if (open.length >= MAX_OPEN) {
      throw new UserError('conflict', `Cannot begin another export: ${open.length} of yours are under way`, {
        fix: 'wait for one of them, or cancel it',
      })
    }
    const now = ctx.now()
    const format = input.format === 'excel' ? 'xlsx' : input.format
    const [row] = await tx
      .insert(exports)
      .values({
        ...{ organizationId: identity.organizationId, id: newId('exp', now.getTime()), subjectId },
        ...{ userId: identity.userId, format, timezone: input.timezone, createdAt: now },
        ...(input.options && { options: input.options }),
      })
      .returning()
    if (row === undefined) throw new Error('an export was not written')
    await audit(tx, call, now, {
      action: 'tables.export',
      subject: { kind: 'table', id: subjectId },
      details: { format },
    })
    await ctx.wakeExports?.(tx)
    return viewExport(row)
  })
}

function viewExport(row: ExportRow): ExportView {
  const { id, subjectId, format, state, rowCount, reason, createdAt, finishedAt } = row
  return { id, subjectId, format, state, rowCount, reason, createdAt, finishedAt }
}

async function findOwn({ ctx, identity, id }: Call & { id: string }): Promise<ExportRow> {
  may(identity, 'exports.get')
  const [row] = await ctx.db
    .select()
    .from(exports)
    .where(
      and(eq(exports.organizationId, identity.organizationId), eq(exports.id, id), eq(exports.userId, identity.userId)),
    )
  if (row !== undefined) return row
  throw new UserError('not_found', `Cannot find export "${id.slice(0, 100)}": no such export`)
}

/** How far one's own export is; once it is done with a fresh link. Throws `UserError` not_found. */
export async function getExport(call: Call & { id: string }): Promise<ExportView> {
  const row = await findOwn(call)
  const { organizationId, fileId, state, finishedAt } = row
  const fresh = finishedAt !== null && call.ctx.now().getTime() - finishedAt.getTime() < LINK_DAYS * A_DAY_MS
  if (state !== 'done' || fileId === null || !fresh) return viewExport(row)
  const { userId } = row
  const member = { userId, roles: row.roles ?? [] }
  const token = await linkTo(call.ctx.db, { organizationId, fileId, recipient: userId, member })
  return { ...viewExport(row), link: `/files/${token}` }
}

/** One's own exports, the newest first. */
export async function listExports({ ctx, identity }: Call): Promise<readonly ExportView[]> {
  may(identity, 'exports.get')
  const rows = await ctx.db
    .select()
    .from(exports)
    .where(and(eq(exports.organizationId, identity.organizationId), eq(exports.userId, identity.userId)))
    .orderBy(desc(exports.id))
    .limit(50)
  return rows.map(viewExport)
}

/** Stops one's own export; one that is at its end stays as it is. Throws `UserError` not_found. */
export async function cancelExport(call: Call & { id: string }): Promise<ExportView> {
  const row = await findOwn(call)
  const [stopped] = await call.ctx.db
    .update(exports)
    .set({ state: 'cancelled', finishedAt: call.ctx.now(), leaseUntil: null })
    .where(
      and(
        eq(exports.organizationId, row.organizationId),
        eq(exports.id, row.id),
        or(eq(exports.state, 'queued'), eq(exports.state, 'running')),
      ),
    )
    .returning()
  return viewExport(stopped ?? row)
}

/** Whose turn it was in this process, the one whose turn is longest ago first, and whose exports are being made. */
export type ExportTurns = { served: readonly string[]; readonly busy: Set<string>; claiming: Promise<unknown> }
export const exportTurns = (): ExportTurns => ({ served: [], busy: new Set(), claiming: Promise.resolve() })

/**
 * Makes every export that waits, one after the other, organizations in turn; gives how many. Several may run with the same
 * turns: each leaves out the organizations that another one works for, so that a long export makes nobody else wait.
 */
export async function runExports(ctx: ServiceContext, signal: AbortSignal, turns = exportTurns()): Promise<number> {
  let made = 0
  while (!signal.aborted) {
    const row = await nextExport(ctx, turns)
    if (row === undefined) return made
    const about = { 'tablewright.organization': row.organizationId, 'tablewright.export': row.id }
    await traced('export', about, () => runExport(ctx, row, signal)).finally(() =>
      turns.busy.delete(row.organizationId),
    )
    made += 1
  }
  return made
}

/** One claim at a time, so that each sees what the one before took. */
function nextExport(ctx: ServiceContext, turns: ExportTurns): Promise<ExportRow | undefined> {
  const claimed = turns.claiming.then(async () => {
    const row = await claimExport(ctx, turns)
    if (row === undefined) return undefined
    const { organizationId } = row
    turns.busy.add(organizationId)
    turns.served = [...turns.served.filter((id) => id !== organizationId), organizationId].slice(-REMEMBERED)
    return row
  })
  turns.claiming = claimed.catch(() => {})
  return claimed
}

/** Whose turn it is: organizations that had none come first. */
function order(served: readonly string[]): SQL[] {
  if (served.length === 0) return []
  const places = served.map((id, index) => sql`when ${id} then ${sql.raw(String(index + 1))}`)
  return [sql`case ${exports.organizationId} ${sql.join(places, sql` `)} else 0 end`]
}

async function claimExport({ db, now }: ServiceContext, turns: ExportTurns): Promise<ExportRow | undefined> {
  const busy = [...turns.busy]
  return db.transaction(async (tx) => {
    const at = now()
    const [next] = await tx
      .select()
      .from(exports)
      .where(
        and(
          or(eq(exports.state, 'queued'), and(eq(exports.state, 'running'), lt(exports.leaseUntil, at))),
          busy.length === 0 ? undefined : notInArray(exports.organizationId, busy),
        ),
      )
      .orderBy(...order(turns.served), asc(exports.createdAt))
      .limit(1)
      .for('update', { skipLocked: true })
    if (next === undefined) return undefined
    const [row] = await tx
      .update(exports)
      .set({ state: 'running', rowCount: 0, token: newId('run'), leaseUntil: new Date(at.getTime() + LEASE_MS) })
      .where(and(eq(exports.organizationId, next.organizationId), eq(exports.id, next.id)))
      .returning()
    return row
  })
}

async function runExport(ctx: ServiceContext, row: ExportRow, signal: AbortSignal): Promise<void> {
  const { organizationId, subjectId } = row
  const stop = new AbortController()
  const signals = AbortSignal.any([signal, stop.signal])
  let rowCount = 0
  // Says how far it is, keeps the lease, and hears of a cancellation.
  const beat = setInterval(() => {
    void held(ctx, row, { rowCount, leaseUntil: new Date(ctx.now().getTime() + LEASE_MS) }).then(
      (mine) => mine || stop.abort(),
      () => {},
    )
  }, BEAT_MS)
  try {
    const identity = await identityOf(ctx.db, organizationId, row.userId)
    const { row: table } = await findTable(ctx.db, identity, subjectId, 'tables.execute')
    const definition = runnable(readDefinition(table.definition, ctx.catalog, identity), table.name)
    const input = {
      ...{ definition, format: row.format as FileFormat, timezone: row.timezone, title: table.name },
      ...(row.options !== null && { csv: CsvOptions.parse(row.options) }),
      onRows: (rows: { readonly length: number }) => {
        rowCount += rows.length
      },
    }
    const file = await exportTable({ ctx, scope: identity, input, signal: signals })
    const { name, contentType } = file
    const kept = await keepFile(ctx.db, { organizationId, subjectId, name, contentType }, file.bytes, ctx.now())
    const cut = file.truncated() ? 'the file was cut at the limit of its format' : null
    const mine = await held(ctx, row, {
      state: 'done',
      rowCount: file.rowCount(),
      fileId: kept.id,
      reason: cut,
      leaseUntil: null,
      finishedAt: ctx.now(),
      roles: identity.roles,
    })
    // Cancelled at the very end, or taken over by another worker: nobody would ever fetch it.
    if (!mine) await dropFile(ctx.db, organizationId, kept.id)
  } catch (error) {
    if (signal.aborted) {
      await held(ctx, row, { state: 'queued', token: null, leaseUntil: null })
    } else if (!stop.signal.aborted) {
      const known = asUserError(error)
      const now = ctx.now().getTime()
      // The database may be back in a moment: somebody takes it up again, and only after a while it has failed.
      if (known?.code === 'source_unavailable' && now - row.createdAt.getTime() < TRIES_FOR_MS) {
        await held(ctx, row, { token: null, leaseUntil: new Date(now + AGAIN_AFTER_MS) })
        return
      }
      if (known === undefined) ctx.log.error({ err: error, organizationId, export: row.id }, 'an export failed')
      const reason = known?.message ?? 'Something went wrong on our side'
      await held(ctx, row, { state: 'failed', reason, leaseUntil: null, finishedAt: ctx.now() })
    }
  } finally {
    clearInterval(beat)
  }
}

const BEAT_MS = 1000
const AGAIN_AFTER_MS = 20_000
const TRIES_FOR_MS = 15 * 60_000

/** Writes about an export while it is ours; false: it was cancelled, or somebody else has it. */
async function held({ db }: ServiceContext, row: ExportRow, set: Partial<ExportRow>): Promise<boolean> {
  const rows = await db
    .update(exports)
    .set(set)
    .where(
      and(
        eq(exports.organizationId, row.organizationId),
        eq(exports.id, row.id),
        eq(exports.token, row.token ?? ''),
        eq(exports.state, 'running'),
      ),
    )
    .returning({ id: exports.id })
  return rows.length > 0
}
