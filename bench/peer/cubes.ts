// The demo's tables as cubes of drizzle-cube, declared as its documentation does it: relations in both directions, the
// organization in each cube's base query. Only what the questions need.
import {
  type Cube,
  createPostgresExecutor,
  defineCube,
  type QueryContext,
  QueryExecutor,
  type SemanticQuery,
} from 'drizzle-cube/server'
import { eq } from 'drizzle-orm'
import { bigint, numeric, pgSchema, text } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

const demo = pgSchema('demo')
const id = () => bigint('id', { mode: 'number' }).primaryKey()
const organizationId = () => text('organization_id').notNull()
const key = (name: string) => bigint(name, { mode: 'number' })
const amount = () => numeric('amount', { precision: 12, scale: 2 }).notNull()

const states = demo.table('states', { code: text('code').primaryKey(), region: text('region').notNull() })
const contacts = demo.table('contacts', { id: id(), organizationId: organizationId(), state: text('state') })
const campaigns = demo.table('campaigns', {
  ...{ id: id(), organizationId: organizationId() },
  channel: text('channel').notNull(),
})
const donations = demo.table('donations', {
  ...{ id: id(), organizationId: organizationId(), amount: amount() },
  contactId: key('contact_id'),
  campaignId: key('campaign_id'),
  status: text('status').notNull(),
  paymentMethod: text('payment_method').notNull(),
})
const pledges = demo.table('pledges', {
  ...{ id: id(), organizationId: organizationId(), amount: amount() },
  campaignId: key('campaign_id'),
})
const expenses = demo.table('expenses', {
  ...{ id: id(), organizationId: organizationId(), amount: amount() },
  campaignId: key('campaign_id'),
})
const schema = { states, contacts, campaigns, donations, pledges, expenses }

const ofTenant =
  (table: typeof contacts | typeof campaigns | typeof donations | typeof pledges | typeof expenses) =>
  ({ securityContext }: QueryContext) => ({
    from: table,
    where: eq(table.organizationId, String(securityContext.organizationId)),
  })

const statesCube = defineCube('States', {
  sql: () => ({ from: states }),
  dimensions: {
    code: { name: 'code', type: 'string', sql: states.code, primaryKey: true },
    region: { name: 'region', type: 'string', sql: states.region },
  },
  measures: { count: { name: 'count', type: 'count', sql: states.code } },
})
const contactsCube = defineCube('Contacts', {
  sql: ofTenant(contacts),
  joins: {
    States: { targetCube: 'States', relationship: 'belongsTo', on: [{ source: contacts.state, target: states.code }] },
  },
  dimensions: { id: { name: 'id', type: 'number', sql: contacts.id, primaryKey: true } },
  measures: { count: { name: 'count', type: 'count', sql: contacts.id } },
})
const campaignsCube = defineCube('Campaigns', {
  sql: ofTenant(campaigns),
  joins: {
    Donations: many('Donations', donations.campaignId),
    Pledges: many('Pledges', pledges.campaignId),
    Expenses: many('Expenses', expenses.campaignId),
  },
  dimensions: {
    id: { name: 'id', type: 'number', sql: campaigns.id, primaryKey: true },
    channel: { name: 'channel', type: 'string', sql: campaigns.channel },
  },
  measures: { count: { name: 'count', type: 'count', sql: campaigns.id } },
})
const donationsCube = defineCube('Donations', {
  sql: ofTenant(donations),
  joins: {
    Contacts: {
      targetCube: 'Contacts',
      relationship: 'belongsTo',
      on: [{ source: donations.contactId, target: contacts.id }],
    },
    Campaigns: {
      targetCube: 'Campaigns',
      relationship: 'belongsTo',
      on: [{ source: donations.campaignId, target: campaigns.id }],
    },
  },
  dimensions: {
    id: { name: 'id', type: 'number', sql: donations.id, primaryKey: true },
    status: { name: 'status', type: 'string', sql: donations.status },
    paymentMethod: { name: 'paymentMethod', type: 'string', sql: donations.paymentMethod },
  },
  measures: {
    count: { name: 'count', type: 'count', sql: donations.id },
    total: { name: 'total', type: 'sum', sql: donations.amount },
  },
})

function many(
  targetCube: string,
  target: typeof donations.campaignId | typeof pledges.campaignId | typeof expenses.campaignId,
) {
  return { targetCube, relationship: 'hasMany' as const, on: [{ source: campaigns.id, target }] }
}

/** Pledges and expenses: a sum, and the way to the campaign. */
function factCube(name: string, table: typeof pledges | typeof expenses): Cube {
  return defineCube(name, {
    sql: ofTenant(table),
    joins: {
      Campaigns: {
        targetCube: 'Campaigns',
        relationship: 'belongsTo',
        on: [{ source: table.campaignId, target: campaigns.id }],
      },
    },
    dimensions: { id: { name: 'id', type: 'number', sql: table.id, primaryKey: true } },
    measures: { total: { name: 'total', type: 'sum', sql: table.amount } },
  })
}

export type CubeSql = { readonly sql: string; readonly params?: unknown[] }

/**
 * How drizzle-cube makes SQL of a query, as each of its executions does: an executor of its own, without the formatting that
 * its dry run adds for people.
 */
export function cubeCompiler(organization: string): (query: SemanticQuery) => Promise<CubeSql> {
  const list = [
    ...[statesCube, contactsCube, campaignsCube, donationsCube],
    ...[factCube('Pledges', pledges), factCube('Expenses', expenses)],
  ]
  const cubes = new Map(list.map((cube) => [cube.name, cube]))
  // Connects on first use, which never comes.
  const db = drizzle({ client: postgres('postgres://127.0.0.1:1/none'), schema })
  const securityContext = { organizationId: organization }
  return (query) =>
    new QueryExecutor(createPostgresExecutor(db as never, schema)).dryRunSQL(cubes, query, securityContext)
}
