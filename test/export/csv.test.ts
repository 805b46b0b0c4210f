import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { FieldType } from '../../src/catalog/schema.ts'
import { type CsvOptions, csvDelimiters, writeCsv } from '../../src/export/csv.ts'
import { plainCell, quoter } from '../../src/export/csv-cells.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { batchMaker } from '../../src/rows/batch.ts'
import { formatCell } from '../../src/rows/format.ts'
import { awkwardText, column, databaseRow, meta, randomTable, tableOf, textOf } from './tables.ts'

const text = column({ id: 'name', label: 'Name' })
const amount = column({ id: 'amount', label: 'Amount', type: 'money' })
const csv = (
  columns: readonly OutputColumn[],
  rows: readonly (readonly Cell[])[],
  options: Omit<CsvOptions, 'totals'> & Parameters<typeof tableOf>[2] = {},
) => textOf(writeCsv(tableOf(columns, rows, options), { ...options, totals: false }))
const delimiter = fc.constantFrom(...csvDelimiters)

describe('the text of a CSV file', () => {
  test('is what papaparse writes, for any texts and delimiter', () => {
    const rows = fc.array(fc.array(awkwardText, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(rows, delimiter, (cells, separator) => {
        const line = (row: readonly string[]) => row.map(quoter(separator, row.length)).join(separator)
        const ours = cells.map((row) => `${line(row)}\r\n`).join('')
        expect(ours).toBe(`${Papa.unparse(cells, { newline: '\r\n', delimiter: separator })}\r\n`)
      }),
    )
  })

  test('has the bytes that its cells have as texts, for any cells of any type', async () => {
    const number = fc.constantFrom(
      '0',
      '-0',
      '00',
      '-',
      '-.5',
      '1.',
      '-1.5',
      '+1',
      '1e9',
      '1.5e-07',
      '-2.5e+20',
      'NaN',
      '-Infinity',
      '9007199254740993',
    )
    const time = fc.constantFrom(
      'infinity',
      '2025-03-01T09:30:00+05:30',
      '2025-03-01T09:30:00',
      '0044-03-15T00:00:00+00:00 BC',
    )
    const cell = fc.oneof(awkwardText, number, time, fc.constantFrom('＝1', '－', '한국', '£5', 'é,', 'ﬁ', null))
    const anyType = fc.constantFrom(...FieldType.options.filter((type) => type !== 'boolean'))
    const anyTable = fc
      .array(anyType, { minLength: 1, maxLength: 5 })
      .chain((types) =>
        fc.tuple(
          fc.constant(types.map((type, index) => column({ id: `c${index}`, type }))),
          fc.array(fc.tuple(...types.map(() => cell)), { maxLength: 6 }),
        ),
      )
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyTable,
          randomTable.map(({ columns, rows }) => [columns, rows] as const),
        ),
        delimiter,
        async ([columns, rows], separator) => {
          const written = await csv(columns, rows, { delimiter: separator, batchRows: 2 })
          const quoted = quoter(separator, columns.length)
          const lines = rows.map((row) => {
            const read = batchMaker(columns)([databaseRow(columns, row)]).cells()[0] ?? []
            return columns.map((one, index) => plainCell(one, quoted)(read[index] ?? null)).join(separator)
          })
          const header = await csv(columns, [], { delimiter: separator })
          expect(written.slice(header.length)).toBe(lines.map((line) => `${line}\r\n`).join(''))
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('gives back every cell to a reader, and no spreadsheet takes a text for a formula', async () => {
    await fc.assert(
      fc.asyncProperty(randomTable, delimiter, fc.boolean(), async ({ columns, rows }, separator, bom) => {
        const written = await csv(columns, rows, { delimiter: separator, bom, batchRows: 3 })
        expect(written.startsWith('\uFEFF')).toBe(bom)
        const [, ...read] = Papa.parse<string[]>(written.slice(bom ? 1 : 0), { delimiter: separator }).data.slice(0, -1)
        expect(read).toEqual(rows.map((row) => columns.map((one, index) => plainCell(one)(row[index] ?? null))))
        for (const row of read)
          for (const [index, cell] of row.entries())
            if (['text', 'id', 'enum'].includes(columns[index]?.type ?? '') && !/^-?\d+$/.test(cell))
              expect(cell).not.toMatch(/^[=+\-@\t\r\n]/)
      }),
    )
  })

  test('keeps a negative number a number while the same characters in a text are neutralised', async () => {
    expect(await csv([text, amount], [['-5', '-5']])).toBe("Name,Amount\r\n'-5,-5\r\n")
    expect(await csv([text, amount], [['@x', '-Infinity']])).toBe("Name,Amount\r\n'@x,'-Infinity\r\n")
  })

  test('has no label that could be a formula, and no line that readers would skip', async () => {
    expect(await csv([{ ...text, label: '=cmd()' }], [[null], ['x']])).toBe('\'=cmd()\r\n""\r\nx\r\n')
  })

  test('holds the texts of the screen where that is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(randomTable, async ({ columns, rows }) => {
        const written = await csv(columns, rows, { cells: 'shown' })
        const [, ...read] = Papa.parse<string[]>(written, { delimiter: ',' }).data.slice(0, -1)
        const shown = rows.map((row) => columns.map((one, index) => formatCell(row[index] ?? null, one, meta)))
        expect(read.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, '')))).toEqual(shown)
      }),
    )
  })

  test('is the same however the rows were cut into batches', async () => {
    const rows = Array.from({ length: 3000 }, (_, n) => [`Donor ${n} 🎉`, `${n}.50`])
    const whole = await csv([text, amount], rows, { batchRows: 3000 })
    expect(await csv([text, amount], rows, { batchRows: 7 })).toBe(whole)
    expect(whole.split('\r\n')).toHaveLength(3002)
  })

  test('says that rows are missing, and has the totals only when they are wanted', async () => {
    const more = { totals: [null, '8.00'], truncated: true }
    expect(await csv([text, amount], [['a', '5.00']], more)).toBe(
      'Name,Amount\r\na,5.00\r\nOnly the first row is in this file; the table has more,\r\n',
    )
    expect(await csv([text, amount], [['a', '5.00']], { totals: [null, '8.00'] })).toBe('Name,Amount\r\na,5.00\r\n')
    const wanted = tableOf([text, amount], [['a', '5.00']], { totals: [null, '8.00'] })
    expect(await textOf(writeCsv(wanted, { totals: true }))).toBe('Name,Amount\r\na,5.00\r\n,8.00\r\n')
  })
})
