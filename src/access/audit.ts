// Who did what, in the transaction of the change itself: either both are there or neither.
import { auditLog } from '../db/schema-log.ts'
import type { Db } from '../db/store.ts'
import { newId } from '../lib/id.ts'
import type { Identity } from './identity.ts'
import type { Action } from './rules.ts'

export type Audited = {
  readonly action: Action
  readonly subject: {
    readonly kind: 'table' | 'dashboard' | 'report' | 'view' | 'member' | 'team' | 'invitation' | 'key'
    readonly id: string
  }
  /** What changed, in few words; never secrets, never rows. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** Writes one line of the log; `tx` is the transaction of the change. */
export async function audit(
  tx: Db,
  by: { readonly identity: Identity; readonly requestId?: string },
  now: Date,
  { action, subject, details = {} }: Audited,
): Promise<void> {
  const { identity, requestId } = by
  await tx.insert(auditLog).values({
    organizationId: identity.organizationId,
    id: newId('aud', now.getTime()),
    at: now,
    actorId: identity.userId,
    via: identity.via.kind === 'key' ? `key ${identity.via.keyId}` : identity.via.kind,
    action,
    subjectKind: subject.kind,
    subjectId: subject.id,
    details,
    requestId: requestId ?? null,
  })
}
