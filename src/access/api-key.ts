// Keys of programs. In: what a request brought. Out: whom it stands for and what it may do.
// Refused: an unknown, expired or revoked key, and one whose person has left. Only hashes are kept.
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { prepared } from '../db/prepared.ts'
import { apiKeys, memberships, users } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'
import { hashText } from '../lib/hash.ts'
import { newSecret } from '../lib/id.ts'
import { catalogRoles, type Identity, type KeyScope, keyScopes } from './identity.ts'
import { membershipColumns } from './membership.ts'

const PREFIX = 'twk'
const HINT_LENGTH = PREFIX.length + 6
/** When a key was last used is told to the minute, so that a busy key does not write with every request. */
const USED_AGAIN_AFTER_MS = 60_000

export const isApiKey = (credential: string): boolean => credential.startsWith(`${PREFIX}_`)

/** A new key: the secret to show once, and what is kept of it. */
export function newApiKey(): { secret: string; hash: string; hint: string } {
  const secret = newSecret(PREFIX)
  return { secret, hash: hashText(secret), hint: secret.slice(0, HINT_LENGTH) }
}

/** Read anew for every request, with its person's membership of today: what was revoked or taken away is gone at once. */
const keyByHash = prepared((db) =>
  db
    .select({
      organizationId: apiKeys.organizationId,
      id: apiKeys.id,
      userId: apiKeys.userId,
      userName: users.name,
      scopes: apiKeys.scopes,
      expiresAt: apiKeys.expiresAt,
      lastUsedAt: apiKeys.lastUsedAt,
      ...membershipColumns,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .innerJoin(
      memberships,
      and(eq(memberships.organizationId, apiKeys.organizationId), eq(memberships.userId, apiKeys.userId)),
    )
    .where(eq(apiKeys.hash, sql.placeholder('hash')))
    .prepare('key_by_hash'),
)

/** Whom a key stands for; undefined when it is worth nothing. */
export async function identityOfKey(db: Db, secret: string, now: Date): Promise<Identity | undefined> {
  const [key] = await keyByHash(db).execute({ hash: hashText(secret) })
  if (key === undefined || (key.expiresAt !== null && key.expiresAt <= now)) return undefined
  const usedBefore = new Date(now.getTime() - USED_AGAIN_AFTER_MS)
  // Of several calls at once, the first writes it.
  if (key.lastUsedAt === null || key.lastUsedAt < usedBefore)
    await db
      .update(apiKeys)
      .set({ lastUsedAt: now })
      .where(
        and(
          eq(apiKeys.organizationId, key.organizationId),
          eq(apiKeys.id, key.id),
          or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, usedBefore)),
        ),
      )
  return {
    organizationId: key.organizationId,
    userId: key.userId,
    name: key.userName,
    role: key.role,
    roles: catalogRoles(key.role, key.columnRoles),
    teamIds: key.teamIds,
    scopes: keyScopes.filter((scope) => key.scopes.includes(scope)) satisfies KeyScope[],
    via: { kind: 'key', keyId: key.id },
  }
}
