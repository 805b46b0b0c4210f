import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importSql } from '../../src/definition/from-sql.ts'
import cases from './from-sql-cases.json' with { type: 'json' }
import { importWorldCatalog as catalog } from './from-sql-world.ts'

async function problemsOf(sql: string) {
  const result = await importSql({ sql, catalog })
  return result.ok ? [] : result.problems
}

/** The text that a position points at, up to the next blank or bracket. */
function pointedAt(sql: string, offset: number): string {
  return /^[^\s(),;]*/.exec(sql.slice(offset))?.[0] ?? ''
}

test('a query of too many columns is refused in words, with what to do', async () => {
  const [problem] = await problemsOf(`select ${Array(200).fill('name').join(', ')} from people`)
  expect(problem?.message).toBe(
    'Cannot import a query this large: cannot take 200 columns: at most 100 are possible, so leave out 100 of them, or make more than one table',
  )
})

test.each([
  ['select * from peple', 'table', 'peple', 'did you mean "people"'],
  ['select naem from people', 'column', 'naem', 'did you mean "name"'],
  ['select p.naem from people p', 'column', 'p.naem', 'did you mean "name"'],
  ['select x.name from people p', 'table', 'x.name', 'FROM has no table of that name'],
  ['select id from people p join gifts g on g.person_id = p.id', 'column', 'id', 'several tables have that column'],
  ['select name from people offset 3', 'OFFSET', '3', 'OFFSET'],
  ['select distinct on (name) name from people', 'DISTINCT ON', 'name', 'DISTINCT ON'],
  ['select name from people for update', 'FOR UPDATE', 'name', 'locking'],
  ['with recursive t as (select 1) select * from t', 'WITH RECURSIVE', 't', 'RECURSIVE'],
  ['select region, count(*) from people group by rollup (region)', 'grouping sets', 'rollup', 'ROLLUP'],
  ['select sum(distinct amount) from gifts', 'sum(DISTINCT)', 'sum', 'every row counts once'],
  ['select md5(name) from people', 'function md5', 'md5', 'md5'],
  ['select name from people where name ~ $$a$$', 'operator ~', '~', 'operator'],
  ['select name from people where id = $1', 'parameter', '$1', 'parameter'],
  ['select name from people where age = $$x$$', 'comparison', '=', 'write a number'],
  ["select name from people where joined > 'soon'", 'date', '>', 'as a date'],
  ["select name from people where name like 'a_b%c_'", 'LIKE pattern', 'like', 'contains'],
  ['select name from people full join gifts on gifts.person_id = people.id', 'FULL JOIN', 'gifts', 'FULL JOIN'],
  ['select p.name, c.title from people p join clubs c on c.region = p.region', 'join', 'clubs', 'no single entity'],
  ['select name, title from people, clubs', 'cross join', 'clubs', 'nothing joins'],
  [
    'select count(*) from regions r join people p on p.region = r.code join clubs c on c.region = r.code',
    'fan-out',
    'count',
    'SQL counts rows several times',
  ],
  ['select name from people union select title from clubs', 'UNION', 'select', 'different entities'],
  ['select row_number() over (order by age) from people', 'window function', 'row_number', 'row_number'],
  ['select name from people limit 0', 'LIMIT', '0', 'between 1 and'],
  ['delete from people', 'DELETE', 'delete', 'only a SELECT'],
  ['select name from people; select 1', 'statements', 'select', 'one SELECT'],
  ['select name form people where', 'syntax', '', 'syntax error'],
])('what does not fit is named where it stands: %s', async (sql, construct, text, message) => {
  const problems = await problemsOf(sql)
  expect(problems.map((one) => one.construct)).toContain(construct)
  const found = problems.find((one) => one.construct === construct)
  expect(found?.message).toContain(message)
  if (text !== '') expect(pointedAt(sql, found?.position.offset ?? -1)).toBe(text)
})

test('line, column and offset agree in texts of several lines and beyond ASCII', async () => {
  const sql = "select name,\n  -- ünïcödé 🦊 comment\n  'é' as e,\n  naem\nfrom people"
  const [problem] = await problemsOf(sql)
  expect(problem?.position).toEqual({ line: 4, column: 3, offset: sql.indexOf('naem') })
})

test('everything that does not fit is named at once, in the order of the text', async () => {
  const problems = await problemsOf(
    'select md5(name), sha256(name) from people where name ~ $$a$$ and boss_id @> 3 order by chr(age)',
  )
  expect(problems.map((one) => one.construct)).toEqual(['operator ~', 'operator @>'])
  const later = await problemsOf('select md5(name), reverse(name) from people where chr(age) = $$a$$')
  expect(later.map((one) => one.construct)).toEqual(['function md5', 'function reverse', 'function chr'])
})

test('names that the catalog does not list are unknown names, in every place', async () => {
  const hidden = await problemsOf('select secret from people where salary > 3 order by passwort')
  expect(hidden.map((one) => one.construct)).toEqual(['column', 'column', 'column'])
  expect(await problemsOf('select * from pg_catalog.pg_authid')).toMatchObject([{ construct: 'table' }])
  expect(await problemsOf('select * from people where exists (select 1 from pg_shadow)')).toMatchObject([
    { construct: 'table' },
  ])
})

test('importing never throws, whatever the text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string()), async (sql) => {
      expect(await importSql({ sql, catalog })).toHaveProperty('ok')
    }),
    { numRuns: 200 },
  )
})

const words = [
  ...new Set(cases.flatMap(({ sql }) => sql.split(/\s+|(?=[(),.])|(?<=[(),.])/)).filter((word) => word !== '')),
  'natural',
  'full',
  'lateral',
  'null',
  'is',
  'row',
  'over',
  'array',
  'cast',
  '::date',
  'interval',
  "'1 day'",
]

test('importing never throws for SQL with words changed, left out or moved', async () => {
  const change = fc.record({
    at: fc.nat(60),
    word: fc.constantFrom(...words),
    how: fc.constantFrom('put', 'drop', 'swap'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...cases.map((one) => one.sql)),
      fc.array(change, { minLength: 1, maxLength: 5 }),
      async (sql, changes) => {
        const parts = sql.split(' ')
        for (const { at, word, how } of changes) {
          const place = at % (parts.length + 1)
          if (how === 'put') parts.splice(place, 0, word)
          else if (how === 'drop') parts.splice(place, 1)
          else parts.splice(place, 1, word)
        }
        const result = await importSql({ sql: parts.join(' '), catalog })
        if (!result.ok) for (const problem of result.problems) expect(problem.message).not.toMatch(/undefined|\[object/)
      },
    ),
    { numRuns: 600 },
  )
})

test('texts that are too long or nested too deep are refused, not parsed', async () => {
  const deep = `select ${'('.repeat(5000)}1${')'.repeat(5000)} from people`
  expect(await problemsOf(deep)).toMatchObject([{ construct: 'nesting' }])
  expect(await problemsOf(`select name from people -- ${'x'.repeat(60_000)}`)).toMatchObject([{ construct: 'length' }])
  const chain = `select name from people where ${Array.from({ length: 3000 }, () => 'not').join(' ')} age > 3`
  expect(await importSql({ sql: chain, catalog })).toHaveProperty('ok')
  const queries = Array.from({ length: 30 }, (_, i) => i).reduce(
    (inner, i) => `select id from people t${i} where id in (${inner})`,
    'select id from people',
  )
  expect(await importSql({ sql: queries, catalog })).toHaveProperty('ok')
  const sum = `select ${Array.from({ length: 4000 }, () => 'age').join('+')} from people`
  expect(await importSql({ sql: sum, catalog })).toHaveProperty('ok')
})
