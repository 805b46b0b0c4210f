import { PGlite } from '@electric-sql/pglite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Catalog } from '../../src/catalog/schema.ts'
import { mentionsIn } from '../../src/translate/mentions.ts'
import { indexValues, type StoredValue } from '../../src/translate/value-index.ts'
import { buildValueIndex, emptyValueIndex, type QueryRows } from '../../src/translate/values.ts'

const text = (column: string, more: object = {}) => ({ column, type: 'text', label: column, ...more })
const catalog = Catalog.parse({
  version: 1,
  entities: {
    people: {
      table: 'People of "all" sorts',
      label: 'People',
      tenantKey: 'org',
      displayField: 'name',
      fields: {
        name: text('full name'),
        city: text('city'),
        email: text('email'),
        phone: text('phone'),
        token: text('token'),
        story: text('story'),
        secret: text('secret', { sensitive: true }),
        salary_note: text('salary_note', { roles: ['admin'] }),
        level: {
          column: 'level',
          type: 'enum',
          label: 'Level',
          values: [{ value: 'maj', label: 'Major', synonyms: ['big donors'] }],
        },
        stage: { column: 'stage', type: 'enum', label: 'Stage' },
        age: { column: 'age', type: 'integer', label: 'Age' },
      },
    },
    states: { table: 'states', label: 'States', shared: true, fields: { name: text('name') } },
    gone: { table: 'no_such_table', label: 'Gone', shared: true, fields: { name: text('name') } },
  },
})
const scope = { organizationId: 'a', roles: ['editor'] }

let database: PGlite
const statements: { text: string; params: readonly unknown[] }[] = []
const query: QueryRows = async (statement, params) => {
  statements.push({ text: statement, params })
  return (await database.query<Record<string, unknown>>(statement, [...params])).rows
}

beforeAll(async () => {
  database = await PGlite.create()
  await database.exec(`
    create table "People of ""all"" sorts" (org text, "full name" text, city text, email text, phone text, token text,
      story text, secret text, salary_note text, level text, stage text, age int);
    insert into "People of ""all"" sorts"
      select case when i % 2 = 0 then 'a' else 'b' end, 'Person ' || chr(65 + i % 26) || 'son ' || i,
        (array['Columbus', 'Saint Paul', 'Zürich'])[1 + i % 3], 'p' || i || '@example.org', '+1 555 010 ' || i,
        md5(i::text), repeat('once upon a time ', 12), 'hidden ' || i, 'gets ' || i, 'maj', 'Onboarding', i
      from generate_series(1, 300) as i;
    insert into "People of ""all"" sorts" (org, city) values ('b', 'Onlyb City');
    create table states (name text);
    insert into states values ('Ohio'), ('Minnesota');`)
}, 60_000)
afterAll(() => database.close())

describe('the index of stored values', () => {
  const places = (found: readonly { entity: string; field: string; value: string }[]) =>
    found.map(({ entity, field, value }) => `${entity}.${field} = ${value}`)

  it('knows values of text and enum fields, in any case, without accents, by label and synonym', async () => {
    const index = await buildValueIndex({ catalog, query, scope })
    expect(places(index.find('COLUMBUS'))).toEqual(['people.city = Columbus'])
    expect(places(index.find('zurich'))).toEqual(['people.city = Zürich'])
    expect(places(index.find('ohio'))).toEqual(['states.name = Ohio'])
    expect(places(index.find('onboarding'))).toEqual(['people.stage = Onboarding'])
    expect(places(index.find('major'))).toEqual(['people.level = maj'])
    expect(places(index.find('big donors'))).toEqual(['people.level = maj'])
    expect(index.find('Columbus')[0]?.score).toBe(1)
  })

  it('holds nothing sensitive, nothing of other roles, no keys, addresses or long texts', async () => {
    const index = await buildValueIndex({ catalog, query, scope })
    for (const one of [
      'hidden 2',
      'gets 2',
      'p2@example.org',
      '+1 555 010 2',
      'once upon a time',
      'c81e728d9d4c2f636f067f89cc14862c',
    ])
      expect(places(index.find(one)).filter((place) => !place.startsWith('people.name'))).toEqual([])
    expect(statements.map((one) => one.text).join()).not.toMatch(/secret|salary_note/)
  })

  it('reads no row of another organization, whose name is never part of a statement', async () => {
    statements.length = 0
    const index = await buildValueIndex({ catalog, query, scope })
    expect(index.find('Onlyb City')).toEqual([])
    const other = await buildValueIndex({
      catalog,
      query,
      scope: { ...scope, organizationId: "b'; drop table states" },
    })
    expect(other.find('Columbus')).toEqual([])
    const people = statements.filter(({ text: statement }) => statement.includes('People of'))
    expect(people.map(({ params }) => params[0])).toEqual(['a', "b'; drop table states"])
    expect(people.map((one) => one.text).join()).not.toContain('drop')
  })

  it('says what it cut, and goes on past a table that cannot be read', async () => {
    const index = await buildValueIndex({ catalog, query, scope, maxValuesPerField: 20 })
    expect(index.cut).toContain('people.name')
    expect(index.cut).not.toContain('people.city')
    expect(index.failed).toEqual(['gone'])
    expect((await buildValueIndex({ catalog, query, scope, maxFields: 1 })).cut).toContain('people.city')
    expect((await buildValueIndex({ catalog, query, scope, maxRows: 10 })).cut).toContain('people.city')
  })
})

describe('finding a value', () => {
  const stored = (value: string): StoredValue => ({ entity: 'e', field: 'f', value, text: value, trust: 1 })
  const names = ['Katsuhiro Ueno', 'Matthias Blume', 'University of Oxford', 'Springfield', 'New York', 'Jane Smith']
  const index = indexValues(names.map(stored))

  it('puts up with one typing error anywhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.constantFrom('x', 'e', ''), (name, at, letter) => {
        const place = at % name.length
        const typed = name.slice(0, place) + letter + name.slice(place + 1)
        expect(index.find(typed)[0]?.value).toBe(name)
      }),
    )
  })

  it('finds a name by a part of it, below the whole name', () => {
    expect(index.find('smith')[0]).toMatchObject({ value: 'Jane Smith' })
    expect(index.find('smith')[0]?.score).toBeLessThan(index.find('jane smith')[0]?.score ?? 0)
    expect(index.find('oxford')[0]?.value).toBe('University of Oxford')
  })

  it('finds nothing for what is far from everything', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[qxz]{5,20}$/), (nonsense) => {
        expect(index.find(nonsense)).toEqual([])
      }),
    )
    expect(emptyValueIndex.find('smith')).toEqual([])
  })

  it('takes any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (any) => {
        expect(index.find(any).length).toBeLessThan(11)
      }),
    )
  })
})

describe('values named in a question', () => {
  const stored = (field: string, value: string): StoredValue => ({ entity: 'e', field, value, text: value, trust: 1 })
  const index = indexValues([
    stored('city', 'New York'),
    stored('name', 'Jane Smith'),
    stored('word', 'list'),
    stored('word', 'total'),
  ])

  it('are found as the longest piece, by quotes, and by a part of a name', () => {
    expect(mentionsIn('list donors in new york', index).map(({ text: piece }) => piece)).toEqual(['new york'])
    expect(mentionsIn('gifts of Smith', index).map(({ matches }) => matches[0]?.value)).toEqual(['Jane Smith'])
    expect(mentionsIn('gifts of "jane smth"', index).map(({ matches }) => matches[0]?.value)).toEqual(['Jane Smith'])
  })

  it('are not everyday words, unless they stand in quotes', () => {
    expect(mentionsIn('list the total', index)).toEqual([])
    expect(mentionsIn('rows with "total"', index).map(({ text: piece }) => piece)).toEqual(['total'])
  })
})
