// Saved tables that a catalog breaks: whose they are, whether somebody waits for their mail, and how each could be mended.
// In: the store and a catalog. Out: one line a table, over all organizations; for the operator, not for the API.
import { and, asc, eq, gt, isNull, or } from 'drizzle-orm'
import type { Catalog } from '../catalog/schema.ts'
import { users } from '../db/schema-access.ts'
import { auditLog } from '../db/schema-log.ts'
import { tables, tableVersions } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { checkDefinition } from '../definition/check.ts'
import { proposeRepair, type Repair } from '../definition/repair.ts'
import { upgradeDefinition } from '../definition/upgrade.ts'
import { newId } from '../lib/id.ts'
import type { Issue } from '../lib/issue.ts'
import { dropVerified } from './verified-mark.ts'

export type BrokenTable = {
  readonly organizationId: string
  readonly id: string
  readonly name: string
  readonly version: number
  readonly owner: { readonly name: string; readonly email: string }
  readonly nextScheduledRun: Date | null
  readonly issues: readonly Issue[]
  /** A definition that fits, where it is clear what is meant. */
  readonly repair?: Repair
}

const PAGE = 500

/** Every table that is not deleted and does not fit, and how many there are in all. */
export async function brokenTables(
  db: Db,
  catalog: Catalog,
): Promise<{ readonly broken: readonly BrokenTable[]; readonly checked: number }> {
  const broken: BrokenTable[] = []
  let checked = 0
  let last = { organizationId: '', id: '' }
  for (;;) {
    const rows = await db
      .select({ table: tables, ownerName: users.name, ownerEmail: users.email })
      .from(tables)
      .leftJoin(users, eq(users.id, tables.ownerId))
      .where(
        and(
          isNull(tables.deletedAt),
          or(
            gt(tables.organizationId, last.organizationId),
            and(eq(tables.organizationId, last.organizationId), gt(tables.id, last.id)),
          ),
        ),
      )
      .orderBy(asc(tables.organizationId), asc(tables.id))
      .limit(PAGE)
    checked += rows.length
    for (const { table, ownerName, ownerEmail } of rows) {
      const found = problemsOf(table.definition, catalog)
      if (found === undefined) continue
      const { organizationId, id, name, version, nextScheduledRun } = table
      const owner = { name: ownerName ?? table.ownerId, email: ownerEmail ?? '' }
      broken.push({ organizationId, id, name, version, owner, nextScheduledRun, ...found })
    }
    const end = rows.at(-1)?.table
    if (end === undefined || rows.length < PAGE) return { broken, checked }
    last = end
  }
}

function problemsOf(stored: unknown, catalog: Catalog): Pick<BrokenTable, 'issues' | 'repair'> | undefined {
  const upgraded = upgradeDefinition(stored)
  if (!upgraded.ok) return { issues: upgraded.issues }
  const issues = checkDefinition(upgraded.definition, catalog)
  if (issues.length === 0) return undefined
  const repair = proposeRepair(upgraded.definition, catalog)
  return { issues, ...(repair && { repair }) }
}

/** Mends a table as proposed, as a version of its history; false when somebody changed it meanwhile. */
export async function applyRepair(db: Db, table: BrokenTable, now: Date): Promise<boolean> {
  const { organizationId, id, version, repair } = table
  if (repair === undefined) return false
  return db.transaction(async (tx) => {
    const that = and(eq(tables.organizationId, organizationId), eq(tables.id, id), eq(tables.version, version))
    const [row] = await tx
      .update(tables)
      .set({ definition: repair.definition, version: version + 1, updatedAt: now })
      .where(that)
      .returning()
    if (row === undefined) return false
    const { name, description, updatedBy } = row
    await tx.insert(tableVersions).values({
      ...{ organizationId, tableId: id, version: version + 1, kind: 'updated', name, description },
      ...{ definition: repair.definition, changedBy: updatedBy, changedAt: now },
    })
    await dropVerified(tx, row)
    await tx.insert(auditLog).values({
      ...{ organizationId, id: newId('aud', now.getTime()), at: now, actorId: updatedBy, via: 'command' },
      ...{ action: 'tables.update', subjectKind: 'table', subjectId: id },
      details: { changed: ['definition'], because: 'catalog check --repair' },
    })
    return true
  })
}
