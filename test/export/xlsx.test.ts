import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import * as XLSX from 'xlsx'
import { sheetNames } from '../../src/export/xlsx/package.ts'
import { columnLetters } from '../../src/export/xlsx/xml.ts'
import { writeXlsx } from '../../src/export/xlsx.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { type Batch, batchMaker } from '../../src/rows/batch.ts'
import { EMPTY_NUMBER, formatCell } from '../../src/rows/format.ts'
import { awkwardText, bytesOf, column, meta, randomTable, tableOf } from './tables.ts'

type Options = NonNullable<Parameters<typeof tableOf>[2]> & { maxSheetRows?: number }

const written = (columns: readonly OutputColumn[], rows: readonly (readonly Cell[])[], options: Options = {}) =>
  bytesOf(writeXlsx(tableOf(columns, rows, options), { maxSheetRows: options.maxSheetRows }))

async function read(columns: readonly OutputColumn[], rows: readonly (readonly Cell[])[], options: Options = {}) {
  return XLSX.read(await written(columns, rows, options), { cellNF: true, cellStyles: true })
}

function sheetOf(book: XLSX.WorkBook, index = 0): XLSX.WorkSheet {
  const sheet = book.Sheets[book.SheetNames[index] ?? '']
  if (sheet === undefined) throw new Error(`no sheet ${index}`)
  return sheet
}
const at = (sheet: XLSX.WorkSheet, row: number, index: number) =>
  sheet[`${columnLetters(index)}${row}`] as XLSX.CellObject | undefined

/** What a person sees in a cell, read by an independent implementation of number formats. */
function seen(cell: XLSX.CellObject | undefined): string {
  if (cell === undefined) return ''
  if (cell.t === 'b') return cell.v === true ? 'Yes' : 'No'
  return cell.t === 's' ? String(cell.v) : String(cell.w)
}

const aboutOf = (book: XLSX.WorkBook): string[][] =>
  XLSX.utils.sheet_to_json<string[]>(sheetOf(book, book.SheetNames.length - 1), { header: 1, defval: '' })

describe('a workbook', () => {
  test('shows in every cell what the screen shows, empty numbers excepted, which stay empty', async () => {
    await fc.assert(
      fc.asyncProperty(randomTable, async ({ columns, rows }) => {
        const sheet = sheetOf(await read(columns, rows, { batchRows: 3 }))
        for (const [row, cells] of rows.entries())
          for (const [index, one] of columns.entries()) {
            const shown = formatCell(cells[index] ?? null, one, meta)
            const readable = shown.replace(/\r\n?/g, (end) => end)
            expect(seen(at(sheet, row + 2, index))).toBe(cells[index] == null && shown === EMPTY_NUMBER ? '' : readable)
          }
      }),
    )
  })

  test('has cells of their real types: numbers, dates and booleans to calculate with, texts that never run', async () => {
    const columns = [
      column({ id: 'a', type: 'money', unit: 'USD' }),
      column({ id: 'b', type: 'date' }),
      column({ id: 'c', type: 'boolean' }),
      column({ id: 'd', type: 'text' }),
      column({ id: 'e', type: 'number', format: { style: 'percent' } }),
      column({ id: 'f', type: 'id' }),
      column({ id: 'g', type: 'timestamp' }),
    ]
    const row = ['-5.00', '2025-03-01', true, '=1+1', '0.25', '0012', '2025-03-01T12:00:00-05:00']
    const sheet = sheetOf(await read(columns, [row]))
    const typed = columns.map((_, index) => at(sheet, 2, index)).map((cell) => [cell?.t, cell?.v, cell?.f])
    expect(typed).toEqual([
      ['n', -5, undefined],
      ['n', 45717, undefined],
      ['b', true, undefined],
      ['s', '=1+1', undefined],
      ['n', 0.25, undefined],
      ['s', '0012', undefined],
      ['n', 45717.5, undefined],
    ])
    expect(columns.map((_, index) => seen(at(sheet, 2, index)))).toEqual([
      '−$5.00',
      'Mar 1, 2025',
      'Yes',
      '=1+1',
      '25.0%',
      '0012',
      'Mar 1, 2025, 12:00 PM',
    ])
  })

  test('holds any text, and two independent readers give it back', async () => {
    const readable = awkwardText.map((text) => text.toWellFormed())
    await fc.assert(
      fc.asyncProperty(fc.array(readable, { minLength: 1, maxLength: 5 }), async (texts) => {
        const bytes = await written(
          [column()],
          texts.map((text) => [text]),
        )
        const sheet = sheetOf(XLSX.read(bytes))
        expect(texts.map((_, row) => String(at(sheet, row + 2, 0)?.v ?? ''))).toEqual(texts)
        const book = new ExcelJS.Workbook()
        await book.xlsx.load(bytes.buffer)
        const theirs = texts.map((_, row) => book.worksheets[0]?.getCell(row + 2, 1).value ?? '')
        // This reader decodes no escapes; where there are none it must agree.
        for (const [row, text] of texts.entries())
          if (/^[^\p{Cc}\uFFFE\uFFFF_]*$/u.test(text)) expect(theirs[row]).toBe(text)
      }),
      { numRuns: 60 },
    )
  })

  test('writes as text what a worksheet would change: long numbers, and days before its calendar', async () => {
    const columns = [
      column({ type: 'integer' }),
      column({ type: 'money' }),
      column({ type: 'number' }),
      column({ type: 'date' }),
    ]
    const rows = [
      ['9007199254740993', '12345678901234.56', '12.333333333333333333', '1899-12-31'],
      [123456789012345, '1234567890123.45', 'NaN', '1900-03-01'],
    ]
    const sheet = sheetOf(await read(columns, rows))
    const types = [2, 3].map((row) => columns.map((_, index) => at(sheet, row, index)?.t))
    expect(types).toEqual([
      ['s', 's', 'n', 's'],
      ['n', 'n', 's', 'n'],
    ])
    expect(seen(at(sheet, 2, 0))).toBe('9,007,199,254,740,993')
    expect(seen(at(sheet, 2, 3))).toBe('Dec 31, 1899')
    expect(seen(at(sheet, 3, 3))).toBe('Mar 1, 1900')
  })

  test('cuts a text that no cell can hold, never inside a character, and says so', async () => {
    const long = `${'x'.repeat(32_765)}🎉🎉`
    const book = await read([column()], [[long], ['x'.repeat(32_767)]])
    const cell = String(at(sheetOf(book), 2, 0)?.v)
    expect([cell.length, cell.endsWith('x…'), cell.isWellFormed()]).toEqual([32_766, true, true])
    expect(String(at(sheetOf(book), 3, 0)?.v)).toHaveLength(32_767)
    expect(aboutOf(book).flat().join('\n')).toContain('1 text is longer than the 32,767 characters')
  })

  test('goes on in further sheets where one is full, each with its header, and loses no row', async () => {
    const rows = Array.from({ length: 25 }, (_, n) => [n])
    const number = column({ type: 'integer', label: 'N' })
    for (const [count, sheets] of [
      [5, 1],
      [6, 1],
      [7, 2],
      [12, 2],
      [25, 5],
    ] as const) {
      const book = await read([number], rows.slice(0, count), { maxSheetRows: 10, batchRows: 4, totals: [300] })
      expect(book.SheetNames).toHaveLength(sheets + 1)
      const all = book.SheetNames.slice(0, -1).flatMap((_, index) => {
        const [header, ...values] = XLSX.utils.sheet_to_json<unknown[]>(sheetOf(book, index), { header: 1 })
        expect(header).toEqual(['N'])
        return values.flat()
      })
      expect(all).toEqual([...rows.slice(0, count).flat(), 300])
    }
    const names = (await read([number], rows, { maxSheetRows: 10 })).SheetNames
    expect(names.slice(0, 3)).toEqual([
      'Money raised by channel',
      'Money raised by channel (2)',
      'Money raised by channel (3)',
    ])
  })

  test('has a frozen header with filters, columns wide enough for what they hold, and a total below', async () => {
    const columns = [column({ label: 'Channel', role: 'key' }), column({ label: 'Raised', type: 'money', unit: 'USD' })]
    const bytes = await written(
      columns,
      [
        ['email', '5.00'],
        [null, null],
      ],
      { totals: [null, '1234567890.00'] },
    )
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(bytes.buffer)
    const sheet = book.worksheets[0]
    expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 })
    expect(sheet?.autoFilter).toBe('A1:B3')
    expect(sheet?.getColumn(2).width).toBeGreaterThan('$1,234,567,890.00'.length)
    expect(sheet?.getCell('A3').value).toBe('(empty)')
    expect(sheet?.getCell('B3').value).toBe(null)
    expect(sheet?.getCell('A4').value).toBe('Total')
    expect([sheet?.getCell('B4').value, sheet?.getCell('B4').font?.bold]).toEqual([1234567890, true])
  })

  test('says on a sheet of its own what it shows, when, where and from which definition', async () => {
    const book = await read([column()], [['a'], ['b']], { truncated: true })
    expect(book.SheetNames).toEqual(['Money raised by channel', 'About'])
    expect(aboutOf(book)).toEqual([
      [meta.title, ''],
      ['Shows', meta.sentence],
      ['Filters', 'received is in 2025'],
      ['', 'status is Completed'],
      ['As of', 'May 10, 2025, 12:00 PM'],
      ['Time zone', 'America/New_York'],
      ['Rows', '2'],
      ['Cut', 'Only the first 2 rows are in this file; the table has more'],
      ['Definition', `sha256:${meta.definitionHash}`],
      ['Made with', 'Tablewright'],
    ])
    expect(seen(at(sheetOf(book), 5, 0))).toBe('Only the first 2 rows are in this file; the table has more')
  })

  test('of no rows says so, and one of several tables has a sheet for each', async () => {
    const empty = await read([column()], [])
    expect(seen(at(sheetOf(empty), 2, 0))).toBe('No rows')
    const tables = [tableOf([column()], [['a']]), tableOf([column()], [['b']])] as const
    const book = XLSX.read(await bytesOf(writeXlsx([...tables])))
    expect(book.SheetNames).toEqual(['Money raised by channel', 'Money raised by channel (2)', 'About'])
    expect(seen(at(sheetOf(book, 1), 2, 0))).toBe('b')
  })

  test('is the same bytes however the rows were cut into batches, and a zip that checks out', async () => {
    const rows = Array.from({ length: 2000 }, (_, n) => [`Donor ${n}`])
    const whole = await written([column()], rows, { batchRows: 2000 })
    const pieces = await written([column()], rows, { batchRows: 9 })
    expect(Object.keys(unzipSync(pieces))).toEqual(Object.keys(unzipSync(whole)))
    expect(unzipSync(pieces)).toEqual(unzipSync(whole))
  })
})

describe('a workbook that nobody reads to its end', () => {
  test('gives its rows back, and a failure of the rows is a failure of the file', async () => {
    let closed = false
    const table = tableOf([column()], [])
    const toBatch = batchMaker(table.columns)
    async function* endless() {
      try {
        for (let n = 0; ; n += 1) yield toBatch([[Buffer.from(`${n} ${'x'.repeat(1000)}`)]])
      } finally {
        closed = true
      }
    }
    let pieces = 0
    for await (const _ of writeXlsx({ ...table, batches: endless() })) {
      pieces += 1
      if (pieces === 10) break
    }
    expect(closed).toBe(true)
    // biome-ignore lint/correctness/useYield: it fails before its first row
    async function* failing(): AsyncGenerator<Batch> {
      throw new Error('the database went away')
    }
    await expect(bytesOf(writeXlsx({ ...table, batches: failing() }))).rejects.toThrow('the database went away')
  })
})

describe('names of sheets', () => {
  test('are what a workbook takes: short, once each, without its special characters', () => {
    const title = fc.string({ unit: 'grapheme', maxLength: 60 })
    fc.assert(
      fc.property(fc.array(title, { maxLength: 6 }), (titles) => {
        const nameOf = sheetNames()
        const names = [...titles, 'About'].map((one) => nameOf(one, 1))
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
        for (const name of names) {
          expect(name).toMatch(/^[^[\]:*?/\\]{1,31}$/)
          expect(name).not.toMatch(/^'|'$/)
          expect(name.isWellFormed()).toBe(true)
        }
      }),
    )
  })
})
