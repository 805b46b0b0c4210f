// Who one is, signing in and out, and coming in by an invitation. Cookies are the sign-in library's; the words are ours.
import { APIError } from 'better-auth/api'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { demoPeople } from '../access/demo.ts'
import type { Caller } from '../access/identify.ts'
import { catalogRoles, keyScopes } from '../access/identity.ts'
import { membershipsOf } from '../access/membership.ts'
import { MIN_PASSWORD_LENGTH } from '../access/password-length.ts'
import { unauthenticated } from '../access/rules.ts'
import type { ServiceContext } from '../context.ts'
import { roles, sessions } from '../db/schema-access.ts'
import { UserError } from '../errors.ts'
import { acceptInvitation, readInvitation } from '../people/accept-invitation.ts'
import { countSignIn } from './guard.ts'
import { type Reply, route } from './route.ts'
import { Named } from './schemas.ts'

const Role = z.enum(roles)
const Email = z.email('an e-mail address is expected').max(200)
const Password = z
  .string()
  .min(MIN_PASSWORD_LENGTH, `a password has at least ${MIN_PASSWORD_LENGTH} characters`)
  .max(128, 'a password has at most 128 characters')
const Done = z.strictObject({ ok: z.literal(true) })
const done = { ok: true } as const

const Session = z
  .strictObject({
    person: z
      .strictObject({ id: z.string(), name: z.string(), via: z.enum(['session', 'key', 'token']) })
      .nullable()
      .describe('null: nobody is signed in'),
    organization: Named.extend({ role: Role, roles: z.array(z.string()), teamIds: z.array(z.string()) })
      .nullable()
      .describe('The one that is seen as; null: the person belongs to none'),
    organizations: z.array(Named.extend({ role: Role })).describe('All that the person belongs to'),
    scopes: z.array(z.enum(keyScopes)),
    demo: z
      .strictObject({ people: z.array(Named.extend({ about: z.string() })) })
      .optional()
      .describe('Only with demo data: whom one may sign in as'),
  })
  .meta({ id: 'Session' })

export const sessionRoutes = {
  readSession: route({
    method: 'GET',
    path: '/session',
    action: 'session.read',
    tag: 'Session',
    summary: 'See who you are',
    response: Session,
    async handle({ ctx, caller }) {
      return { body: await sessionOf(ctx, caller) }
    },
  }),
  signIn: route({
    method: 'POST',
    path: '/session',
    action: 'session.start',
    tag: 'Session',
    summary: 'Sign in',
    description: 'Sets the session cookie. At most ten attempts a minute from one address, and twenty for one account.',
    body: z.strictObject({ email: Email, password: z.string().min(1).max(128) }),
    response: Done,
    handle: ({ ctx, body, requestId, c }) => {
      countSignIn(c, body.email)
      return withCookies(() =>
        ctx.access.auth.api.signInEmail({ body, headers: plainHeaders(c.req.raw, requestId), returnHeaders: true }),
      )
    },
  }),
  signInToDemo: route({
    method: 'POST',
    path: '/session/demo',
    action: 'session.start',
    tag: 'Session',
    summary: 'Sign in as one of the people of the demo',
    description: 'Only with demo data. `GET /session` lists them.',
    body: z.strictObject({ person: z.string().max(100) }),
    response: Done,
    async handle({ ctx, body, requestId, c }) {
      const known = ctx.demo && demoPeople.some(({ id }) => id === body.person)
      if (!known) throw new UserError('not_found', `Cannot sign in as "${body.person}": the demo has no such person`)
      const headers = plainHeaders(c.req.raw, requestId)
      return withCookies(() =>
        ctx.access.auth.api.signInAs({ body: { userId: body.person }, headers, returnHeaders: true }),
      )
    },
  }),
  signUp: route({
    method: 'POST',
    path: '/session/sign-up',
    action: 'session.start',
    tag: 'Session',
    summary: 'Come in by an invitation, as somebody new',
    description: 'Makes the account, accepts the invitation and signs in.',
    body: z.strictObject({
      invitation: z.string().min(1).max(100).describe('The token of the link'),
      name: z.string().trim().min(1).max(100),
      email: Email,
      password: Password,
    }),
    response: Done,
    status: 201,
    async handle({ ctx, body, requestId, c }) {
      const invitation = await readInvitation(ctx, body.invitation)
      if (invitation.email !== null && invitation.email !== body.email.toLowerCase()) {
        throw new UserError('forbidden', 'Cannot sign up: the invitation is for another address')
      }
      const { name, email, password } = body
      const { api } = ctx.access.auth
      const headers = plainHeaders(c.req.raw, requestId)
      let userId = ''
      const reply = await withCookies(async () => {
        const made = await api.signUpEmail({ body: { name, email, password }, headers, returnHeaders: true })
        userId = made.response.user.id
        return made
      })
      await acceptInvitation({
        ctx,
        token: body.invitation,
        person: { userId, name, email },
        sessionId: '',
        requestId,
      })
      return { ...reply, status: 201 }
    },
  }),
  readInvitation: route({
    method: 'GET',
    path: '/session/invitations/{token}',
    action: 'session.read',
    tag: 'Session',
    summary: 'See what an invitation leads to',
    params: z.object({ token: z.string().max(100) }),
    response: z.strictObject({ organization: z.string(), email: z.string().nullable(), role: Role }),
    async handle({ ctx, params }) {
      const { organizationName, email, role } = await readInvitation(ctx, params.token)
      return { body: { organization: organizationName, email, role } }
    },
  }),
  acceptInvitation: route({
    method: 'POST',
    path: '/session/invitations/{token}/accept',
    action: 'session.change',
    tag: 'Session',
    summary: 'Accept an invitation with the account you have',
    params: z.object({ token: z.string().max(100) }),
    response: z.strictObject({ organizationId: z.string() }),
    async handle({ ctx, params, requestId, c }) {
      const found = await ctx.access.auth.api.getSession({ headers: c.req.raw.headers })
      if (found === null) throw unauthenticated()
      const { user, session } = found
      const person = { userId: user.id, name: user.name, email: user.email }
      return {
        body: await acceptInvitation({ ctx, token: params.token, person, sessionId: session.id, requestId }),
      }
    },
  }),
  switchOrganization: route({
    method: 'PUT',
    path: '/session',
    action: 'session.change',
    tag: 'Session',
    summary: 'See as another of your organizations',
    description: 'For one request only, send the header `X-Organization` instead.',
    body: z.strictObject({ organizationId: z.string().max(200) }),
    response: Session,
    async handle({ ctx, caller, identity, body: { organizationId } }) {
      if (identity?.via.kind !== 'session') throw unauthenticated()
      const [membership] = await membershipsOf(ctx.db, identity.userId, organizationId)
      if (membership === undefined) {
        throw new UserError('unknown_organization', `Cannot see as "${organizationId}": no such organization`, {
          fix: 'name one that you belong to',
        })
      }
      await ctx.db
        .update(sessions)
        .set({ activeOrganizationId: organizationId })
        .where(and(eq(sessions.id, identity.via.sessionId), eq(sessions.userId, identity.userId)))
      return { body: await sessionOf(ctx, caller, organizationId) }
    },
  }),
  signOut: route({
    method: 'DELETE',
    path: '/session',
    action: 'session.end',
    tag: 'Session',
    summary: 'Sign out',
    response: Done,
    handle: ({ ctx, c }) =>
      withCookies(() => ctx.access.auth.api.signOut({ headers: c.req.raw.headers, returnHeaders: true })),
  }),
}

async function sessionOf(
  ctx: ServiceContext,
  caller: Caller,
  organizationId?: string,
): Promise<Reply<typeof Session>['body']> {
  const demo = ctx.demo && { demo: { people: demoPeople.map(({ id, name, about }) => ({ id, name, about })) } }
  const nobody = { person: null, organization: null, organizations: [], scopes: [], ...demo }
  if (caller.kind === 'nobody') return nobody
  if (caller.kind === 'outsider') {
    const { userId, name } = caller.outsider
    return { ...nobody, person: { id: userId, name, via: 'session' } }
  }
  const { identity } = caller
  const { via } = identity
  if (via.kind === 'visitor') return { ...nobody, scopes: identity.scopes }
  const all = await membershipsOf(ctx.db, identity.userId)
  const wanted = organizationId ?? identity.organizationId
  const now = all.find((membership) => membership.organizationId === wanted)
  return {
    person: {
      id: identity.userId,
      name: identity.name,
      via: via.kind === 'key' || via.kind === 'token' ? via.kind : 'session',
    },
    organization: {
      id: wanted,
      name: now?.organizationName ?? wanted,
      role: now?.role ?? identity.role,
      roles: now === undefined ? identity.roles : catalogRoles(now.role, now.columnRoles),
      teamIds: now?.teamIds ?? identity.teamIds,
    },
    organizations: all.map(({ organizationId: id, organizationName: name, role }) => ({ id, name, role })),
    scopes: identity.scopes,
    ...demo,
  }
}

/** Runs the library and passes its cookies on; its errors become ours. */
async function withCookies(call: () => Promise<{ headers: Headers }>): Promise<Reply<typeof Done>> {
  try {
    const { headers } = await call()
    return { body: done, setCookies: headers.getSetCookie() }
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    throw ourError(error)
  }
}

function ourError(error: APIError): Error {
  const code = error.body?.code ?? ''
  if (code === 'INVALID_EMAIL_OR_PASSWORD') {
    return new UserError('unauthenticated', 'Cannot sign in: the address or the password is wrong', { cause: error })
  }
  if (code.startsWith('USER_ALREADY_EXISTS')) {
    return new UserError('conflict', 'Cannot sign up: there is an account with this address', {
      fix: 'sign in with it, then open the invitation again',
      cause: error,
    })
  }
  if (error.statusCode >= 500) return error
  return new UserError('invalid_request', `Cannot sign in: ${error.message}`, { cause: error })
}

/** What the library notes of a new session; the rest of the request is none of its business. */
function plainHeaders(request: Request, requestId: string): Headers {
  const agent = request.headers.get('user-agent')
  return new Headers({ 'x-request-id': requestId, ...(agent !== null && { 'user-agent': agent.slice(0, 300) }) })
}
