// A saved table as its reader sees it: the model of docs/http-api.md.
import { and, count, desc, eq, sql } from 'drizzle-orm'
import type { Identity } from '../access/identity.ts'
import { namesOf } from '../access/names.ts'
import type { Part } from '../access/rules.ts'
import type { ServiceContext } from '../context.ts'
import { deliveries } from '../db/schema-deliveries.ts'
import type { createdVia, permissions, visibilities } from '../db/schema-tables.ts'
import { verifiedPrompts } from '../db/schema-translations.ts'
import type { Db } from '../db/store.ts'
import { proposeRepair } from '../definition/repair.ts'
import type { Definition } from '../definition/schema.ts'
import { upgradeDefinition } from '../definition/upgrade.ts'
import type { Issue } from '../lib/issue.ts'
import { catalogFor } from '../pipeline.ts'
import { placedFor } from '../placing/placed.ts'
import { type ScheduleConfig, storedSchedule } from '../schedules/config.ts'
import { scheduleSentence } from '../schedules/sentence.ts'
import type { Found, TableRow } from './find.ts'
import { readDefinition } from './readable.ts'
import type { Destination } from './schemas.ts'
import { markOf } from './verified-mark.ts'

export type Shared = { readonly id: string; readonly permission: (typeof permissions)[number] }
/** What lists show. */
export type TableSummary = {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  readonly description: string
  readonly createdVia: (typeof createdVia)[number]
  readonly visibility: (typeof visibilities)[number]
  readonly destinations: readonly Destination[]
  readonly createdBy: string
  readonly owner: { readonly id: string; readonly name: string }
  readonly updatedBy: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deletedAt: Date | null
  readonly nextScheduledRun: Date | null
  /** The reader's part in it. */
  readonly access: Part
}
export type LastDelivery = { readonly occurrence: Date; readonly states: Readonly<Record<string, number>> }
export type TableView = TableSummary & {
  /** null: what it was made of is not for this reader. */
  readonly aiPrompt: string | null
  readonly definition: Definition | null
  readonly sentence: string | null
  readonly state: 'ok' | 'hidden' | 'broken'
  readonly issues?: readonly Issue[]
  /** Of a broken table: a definition that fits, where it is clear what is meant. */
  readonly repair?: Definition
  readonly orgPermission: (typeof permissions)[number]
  readonly sharedWithTeams: readonly Shared[]
  readonly sharedWithUsers: readonly Shared[]
  readonly scheduleConfig: ScheduleConfig | null
  /** In words; null: it has none. */
  readonly schedule: string | null
  /** What became of the latest scheduled mail, by recipients; null: there was none. */
  readonly lastDelivery: LastDelivery | null
  /** An admin vouches that it answers this prompt. */
  readonly verified: { readonly prompt: string; readonly by: string; readonly at: Date } | null
}

/** One table for its reader. */
export async function viewTable(
  ctx: ServiceContext,
  db: Db,
  identity: Identity,
  { row, shares, part }: Found,
): Promise<TableView> {
  const [mark] = await db.select().from(verifiedPrompts).where(markOf(row))
  const placed = (await placedFor(db, identity, [row.id])).get(row.id) ?? []
  const names = await namesOf(db, [row.ownerId, ...(mark ? [mark.verifiedBy] : [])])
  const readable = readDefinition(row.definition, ctx.catalog, identity)
  const schedule = storedSchedule(row.scheduleConfig)
  const shared = (kind: 'team' | 'user'): Shared[] =>
    shares.filter((share) => share.kind === kind).map(({ subjectId: id, permission }) => ({ id, permission }))
  return {
    ...summarize(row, part, names, placed),
    // The prompt may say in words what the definition's columns are.
    aiPrompt: readable.state === 'hidden' ? null : row.aiPrompt,
    definition: readable.state === 'ok' ? readable.definition : null,
    sentence: readable.state === 'ok' ? readable.sentence : null,
    state: readable.state,
    ...(readable.state === 'broken' && { issues: readable.issues, ...repairOf(row.definition, ctx, identity) }),
    orgPermission: row.orgPermission,
    sharedWithTeams: shared('team'),
    sharedWithUsers: shared('user'),
    scheduleConfig: schedule ?? null,
    schedule: schedule === undefined ? null : scheduleSentence(schedule),
    lastDelivery: await lastDeliveryOf(db, row),
    verified:
      mark === undefined || readable.state === 'hidden'
        ? null
        : { prompt: mark.prompt, by: names.get(mark.verifiedBy) ?? mark.verifiedBy, at: mark.verifiedAt },
  }
}

export function summarize(
  row: TableRow,
  part: Part,
  names: ReadonlyMap<string, string>,
  destinations: readonly Destination[],
): TableSummary {
  return {
    id: row.id,
    organizationId: row.organizationId,
    name: row.name,
    description: row.description,
    createdVia: row.createdVia,
    visibility: row.visibility,
    destinations,
    createdBy: row.createdBy,
    owner: { id: row.ownerId, name: names.get(row.ownerId) ?? row.ownerId },
    updatedBy: row.updatedBy,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: row.deletedAt,
    nextScheduledRun: row.nextScheduledRun,
    access: part,
  }
}

function repairOf(stored: unknown, { catalog }: ServiceContext, identity: Identity): { repair?: Definition } {
  const upgraded = upgradeDefinition(stored)
  const repair = upgraded.ok ? proposeRepair(upgraded.definition, catalogFor(catalog, identity)) : undefined
  return repair === undefined ? {} : { repair: repair.definition }
}

async function lastDeliveryOf(db: Db, { organizationId, id }: TableRow): Promise<LastDelivery | null> {
  const scheduled = and(
    eq(deliveries.organizationId, organizationId),
    eq(deliveries.subjectId, id),
    eq(deliveries.kind, 'scheduled'),
  )
  const latest = db
    .select({ at: deliveries.occurrence })
    .from(deliveries)
    .where(scheduled)
    .orderBy(desc(deliveries.id))
    .limit(1)
  const rows = await db
    .select({ occurrence: deliveries.occurrence, state: deliveries.state, many: count() })
    .from(deliveries)
    .where(and(scheduled, sql`${deliveries.occurrence} = ${latest}`))
    .groupBy(deliveries.occurrence, deliveries.state)
  const [first] = rows
  if (first === undefined) return null
  return { occurrence: first.occurrence, states: Object.fromEntries(rows.map(({ state, many }) => [state, many])) }
}
