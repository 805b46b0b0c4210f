// One occurrence, recipient by recipient: claim → run → mail → write down. Recipients who may see the same share one run.
// A mail is marked as on its way before its first byte leaves; whatever is not known afterwards is never sent again by itself.
import { and, eq } from 'drizzle-orm'
import type { Occurrence, ServiceContext } from '../context.ts'
import { deliveries } from '../db/schema-deliveries.ts'
import { tables } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { asUserError, type ErrorCode, UserError } from '../errors.ts'
import { newId } from '../lib/id.ts'
import { ScheduleConfig } from '../tables/schemas.ts'
import { backoffMs, MAX_ATTEMPTS } from './backoff.ts'
import { composeNotice, composeTable, type Letter, messageIdOf } from './compose.ts'
import { claim, type DeliveryRow, markSending, release, type Settled, settle } from './ledger.ts'
import { addressIn, type Mailer } from './mailer.ts'
import { keepMail } from './outbox.ts'
import { type Prepared, prepare } from './prepare.ts'
import { addressOf, identityOf, rolesFor } from './run-as.ts'

/** Failures that are the table's, and stay until somebody changes something. */
const LASTING: ReadonlySet<ErrorCode> = new Set(['forbidden', 'not_found', 'columns_hidden', 'invalid_definition'])

type Work = {
  readonly ctx: ServiceContext
  readonly mailer: Mailer
  readonly signal: AbortSignal
  /** Runs of this occurrence, by as whom and with which roles. */
  readonly runs: Map<string, Promise<Prepared>>
}

/** Mails an occurrence to everybody who waits; ends early, between two recipients, when stopped. */
export async function deliverOccurrence(options: {
  ctx: ServiceContext
  mailer: Mailer
  occurrence: Occurrence
  signal: AbortSignal
}): Promise<void> {
  const work: Work = { ...options, runs: new Map() }
  await Promise.all(Array.from({ length: AT_ONCE }, () => deliverOneByOne(work, options.occurrence)))
}

/** Recipients of an occurrence at a time; mail servers answer slowly and take few connections from one place. */
const AT_ONCE = 3

async function deliverOneByOne(work: Work, occurrence: Occurrence): Promise<void> {
  const { ctx, signal } = work
  while (!signal.aborted) {
    const row = await claim(ctx.db, occurrence, { token: newId('run'), now: ctx.now() })
    if (row === undefined) return
    try {
      await deliver(work, row)
    } catch (error) {
      await failed(work, row, error)
    }
  }
}

async function deliver(work: Work, row: DeliveryRow): Promise<void> {
  const { ctx, mailer } = work
  const { organizationId, tableId } = row
  const [table] = await ctx.db
    .select()
    .from(tables)
    .where(and(eq(tables.organizationId, organizationId), eq(tables.id, tableId)))
  const skip = skipped(table, row)
  if (table === undefined || skip !== undefined) {
    await settle(ctx.db, row, { state: 'skipped', reason: skip ?? 'the table is gone' }, ctx.now())
    return
  }
  const config = ScheduleConfig.parse(row.config)
  const letter: Letter = { row, config, from: mailer.from, appUrl: mailer.appUrl, now: ctx.now() }
  if (row.kind === 'notice') {
    const about = { name: table.name, reason: row.reason ?? 'It failed' }
    return mail(work, row, await composeNotice(letter, about), { reason: row.reason })
  }
  const run = await runFor(work, row, config)
  const told = { asOf: run.asOf, rowCount: run.rowCount }
  if (config.skipIfEmpty && run.rowCount === 0 && row.kind === 'scheduled') {
    await settle(ctx.db, row, { state: 'skipped', reason: 'there were no rows', ...told }, ctx.now())
    return
  }
  await mail(work, row, await composeTable(letter, run), { reason: null, ...told })
}

/** Why a recipient is not mailed any more, though it came due. */
function skipped(table: typeof tables.$inferSelect | undefined, row: DeliveryRow): string | undefined {
  if (table === undefined || table.deletedAt !== null) return 'the table was deleted'
  if (row.kind !== 'scheduled') return undefined
  const config = ScheduleConfig.safeParse(table.scheduleConfig)
  if (!config.success) return 'the schedule was ended'
  const wanted = config.data.recipients.some((address) => address.toLowerCase() === row.recipient.toLowerCase())
  return wanted ? undefined : 'the recipient was taken off the schedule'
}

async function runFor({ ctx, signal, runs }: Work, row: DeliveryRow, config: ScheduleConfig): Promise<Prepared> {
  const identity = await identityOf(ctx.db, row.organizationId, row.runAs)
  const roles = await rolesFor(ctx.db, identity, row.recipient)
  const key = JSON.stringify([row.runAs, roles, config])
  const run = runs.get(key) ?? prepare({ ctx, identity, roles, tableId: row.tableId, config, signal })
  runs.set(key, run)
  return run.catch((error: unknown) => {
    const theirs = error instanceof UserError && error.code === 'columns_hidden' && roles.length < identity.roles.length
    throw theirs ? hiddenFrom(row.recipient) : error
  })
}

function hiddenFrom(recipient: string): UserError {
  return new UserError('columns_hidden', `Cannot mail the table to ${recipient}: it uses columns they may not see`, {
    fix: 'take them off the schedule, or those columns out of the table',
  })
}

type Told = Pick<Settled, 'reason' | 'asOf' | 'rowCount'>

async function mail({ ctx, mailer }: Work, row: DeliveryRow, message: Buffer, told: Told): Promise<void> {
  const messageId = messageIdOf(row.id, mailer.from)
  if (mailer.send === undefined) {
    const now = ctx.now()
    await ctx.db.transaction(async (tx) => {
      const reason = 'not mailed: no mail server is configured, so it is kept in the outbox'
      const mine = await settle(tx, row, { ...told, state: 'outbox', reason, messageId }, now)
      if (mine) await keepMail(tx, row, message, now)
    })
    return
  }
  const letter = { from: addressIn(mailer.from), to: row.recipient, message }
  const sent = await mailer.send(letter, () => markSending(ctx.db, row, messageId, ctx.now()))
  switch (sent.kind) {
    case 'accepted':
      return insist(ctx, row, { ...told, state: 'sent', answer: sent.answer, messageId })
    case 'unknown':
      return insist(ctx, row, { ...told, state: 'unknown', reason: sent.reason })
    case 'refused':
      return insist(ctx, row, { ...told, state: 'failed', reason: sent.reason, answer: sent.answer })
    case 'again':
      return insist(ctx, row, again(row, sent.reason, ctx.now(), { answer: sent.answer }))
  }
}

const TRIES = 5
const BETWEEN_MS = 500

/** Writes down how a mail went, also over a short loss of the store; in vain, the lease makes it unknown. */
async function insist(ctx: ServiceContext, row: DeliveryRow, settled: Settled): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await settle(ctx.db, row, settled, ctx.now())
      return
    } catch (err) {
      ctx.log.error({ err, delivery: row.id, state: settled.state }, 'cannot write down how a mail went')
      if (attempt === TRIES) return
      await new Promise((done) => setTimeout(done, BETWEEN_MS * attempt))
    }
  }
}

function again(row: DeliveryRow, reason: string, now: Date, more: Partial<Settled> = {}): Settled {
  if (row.attempts >= MAX_ATTEMPTS) return { ...more, state: 'failed', reason: `${reason} (${row.attempts} attempts)` }
  return { ...more, state: 'queued', reason, nextAttemptAt: new Date(now.getTime() + backoffMs(row.attempts)) }
}

async function failed({ ctx, signal }: Work, row: DeliveryRow, error: unknown): Promise<void> {
  if (signal.aborted) return release(ctx.db, row)
  const known = asUserError(error)
  const now = ctx.now()
  if (known === undefined || !LASTING.has(known.code)) {
    ctx.log.error({ err: error, delivery: row.id }, 'a delivery failed; it is tried again')
    await settle(ctx.db, row, again(row, known?.message ?? 'something went wrong here, see the log', now), now)
    return
  }
  const reason = sentenceOf(known)
  await ctx.db.transaction(async (tx) => {
    const mine = await settle(tx, row, { state: 'failed', reason }, now)
    if (mine && row.kind === 'scheduled') await tellOwner(ctx, tx, row, reason)
  })
}

/** Without the issues: whoever reads the ledger need not be allowed to see the columns they name. */
function sentenceOf({ message, fix }: UserError): string {
  return fix === undefined ? message : `${message}; ${fix}`
}

/** A mail of its own to the table's owner, one an occurrence. */
async function tellOwner(ctx: ServiceContext, tx: Db, row: DeliveryRow, reason: string): Promise<void> {
  const { organizationId, tableId, occurrence, config } = row
  const [table] = await tx
    .select({ ownerId: tables.ownerId })
    .from(tables)
    .where(and(eq(tables.organizationId, organizationId), eq(tables.id, tableId)))
  const recipient = table === undefined ? undefined : await addressOf(tx, table.ownerId)
  if (table === undefined || recipient === undefined) return
  const now = ctx.now()
  await tx
    .insert(deliveries)
    .values({
      ...{ organizationId, id: newId('dlv', now.getTime()), tableId, kind: 'notice', occurrence, recipient },
      ...{ config, runAs: table.ownerId, reason, nextAttemptAt: now, createdAt: now },
    })
    .onConflictDoNothing()
}
