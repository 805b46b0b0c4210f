// A table is saved: made in the builder, by a translator, or from SQL. It begins private unless it says otherwise.
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { audit } from '../access/audit.ts'
import { partIn } from '../access/part.ts'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { madeBefore } from '../db/once.ts'
import { tables, tableVersions } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import type { Definition } from '../definition/schema.ts'
import { upgradeDefinition } from '../definition/upgrade.ts'
import { newId } from '../lib/id.ts'
import { validateDefinition } from '../pipeline.ts'
import { AS_TABLE, type TileLook } from '../placing/look.ts'
import { setDestinations } from '../placing/pin.ts'
import { noSuchTable, sharesOf } from './find.ts'
import { invalidDefinition } from './preview.ts'
import { CreatedVia, Destinations, Permission, ShareWith, TableDescription, TableName, Visibility } from './schemas.ts'
import { writeShares } from './sharing.ts'
import { tileLook } from './tile-look.ts'
import { type TableView, viewTable } from './view.ts'

export const CreateTable = z
  .strictObject({
    name: TableName.optional().describe("The definition's title if not given"),
    description: TableDescription.default(''),
    createdVia: CreatedVia.default('BUILDER'),
    aiPrompt: z.string().trim().min(1).max(2000).optional().describe('The words that it was made from'),
    definition: z
      .unknown()
      .refine((value) => value !== undefined, 'a definition is expected')
      .meta({ definition: true }),
    destinations: Destinations.default([]),
    visibility: Visibility.default('PRIVATE'),
    orgPermission: Permission.default('view').describe('What everybody may do once visibility is ORG'),
    sharedWithTeams: z.array(ShareWith).max(200).default([]),
    sharedWithUsers: z.array(ShareWith).max(200).default([]),
  })
  .refine(({ createdVia, aiPrompt }) => createdVia !== 'AI_GENERATED' || aiPrompt !== undefined, {
    path: ['aiPrompt'],
    message: 'a table that was made from words keeps them',
  })
export type CreateTable = z.output<typeof CreateTable>

export type Created = {
  readonly table: TableView /** An earlier call with the same key made it. */
  readonly repeated: boolean
}

/** Saves a table. Throws `UserError` invalid_definition, invalid_request, idempotency_mismatch. */
export async function createTable(
  call: Call & { input: CreateTable; idempotencyKey?: string | undefined },
): Promise<Created> {
  const { identity, input } = call
  may(identity, 'tables.create')
  const definition = checkedDefinition(call, input.definition)
  const { aiPrompt, name, definition: _given, ...rest } = input
  const look = await tileLook(call, rest.destinations, definition)
  return insertTable(call, {
    ...rest,
    look,
    name: name ?? definition.title ?? titleOf(aiPrompt) ?? 'Table',
    aiPrompt: aiPrompt ?? null,
    definition,
    action: 'tables.create',
    request: { action: 'tables.create', input },
  })
}

/** A definition as it is kept: of today's version, and one that the asker may run. Throws `UserError` invalid_definition. */
export function checkedDefinition({ ctx, identity }: Call, given: unknown): Definition {
  const upgraded = upgradeDefinition(given)
  if (!upgraded.ok) throw invalidDefinition('Cannot save the definition', upgraded.issues)
  const checked = validateDefinition({ definition: upgraded.definition, catalog: ctx.catalog, scope: identity })
  if (!checked.ok) throw invalidDefinition('Cannot save the definition', checked.issues)
  return upgraded.definition
}

export type NewTable = Omit<CreateTable, 'name' | 'aiPrompt' | 'definition'> & {
  readonly name: string
  readonly aiPrompt: string | null
  readonly definition: unknown
  /** On the dashboards among its destinations. */
  readonly look?: TileLook
  readonly action: 'tables.create' | 'tables.clone'
  /** What a repeated call must ask for again. */
  readonly request: unknown
  readonly details?: Readonly<Record<string, unknown>>
}

/** Writes a new table of the asker's with its first version. */
export async function insertTable(
  call: Call & { idempotencyKey?: string | undefined },
  table: NewTable,
): Promise<Created> {
  const { ctx, identity, idempotencyKey } = call
  const { organizationId, userId } = identity
  const { action, request, details, sharedWithTeams, sharedWithUsers, destinations, look = AS_TABLE, ...values } = table
  return ctx.db.transaction(async (tx) => {
    const now = ctx.now()
    const id = newId('tbl', now.getTime())
    if (idempotencyKey !== undefined) {
      const key = { organizationId, userId, key: idempotencyKey, request, subjectId: id, now }
      const before = await madeBefore(tx, key)
      if (before !== undefined) return { table: await ownTable(call, tx, before), repeated: true }
    }
    const who = { createdBy: userId, ownerId: userId, updatedBy: userId, createdAt: now, updatedAt: now }
    await tx.insert(tables).values({ organizationId, id, ...values, ...who })
    await tx.insert(tableVersions).values({
      ...{ organizationId, tableId: id, version: 1, kind: 'created' },
      ...{ name: values.name, description: values.description, definition: values.definition },
      ...{ changedBy: userId, changedAt: now },
    })
    await setDestinations(tx, call, { id, name: values.name, look }, destinations)
    await writeShares(tx, organizationId, id, { ...values, sharedWithTeams, sharedWithUsers })
    await audit(tx, call, now, {
      action,
      subject: { kind: 'table', id },
      details: { name: values.name, createdVia: values.createdVia, visibility: values.visibility, ...details },
    })
    return { table: await ownTable(call, tx, id), repeated: false }
  })
}

/** What was made, now or by an earlier call; one that has gone to somebody else since is not shown again. */
async function ownTable({ ctx, identity }: Call, tx: Db, id: string): Promise<TableView> {
  const { organizationId } = identity
  const [row] = await tx
    .select()
    .from(tables)
    .where(and(eq(tables.organizationId, organizationId), eq(tables.id, id)))
  const shares = await sharesOf(tx, organizationId, id)
  const part = row === undefined ? undefined : partIn(row, shares, identity)
  if (row === undefined || part === undefined) throw noSuchTable(id)
  return viewTable(ctx, tx, identity, { row, shares, part })
}

function titleOf(prompt: string | undefined): string | undefined {
  const text = prompt?.replace(/[.\s]+$/, '').slice(0, 200)
  return text && text.charAt(0).toUpperCase() + text.slice(1)
}
