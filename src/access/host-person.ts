// The users of a host application as people of ours. In: checked claims. Out: an identity.
// Their rows are made and kept in step when they come with something new, so that tables can be shared with them by name.
import { and, eq, inArray, notInArray, sql } from 'drizzle-orm'
import { memberships, organizations, teamMembers, teams, users } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'
import { hashText } from '../lib/hash.ts'
import type { HostClaims } from './host-token.ts'
import { catalogRoles, type Identity } from './identity.ts'

const ID_LENGTH = 26
const MAX_KNOWN = 10_000
/** Another process may have written something else since. */
const KNOWN_FOR_MS = 60_000

/** What was last written of a person, and when. */
export type KnownPeople = Map<string, { readonly said: string; readonly atMs: number }>

/** One way into the store for claims; remembers for a minute what it has written, so that most requests write nothing. */
export function hostPeople(
  db: Db,
  known: KnownPeople = new Map(),
  nowMs: () => number = () => performance.now(),
): (claims: HostClaims) => Promise<Identity> {
  return async (claims) => {
    const { organization, issuer, user, name, role, columnRoles } = claims
    const userId = `hst_${shortHash([issuer, organization, user])}`
    const hostTeams = claims.teams.map((team) => ({ id: `htm_${shortHash([issuer, organization, team])}`, name: team }))
    const said = shortHash([userId, name, role, ...columnRoles, '', ...hostTeams.map(({ id }) => id)])
    const before = known.get(userId)
    if (before?.said !== said || nowMs() - before.atMs > KNOWN_FOR_MS) {
      await keepInStep(db, { organizationId: organization, userId, name, role, columnRoles, teams: hostTeams })
      if (known.size >= MAX_KNOWN) known.clear()
      known.set(userId, { said, atMs: nowMs() })
    }
    return {
      organizationId: organization,
      userId,
      name,
      role,
      roles: catalogRoles(role, columnRoles),
      teamIds: hostTeams.map(({ id }) => id),
      scopes: claims.scopes,
      via: { kind: 'token' },
    }
  }
}

type Person = Pick<Identity, 'organizationId' | 'userId' | 'name' | 'role'> & {
  readonly columnRoles: readonly string[]
  readonly teams: readonly { readonly id: string; readonly name: string }[]
}

async function keepInStep(db: Db, person: Person): Promise<void> {
  const { organizationId, userId, name, role } = person
  const columnRoles = [...person.columnRoles]
  await db.transaction(async (tx) => {
    await tx.insert(organizations).values({ id: organizationId, name: organizationId }).onConflictDoNothing()
    // An address nobody can have: whoever signs in with a password is never taken for a host's user, nor the other way.
    await tx
      .insert(users)
      .values({ id: userId, name, email: `${userId}@users.invalid` })
      .onConflictDoUpdate({ target: users.id, set: { name, updatedAt: sql`now()` } })
    await tx
      .insert(memberships)
      .values({ organizationId, userId, role, columnRoles })
      .onConflictDoUpdate({ target: [memberships.organizationId, memberships.userId], set: { role, columnRoles } })
    const teamIds = await teamsNamed(tx, organizationId, person.teams)
    const mine = and(eq(teamMembers.organizationId, organizationId), eq(teamMembers.userId, userId))
    await tx.delete(teamMembers).where(teamIds.length === 0 ? mine : and(mine, notInArray(teamMembers.teamId, teamIds)))
    if (teamIds.length === 0) return
    await tx
      .insert(teamMembers)
      .values(teamIds.map((teamId) => ({ organizationId, teamId, userId })))
      .onConflictDoNothing()
  })
}

/** Makes the teams that are missing. One whose name a team of ours has is kept apart by its id, under a name of its own. */
async function teamsNamed(tx: Db, organizationId: string, wanted: Person['teams']): Promise<string[]> {
  const ids = wanted.map(({ id }) => id)
  if (ids.length === 0) return []
  const there = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.organizationId, organizationId), inArray(teams.id, ids)))
  for (const { id, name } of wanted) {
    if (there.some((team) => team.id === id)) continue
    const row = { organizationId, id }
    const made = await tx
      .insert(teams)
      .values({ ...row, name })
      .onConflictDoNothing()
      .returning({ id: teams.id })
    if (made.length === 0)
      await tx
        .insert(teams)
        .values({ ...row, name: `${name} (${id.slice(-4)})` })
        .onConflictDoNothing()
  }
  return ids
}

function shortHash(parts: readonly string[]): string {
  return hashText(JSON.stringify(parts)).slice(0, ID_LENGTH)
}
