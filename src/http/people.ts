// Members, teams, invitations, keys and the audit log of one organization.
import { z } from 'zod'
import { keyScopes } from '../access/identity.ts'
import { roles } from '../db/schema-access.ts'
import { createKey, listKeys, revokeKey } from '../keys/keys.ts'
import { changeMember } from '../people/change-member.ts'
import { changeTeam, createTeam, deleteTeam } from '../people/change-team.ts'
import { createInvitation, listInvitations, revokeInvitation } from '../people/invitations.ts'
import { listAudit } from '../people/list-audit.ts'
import { listPeople } from '../people/list-people.ts'
import { removeMember } from '../people/remove-member.ts'
import { route } from './route.ts'
import { Instant, Named } from './schemas.ts'

const Role = z.enum(roles)
const Id = z.string().min(1).max(100)
const Ids = z.array(Id).max(1000)
const Name = z.string().trim().min(1).max(100)
const Done = z.strictObject({ ok: z.literal(true) })
const done = { body: { ok: true } } as const
const asText = (date: Date | null): string | null => date?.toISOString() ?? null

const Person = Named.extend({
  email: z.string().nullable().describe('null for users of a host application'),
  role: Role,
  columnRoles: z.array(z.string()).describe('Roles of the catalog that open columns'),
  teamIds: z.array(z.string()),
}).meta({ id: 'Person' })

const Invitation = z
  .strictObject({
    id: z.string(),
    email: z.string().nullable(),
    role: Role,
    teamIds: z.array(z.string()),
    invitedBy: z.string().nullable(),
    expiresAt: Instant,
  })
  .meta({ id: 'Invitation' })

const Key = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    hint: z.string().describe('Its first characters'),
    userId: z.string().describe('Whom it stands for'),
    scopes: z.array(z.enum(keyScopes)),
    expiresAt: Instant.nullable(),
    lastUsedAt: Instant.nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'Key' })

export const peopleRoutes = {
  listPeople: route({
    method: 'GET',
    path: '/people',
    action: 'people.list',
    tag: 'People',
    summary: 'See the members and teams of your organization',
    response: z.strictObject({ people: z.array(Person), teams: z.array(Named) }),
    async handle({ call }) {
      return { body: await listPeople(call) }
    },
  }),
  changeMember: route({
    method: 'PUT',
    path: '/members/{id}',
    action: 'members.change',
    tag: 'People',
    summary: 'Change what a member may do',
    params: z.object({ id: Id }),
    body: z.strictObject({ role: Role.optional(), columnRoles: z.array(z.string().min(1).max(50)).max(20).optional() }),
    response: Done,
    async handle({ call, params, body }) {
      await changeMember({ ...call, userId: params.id, input: body })
      return done
    },
  }),
  removeMember: route({
    method: 'DELETE',
    path: '/members/{id}',
    action: 'members.remove',
    tag: 'People',
    summary: 'Remove a member',
    description: 'Their tables go to the member that `transferTo` names; their keys and shares end.',
    params: z.object({ id: Id }),
    query: z.strictObject({ transferTo: Id.optional() }),
    response: z.strictObject({ transferred: z.int().describe('Tables that have a new owner') }),
    async handle({ call, params, query }) {
      return { body: await removeMember({ ...call, userId: params.id, transferTo: query.transferTo }) }
    },
  }),
  createTeam: route({
    method: 'POST',
    path: '/teams',
    action: 'teams.change',
    tag: 'People',
    summary: 'Make a team',
    body: z.strictObject({ name: Name, memberIds: Ids.optional() }),
    response: Named,
    status: 201,
    async handle({ call, body }) {
      return { body: { id: await createTeam({ ...call, input: body }), name: body.name } }
    },
  }),
  changeTeam: route({
    method: 'PUT',
    path: '/teams/{id}',
    action: 'teams.change',
    tag: 'People',
    summary: 'Rename a team or set who is in it',
    params: z.object({ id: Id }),
    body: z.strictObject({ name: Name.optional(), memberIds: Ids.optional() }),
    response: Done,
    async handle({ call, params, body }) {
      await changeTeam({ ...call, teamId: params.id, input: body })
      return done
    },
  }),
  deleteTeam: route({
    method: 'DELETE',
    path: '/teams/{id}',
    action: 'teams.change',
    tag: 'People',
    summary: 'Give a team up',
    description: 'What was shared with it is shared with it no more.',
    params: z.object({ id: Id }),
    response: Done,
    async handle({ call, params }) {
      await deleteTeam({ ...call, teamId: params.id })
      return done
    },
  }),
  listInvitations: route({
    method: 'GET',
    path: '/invitations',
    action: 'invitations.list',
    tag: 'People',
    summary: 'See invitations that are open',
    response: z.strictObject({ invitations: z.array(Invitation) }),
    async handle({ call }) {
      const invitations = await listInvitations(call)
      return { body: { invitations: invitations.map((one) => ({ ...one, expiresAt: one.expiresAt.toISOString() })) } }
    },
  }),
  createInvitation: route({
    method: 'POST',
    path: '/invitations',
    action: 'invitations.create',
    tag: 'People',
    summary: 'Invite somebody',
    description: 'The link is `/join/TOKEN`, good for two weeks. The token is shown this once.',
    body: z.strictObject({ email: z.email().max(200), role: Role, teamIds: Ids.optional() }),
    response: Invitation.extend({ token: z.string() }),
    status: 201,
    async handle({ call, body }) {
      const made = await createInvitation({ ...call, input: body })
      return { body: { ...made, expiresAt: made.expiresAt.toISOString() } }
    },
  }),
  revokeInvitation: route({
    method: 'DELETE',
    path: '/invitations/{id}',
    action: 'invitations.revoke',
    tag: 'People',
    summary: 'Take an invitation back',
    params: z.object({ id: Id }),
    response: Done,
    async handle({ call, params }) {
      await revokeInvitation({ ...call, invitationId: params.id })
      return done
    },
  }),
  listKeys: route({
    method: 'GET',
    path: '/keys',
    action: 'keys.list',
    tag: 'Keys',
    summary: 'See your keys',
    description: 'Admins see everybody’s.',
    response: z.strictObject({ keys: z.array(Key) }),
    async handle({ call }) {
      return { body: { keys: (await listKeys(call)).map(keyText) } }
    },
  }),
  createKey: route({
    method: 'POST',
    path: '/keys',
    action: 'keys.create',
    tag: 'Keys',
    summary: 'Make a key for a program',
    description:
      'It stands for you, within its scopes, until it expires, is revoked or you leave. It is shown this once.',
    body: z.strictObject({
      name: Name,
      scopes: z.array(z.enum(keyScopes)).min(1),
      expiresAt: Instant.optional().transform((text) => (text === undefined ? undefined : new Date(text))),
    }),
    response: Key.extend({ secret: z.string() }),
    status: 201,
    async handle({ call, body }) {
      const { secret, ...key } = await createKey({ ...call, input: body })
      return { body: { ...keyText(key), secret } }
    },
  }),
  revokeKey: route({
    method: 'DELETE',
    path: '/keys/{id}',
    action: 'keys.revoke',
    tag: 'Keys',
    summary: 'Revoke a key',
    description: 'It is worth nothing from then on.',
    params: z.object({ id: Id }),
    response: Done,
    async handle({ call, params }) {
      await revokeKey({ ...call, keyId: params.id })
      return done
    },
  }),
  listAudit: route({
    method: 'GET',
    path: '/audit',
    action: 'audit.read',
    tag: 'Audit',
    summary: 'See who did what',
    query: z.strictObject({
      subjectKind: z.enum(['table', 'dashboard', 'report', 'view', 'member', 'team', 'invitation', 'key']).optional(),
      subjectId: Id.optional(),
      actorId: Id.optional(),
      action: Id.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().max(500).optional(),
    }),
    response: z.strictObject({
      entries: z.array(
        z
          .strictObject({
            id: z.string(),
            at: Instant,
            actorId: z.string(),
            via: z.string().describe('session, token, or key with its id'),
            action: z.string(),
            subjectKind: z.string(),
            subjectId: z.string(),
            details: z.record(z.string(), z.unknown()),
            requestId: z.string().nullable(),
          })
          .meta({ id: 'AuditEntry' }),
      ),
      nextCursor: z.string().optional(),
    }),
    async handle({ call, query }) {
      const { entries, ...rest } = await listAudit({ ...call, input: query })
      return { body: { entries: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })), ...rest } }
    },
  }),
}

function keyText<K extends { expiresAt: Date | null; lastUsedAt: Date | null; createdAt: Date }>(key: K) {
  return {
    ...key,
    expiresAt: asText(key.expiresAt),
    lastUsedAt: asText(key.lastUsedAt),
    createdAt: key.createdAt.toISOString(),
  }
}
