import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { csvText } from '../../src/export/csv.ts'
import type { OutputColumn } from '../../src/plan/columns.ts'

const text: OutputColumn = { id: 'name', label: 'Name', type: 'text', role: 'column' }
const amount: OutputColumn = { id: 'amount', label: 'Amount', type: 'money', role: 'column' }

describe('CSV', () => {
  test('whatever a text holds, it is read back, and no spreadsheet takes it for a formula', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('=1+1', '@SUM(A1)', '+1', '-1', '\tx', '"', 'a\r\nb', ','),
    )
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
        const csv = csvText(
          [text, amount],
          cells.map((one) => [one, '-5.00']),
        )
        const read = Papa.parse<string[]>(csv, { skipEmptyLines: false }).data.slice(1, -1)
        expect(read.map((row) => row[0]?.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, ''))).toEqual(cells)
        for (const [name = '', number] of read) {
          expect(name).not.toMatch(/^[=+\-@\t\r\n]/)
          expect(number).toBe('-5.00')
        }
      }),
    )
  })

  test('a negative number stays a number while the same characters in a text are neutralised', () => {
    expect(csvText([text, amount], [['-5', '-5']])).toBe("Name,Amount\r\n'-5,-5\r\n")
  })

  test('a column label cannot be a formula either, and an empty cell is nothing', () => {
    expect(csvText([{ ...text, label: '=cmd()' }], [[null], ['x']])).toBe("'=cmd()\r\n\r\nx\r\n")
  })
})
