// The one answer to "who asks": a person's session, a program's key, a host application's token, or a visitor of the demo or of this machine.
// In: the headers of a request. Out: a caller. Refused: a credential that is there but no good, never passed over;
// an organization that the caller does not belong to.
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import type { Scope } from '../lib/scope.ts'
import { identityOfKey, isApiKey } from './api-key.ts'
import type { Auth } from './auth.ts'
import { demoScope, isDemoPerson } from './demo.ts'
import { demoHeader } from './demo-header.ts'
import type { HostClaims, VerifyHostToken } from './host-token.ts'
import { catalogRoles, type Identity, keyScopes, type Outsider } from './identity.ts'
import { membershipsOf } from './membership.ts'
import { organizationHeader } from './organization-header.ts'

/** What telling people apart needs. */
export type Access = {
  readonly db: Db
  readonly auth: Auth
  readonly demo: boolean
  /** Whose rows a visitor may ask about on the machine itself, where no accounts are kept; absent: visitors are nobody. */
  readonly localScope?: Scope
  readonly now: () => Date
  /** Absent: no host application is configured. */
  readonly verifyHostToken?: VerifyHostToken
  readonly hostPerson: (claims: HostClaims) => Promise<Identity>
}

export type Caller =
  | { readonly kind: 'known'; readonly identity: Identity; readonly setCookies: readonly string[] }
  | { readonly kind: 'outsider'; readonly outsider: Outsider; readonly setCookies: readonly string[] }
  | { readonly kind: 'nobody' }

/** Who sent a request. Throws `UserError` unauthenticated or unknown_organization. */
export async function identify(access: Access, headers: Headers): Promise<Caller> {
  const authorization = headers.get('authorization')
  if (authorization !== null) {
    const identity = await ofCredential(access, authorization)
    if (identity === undefined) throw noGood()
    return { kind: 'known', identity: inOrganization(identity, headers), setCookies: [] }
  }
  return (await ofSession(access, headers)) ?? ofVisitor(access, headers)
}

async function ofCredential(access: Access, authorization: string): Promise<Identity | undefined> {
  const [, credential] = /^Bearer +(\S+) *$/i.exec(authorization) ?? []
  if (credential === undefined) return undefined
  if (isApiKey(credential)) return identityOfKey(access.db, credential, access.now())
  const claims = await access.verifyHostToken?.(credential)
  return claims === undefined ? undefined : access.hostPerson(claims)
}

/** A key or token is for one organization; naming another is a mistake that must not go unnoticed. */
function inOrganization(identity: Identity, headers: Headers): Identity {
  const wanted = headers.get(organizationHeader)
  if (wanted !== null && wanted !== identity.organizationId) throw notYours(wanted)
  return identity
}

async function ofSession(access: Access, headers: Headers): Promise<Caller | undefined> {
  if (!headers.has('cookie')) return undefined
  const { response, headers: answer } = await access.auth.api.getSession({ headers, returnHeaders: true })
  if (response === null) return undefined
  const { user, session } = response
  if (isDemoPerson(user.id) && !access.demo) return undefined
  const setCookies = answer.getSetCookie()
  const memberships = await membershipsOf(access.db, user.id)
  const wanted = headers.get(organizationHeader)
  const membership =
    wanted === null
      ? (memberships.find(({ organizationId }) => organizationId === session.activeOrganizationId) ?? memberships[0])
      : memberships.find(({ organizationId }) => organizationId === wanted)
  if (membership === undefined) {
    if (wanted !== null) throw notYours(wanted)
    return { kind: 'outsider', outsider: { userId: user.id, name: user.name, email: user.email }, setCookies }
  }
  const { organizationId, role, columnRoles, teamIds } = membership
  const identity: Identity = {
    organizationId,
    userId: user.id,
    name: user.name,
    role,
    roles: catalogRoles(role, columnRoles),
    teamIds,
    scopes: keyScopes,
    via: { kind: 'session', sessionId: session.id },
  }
  return { kind: 'known', identity, setCookies }
}

function ofVisitor(access: Access, headers: Headers): Caller {
  const local = fromThisMachine(headers) ? access.localScope : undefined
  const scope = access.demo ? demoScope(headers.get(demoHeader) ?? undefined) : local
  if (scope === undefined) return { kind: 'nobody' }
  const identity: Identity = {
    ...scope,
    userId: 'visitor',
    name: 'Visitor',
    role: 'viewer',
    teamIds: [],
    scopes: ['ask'],
    via: { kind: 'visitor' },
  }
  return { kind: 'known', identity, setCookies: [] }
}

const OWN_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/** Neither a proxy that serves others nor a page of another site whose name was pointed at this machine. */
function fromThisMachine(headers: Headers): boolean {
  const passedOn = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'].some((name) => headers.has(name))
  return !passedOn && OWN_HOST.test(headers.get('host') ?? '')
}

function noGood(): UserError {
  return new UserError('unauthenticated', 'Cannot answer: the key or token is not good (any more)', {
    fix: 'send one that is neither revoked nor expired as: Authorization: Bearer KEY',
  })
}

/** The same for an organization that is somebody else's and for one that is not there. */
function notYours(organizationId: string): UserError {
  return new UserError(
    'unknown_organization',
    `Cannot see as "${organizationId.slice(0, 100)}": no such organization`,
    {
      fix: `leave out the header ${organizationHeader}, or name one that you belong to`,
    },
  )
}
