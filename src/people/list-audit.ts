import { and, desc, eq, lt } from 'drizzle-orm'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { auditLog } from '../db/schema-log.ts'
import { UserError } from '../errors.ts'
import { readCursor, writeCursor } from '../lib/cursor.ts'

export type AuditEntry = {
  readonly id: string
  readonly at: Date
  readonly actorId: string
  readonly via: string
  readonly action: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly details: Readonly<Record<string, unknown>>
  readonly requestId: string | null
}
export type AuditInput = {
  readonly subjectKind?: string | undefined
  readonly subjectId?: string | undefined
  readonly actorId?: string | undefined
  readonly action?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** Who did what in the asker's organization, the newest first. Throws `UserError` invalid_request for a wrong cursor. */
export async function listAudit({
  ctx,
  identity,
  input,
}: Call & { input: AuditInput }): Promise<{ entries: readonly AuditEntry[]; nextCursor?: string }> {
  may(identity, 'audit.read')
  const { subjectKind, subjectId, actorId, action, limit, cursor } = input
  const [before] = cursor === undefined ? [] : (readCursor(cursor) ?? [])
  if (cursor !== undefined && typeof before !== 'string') {
    throw new UserError('invalid_request', 'Cannot read the cursor: it is not one of this list')
  }
  const rows = await ctx.db
    .select()
    .from(auditLog)
    .where(
      and(
        eq(auditLog.organizationId, identity.organizationId),
        subjectKind === undefined ? undefined : eq(auditLog.subjectKind, subjectKind),
        subjectId === undefined ? undefined : eq(auditLog.subjectId, subjectId),
        actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
        action === undefined ? undefined : eq(auditLog.action, action),
        typeof before === 'string' ? lt(auditLog.id, before) : undefined,
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(limit + 1)
  const entries = rows.slice(0, limit).map(({ organizationId, ...entry }) => entry)
  const last = entries.at(-1)
  return { entries, ...(rows.length > limit && last && { nextCursor: writeCursor([last.id]) }) }
}
