// Once a day: what has had its time goes. In: the clock and how long things are kept. Out: how many of each went.
// Each kind for itself: one that cannot be deleted now does not keep the others.
import { and, inArray, lt, not, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Config } from '../config.ts'
import type { ServiceContext } from '../context.ts'
import { KEY_LIFETIME_MS } from '../db/once.ts'
import { invitations, sessions, verifications } from '../db/schema-access.ts'
import { conversations } from '../db/schema-conversations.ts'
import { deliveries, exports, keptFiles } from '../db/schema-deliveries.ts'
import { documents } from '../db/schema-documents.ts'
import { idempotencyKeys } from '../db/schema-log.ts'
import { tables } from '../db/schema-tables.ts'
import { translationCache, translations } from '../db/schema-translations.ts'
import { isLastSent } from '../delivery/ledger.ts'

const A_DAY_MS = 86_400_000
/** Answers of models are not given again after a week; an invitation that ran out is still listed for a month. */
const CACHE_DAYS = 7
const INVITATION_DAYS = 30
const USAGE_DAYS = 400
const EXPORT_DAYS = 30
const FINAL = ['sent', 'outbox', 'failed', 'skipped', 'unknown'] as const

export type Kept = Pick<Config, 'conversationDays' | 'deliveryDays'>

/** Deletes what is over; gives how many of each kind. */
export async function tidyUp(
  ctx: ServiceContext,
  { conversationDays, deliveryDays }: Kept,
): Promise<Record<string, number>> {
  const { db, log } = ctx
  const now = ctx.now().getTime()
  const older = (column: PgColumn, days: number) => lt(column, new Date(now - days * A_DAY_MS))
  const work: Record<string, readonly [PgTable, ReturnType<typeof and>]> = {
    conversations: [conversations, older(conversations.updatedAt, conversationDays)],
    // What a recipient was last sent stays: "only when it changed" compares with it.
    deliveries: [
      deliveries,
      and(inArray(deliveries.state, [...FINAL]), older(deliveries.finishedAt, deliveryDays), not(isLastSent(db))),
    ],
    // With their versions and shares; where they stood, nothing is shown.
    tables: [tables, older(tables.deletedAt, ctx.deletedDays)],
    documents: [documents, older(documents.deletedAt, ctx.deletedDays)],
    // With their pieces and links.
    keptFiles: [keptFiles, older(keptFiles.expiresAt, 0)],
    exports: [exports, older(exports.finishedAt, EXPORT_DAYS)],
    idempotencyKeys: [idempotencyKeys, older(idempotencyKeys.createdAt, KEY_LIFETIME_MS / A_DAY_MS)],
    translations: [translations, older(translations.at, USAGE_DAYS)],
    translationCache: [translationCache, older(translationCache.createdAt, CACHE_DAYS)],
    sessions: [sessions, older(sessions.expiresAt, 0)],
    verifications: [verifications, older(verifications.expiresAt, 0)],
    invitations: [invitations, older(invitations.expiresAt, INVITATION_DAYS)],
  }
  const gone: Record<string, number> = {}
  for (const [kind, [table, over]] of Object.entries(work)) {
    try {
      // Only counted: there may be very many, and large ones.
      const rows = await db.delete(table).where(over).returning({ one: sql<number>`1` })
      if (rows.length > 0) gone[kind] = rows.length
    } catch (err) {
      log.error({ err, kind }, 'what has had its time cannot be deleted')
    }
  }
  return gone
}
