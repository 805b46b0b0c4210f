// What somebody may do with something that is owned and shared: a table, a dashboard, a report, a view.
import type { permissions, visibilities } from '../db/schema-tables.ts'
import { hasRole, type Identity } from './identity.ts'
import type { Part } from './rules.ts'

export type Share = {
  readonly kind: 'team' | 'user'
  readonly subjectId: string
  readonly permission: (typeof permissions)[number]
}
export type Owned = {
  readonly ownerId: string
  readonly visibility: (typeof visibilities)[number]
  readonly orgPermission: (typeof permissions)[number]
}

/** Somebody's part; undefined: it is not there for them. The conditions of the lists say the same in SQL. */
export function partIn(thing: Owned, shares: readonly Share[], identity: Identity): Part | undefined {
  if (thing.ownerId === identity.userId) return 'own'
  if (thing.visibility === 'PRIVATE') return undefined
  const named = shares.filter(({ kind, subjectId }) =>
    kind === 'user' ? subjectId === identity.userId : identity.teamIds.includes(subjectId),
  )
  if (thing.visibility === 'TEAM' && named.length === 0) return undefined
  if (hasRole(identity, 'admin')) return 'own'
  const mayEdit = thing.visibility === 'ORG' && thing.orgPermission === 'edit'
  return mayEdit || named.some(({ permission }) => permission === 'edit') ? 'edit' : 'view'
}
