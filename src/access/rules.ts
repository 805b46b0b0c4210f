// Who may do what: one line an action. Routes name an action, so there is none without a rule; verbs ask `may` before
// they touch anything, so MCP tools, jobs and commands are held to the same lines.
// Which part in a table somebody has is asked in tables/find.ts, because it needs the table.
import type { Role } from '../db/schema-access.ts'
import { UserError } from '../errors.ts'
import { hasRole, type Identity, type KeyScope } from './identity.ts'

/** Somebody's part in a table, from little to much. */
export const parts = ['view', 'edit', 'own'] as const
export type Part = (typeof parts)[number]

export type Rule =
  /** Whoever asks, also nobody. */
  | { readonly who: 'anyone' }
  /** Members; with demo data also visitors. */
  | { readonly who: 'asker'; readonly scope: KeyScope }
  | {
      readonly who: 'member'
      readonly scope: KeyScope
      readonly role: Role
      /** The part in the table that the address names. */
      readonly table?: Part
      /** The part in the dashboard, report or view that the address names. */
      readonly document?: Part
      /** Only for people who are signed in themselves: no key makes keys. */
      readonly inPerson?: true
    }

const read = { who: 'member', scope: 'tables:read', role: 'viewer' } as const
/** One's own, of what was asked. */
const ask = { who: 'member', scope: 'ask', role: 'viewer' } as const
const write = { who: 'member', scope: 'tables:write', role: 'editor' } as const
const admin = { who: 'member', scope: 'admin', role: 'admin' } as const

export const rules = {
  'session.read': { who: 'anyone' },
  'session.start': { who: 'anyone' },
  'session.change': { who: 'anyone' },
  'session.end': { who: 'anyone' },
  'catalog.read': { who: 'asker', scope: 'ask' },
  'tables.generate': { who: 'asker', scope: 'ask' },
  'tables.preview': { who: 'asker', scope: 'ask' },
  'tables.validate': { who: 'asker', scope: 'ask' },
  'tables.import': { who: 'asker', scope: 'ask' },
  'tables.list': read,
  'tables.create': write,
  'tables.get': { ...read, table: 'view' },
  'tables.rows': { ...read, table: 'view' },
  'tables.execute': { ...read, table: 'view' },
  'tables.refresh': { ...read, table: 'view' },
  'tables.export': { ...read, table: 'view' },
  'tables.history': { ...read, table: 'view' },
  'tables.deliveries': { ...read, table: 'view' },
  'tables.clone': { ...write, table: 'view' },
  'tables.place': { ...write, table: 'view' },
  'tables.update': { ...write, table: 'edit' },
  'tables.revert': { ...write, table: 'edit' },
  'tables.schedule': { ...write, table: 'edit' },
  'tables.unschedule': { ...write, table: 'edit' },
  'tables.deliver': { ...write, table: 'edit' },
  'tables.share': { ...write, table: 'own' },
  'tables.transfer': { ...write, table: 'own' },
  'tables.delete': { ...write, table: 'own' },
  'tables.restore': { ...write, table: 'own' },
  'tables.verify': { ...admin, table: 'view' },
  'verified.list': read,
  'verified.check': admin,
  'usage.read': admin,
  'conversations.list': ask,
  'conversations.get': ask,
  'conversations.continue': ask,
  'conversations.change': ask,
  'conversations.save': write,
  'dashboards.list': read,
  'dashboards.create': write,
  'dashboards.get': { ...read, document: 'view' },
  'dashboards.update': { ...write, document: 'edit' },
  'dashboards.share': { ...write, document: 'own' },
  'dashboards.delete': { ...write, document: 'own' },
  'dashboards.restore': { ...write, document: 'own' },
  'reports.list': read,
  'reports.create': write,
  'reports.get': { ...read, document: 'view' },
  'reports.update': { ...write, document: 'edit' },
  'reports.share': { ...write, document: 'own' },
  'reports.delete': { ...write, document: 'own' },
  'reports.restore': { ...write, document: 'own' },
  'reports.schedule': { ...write, document: 'edit' },
  'reports.unschedule': { ...write, document: 'edit' },
  'reports.deliveries': { ...read, document: 'view' },
  'reports.deliver': { ...write, document: 'edit' },
  'deliveries.list': admin,
  'outbox.read': admin,
  /** One's own. */
  'exports.get': read,
  'schedules.preview': read,
  'views.list': read,
  'views.create': write,
  'views.update': { ...write, document: 'edit' },
  'views.delete': { ...write, document: 'edit' },
  'views.restore': { ...write, document: 'own' },
  'deleted.list': write,
  'people.list': read,
  'members.change': admin,
  'members.remove': admin,
  'teams.change': admin,
  'invitations.list': admin,
  'invitations.create': admin,
  'invitations.revoke': admin,
  'keys.list': { ...read, inPerson: true },
  'keys.create': { ...read, inPerson: true },
  'keys.revoke': { ...read, inPerson: true },
  'audit.read': admin,
} as const satisfies Record<string, Rule>
export type Action = keyof typeof rules
export type MemberAction = { [A in Action]: (typeof rules)[A] extends { who: 'member' } ? A : never }[Action]
/** Actions on one table. */
export type TableAction = { [A in Action]: (typeof rules)[A] extends { table: Part } ? A : never }[Action]

/** Actions on one dashboard, report or view. */
export type DocumentAction = {
  [A in Action]: (typeof rules)[A] extends { document: Part } ? A : never
}[Action]

/** Throws `UserError` unauthenticated or forbidden when role, scopes or the way of coming do not allow the action. */
export function may(identity: Identity, action: Action): void {
  const rule: Rule = rules[action]
  if (rule.who === 'anyone') return
  if (identity.via.kind === 'visitor' && rule.who !== 'asker') throw unauthenticated()
  if (!identity.scopes.includes(rule.scope)) {
    throw new UserError(
      'forbidden',
      `Cannot do this with this ${credential(identity)}: it lacks the scope "${rule.scope}"`,
      {
        fix: `use one that has the scope "${rule.scope}"`,
      },
    )
  }
  if (rule.who === 'asker') return
  if (rule.inPerson && identity.via.kind !== 'session') {
    throw new UserError(
      'forbidden',
      `Cannot do this with a ${credential(identity)}: it is for people who are signed in`,
    )
  }
  if (!hasRole(identity, rule.role)) {
    throw new UserError('forbidden', `Cannot do this as ${identity.role}: it is for the role "${rule.role}"`, {
      fix: 'ask an admin of your organization for that role',
    })
  }
}

export function unauthenticated(): UserError {
  return new UserError('unauthenticated', 'Cannot answer: nobody is signed in', {
    fix: 'sign in, or send a key as: Authorization: Bearer KEY',
  })
}

function credential({ via }: Identity): string {
  if (via.kind === 'key') return 'key'
  return via.kind === 'token' ? 'token' : 'session'
}
