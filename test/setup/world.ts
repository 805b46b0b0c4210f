// A small fundraising world whose numbers can be checked by hand: two tenants, empty keys, orphans, many-to-many, both DST changes.
import { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { Catalog } from '../../src/catalog/schema.ts'
import { pgliteSource, postgresSource, type Source } from '../../src/rows/source.ts'
import { createDatabase } from './postgres.ts'

export const worldSql = `
create table campaigns (id int primary key, org text not null, name text, channel text, goal numeric(12,2), parent_id int, starts_on date);
create table contacts (id int primary key, org text not null, name text, state text, segment text, phone text, born date);
create table donations (id int primary key, org text not null, contact_id int, campaign_id int, amount numeric(12,2), fee numeric(12,2), status text not null, received_at timestamptz);
create table pledges (id int primary key, org text not null, contact_id int, campaign_id int, amount numeric(12,2), due_on date);
create table events (id int primary key, org text not null, title text, cost double precision, held_at timestamp);
create table attendances (org text not null, contact_id int, event_id int, attended boolean, primary key (contact_id, event_id));
create table states (code text primary key, name text);
create table notes (org text not null, contact_id int, body text, score text);
insert into states values ('CA', 'California'), ('OR', 'Oregon'), ('NY', 'New York');
insert into campaigns values
 (1, 'a', 'Spring Appeal', 'email', 1000, null, '2025-03-01'), (2, 'a', 'Fall Gala', 'events', 2000, 1, '2025-09-01'),
 (3, 'a', 'Quiet Week', null, 50, 1, null), (4, 'b', 'Other', 'email', 9999, null, '2025-01-01');
insert into contacts values
 (1, 'a', 'Ann O''Brien', 'CA', 'Major', '555-1', '1960-02-29'), (2, 'a', 'Bob', null, 'Grassroots', null, null),
 (3, 'a', 'Zoë', 'CA', 'Grassroots', '555-3', '1990-01-01'), (4, 'a', 'Dee', 'OR', 'Major', '', '1975-07-04'),
 (5, 'b', 'Zed', 'NY', 'Major', '555-5', '1980-01-01');
insert into donations values
 (1, 'a', 1, 1, 100, 2, 'completed', '2025-01-15 12:00Z'), (2, 'a', 1, 1, 50.5, 1, 'completed', '2025-02-15 12:00Z'),
 (3, 'a', 2, 2, 75, 1, 'refunded', '2025-02-20 00:30Z'), (4, 'a', null, null, 20, 0, 'completed', '2024-02-03 05:00Z'),
 (5, 'a', 3, 2, 10, 0, 'completed', '2025-03-09 07:30Z'), (6, 'a', 3, 1, null, null, 'completed', '2025-03-09 06:30Z'),
 (7, 'a', 1, 2, 200, 5, 'completed', '2025-11-02 05:30Z'), (8, 'a', 1, 77, 5, 0, 'completed', '2025-11-02 06:30Z'),
 (9, 'b', 5, 4, 99999, 0, 'completed', '2025-01-15 12:00Z'), (10, 'a', 5, 4, 1, 0, 'completed', '2024-12-31 23:59:59.999999Z');
insert into pledges values
 (1, 'a', 1, 1, 500, '2025-03-01'), (2, 'a', 1, 1, 300, '2025-04-01'), (3, 'a', 2, 2, 40, '2025-04-01'), (4, 'b', 5, 4, 77777, '2025-04-01');
insert into events values (1, 'a', 'Gala', 1000.1, '2025-05-01 19:00'), (2, 'a', 'Walk', 0.2, '2025-06-01 09:00'), (3, 'b', 'Secret', 5, '2025-06-01 09:00');
insert into attendances values ('a', 1, 1, true), ('a', 1, 2, false), ('a', 2, 1, true), ('a', 3, 1, null), ('b', 5, 3, true);
insert into notes values ('a', 1, '100% sure_thing', '12'), ('a', 1, '100% sure_thing', '7.5'), ('a', 2, null, 'n/a'), ('b', 5, 'secret', '1');
`

const field = (column: string, type: string, label: string, more: object = {}) => ({ column, type, label, ...more })
const relation = (to: string, kind: 'to_one' | 'to_many', from: string, target: string, label: string) => ({
  to,
  kind,
  on: [{ from, to: target }],
  label,
})
const money = { currency: 'USD' }
const tenant = { tenantKey: 'org', primaryKey: ['id'] }

/** The catalog of the small world. */
export const worldCatalog: Catalog = Catalog.parse({
  version: 1,
  name: 'world',
  fiscalYearStart: 7,
  weekStart: 'sunday',
  entities: {
    campaigns: {
      table: 'campaigns',
      label: 'Campaigns',
      singular: 'Campaign',
      ...tenant,
      displayField: 'name',
      defaultColumns: ['name', 'channel', 'goal'],
      defaultDate: 'starts_on',
      fields: {
        id: field('id', 'id', 'Campaign id'),
        name: field('name', 'text', 'Name'),
        channel: field('channel', 'text', 'Channel'),
        goal: field('goal', 'money', 'Goal', money),
        starts_on: field('starts_on', 'date', 'Start'),
      },
      relations: {
        donations: relation('donations', 'to_many', 'id', 'campaign_id', 'Donations'),
        pledges: relation('pledges', 'to_many', 'id', 'campaign_id', 'Pledges'),
        parent: relation('campaigns', 'to_one', 'parent_id', 'id', 'Parent'),
        children: relation('campaigns', 'to_many', 'id', 'parent_id', 'Sub-campaigns'),
      },
    },
    contacts: {
      table: 'contacts',
      label: 'Contacts',
      singular: 'Contact',
      ...tenant,
      displayField: 'name',
      defaultColumns: ['name', 'state', 'phone'],
      fields: {
        id: field('id', 'id', 'Contact id'),
        name: field('name', 'text', 'Name'),
        state: field('state', 'text', 'State'),
        segment: field('segment', 'enum', 'Segment', { values: [{ value: 'Major' }, { value: 'Grassroots' }] }),
        phone: field('phone', 'text', 'Phone', { roles: ['admin'] }),
        born: field('born', 'date', 'Birthday'),
      },
      relations: {
        donations: relation('donations', 'to_many', 'id', 'contact_id', 'Donations'),
        pledges: relation('pledges', 'to_many', 'id', 'contact_id', 'Pledges'),
        attendances: relation('attendances', 'to_many', 'id', 'contact_id', 'Attendances'),
        notes: relation('notes', 'to_many', 'id', 'contact_id', 'Notes'),
        home: relation('states', 'to_one', 'state', 'code', 'Home state'),
      },
    },
    donations: {
      table: 'donations',
      label: 'Donations',
      singular: 'Donation',
      ...tenant,
      defaultDate: 'received_at',
      defaultColumns: ['received_at', 'amount', 'status'],
      fields: {
        id: field('id', 'id', 'Donation id'),
        amount: field('amount', 'money', 'Amount', money),
        fee: field('fee', 'money', 'Fee', money),
        status: field('status', 'enum', 'Status', {
          values: [
            { value: 'completed', label: 'Completed' },
            { value: 'refunded', label: 'Refunded' },
          ],
        }),
        received_at: field('received_at', 'timestamp', 'Received'),
      },
      relations: {
        contact: relation('contacts', 'to_one', 'contact_id', 'id', 'Donor'),
        campaign: relation('campaigns', 'to_one', 'campaign_id', 'id', 'Campaign'),
      },
      metrics: {
        raised: {
          label: 'Raised',
          aggregate: { fn: 'sum', field: 'amount', where: { field: 'status', op: 'eq', value: 'completed' } },
        },
        net: {
          label: 'Net raised',
          aggregate: { fn: 'sum', formula: 'amount - fee', where: { field: 'status', op: 'eq', value: 'completed' } },
        },
        donors: {
          label: 'Donors',
          aggregate: {
            fn: 'count_distinct',
            field: 'contact.id',
            per: 'source_rows',
            where: { field: 'status', op: 'eq', value: 'completed' },
          },
        },
      },
    },
    pledges: {
      table: 'pledges',
      label: 'Pledges',
      singular: 'Pledge',
      ...tenant,
      defaultDate: 'due_on',
      fields: {
        id: field('id', 'id', 'Pledge id'),
        amount: field('amount', 'money', 'Pledged', money),
        due_on: field('due_on', 'date', 'Due'),
      },
      relations: {
        contact: relation('contacts', 'to_one', 'contact_id', 'id', 'Donor'),
        campaign: relation('campaigns', 'to_one', 'campaign_id', 'id', 'Campaign'),
      },
    },
    events: {
      table: 'events',
      label: 'Events',
      singular: 'Event',
      ...tenant,
      displayField: 'title',
      fields: {
        id: field('id', 'id', 'Event id'),
        title: field('title', 'text', 'Title'),
        cost: field('cost', 'number', 'Cost'),
        held_at: field('held_at', 'timestamp', 'Held', { zoned: false }),
      },
      relations: { attendances: relation('attendances', 'to_many', 'id', 'event_id', 'Attendances') },
    },
    attendances: {
      table: 'attendances',
      label: 'Attendances',
      singular: 'Attendance',
      tenantKey: 'org',
      primaryKey: ['contact_id', 'event_id'],
      junction: true,
      fields: {
        contact_id: field('contact_id', 'id', 'Contact id'),
        event_id: field('event_id', 'id', 'Event id'),
        attended: field('attended', 'boolean', 'Attended'),
      },
      relations: {
        contact: relation('contacts', 'to_one', 'contact_id', 'id', 'Contact'),
        event: relation('events', 'to_one', 'event_id', 'id', 'Event'),
      },
    },
    states: {
      table: 'states',
      label: 'States',
      shared: true,
      primaryKey: ['code'],
      displayField: 'name',
      fields: { code: field('code', 'text', 'Code'), name: field('name', 'text', 'Name') },
    },
    notes: {
      table: 'notes',
      label: 'Notes',
      tenantKey: 'org',
      fields: { body: field('body', 'text', 'Body'), score: field('score', 'number', 'Score', { storedAs: 'text' }) },
      relations: { contact: relation('contacts', 'to_one', 'contact_id', 'id', 'Contact') },
    },
  },
})

export const worldScope = { organizationId: 'a', roles: [] as string[] }
/** A Saturday noon in New York. */
export const worldClock = { now: new Date('2025-05-10T16:00:00Z'), timezone: 'America/New_York' }

export type World = {
  readonly source: Source
  readonly execute: (sql: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** The small world on an embedded PGlite. */
export async function pgliteWorld(): Promise<World> {
  const db = await PGlite.create()
  await db.exec(worldSql)
  return { source: pgliteSource(db), execute: async (sql) => void (await db.exec(sql)), close: () => db.close() }
}

/** The small world in a database of its own on a real Postgres. */
export async function postgresWorld(serverUrl: string, name: string): Promise<World> {
  const url = await createDatabase(serverUrl, name)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql.unsafe(worldSql)
  const source = postgresSource(url)
  return {
    source,
    execute: async (text) => void (await sql.unsafe(text)),
    close: async () => {
      await source.close()
      await sql.end()
    },
  }
}
