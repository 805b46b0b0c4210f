// What came due becomes rows of the ledger. In: the clock. Out: rows, the next run of each table, workers woken; a table
// in one transaction, so that a crash loses nothing and two sweeps at once share the work.
// Missed runs: the latest one stands for all, and says how many there were.
import { and, asc, isNull, lte, sql } from 'drizzle-orm'
import type { ServiceContext, Woken } from '../context.ts'
import { deliveries } from '../db/schema-deliveries.ts'
import { documents } from '../db/schema-documents.ts'
import { tables } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { type ScheduleConfig, storedSchedule } from '../schedules/config.ts'
import { nextRun } from '../schedules/next-run.ts'
import { type Recipients, recipientsOfAll } from '../schedules/recipients.ts'
import { expireLeases, type LedgerEntry, ledgerEntries, waiting } from './ledger.ts'

const BATCH = 200
const PIECE = 500
type Source = typeof tables | typeof documents
const A_DAY_MS = 86_400_000

export type Swept = { readonly due: number; readonly unknown: number; readonly again: number }

/** Takes everything that is due, frees what dead workers held, and wakes workers for all that waits. */
export async function sweep(ctx: ServiceContext): Promise<Swept> {
  let due = 0
  let woken: Counts = new Map()
  for (const source of [tables, documents])
    for (let taken = BATCH; taken === BATCH; due += taken) ({ taken, woken } = await sweepBatch(ctx, source, woken))
  const expired = await expireLeases(ctx.db, ctx.now())
  if (expired.unknown > 0) {
    ctx.log.error(expired, 'workers ended while mails were on their way')
    ctx.metrics?.delivery({ state: 'unknown', count: expired.unknown })
  }
  if (ctx.wake !== undefined) await ctx.wake(ctx.db, await waiting(ctx.db, ctx.now()))
  return { due, ...expired }
}

/** How many of each organization were woken. */
type Counts = ReadonlyMap<string, number>

function sweepBatch(ctx: ServiceContext, source: Source, before: Counts): Promise<{ taken: number; woken: Counts }> {
  return ctx.db.transaction(async (tx) => {
    const now = ctx.now()
    const rows = await tx
      .select({
        organizationId: source.organizationId,
        id: source.id,
        name: source.name,
        ownerId: source.ownerId,
        scheduledBy: source.scheduledBy,
        scheduleConfig: source.scheduleConfig,
        nextScheduledRun: source.nextScheduledRun,
      })
      .from(source)
      .where(and(lte(source.nextScheduledRun, now), isNull(source.deletedAt)))
      .orderBy(asc(source.nextScheduledRun))
      .limit(BATCH)
      .for('update', { skipLocked: true })
    const woken: Woken[] = []
    const counts = new Map(before)
    const entries: LedgerEntry[] = []
    const next: { organizationId: string; id: string; at: Date | null }[] = []
    const dues = rows.map((row) => dueOf(ctx, row, now))
    const people = await peopleOf(tx, ctx, dues)
    for (const due of dues) {
      const { row } = due
      next.push({ organizationId: row.organizationId, id: row.id, at: due.next })
      const recipients = people.get(due)
      if (recipients === undefined) continue
      entries.push(...entriesOf(due, recipients, now))
      const { organizationId } = row
      const ahead = counts.get(organizationId) ?? 0
      counts.set(organizationId, ahead + 1)
      woken.push({ organizationId, subjectId: row.id, occurrence: due.occurrence, ahead })
    }
    await moveOn(tx, source, next)
    for (let at = 0; at < entries.length; at += PIECE) {
      await tx
        .insert(deliveries)
        .values(entries.slice(at, at + PIECE))
        .onConflictDoNothing()
    }
    await ctx.wake?.(tx, woken)
    return { taken: rows.length, woken: counts }
  })
}

/** All next runs of a batch in one statement: what a sweep costs is what comes due, not how often it asks. */
async function moveOn(
  tx: Db,
  source: Source,
  next: readonly { organizationId: string; id: string; at: Date | null }[],
): Promise<void> {
  if (next.length === 0) return
  const values = next.map(
    ({ organizationId, id, at }) =>
      sql`(${organizationId}::text, ${id}::text, ${at?.toISOString() ?? null}::timestamptz)`,
  )
  await tx.execute(sql`update ${source} as s set next_scheduled_run = v.at
    from (values ${sql.join(values, sql`, `)}) as v (organization_id, id, at)
    where s.organization_id = v.organization_id and s.id = v.id`)
}

type DueRow = Pick<
  typeof tables.$inferSelect,
  'organizationId' | 'id' | 'name' | 'ownerId' | 'scheduledBy' | 'scheduleConfig' | 'nextScheduledRun'
>
type DueNow = {
  readonly row: DueRow
  readonly next: Date | null
  readonly occurrence: Date
  readonly missed: number
  /** Absent: it cannot be read. */
  readonly config?: ScheduleConfig
}

function dueOf(ctx: ServiceContext, row: DueRow, now: Date): DueNow {
  const { organizationId, id, nextScheduledRun } = row
  const config = storedSchedule(row.scheduleConfig)
  if (config === undefined || nextScheduledRun === null) {
    ctx.log.error({ organizationId, id }, 'a schedule cannot be read; looked at again in a day')
    return { row, next: new Date(now.getTime() + A_DAY_MS), occurrence: now, missed: 0 }
  }
  const { next, ...due } = latestDue(config, nextScheduledRun, now)
  return { row, config, next: next ?? null, ...due }
}

/** Who is mailed what: the people of an organization are looked up once for all that is due there. */
async function peopleOf(
  tx: Db,
  ctx: ServiceContext,
  dues: readonly DueNow[],
): Promise<ReadonlyMap<DueNow, Recipients>> {
  const found = new Map<DueNow, Recipients>()
  const byOrganization = Map.groupBy(dues, ({ row }) => row.organizationId)
  for (const [organizationId, some] of byOrganization) {
    const readable = some.flatMap((due) => (due.config === undefined ? [] : [{ due, config: due.config }]))
    const configs = readable.map(({ config }) => config)
    const recipients = await recipientsOfAll(tx, organizationId, configs, ctx)
    for (const [index, { due }] of readable.entries()) {
      const own = recipients[index]
      if (own !== undefined) found.set(due, own)
    }
  }
  return found
}

function entriesOf({ row, config, occurrence, missed }: DueNow, recipients: Recipients, now: Date): LedgerEntry[] {
  const { organizationId, id: subjectId } = row
  const shared = { organizationId, subjectId, kind: 'scheduled' as const, occurrence, config, missed }
  return ledgerEntries({ ...shared, runAs: row.scheduledBy ?? row.ownerId }, recipients, now)
}

/** The last occurrence until now, the first one after, and how many came before the last. */
export function latestDue(
  config: ScheduleConfig,
  due: Date,
  now: Date,
): { occurrence: Date; next: Date | undefined; missed: number } {
  let occurrence = due
  let next = nextRun(config, due)
  let missed = 0
  while (next !== undefined && next <= now) {
    occurrence = next
    next = nextRun(config, next)
    missed += 1
  }
  return { occurrence, next, missed }
}
