// The people of the demo: whom anybody may sign in as with one click, and visitors, who may only ask.
// Only with the built-in demo data, where nothing is private; with data of one's own nobody here can sign in.
import { memberships, organizations, type Role, teamMembers, teams, users } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import type { Scope } from '../lib/scope.ts'

export const demoOrganizations = [
  { id: 'org_riverbend', name: 'Riverbend Action Fund' },
  { id: 'org_hillcrest', name: 'Hillcrest Alliance' },
] as const

const demoTeams = [
  { organizationId: 'org_riverbend', id: 'team_finance', name: 'Finance' },
  { organizationId: 'org_riverbend', id: 'team_fundraising', name: 'Fundraising' },
  { organizationId: 'org_hillcrest', id: 'team_outreach', name: 'Outreach' },
] as const

type DemoMembership = { readonly organizationId: string; readonly role: Role; readonly teamIds: readonly string[] }
export type DemoPerson = {
  readonly id: string
  readonly name: string
  readonly email: string
  /** One line that says what is different when one is this person. */
  readonly about: string
  readonly memberships: readonly DemoMembership[]
}

const PREFIX = 'demo_'

export const demoPeople: readonly DemoPerson[] = [
  {
    id: `${PREFIX}maya`,
    name: 'Maya Chen',
    email: 'maya@riverbend.example',
    about: 'Admin of Riverbend, in Finance: sees every column',
    memberships: [{ organizationId: 'org_riverbend', role: 'admin', teamIds: ['team_finance'] }],
  },
  {
    id: `${PREFIX}jonas`,
    name: 'Jonas Weber',
    email: 'jonas@riverbend.example',
    about: 'Editor at Riverbend, in Fundraising: makes tables, sees no birth dates and tax IDs',
    memberships: [{ organizationId: 'org_riverbend', role: 'editor', teamIds: ['team_fundraising'] }],
  },
  {
    id: `${PREFIX}priya`,
    name: 'Priya Nair',
    email: 'priya@hillcrest.example',
    about: 'Viewer at Riverbend, in Fundraising: opens tables, sees no phone numbers either; editor at Hillcrest',
    memberships: [
      { organizationId: 'org_riverbend', role: 'viewer', teamIds: ['team_fundraising'] },
      { organizationId: 'org_hillcrest', role: 'editor', teamIds: ['team_outreach'] },
    ],
  },
]

export const isDemoPerson = (userId: string): boolean => userId.startsWith(PREFIX)

/** What a visitor of one of the demo's organizations may ask (the first when none is named). */
export function demoScope(organizationId: string = demoOrganizations[0].id): Scope {
  if (demoOrganizations.every(({ id }) => id !== organizationId)) {
    throw new UserError(
      'unknown_organization',
      `Cannot see as "${organizationId.slice(0, 100)}": no such organization`,
      {
        fix: `use ${demoOrganizations.map(({ id }) => id).join(' or ')}`,
      },
    )
  }
  return { organizationId, userId: 'visitor', roles: ['admin', 'editor'] }
}

/** Puts the demo's organizations, teams and people into a store, where they are missing; changes made since stay. */
export async function ensureDemoPeople(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .insert(organizations)
      .values([...demoOrganizations])
      .onConflictDoNothing()
    await tx
      .insert(teams)
      .values([...demoTeams])
      .onConflictDoNothing()
    const made = await tx
      .insert(users)
      .values(demoPeople.map(({ id, name, email }) => ({ id, name, email, emailVerified: true })))
      .onConflictDoNothing()
      .returning({ id: users.id })
    for (const person of demoPeople.filter(({ id }) => made.some((user) => user.id === id))) {
      for (const [index, { organizationId, role, teamIds }] of person.memberships.entries()) {
        const userId = person.id
        // One after the other: the first is where a person starts.
        const createdAt = new Date(Date.now() + index)
        await tx.insert(memberships).values({ organizationId, userId, role, createdAt })
        await tx.insert(teamMembers).values(teamIds.map((teamId) => ({ organizationId, teamId, userId })))
      }
    }
  })
}
