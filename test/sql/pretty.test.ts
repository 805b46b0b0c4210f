import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prettySql } from '../../src/sql/pretty.ts'

describe('SQL laid out for reading', () => {
  test('clauses begin lines, queries in parentheses stand deeper, functions stay on their line', () => {
    const sql =
      'select "a"."x" as "c0", sum("n") over (order by "x") from (select extract(year from "d") as "x" from "t" where ("d" > $1) group by 1) as "a" left join "b" on ("a"."x" = "b"."x") order by "c0" limit 4'
    expect(prettySql(sql)).toBe(
      [
        'select "a"."x" as "c0", sum("n") over (order by "x")',
        'from (',
        '  select extract(year from "d") as "x"',
        '  from "t"',
        '  where ("d" > $1)',
        '  group by 1',
        ') as "a"',
        'left join "b" on ("a"."x" = "b"."x")',
        'order by "c0"',
        'limit 4',
      ].join('\n'),
    )
  })

  test('only white space outside of quotes ever changes', () => {
    const part = fc.constantFrom(
      'select ',
      'from ',
      'where ',
      '(',
      ')',
      '"from "',
      "'it''s from '",
      ' and ',
      '"a""b"',
      'x',
      ', ',
      ' limit 1',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const sql = parts.join('')
        const bare = (text: string) =>
          text.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\s+/g, (token) => (/^\s/.test(token) ? '' : token))
        expect(bare(prettySql(sql))).toBe(bare(sql))
      }),
    )
  })
})
