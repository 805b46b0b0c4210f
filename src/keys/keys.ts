// Keys of programs: made by the person they stand for, shown once, listed and revoked by that person or an admin.
import { and, desc, eq, sql } from 'drizzle-orm'
import { newApiKey } from '../access/api-key.ts'
import { audit } from '../access/audit.ts'
import { hasRole, type Identity, type KeyScope, keyScopes } from '../access/identity.ts'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { apiKeys } from '../db/schema-access.ts'
import { UserError } from '../errors.ts'
import { newId } from '../lib/id.ts'

export type KeyInput = {
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly expiresAt?: Date | undefined
}
export type Key = {
  readonly id: string
  readonly name: string
  /** Its first characters. */
  readonly hint: string
  readonly userId: string
  readonly scopes: readonly KeyScope[]
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
  readonly createdAt: Date
}

const MAX_KEYS_OF_ONE_PERSON = 50

/** Makes a key for the asker; `secret` is never shown again. Throws `UserError` forbidden or conflict. */
export async function createKey(call: Call & { input: KeyInput }): Promise<Key & { readonly secret: string }> {
  const { ctx, identity, input } = call
  may(identity, 'keys.create')
  if (input.scopes.includes('admin') && !hasRole(identity, 'admin')) {
    throw new UserError('forbidden', `Cannot give a key the scope "admin": you are ${identity.role}`, {
      fix: 'leave the scope out',
    })
  }
  const { organizationId, userId } = identity
  const { secret, hash, hint } = newApiKey()
  const row = {
    id: newId('key'),
    name: input.name,
    hint,
    userId,
    scopes: keyScopes.filter((scope) => input.scopes.includes(scope)),
    expiresAt: input.expiresAt ?? null,
    lastUsedAt: null,
    createdAt: ctx.now(),
  }
  await ctx.db.transaction(async (tx) => {
    const [mine] = await tx
      .select({ count: sql<number>`count(*)::int` })
      .from(apiKeys)
      .where(and(eq(apiKeys.organizationId, organizationId), eq(apiKeys.userId, userId)))
    if ((mine?.count ?? 0) >= MAX_KEYS_OF_ONE_PERSON) {
      throw new UserError('conflict', `Cannot make another key: you have ${MAX_KEYS_OF_ONE_PERSON}`, {
        fix: 'revoke one that is not used',
      })
    }
    await tx.insert(apiKeys).values({ ...row, organizationId, hash })
    await audit(tx, call, ctx.now(), {
      action: 'keys.create',
      subject: { kind: 'key', id: row.id },
      details: { name: row.name, scopes: row.scopes, expiresAt: row.expiresAt },
    })
  })
  return { ...row, secret }
}

/** The asker's keys, an admin's view of everybody's; the newest first. */
export async function listKeys({ ctx, identity }: Call): Promise<readonly Key[]> {
  may(identity, 'keys.list')
  const rows = await ctx.db
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      hint: apiKeys.hint,
      userId: apiKeys.userId,
      scopes: apiKeys.scopes,
      expiresAt: apiKeys.expiresAt,
      lastUsedAt: apiKeys.lastUsedAt,
      createdAt: apiKeys.createdAt,
    })
    .from(apiKeys)
    .where(ofAsker(identity))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
  return rows.map((row) => ({ ...row, scopes: keyScopes.filter((scope) => row.scopes.includes(scope)) }))
}

/** Makes a key worthless at once. Throws `UserError` not_found. */
export async function revokeKey(call: Call & { keyId: string }): Promise<void> {
  const { ctx, identity, keyId } = call
  may(identity, 'keys.revoke')
  await ctx.db.transaction(async (tx) => {
    const [gone] = await tx
      .delete(apiKeys)
      .where(and(ofAsker(identity), eq(apiKeys.id, keyId)))
      .returning({ name: apiKeys.name, userId: apiKeys.userId })
    if (gone === undefined) throw new UserError('not_found', `Cannot find key "${keyId.slice(0, 100)}": no such key`)
    await audit(tx, call, ctx.now(), { action: 'keys.revoke', subject: { kind: 'key', id: keyId }, details: gone })
  })
}

function ofAsker(identity: Identity) {
  const inOrganization = eq(apiKeys.organizationId, identity.organizationId)
  return hasRole(identity, 'admin') ? inOrganization : and(inOrganization, eq(apiKeys.userId, identity.userId))
}
