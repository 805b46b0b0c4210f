// Who asks, the same for a person, a program with a key, and a host application's user.
import { type Role, roles } from '../db/schema-access.ts'
import type { Scope } from '../lib/scope.ts'

/** What a key or a token may be used for; a person who is signed in may do all that their role allows. */
export const keyScopes = ['ask', 'tables:read', 'tables:write', 'admin'] as const
export type KeyScope = (typeof keyScopes)[number]

export type Via =
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'token' }
  | { readonly kind: 'command' }
  /** A schedule, for the person who set it. */
  | { readonly kind: 'schedule' }
  /** Nobody in particular, who may ask about the demo data and nothing else. */
  | { readonly kind: 'visitor' }

/** A `Scope` whose roles open columns, and what else decides what its holder may do. */
export type Identity = Scope & {
  readonly userId: string
  readonly name: string
  readonly role: Role
  readonly teamIds: readonly string[]
  readonly scopes: readonly KeyScope[]
  readonly via: Via
}

/** Somebody who is known but belongs to no organization (yet, or any more). */
export type Outsider = { readonly userId: string; readonly name: string; readonly email: string }

/** An editor may all that a viewer may, an admin all that an editor may; column roles come on top. */
export function catalogRoles(role: Role, columnRoles: readonly string[]): string[] {
  const upTo = roles.slice(0, roles.indexOf(role) + 1)
  return [...new Set([...upTo, ...columnRoles])].sort()
}

export function hasRole(identity: Identity, role: Role): boolean {
  return roles.indexOf(identity.role) >= roles.indexOf(role)
}
