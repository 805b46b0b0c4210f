// A small database for imported SQL: empty keys, orphans, empty texts beside NULL, a self relation, a junction, two facts.
import { Catalog } from '../../src/catalog/schema.ts'

export const importWorldSql = `
create table regions (code text primary key, title text);
create table people (id int primary key, name text, region text, boss_id int, age int, joined date, note text);
create table clubs (id int primary key, title text, region text, fee numeric(10,2));
create table memberships (person_id int, club_id int, role text, since date, primary key (person_id, club_id));
create table gifts (id int primary key, person_id int, club_id int, amount numeric(10,2), cost int, kind text, given_at timestamp, day date);
create table promises (id int primary key, person_id int, amount numeric(10,2), kept boolean);
insert into regions values ('n', 'north'), ('s', 'south'), ('e', 'east'), ('w', null);
insert into people values
 (1, 'ann', 'n', null, 40, '2024-01-05', 'first'), (2, 'bob', 'n', 1, 31, '2024-02-10', ''), (3, 'cid', 's', 1, null, '2024-02-20', null),
 (4, 'dee', null, 2, 55, null, 'late'), (5, 'eva', 'x', 9, 40, '2025-03-01', 'first'), (6, 'bob', 's', 2, 22, '2025-03-31', null),
 (7, null, 'w', 1, 70, '2025-12-31', 'x');
insert into clubs values (1, 'chess', 'n', 10), (2, 'choir', 's', 0), (3, 'chess', null, null), (4, 'rowing', 'e', 99.5);
insert into memberships values (1, 1, 'head', '2024-01-01'), (1, 2, 'member', null), (2, 1, 'member', '2024-05-01'), (3, 2, null, '2025-01-01'), (6, 4, 'head', '2025-01-01'), (8, 1, 'ghost', null);
insert into gifts values
 (1, 1, 1, 100, 3, 'cash', '2025-01-15 12:00', '2025-01-15'), (2, 1, 2, 50.5, 2, 'card', '2025-01-31 23:59:59', '2025-01-31'),
 (3, 2, 1, 75, null, 'cash', '2025-02-01 00:00', '2025-02-01'), (4, null, 1, 20, 1, 'card', '2024-12-31 08:00', '2024-12-31'),
 (5, 3, null, null, 4, null, null, null), (6, 5, 4, 10, 10, '', '2025-02-10 10:10', '2025-02-10'), (7, 9, 7, 5, 0, 'cash', '2025-03-01 00:00', '2025-03-01'),
 (8, 6, 2, 75, 7, 'kind', '2025-03-05 05:05', '2025-03-05');
insert into promises values (1, 1, 500, true), (2, 1, 40, false), (3, 2, 40, null), (4, 7, 60, true), (5, null, 1, false);
`

const field = (column: string, type: string, label: string, more: object = {}) => ({ column, type, label, ...more })
const one = (to: string, from: string, target: string, label: string) => ({
  to,
  kind: 'to_one',
  on: [{ from, to: target }],
  label,
})
const many = (to: string, from: string, target: string, label: string) => ({
  to,
  kind: 'to_many',
  on: [{ from, to: target }],
  label,
})

/** The catalog of that database. */
export const importWorldCatalog: Catalog = Catalog.parse({
  version: 1,
  name: 'import world',
  entities: {
    regions: {
      table: 'regions',
      label: 'Regions',
      shared: true,
      primaryKey: ['code'],
      fields: { code: field('code', 'text', 'Code'), title: field('title', 'text', 'Title') },
      relations: {
        people: many('people', 'code', 'region', 'People'),
        clubs: many('clubs', 'code', 'region', 'Clubs'),
      },
    },
    people: {
      table: 'people',
      label: 'People',
      singular: 'Person',
      shared: true,
      primaryKey: ['id'],
      displayField: 'name',
      fields: {
        id: field('id', 'id', 'ID'),
        name: field('name', 'text', 'Name'),
        region_code: field('region', 'text', 'Region code'),
        boss_id: field('boss_id', 'id', 'Boss ID'),
        age: field('age', 'integer', 'Age'),
        joined: field('joined', 'date', 'Joined'),
        note: field('note', 'text', 'Note'),
      },
      relations: {
        home: one('regions', 'region', 'code', 'Home region'),
        boss: one('people', 'boss_id', 'id', 'Boss'),
        reports: many('people', 'id', 'boss_id', 'Reports'),
        memberships: many('memberships', 'id', 'person_id', 'Memberships'),
        gifts: many('gifts', 'id', 'person_id', 'Gifts'),
        promises: many('promises', 'id', 'person_id', 'Promises'),
      },
    },
    clubs: {
      table: 'clubs',
      label: 'Clubs',
      shared: true,
      primaryKey: ['id'],
      fields: {
        id: field('id', 'id', 'ID'),
        title: field('title', 'text', 'Title'),
        region_code: field('region', 'text', 'Region code'),
        fee: field('fee', 'number', 'Fee'),
      },
      relations: {
        home: one('regions', 'region', 'code', 'Home region'),
        memberships: many('memberships', 'id', 'club_id', 'Memberships'),
        gifts: many('gifts', 'id', 'club_id', 'Gifts'),
      },
    },
    memberships: {
      table: 'memberships',
      label: 'Memberships',
      shared: true,
      junction: true,
      primaryKey: ['person_id', 'club_id'],
      fields: {
        person_id: field('person_id', 'id', 'Person ID'),
        club_id: field('club_id', 'id', 'Club ID'),
        role: field('role', 'text', 'Role'),
        since: field('since', 'date', 'Since'),
      },
      relations: { person: one('people', 'person_id', 'id', 'Person'), club: one('clubs', 'club_id', 'id', 'Club') },
    },
    gifts: {
      table: 'gifts',
      label: 'Gifts',
      singular: 'Gift',
      shared: true,
      primaryKey: ['id'],
      defaultDate: 'given_at',
      fields: {
        id: field('id', 'id', 'ID'),
        person_id: field('person_id', 'id', 'Person ID'),
        club_id: field('club_id', 'id', 'Club ID'),
        amount: field('amount', 'money', 'Amount', { currency: 'EUR' }),
        cost: field('cost', 'integer', 'Cost'),
        kind: field('kind', 'text', 'Kind'),
        given_at: field('given_at', 'timestamp', 'Given at', { zoned: false }),
        day: field('day', 'date', 'Day'),
      },
      relations: { person: one('people', 'person_id', 'id', 'Person'), club: one('clubs', 'club_id', 'id', 'Club') },
    },
    promises: {
      table: 'promises',
      label: 'Promises',
      shared: true,
      primaryKey: ['id'],
      fields: {
        id: field('id', 'id', 'ID'),
        person_id: field('person_id', 'id', 'Person ID'),
        amount: field('amount', 'number', 'Amount'),
        kept: field('kept', 'boolean', 'Kept'),
      },
      relations: { person: one('people', 'person_id', 'id', 'Person') },
    },
  },
})
