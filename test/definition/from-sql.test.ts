import { expect, test } from 'vitest'
import { importSql } from '../../src/definition/from-sql.ts'
import { Definition } from '../../src/definition/schema.ts'
import cases from './from-sql-cases.json' with { type: 'json' }
import { importWorldCatalog as catalog } from './from-sql-world.ts'

async function imported(sql: string) {
  const result = await importSql({ sql, catalog })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result
}

test.each(cases)('SQL becomes this definition: $name', async ({ sql, definition }) => {
  expect((await imported(sql)).definition).toEqual(filled(definition))
})

/** The definition with its defaults, those of definitions inside it too. */
function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled)
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one)]))
  return 'dataSources' in inner ? Definition.parse(inner) : inner
}

test('the order of joins and the way they are spelt make no difference', async () => {
  const spellings = [
    'select p.name, c.title from gifts g join people p on p.id = g.person_id join clubs c on c.id = g.club_id where c.fee > 5',
    'select p.name, c.title from people p join gifts g on p.id = g.person_id join clubs c on g.club_id = c.id where c.fee > 5',
    'select p.name, c.title from clubs c, people p, gifts g where g.club_id = c.id and c.fee > 5 and p.id = g.person_id',
    'select p.name, c.title from clubs c join gifts g on c.id = g.club_id and c.fee > 5 inner join people p on (g.person_id = p.id)',
    'select p.name, c.title from gifts g right join people p on p.id = g.person_id left join clubs c on c.id = g.club_id where c.fee > 5 and p.id = g.person_id',
    'SELECT P.NAME, C.TITLE FROM GIFTS G JOIN PEOPLE P ON P.ID = G.PERSON_ID JOIN CLUBS C ON C.ID = G.CLUB_ID WHERE 5 < C.FEE',
  ]
  const [first, ...others] = await Promise.all(spellings.map(async (sql) => (await imported(sql)).definition))
  for (const other of others) {
    expect(other.columns).toEqual(first?.columns)
    expect(other.dataSources[0]).toBe('gifts')
    expect(new Set(JSON.stringify(other.filters).match(/"field":"[^"]*"/g))).toEqual(
      new Set(JSON.stringify(first?.filters).match(/"field":"[^"]*"/g)),
    )
  }
})

test('what differs from the SQL is told in notes, and nothing is told where nothing differs', async () => {
  expect((await imported('select id from gifts where amount > 5')).notes).toEqual([])
  expect((await imported("select id from gifts where kind = 'Cash'")).notes).toEqual([
    'Text is compared without regard to upper and lower case',
  ])
  expect((await imported("select id from gifts where kind = '7'")).notes).toEqual([])
  const merged = await imported(
    'select r.title from regions r join people p on p.region = r.code join clubs c on c.region = r.code',
  )
  expect(merged.notes.join()).toContain('each different row is shown once')
  expect(merged.definition.distinct).toBe(true)
})

test('a field that minds upper and lower case is compared without a note', async () => {
  const people = catalog.entities.people
  if (people === undefined) throw new Error('the small catalog has people')
  const strict = { ...people, fields: { ...people.fields, name: { ...people.fields.name, caseSensitive: true } } }
  const result = await importSql({
    sql: "select id from people where name = 'Ann'",
    catalog: { ...catalog, entities: { ...catalog.entities, people: strict as typeof people } },
  })
  expect(result).toMatchObject({ ok: true, notes: [] })
})

test('columns without a name of their own are found under the name of the field or of the column', async () => {
  const byColumn = await imported('select region from people')
  const byField = await imported('select region_code from people')
  expect(byColumn.definition).toEqual(byField.definition)
})
