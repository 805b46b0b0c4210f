// Who is mailed. In: recipients as a schedule names them. Out: addresses, each once, as they are now, and who fell away.
// Outside addresses: only where the schedule allows them and the operator allows their domain, asked anew each time.
import { and, eq, inArray, sql } from 'drizzle-orm'
import { memberships, teamMembers, teams, users } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'
import type { Recipient, ScheduleConfig } from './config.ts'

/** Addresses of people who come from a host application and have none here. */
const NO_ADDRESS = /@users\.invalid$/i

export type Dropped = {
  readonly who: string
  readonly why: string
  readonly index: number
  /** Others of the same team are mailed. */
  readonly partial?: true
}
export type Recipients = { readonly addresses: readonly string[]; readonly dropped: readonly Dropped[] }
type Rules = { readonly mailDomains?: readonly string[] | undefined }

/** The addresses of a schedule's recipients in their order. */
export async function recipientsOf(db: Db, organizationId: string, config: Wanted, rules: Rules): Promise<Recipients> {
  return resolved(await knownPeople(db, organizationId, config.recipients), config, rules)
}

type Wanted = Pick<ScheduleConfig, 'recipients' | 'allowOutside'>

/** The same for many schedules of one organization, whose people are looked up once. */
export async function recipientsOfAll(
  db: Db,
  organizationId: string,
  configs: readonly Wanted[],
  rules: Rules,
): Promise<readonly Recipients[]> {
  const named = new Map(configs.flatMap(({ recipients }) => recipients).map((one) => [JSON.stringify(one), one]))
  const known = await knownPeople(db, organizationId, [...named.values()])
  return configs.map((config) => resolved(known, config, rules))
}

function resolved(known: Known, { recipients, allowOutside }: Wanted, { mailDomains }: Rules): Recipients {
  const addresses = new Map<string, string>()
  const dropped: Dropped[] = []
  const add = (address: string): void => {
    const key = address.toLowerCase()
    if (!addresses.has(key)) addresses.set(key, address)
  }
  for (const [index, one] of recipients.entries()) {
    if (typeof one === 'string') {
      const why = known.addresses.has(one.toLowerCase()) ? undefined : refusal(one, allowOutside, mailDomains)
      if (why === undefined) add(one)
      else dropped.push({ who: one, why, index })
    } else if ('user' in one) {
      const email = known.users.get(one.user)
      if (email !== undefined && !NO_ADDRESS.test(email)) add(email)
      else
        dropped.push({
          who: `user ${one.user}`,
          why: email === undefined ? 'no such member (any more)' : 'they have no address here',
          index,
        })
    } else {
      const team = known.teams.get(one.team)
      const emails = (team?.emails ?? []).filter((email) => !NO_ADDRESS.test(email))
      emails.forEach(add)
      const who = `team ${team?.name ?? one.team}`
      const without = (team?.emails.length ?? 0) - emails.length
      if (emails.length > 0) {
        const some = without === 1 ? '1 member' : `${without} members`
        if (without > 0)
          dropped.push({ who: `${some} of ${who}`, why: 'they have no address here', index, partial: true })
        continue
      }
      dropped.push({ who, why: team === undefined ? 'no such team (any more)' : 'nobody in it has an address', index })
    }
  }
  return { addresses: [...addresses.values()], dropped }
}

/** Why an address that belongs to no member is not mailed. */
function refusal(address: string, allowOutside: boolean, domains: readonly string[] | undefined): string | undefined {
  if (!allowOutside) return 'it belongs to no member, and the schedule does not allow outside addresses'
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  return domains === undefined || domains.includes(domain) ? undefined : `the domain ${domain} is not allowed here`
}

type Known = {
  readonly addresses: ReadonlySet<string>
  readonly users: ReadonlyMap<string, string>
  readonly teams: ReadonlyMap<string, { name: string; emails: readonly string[] }>
}

async function knownPeople(db: Db, organizationId: string, recipients: readonly Recipient[]): Promise<Known> {
  const lower = recipients.flatMap((one) => (typeof one === 'string' ? [one.toLowerCase()] : []))
  const userIds = recipients.flatMap((one) => (typeof one === 'object' && 'user' in one ? [one.user] : []))
  const teamIds = recipients.flatMap((one) => (typeof one === 'object' && 'team' in one ? [one.team] : []))
  const member = and(eq(memberships.organizationId, organizationId), eq(memberships.userId, users.id))
  const byAddress =
    lower.length === 0
      ? []
      : await db
          .select({ email: users.email })
          .from(users)
          .innerJoin(memberships, member)
          .where(inArray(sql`lower(${users.email})`, lower))
  const byId =
    userIds.length === 0
      ? []
      : await db
          .select({ id: users.id, email: users.email })
          .from(users)
          .innerJoin(memberships, member)
          .where(inArray(users.id, userIds))
  const named =
    teamIds.length === 0
      ? []
      : await db
          .select({ id: teams.id, name: teams.name, email: users.email })
          .from(teams)
          .leftJoin(
            teamMembers,
            and(eq(teamMembers.organizationId, teams.organizationId), eq(teamMembers.teamId, teams.id)),
          )
          .leftJoin(users, eq(users.id, teamMembers.userId))
          .where(and(eq(teams.organizationId, organizationId), inArray(teams.id, teamIds)))
          .orderBy(users.email)
  const byTeam = new Map(
    [...Map.groupBy(named, ({ id }) => id)].map(([id, rows]) => [
      id,
      { name: rows[0]?.name ?? id, emails: rows.flatMap(({ email }) => email ?? []) },
    ]),
  )
  return {
    addresses: new Set(byAddress.map(({ email }) => email.toLowerCase())),
    users: new Map(byId.map(({ id, email }) => [id, email])),
    teams: byTeam,
  }
}
