import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { plain } from '../../src/cli/style.ts'
import { terminalTable } from '../../src/cli/terminal-table.ts'
import type { OutputColumn } from '../../src/plan/columns.ts'

const name: OutputColumn = { id: 'name', label: 'Campaign', type: 'text', role: 'key' }
const raised: OutputColumn = {
  id: 'raised',
  label: 'Raised',
  type: 'money',
  role: 'aggregate',
  format: { currency: 'USD' },
}
const options = { locale: 'en-US', timezone: 'UTC', width: 80, style: plain }

describe('a table in a terminal', () => {
  test('numbers stand to the right, words to the left, totals below a rule', () => {
    const result = {
      columns: [name, raised],
      rows: [
        ['Spring', '1200.5'],
        [null, '3'],
      ],
      totals: [null, '1203.5'],
    }
    expect(terminalTable(result, options)).toBe(
      [
        'Campaign     Raised',
        '────────  ─────────',
        'Spring    $1,200.50',
        '(empty)       $3.00',
        '────────  ─────────',
        'Total     $1,203.50',
        '',
      ].join('\n'),
    )
  })

  test('no line is wider than the terminal, whatever the data is', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom('日本語のとても長い名前です', '👩‍👩‍👧 family', null),
    )
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), { maxLength: 4 }),
        fc.integer({ min: 12, max: 120 }),
        (rows, width) => {
          const columns = Array.from({ length: 6 }, (_, index) => ({
            ...name,
            id: `c${index}`,
            label: `Column ${index}`,
          }))
          const lines = terminalTable({ columns, rows }, { ...options, width }).split('\n')
          for (const line of lines.filter((one) => !one.includes('not fit')))
            expect(stringWidth(line)).toBeLessThanOrEqual(width)
        },
      ),
    )
  })

  test('a long text gives way before a number does, and ends in an ellipsis', () => {
    const result = { columns: [name, raised], rows: [['A campaign with a very long name indeed', '123456.78']] }
    expect(terminalTable(result, { ...options, width: 30 }).split('\n')[2]).toBe('A campaign with…   $123,456.78')
  })

  test('data cannot move the cursor, colour the screen or turn the writing direction', () => {
    const result = { columns: [name], rows: [['\u001b[2Jgone\u0007'], ['two\nlines'], ['\u202Eabc']] }
    expect(terminalTable(result, options)).toContain('�[2Jgone�\ntwo lines\n�abc\n')
  })

  test('columns that cannot fit are counted, not silently dropped', () => {
    const columns = Array.from({ length: 30 }, (_, index) => ({ ...raised, id: `c${index}` }))
    const text = terminalTable({ columns, rows: [columns.map(() => '1234.5')] }, options)
    expect(text).toMatch(/\d+ more columns do not fit; use --csv or --json\n$/)
  })
})
