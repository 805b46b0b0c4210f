// The common part of every verb that changes a saved table: find and lock, compare versions, write, audit, look again.
// Refused: a change of something else than what was read.
import { and, eq, sql } from 'drizzle-orm'
import { type Audited, audit } from '../access/audit.ts'
import type { TableAction } from '../access/rules.ts'
import { sameVersion } from '../access/same-version.ts'
import type { Call } from '../context.ts'
import { tables } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { type Found, findTable, sharesOf } from './find.ts'
import { type TableView, viewTable } from './view.ts'

export type TableCall = Call & {
  readonly id: string
  /** The version that was read. */
  readonly version?: number | undefined
}
export type Change = {
  /** Absent: nothing changes, and the version stays. */
  readonly set?: Partial<typeof tables.$inferInsert>
  readonly details?: Audited['details']
}

/** Changes one table in one transaction and gives what the asker then sees. Throws `UserError`. */
export async function changeTable(
  call: TableCall,
  action: TableAction,
  change: (tx: Db, found: Found) => Promise<Change>,
): Promise<TableView> {
  const { ctx, identity, id } = call
  return ctx.db.transaction(async (tx) => {
    const found = await findTable(tx, identity, id, action, { lock: true })
    await sameVersion(tx, call.version, { kind: 'table', row: found.row })
    const { set, details } = await change(tx, found)
    if (set === undefined) return viewTable(ctx, tx, identity, found)
    const now = ctx.now()
    const [row] = await tx
      .update(tables)
      .set({ ...set, version: sql`${tables.version} + 1`, updatedBy: identity.userId, updatedAt: now })
      .where(and(eq(tables.organizationId, identity.organizationId), eq(tables.id, id)))
      .returning()
    if (row === undefined) throw new Error('a locked table is gone')
    await audit(tx, call, now, {
      action,
      subject: { kind: 'table', id },
      // The history tells from it what became of each number.
      details: { ...details, version: row.version },
    })
    // The asker's part may have ended with this very change, as when a table is handed on; it is shown to them once more.
    const shares = await sharesOf(tx, identity.organizationId, id)
    return viewTable(ctx, tx, identity, { row, shares, part: found.part })
  })
}

/** Throws when a change does not say what it changes. */
export function needVersion({ version }: TableCall): void {
  if (version !== undefined) return
  throw new UserError('version_required', 'Cannot change the table: the version that was read is not named', {
    fix: 'send the ETag of the table that you read as If-Match, or its version in the body',
  })
}
