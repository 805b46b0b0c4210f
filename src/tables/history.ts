// What a table was: every version of its name, description and definition, what changed from one to the next, what else
// counted a number up meanwhile, and the way back. Versions with columns that the reader may not see are listed, but tell nothing of them.

import { and, desc, eq, gt, lt, lte, sql } from 'drizzle-orm'
import { z } from 'zod'
import { namesOf } from '../access/names.ts'
import { canonicalJson } from '../catalog/hash.ts'
import type { Call } from '../context.ts'
import { auditLog } from '../db/schema-log.ts'
import { tableVersions } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { type DefinitionPatch, diffDefinitions } from '../definition/patch.ts'
import type { Definition } from '../definition/schema.ts'
import { UserError } from '../errors.ts'
import { changeTable, needVersion, type TableCall } from './change.ts'
import { checkedDefinition } from './create-table.ts'
import { findTable, type TableRow } from './find.ts'
import { columnsHidden, readDefinition } from './readable.ts'
import { VersionNumber } from './schemas.ts'
import { addVersion } from './update-table.ts'
import { dropVerified } from './verified-mark.ts'
import type { TableView } from './view.ts'

export type Version = {
  readonly version: number
  readonly kind: 'created' | 'updated' | 'reverted'
  readonly revertedTo: number | null
  readonly changedAt: Date
  readonly changedBy: { readonly id: string; readonly name: string }
  readonly name: string
  readonly description: string
  readonly state: 'ok' | 'hidden' | 'broken'
  readonly definition: Definition | null
  readonly sentence: string | null
  /** From the version before; null where one of the two cannot be read. */
  readonly changes: DefinitionPatch | null
  /** The numbers after it that left name, description and definition as they were, the newest first. */
  readonly since: readonly BesideVersion[]
}
/** Every change of a table is a number, so that nobody overwrites what they have not seen; not each makes it another. */
export type BesideVersion = Pick<Version, 'version' | 'changedAt' | 'changedBy'> & { readonly action: string }

export const ListHistory = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: z.coerce.number().pipe(VersionNumber).optional().describe('Only versions before this one'),
})
export type ListHistory = z.output<typeof ListHistory>

/** A table's versions, the newest first. Throws `UserError` not_found. */
export async function tableHistory({
  ctx,
  identity,
  id,
  input,
}: Call & { id: string; input: ListHistory }): Promise<{ versions: readonly Version[]; nextBefore?: number }> {
  const { row } = await findTable(ctx.db, identity, id, 'tables.history')
  const { limit, before } = input
  const rows = await ctx.db
    .select()
    .from(tableVersions)
    .where(
      and(
        eq(tableVersions.organizationId, row.organizationId),
        eq(tableVersions.tableId, id),
        before === undefined ? undefined : lte(tableVersions.version, before - 1),
      ),
    )
    .orderBy(desc(tableVersions.version))
    .limit(limit + 1)
  const beside = await besideVersions(ctx.db, row, rows.slice(0, limit), before ?? row.version + 1)
  const names = await namesOf(ctx.db, [...rows.map(({ changedBy }) => changedBy), ...beside.map(({ by }) => by)])
  const named = (id: string) => ({ id, name: names.get(id) ?? id })
  const read = rows.map((version) => readDefinition(version.definition, ctx.catalog, identity))
  const versions = rows.slice(0, limit).map((version, index): Version => {
    const [now, earlier] = [read[index], read[index + 1]]
    const bothRead = now?.state === 'ok' && earlier?.state === 'ok'
    return {
      version: version.version,
      kind: version.kind,
      revertedTo: version.revertedTo,
      changedAt: version.changedAt,
      changedBy: named(version.changedBy),
      name: version.name,
      description: version.description,
      state: now?.state ?? 'hidden',
      definition: now?.state === 'ok' ? now.definition : null,
      sentence: now?.state === 'ok' ? now.sentence : null,
      changes: bothRead ? diffDefinitions(earlier.definition, now.definition) : null,
      since: beside
        .filter(
          (one) =>
            one.version > version.version && one.version < (rows[index - 1]?.version ?? Number.POSITIVE_INFINITY),
        )
        .map(({ by, ...one }) => ({ ...one, changedBy: named(by) })),
    }
  })
  const last = versions.at(-1)
  return { versions, ...(rows.length > limit && last && { nextBefore: last.version }) }
}

/** Numbers between and after some versions, as the log tells of them; a log of before told no numbers. */
async function besideVersions(
  db: Db,
  { organizationId, id }: TableRow,
  rows: readonly { readonly version: number }[],
  end: number,
) {
  const first = rows.at(-1)?.version ?? end
  const version = sql<number>`(${auditLog.details} ->> 'version')::int`
  const found = await db
    .select({ version, action: auditLog.action, changedAt: auditLog.at, by: auditLog.actorId })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.organizationId, organizationId),
        eq(auditLog.subjectKind, 'table'),
        eq(auditLog.subjectId, id),
        gt(version, first),
        lt(version, end),
      ),
    )
    .orderBy(desc(version))
  return found.filter((one) => rows.every((row) => row.version !== one.version))
}

export const RevertTable = z.strictObject({
  to: VersionNumber.describe('The version to go back to'),
  version: VersionNumber.optional().describe('The version that was read, if the header If-Match does not say it'),
})
export type RevertTable = z.output<typeof RevertTable>

/** Makes a table again what it was; the history goes on. Throws `UserError` not_found, version_conflict, columns_hidden. */
export async function revertTable(call: TableCall & { input: RevertTable }): Promise<TableView> {
  const { ctx, identity, input } = call
  const versioned = { ...call, version: call.version ?? input.version }
  needVersion(versioned)
  return changeTable(versioned, 'tables.revert', async (tx, { row }) => {
    const [was] = await tx
      .select()
      .from(tableVersions)
      .where(
        and(
          eq(tableVersions.organizationId, row.organizationId),
          eq(tableVersions.tableId, row.id),
          eq(tableVersions.version, input.to),
        ),
      )
    if (was === undefined) {
      throw new UserError(
        'not_found',
        `Cannot go back to version ${input.to}: table "${row.name}" has no such version`,
        {
          fix: 'its history lists the versions there are',
        },
      )
    }
    const states = [row.definition, was.definition].map((one) => readDefinition(one, ctx.catalog, identity).state)
    if (states.includes('hidden')) throw columnsHidden(row.name)
    const definition = checkedDefinition(call, was.definition)
    const { name, description } = was
    if (canonicalJson(definition) !== canonicalJson(row.definition)) await dropVerified(tx, row)
    await addVersion(tx, call, row, { kind: 'reverted', name, description, definition, revertedTo: input.to })
    return { set: { name, description, definition }, details: { to: input.to } }
  })
}
