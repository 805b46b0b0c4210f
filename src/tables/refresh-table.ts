// A table runs again and its result is kept. One run at a time for each permission class and time zone, also across
// servers: a lease in the store says who runs. While it does, everybody reads the result before.
import { and, eq, gt, type Placeholder, sql } from 'drizzle-orm'
import { permissionClass } from '../catalog/permission-class.ts'
import type { Call } from '../context.ts'
import { prepared } from '../db/prepared.ts'
import { refreshes } from '../db/schema-tables.ts'
import { definitionHash } from '../definition/canonical.ts'
import type { Definition } from '../definition/schema.ts'
import { newId } from '../lib/id.ts'
import { definitionToRows, SCREEN_ROWS } from '../pipeline.ts'
import { findTable } from './find.ts'
import { keepResult } from './keep-result.ts'
import { invalidDefinition } from './preview.ts'
import { readDefinition, runnable } from './readable.ts'
import { findResult, type KeptResult, type ResultKey } from './results.ts'

/** A run takes the statement's time limit at most; then somebody else may begin. */
const LEASE_AFTER_TIMEOUT_MS = 15_000

export type Refreshed = {
  /** The newest result; undefined while the first one runs elsewhere. */
  readonly result: KeptResult | undefined
  /** Another run was under way, so this call began none. */
  readonly refreshing: boolean
}

/** Runs a table and keeps the result. Throws `UserError` not_found, columns_hidden, invalid_definition, query_timeout. */
export async function refreshTable(call: Call & { id: string; timezone: string }): Promise<Refreshed> {
  const { ctx, identity, id, timezone } = call
  const { row } = await findTable(ctx.db, identity, id, 'tables.refresh')
  const definition = runnable(readDefinition(row.definition, ctx.catalog, identity), row.name)
  return refresh(call, resultKey(call, id, definition, timezone), definition)
}

export function resultKey(
  { ctx, identity }: Call,
  tableId: string,
  definition: Definition,
  timezone: string,
): ResultKey {
  const { organizationId, roles } = identity
  return {
    organizationId,
    tableId,
    permissionClass: permissionClass(ctx.catalog, organizationId, roles),
    timezone,
    definitionHash: definitionHash(definition),
  }
}

/** The run itself; whoever calls has asked whether the asker may. */
export async function refresh(call: Call, key: ResultKey, definition: Definition): Promise<Refreshed> {
  const { ctx, identity, signal } = call
  const token = newId('run')
  if (!(await takeLease(call, key, token))) return { result: await findResult(ctx.db, key), refreshing: true }
  try {
    const asOf = ctx.now()
    const run = await definitionToRows({
      definition,
      catalog: ctx.catalog,
      scope: identity,
      clock: { now: asOf, timezone: key.timezone },
      source: ctx.source,
      maxRows: SCREEN_ROWS,
      timeoutMs: ctx.limits.timeoutMs,
      ...(signal && { signal }),
    })
    if (!run.ok) throw invalidDefinition('Cannot run the table', run.issues)
    const ran = { ...run.result, sentence: run.sentence }
    // Undefined where it is too late: another run has taken over, and its result is the newer one.
    const result = await keepResult(ctx.db, key, token, ran, { asOf, roles: identity.roles })
    return { result: result ?? (await findResult(ctx.db, key)), refreshing: result === undefined }
  } catch (error) {
    await ctx.db.delete(refreshes).where(held(key, token))
    throw error
  }
}

/** Whether a run of a key is under way. */
export async function isRefreshing({ ctx }: Call, key: ResultKey): Promise<boolean> {
  const rows = await ctx.db
    .select({ token: refreshes.token })
    .from(refreshes)
    .where(and(ofKey(key), gt(refreshes.leaseUntil, ctx.now())))
  return rows.length > 0
}

const leaseOf = prepared((db) => {
  const names = ['organizationId', 'tableId', 'permissionClass', 'timezone', 'definitionHash'] as const
  const key = names.map((name) => [name, sql.placeholder(name)] as const)
  return db
    .insert(refreshes)
    .values({
      ...(Object.fromEntries(key) as Record<(typeof names)[number], Placeholder>),
      token: sql.placeholder('token'),
      startedAt: sql.placeholder('startedAt'),
      leaseUntil: sql.placeholder('leaseUntil'),
    })
    .onConflictDoUpdate({
      target: names.map((name) => refreshes[name]),
      set: { token: sql`excluded.token`, startedAt: sql`excluded.started_at`, leaseUntil: sql`excluded.lease_until` },
      setWhere: sql`${refreshes.leaseUntil} < excluded.started_at`,
    })
    .returning({ token: refreshes.token })
    .prepare('take_lease')
})

async function takeLease({ ctx }: Call, key: ResultKey, token: string): Promise<boolean> {
  const startedAt = ctx.now()
  const lease = {
    token,
    startedAt,
    leaseUntil: new Date(startedAt.getTime() + ctx.limits.timeoutMs + LEASE_AFTER_TIMEOUT_MS),
  }
  const taken = await leaseOf(ctx.db).execute({ ...key, ...lease })
  return taken.length > 0
}

const ofKey = (key: ResultKey) =>
  and(
    eq(refreshes.organizationId, key.organizationId),
    eq(refreshes.tableId, key.tableId),
    eq(refreshes.permissionClass, key.permissionClass),
    eq(refreshes.timezone, key.timezone),
    eq(refreshes.definitionHash, key.definitionHash),
  )
const held = (key: ResultKey, token: string) => and(ofKey(key), eq(refreshes.token, token))
