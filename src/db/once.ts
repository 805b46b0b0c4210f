// A creating call that is repeated makes nothing twice: the key is written in the transaction of what it made.
// Refused: a key that stood for another request. Of two calls at once the second waits for the first.
import { and, eq, lt } from 'drizzle-orm'
import { canonicalJson } from '../catalog/hash.ts'
import { UserError } from '../errors.ts'
import { hashText } from '../lib/hash.ts'
import { idempotencyKeys } from './schema-log.ts'
import type { Db } from './store.ts'

export const KEY_LIFETIME_MS = 24 * 60 * 60 * 1000

/** Gives the id of what the key made before; undefined: the key is new and now stands for `subjectId`. Throws `UserError`. */
export async function madeBefore(
  tx: Db,
  options: {
    readonly organizationId: string
    readonly userId: string
    readonly key: string
    /** Everything that makes the request what it is. */
    readonly request: unknown
    readonly subjectId: string
    readonly now: Date
  },
): Promise<string | undefined> {
  const { organizationId, userId, key, request, subjectId, now } = options
  const requestHash = hashText(canonicalJson(request))
  const fresh = { requestHash, subjectId, createdAt: now }
  const claimed = await tx
    .insert(idempotencyKeys)
    .values({ organizationId, userId, key, ...fresh })
    .onConflictDoUpdate({
      target: [idempotencyKeys.organizationId, idempotencyKeys.userId, idempotencyKeys.key],
      set: fresh,
      setWhere: lt(idempotencyKeys.createdAt, new Date(now.getTime() - KEY_LIFETIME_MS)),
    })
    .returning({ subjectId: idempotencyKeys.subjectId })
  if (claimed.length > 0) return undefined
  const [before] = await tx
    .select({ subjectId: idempotencyKeys.subjectId, requestHash: idempotencyKeys.requestHash })
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.organizationId, organizationId),
        eq(idempotencyKeys.userId, userId),
        eq(idempotencyKeys.key, key),
      ),
    )
  if (before?.requestHash === requestHash) return before.subjectId
  throw new UserError('idempotency_mismatch', 'Cannot repeat the request: its Idempotency-Key stood for another one', {
    fix: 'send a new key with each new request',
  })
}
