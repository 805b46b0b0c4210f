// What came due becomes rows of the ledger. In: the clock. Out: rows, the next run of each table, workers woken; a table
// in one transaction, so that a crash loses nothing and two sweeps at once share the work.
// Missed runs: the latest one stands for all, and says how many there were.
import { and, asc, eq, isNull, lte } from 'drizzle-orm'
import type { Occurrence, ServiceContext } from '../context.ts'
import { deliveries } from '../db/schema-deliveries.ts'
import { tables } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { newId } from '../lib/id.ts'
import { nextRun } from '../schedules/next-run.ts'
import { ScheduleConfig } from '../tables/schemas.ts'
import { expireLeases, waiting } from './ledger.ts'

const BATCH = 100
const A_DAY_MS = 86_400_000

export type Swept = { readonly due: number; readonly unknown: number; readonly again: number }

/** Takes everything that is due, frees what dead workers held, and wakes workers for all that waits. */
export async function sweep(ctx: ServiceContext): Promise<Swept> {
  let due = 0
  for (let taken = BATCH; taken === BATCH; due += taken) taken = await sweepBatch(ctx)
  const expired = await expireLeases(ctx.db, ctx.now())
  if (expired.unknown > 0) ctx.log.error(expired, 'workers ended while mails were on their way')
  if (ctx.wake !== undefined) await ctx.wake(ctx.db, await waiting(ctx.db, ctx.now()))
  return { due, ...expired }
}

function sweepBatch(ctx: ServiceContext): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const now = ctx.now()
    const rows = await tx
      .select()
      .from(tables)
      .where(and(lte(tables.nextScheduledRun, now), isNull(tables.deletedAt)))
      .orderBy(asc(tables.nextScheduledRun))
      .limit(BATCH)
      .for('update', { skipLocked: true })
    const woken: Occurrence[] = []
    for (const row of rows) {
      const occurrence = await takeDue(ctx, tx, row, now)
      if (occurrence !== undefined) woken.push(occurrence)
    }
    await ctx.wake?.(tx, woken)
    return rows.length
  })
}

async function takeDue(
  ctx: ServiceContext,
  tx: Db,
  row: typeof tables.$inferSelect,
  now: Date,
): Promise<Occurrence | undefined> {
  const { organizationId, id: tableId, nextScheduledRun } = row
  const that = and(eq(tables.organizationId, organizationId), eq(tables.id, tableId))
  const config = ScheduleConfig.safeParse(row.scheduleConfig)
  if (!config.success || nextScheduledRun === null) {
    ctx.log.error({ organizationId, tableId }, 'a schedule cannot be read; looked at again in a day')
    const nextScheduledRun = new Date(now.getTime() + A_DAY_MS)
    await tx.update(tables).set({ nextScheduledRun }).where(that)
    return undefined
  }
  const { occurrence, next, missed } = latestDue(config.data, nextScheduledRun, now)
  await tx.update(tables).set({ nextScheduledRun: next }).where(that)
  await tx
    .insert(deliveries)
    .values(
      config.data.recipients.map((recipient, index) => ({
        ...{ organizationId, id: newId('dlv', now.getTime() + index), tableId, kind: 'scheduled' as const, occurrence },
        ...{ recipient, config: config.data, runAs: row.scheduledBy ?? row.ownerId, missed, nextAttemptAt: now },
        createdAt: now,
      })),
    )
    .onConflictDoNothing()
  return { organizationId, tableId, occurrence }
}

/** The last occurrence until now, the first one after, and how many came before the last. */
export function latestDue(
  config: ScheduleConfig,
  due: Date,
  now: Date,
): { occurrence: Date; next: Date; missed: number } {
  let [occurrence, next, missed] = [due, nextRun(config, due), 0]
  while (next <= now) {
    occurrence = next
    next = nextRun(config, next)
    missed += 1
  }
  return { occurrence, next, missed }
}
