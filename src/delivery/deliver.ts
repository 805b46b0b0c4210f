// One occurrence, recipient by recipient: claim → run → mail → write down. Recipients who may see the same share one run.
// A mail is marked as on its way before its first byte leaves; whatever is not known afterwards is never sent again by itself.
import type { Occurrence, ServiceContext } from '../context.ts'
import { deliveries } from '../db/schema-deliveries.ts'
import type { Db } from '../db/store.ts'
import { asUserError, type ErrorCode, UserError } from '../errors.ts'
import { type Bounded, bounded } from '../lib/bounded.ts'
import { hashText } from '../lib/hash.ts'
import { newId } from '../lib/id.ts'
import { traced } from '../lib/trace.ts'
import { type ScheduleConfig, storedSchedule } from '../schedules/config.ts'
import { recipientsOf } from '../schedules/recipients.ts'
import { backoffMs, MAX_ATTEMPTS } from './backoff.ts'
import { type Composed, composeNotice, composeTable, type Letter, messageIdOf } from './compose.ts'
import { keepFile, linkTo } from './kept-files.ts'
import {
  claim,
  type DeliveryRow,
  isToRecipients,
  lastSent,
  mailsToday,
  markSending,
  release,
  type Settled,
  settle,
} from './ledger.ts'
import { addressIn, type Mailer } from './mailer.ts'
import { keepMail } from './outbox.ts'
import { isAttached, MAX_KEPT_BYTES, type Prepared, prepare } from './prepare.ts'
import { addressOf, identityOf, memberAt, rolesFor } from './run-as.ts'
import { kindOf, type Subject, subjectOf } from './subject.ts'
import { subscriptionOf } from './subscriptions.ts'

/** Failures that are the table's, and stay until somebody changes something. */
const LASTING: ReadonlySet<ErrorCode> = new Set(['forbidden', 'not_found', 'columns_hidden', 'invalid_definition'])

type Work = {
  readonly ctx: ServiceContext
  readonly mailer: Mailer
  readonly signal: AbortSignal
  /** Runs of this occurrence, by as whom and with which roles. */
  readonly runs: Bounded<Run>
  /** Files of runs that links lead to. */
  readonly kept: WeakMap<Run, Promise<string>>
}
type Run = Prepared & { readonly roles: readonly string[] }

/** Recipients may all see something else, so not all files of an occurrence stay in memory: as many as the largest has room. */
const sizeOfRun = ({ file }: Run): number => file?.bytes.length ?? 0

/** Mails an occurrence to everybody who waits; ends early, between two recipients, when stopped. */
export async function deliverOccurrence(options: {
  ctx: ServiceContext
  mailer: Mailer
  occurrence: Occurrence
  signal: AbortSignal
}): Promise<void> {
  const work: Work = { ...options, runs: bounded(MAX_KEPT_BYTES, sizeOfRun), kept: new WeakMap() }
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
      await traced('delivery', aboutOf(row), () => deliver(work, row))
    } catch (error) {
      await failed(work, row, error)
    }
  }
}

const aboutOf = ({ organizationId, id, kind }: DeliveryRow) => ({
  'tablewright.organization': organizationId,
  'tablewright.delivery': id,
  'tablewright.delivery.kind': kind,
})

async function deliver(work: Work, row: DeliveryRow): Promise<void> {
  const { ctx, mailer } = work
  const subject = await subjectOf(ctx.db, row.organizationId, row.subjectId)
  const skip = await skipped(ctx, subject, row)
  if (subject === undefined || skip !== undefined) {
    return settleSkipped(work, row, skip ?? 'it is gone', {})
  }
  const { mailsPerDay } = ctx
  if (mailsPerDay !== undefined && mailer.send !== undefined && row.kind !== 'notice') {
    if ((await mailsToday(ctx.db, row, ctx.now())) >= mailsPerDay)
      return settleSkipped(work, row, `the organization has had its ${mailsPerDay} mails of the day`, {})
  }
  const config = storedSchedule(row.config)
  if (config === undefined) throw new UserError('invalid_definition', 'Cannot read the schedule that it was due by')
  const subscription = await subscriptionOf(ctx.db, row)
  if (isToRecipients(row) && subscription.unsubscribedAt !== null) {
    return settleSkipped(work, row, 'the recipient has unsubscribed', {})
  }
  const letter: Letter = {
    ...{ row, config, kind: subject.kind, from: mailer.from, appUrl: mailer.appUrl, now: ctx.now() },
    token: subscription.token,
  }
  if (row.kind === 'notice') {
    const about = { name: subject.name, reason: row.reason ?? 'It failed' }
    return mail(work, row, await composeNotice(letter, about), { reason: row.reason })
  }
  const run = await runFor(work, row, config)
  const { asOf, rowCount, contentHash } = run
  const told = { asOf, rowCount }
  const held = row.kind === 'scheduled' ? await heldBack(ctx, row, config, run) : undefined
  if (held !== undefined) return settleSkipped(work, row, held, told)
  const link = await linkFor(work, row, config, run)
  await mail(work, row, await composeTable(letter, run, link), { reason: null, ...told, contentHash })
}

async function settleSkipped({ ctx }: Work, row: DeliveryRow, reason: string, told: object): Promise<void> {
  const mine = await settle(ctx.db, row, { state: 'skipped', reason, ...told }, ctx.now())
  if (mine) ctx.metrics?.delivery({ state: 'skipped' })
}

/** Why the condition of a schedule holds a mail back. */
async function heldBack(
  ctx: ServiceContext,
  row: DeliveryRow,
  { condition }: ScheduleConfig,
  run: Prepared,
): Promise<string | undefined> {
  if (condition.kind === 'rows') return run.rowCount === 0 ? 'there were no rows' : undefined
  if (condition.kind === 'threshold')
    return run.reached ? undefined : `“${condition.column}” did not reach ${condition.value}`
  if (condition.kind === 'always') return undefined
  const last = await lastSent(ctx.db, row)
  return last?.contentHash === run.contentHash
    ? `the rows are those that were sent at ${last.finishedAt?.toISOString() ?? 'the last time'}`
    : undefined
}

/** The file too large to attach, kept once a run, with a link of this recipient's own. */
async function linkFor(
  { ctx, kept }: Work,
  row: DeliveryRow,
  config: ScheduleConfig,
  run: Run,
): Promise<string | undefined> {
  const { file } = run
  if (file === undefined || isAttached(file, config)) return undefined
  const { organizationId, subjectId, recipient } = row
  const { name, contentType } = file
  const { roles, contentHash } = run
  // A later attempt at the same occurrence finds the file that the earlier one kept.
  const madeOf = hashText(JSON.stringify([row.kind, row.occurrence, name, contentType, contentHash, roles]))
  const about = { organizationId, subjectId, name, contentType, madeOf }
  const known = kept.get(run) ?? keepFile(ctx.db, about, once(file.bytes), ctx.now()).then(({ id }) => id)
  kept.set(run, known)
  const fileId = await known.catch((error: unknown) => {
    if (error instanceof UserError) return undefined
    throw error
  })
  if (fileId === undefined) return undefined
  const userId = await memberAt(ctx.db, organizationId, recipient)
  return linkTo(ctx.db, {
    organizationId,
    fileId,
    recipient,
    member: userId === undefined ? undefined : { userId, roles },
  })
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Why a recipient is not mailed any more, though it came due. */
async function skipped(
  ctx: ServiceContext,
  subject: Subject | undefined,
  row: DeliveryRow,
): Promise<string | undefined> {
  if (subject === undefined || subject.deletedAt !== null) return `the ${kindOf(row.subjectId)} was deleted`
  if (!isToRecipients(row)) return undefined
  const config = storedSchedule(subject.scheduleConfig)
  if (config === undefined) return 'the schedule was ended'
  if (config.paused && row.kind === 'scheduled') return 'the schedule was paused'
  const { addresses, dropped } = await recipientsOf(ctx.db, row.organizationId, config, ctx)
  const recipient = row.recipient.toLowerCase()
  if (addresses.some((address) => address.toLowerCase() === recipient)) return undefined
  return dropped.find(({ who }) => who.toLowerCase() === recipient)?.why ?? 'the recipient was taken off the schedule'
}

async function runFor({ ctx, signal, runs }: Work, row: DeliveryRow, config: ScheduleConfig): Promise<Run> {
  const identity = await identityOf(ctx.db, row.organizationId, row.runAs)
  const roles = await rolesFor(ctx.db, identity, row.recipient)
  const key = JSON.stringify([row.runAs, roles, config])
  const made = async () => ({
    ...(await prepare({ ctx, identity, roles, subjectId: row.subjectId, config, signal })),
    roles,
  })
  return runs.get(key, made).catch((error: unknown) => {
    const theirs = error instanceof UserError && error.code === 'columns_hidden' && roles.length < identity.roles.length
    throw theirs ? hiddenFrom(row.recipient) : error
  })
}

function hiddenFrom(recipient: string): UserError {
  return new UserError('columns_hidden', `Cannot mail the table to ${recipient}: it uses columns they may not see`, {
    fix: 'take them off the schedule, or those columns out of the table',
  })
}

type Told = Pick<Settled, 'reason' | 'asOf' | 'rowCount' | 'contentHash'>

async function mail({ ctx, mailer }: Work, row: DeliveryRow, composed: Composed, told: Told): Promise<void> {
  const { message } = composed
  const messageId = messageIdOf(row.id, mailer.from)
  if (mailer.send === undefined) {
    const now = ctx.now()
    const kept = await ctx.db.transaction(async (tx) => {
      const reason = 'not mailed: no mail server is configured, so it is kept in the outbox'
      const mine = await settle(tx, row, { ...told, state: 'outbox', reason, messageId }, now)
      if (mine) await keepMail(tx, row, composed, now)
      return mine
    })
    if (kept) ctx.metrics?.delivery({ state: 'outbox' })
    return
  }
  const letter = { from: addressIn(mailer.from), to: row.recipient, message }
  const { send } = mailer
  const sent = await traced('mail', {}, async (span) => {
    const done = await send(letter, () => markSending(ctx.db, row, messageId, ctx.now()))
    span.setAttribute('tablewright.outcome', done.kind)
    return done
  })
  switch (sent.kind) {
    case 'accepted':
      return insist(ctx, row, { ...told, state: 'sent', answer: sent.answer, messageId })
    case 'unknown':
      return insist(ctx, row, { ...told, state: 'unknown', reason: sent.reason })
    case 'refused':
      return insist(ctx, row, { ...told, state: 'failed', reason: sent.reason, answer: sent.answer })
    case 'again': {
      const settled = again(row, sent.reason, ctx.now(), { answer: sent.answer })
      await insist(ctx, row, settled)
      // After the last try the owner is told; a mailbox that refuses is theirs to see in the history.
      if (settled.state === 'failed' && row.kind === 'scheduled') {
        await ctx.db.transaction((tx) => tellOwner(ctx, tx, row, `${row.recipient}: ${settled.reason}`))
      }
      return
    }
  }
}

const TRIES = 5
const BETWEEN_MS = 500

/** Writes down how a mail went, also over a short loss of the store; in vain, the lease makes it unknown. */
async function insist(ctx: ServiceContext, row: DeliveryRow, settled: Settled): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const mine = await settle(ctx.db, row, settled, ctx.now())
      if (mine && settled.state !== 'queued') ctx.metrics?.delivery({ state: settled.state })
      return
    } catch (err) {
      const { organizationId, id: delivery } = row
      ctx.log.error({ err, organizationId, delivery, state: settled.state }, 'cannot write down how a mail went')
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
  const lasting = known !== undefined && LASTING.has(known.code)
  const { organizationId, id: delivery } = row
  if (!lasting) ctx.log.error({ err: error, organizationId, delivery }, 'a delivery failed; it is tried again')
  const settled: Settled = lasting
    ? { state: 'failed', reason: sentenceOf(known) }
    : again(row, known?.message ?? 'something went wrong here, see the log', now)
  const over = settled.state === 'failed'
  const mine = await ctx.db.transaction(async (tx) => {
    const settledHere = await settle(tx, row, settled, now)
    if (settledHere && over && row.kind === 'scheduled') await tellOwner(ctx, tx, row, settled.reason ?? '')
    return settledHere
  })
  if (mine && over) ctx.metrics?.delivery({ state: 'failed' })
}

/** Without the issues: whoever reads the ledger need not be allowed to see the columns they name. */
function sentenceOf({ message, fix }: UserError): string {
  return fix === undefined ? message : `${message}; ${fix}`
}

/** A mail of its own to the table's owner, one an occurrence. */
async function tellOwner(ctx: ServiceContext, tx: Db, row: DeliveryRow, reason: string): Promise<void> {
  const { organizationId, subjectId, occurrence, config } = row
  const subject = await subjectOf(tx, organizationId, subjectId)
  const recipient = subject === undefined ? undefined : await addressOf(tx, subject.ownerId)
  if (subject === undefined || recipient === undefined) return
  const now = ctx.now()
  await tx
    .insert(deliveries)
    .values({
      ...{ organizationId, id: newId('dlv', now.getTime()), subjectId, kind: 'notice', occurrence, recipient },
      ...{ config, runAs: subject.ownerId, reason, nextAttemptAt: now, createdAt: now },
    })
    .onConflictDoNothing()
}
