// Tables for the tests of files: columns of every kind, cells that are awkward, and what reads a file back.
import fc from 'fast-check'
import type { FileMeta, FileTable } from '../../src/export/table.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { type Batch, batchMaker } from '../../src/rows/batch.ts'
import type { ByteRow } from '../../src/rows/source.ts'

export const meta: FileMeta = {
  title: 'Money raised by channel',
  sentence: 'Total amount of donations by campaign channel, from donations where received is in 2025.',
  filters: ['received is in 2025', 'status is Completed'],
  asOf: '2025-05-10T16:00:00.000Z',
  definitionHash: '5f'.repeat(32),
  timezone: 'America/New_York',
  locale: 'en-US',
}

export const column = (more: Partial<OutputColumn> = {}): OutputColumn => ({
  id: 'x',
  label: 'X',
  type: 'text',
  role: 'column',
  ...more,
})

/** A row as the database writes it. */
export function databaseRow(columns: readonly OutputColumn[], row: readonly Cell[]): ByteRow {
  return columns.map(({ type }, index) => {
    const cell = row[index] ?? null
    if (cell === null) return null
    if (typeof cell === 'boolean') return Buffer.from(cell ? 't' : 'f')
    const time = type === 'timestamp' && typeof cell === 'string'
    return Buffer.from(time ? cell.replace('T', ' ').replace(/([+-]\d{2}):00$/, '$1') : String(cell))
  })
}

/** A table of rows at hand, given in batches of `batchRows`. */
export function tableOf(
  columns: readonly OutputColumn[],
  rows: readonly (readonly Cell[])[],
  more: { totals?: readonly Cell[]; truncated?: boolean; batchRows?: number; meta?: Partial<FileMeta> } = {},
): FileTable {
  const { totals, truncated = false, batchRows = 100 } = more
  const toBatch = batchMaker(columns)
  async function* batches(): AsyncGenerator<Batch> {
    for (let at = 0; at < rows.length; at += batchRows)
      yield toBatch(rows.slice(at, at + batchRows).map((row) => databaseRow(columns, row)))
  }
  return { columns, batches: batches(), totals, truncated: () => truncated, meta: { ...meta, ...more.meta } }
}

export async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  return new Uint8Array(Buffer.concat(all))
}

export async function textOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await bytesOf(parts))
}

/** Texts that break writers: formulas, quotes, line ends, control characters, emoji, escapes of other formats. */
export const awkwardText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed()) },
  fc.constantFrom(
    '=1+1',
    '@SUM(A1)',
    '+1 555 0100',
    '-1',
    '\tx',
    '"',
    'a\r\nb',
    ',',
    ' padded ',
    '',
    '\uFEFFbom',
    "'x",
  ),
  fc.constantFrom(
    '_x0041_',
    '_x000D_',
    'x_x0041_y',
    '\u0000\u0001\u001f',
    '\uFFFE',
    '🎉 Gala',
    '<a href="b">&amp;</a>',
    ']]>',
  ),
)

/** No thousandths of 5: where a spreadsheet rounds them, its readers differ, for no float is such a number. */
const decimal = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 9n }),
    fc.nat(999).filter((part) => part % 10 !== 5),
    fc.nat(3),
  )
  .map(([minus, whole, part, digits]) => {
    const fraction = digits === 0 ? '' : `.${String(part).padStart(3, '0').slice(0, digits)}`
    return `${minus ? '-' : ''}${whole}${fraction}`
  })
const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
/** Timestamps as a run in New York gives them. */
const instant = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2037-12-31'), noInvalidDate: true })
  .map((date) => newYork(date))

function newYork(date: Date): string {
  const wall = new Date(date.getTime())
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone: 'America/New_York',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    })
      .formatToParts(wall)
      .map(({ type, value }) => [type, value]),
  )
  const fraction = String(date.getUTCMilliseconds()).padStart(3, '0')
  const offset = parts.timeZoneName?.replace('GMT', '') ?? ''
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}.${fraction}${offset}`
}

type Kind = { readonly column: fc.Arbitrary<Partial<OutputColumn>>; readonly cell: fc.Arbitrary<Cell> }
const kindsWith = (text: fc.Arbitrary<string>): readonly Kind[] => [
  { column: fc.constantFrom({ type: 'text' }, { type: 'id' }), cell: text },
  {
    column: fc.constant({ type: 'enum' as const, valueLabels: { email: 'E-mail', mail: '=Mail' } }),
    cell: fc.constantFrom('email', 'mail', 'phone'),
  },
  {
    column: fc.constantFrom(
      { type: 'integer' },
      { type: 'integer', label: 'Year', role: 'key' },
      { type: 'integer', unit: 'kg' },
    ),
    cell: fc.oneof(fc.integer(), fc.constant('9007199254740993')),
  },
  {
    column: fc.constantFrom<Partial<OutputColumn>>(
      { type: 'number' },
      { type: 'number', unit: '%' },
      { type: 'number', format: { decimals: 3 } },
      { type: 'number', format: { style: 'percent' } },
      { type: 'number', format: { style: 'percent', decimals: 0 } },
      { type: 'money' },
      { type: 'money', format: { currency: 'USD' } },
      { type: 'money', format: { currency: 'JPY' } },
      { type: 'money', unit: 'EUR' },
      { type: 'money', format: { currency: 'USD', decimals: 0 } },
    ),
    cell: decimal,
  },
  { column: fc.constant({ type: 'boolean' as const }), cell: fc.boolean() },
  {
    column: fc.constantFrom<Partial<OutputColumn>>(
      { type: 'date' },
      { type: 'date', format: { date: 'short' } },
      { type: 'date', format: { date: 'iso' } },
      ...(['day', 'week', 'month', 'quarter', 'year', 'fiscal_quarter', 'fiscal_year'] as const).map(
        (grain) => ({ type: 'date', role: 'key', grain }) as const,
      ),
    ),
    cell: day,
  },
  {
    column: fc.constantFrom<Partial<OutputColumn>>(
      { type: 'timestamp' },
      { type: 'timestamp', format: { date: 'iso', clock: 'seconds' } },
      { type: 'timestamp', format: { date: 'long', clock: 'none' } },
      { type: 'timestamp', role: 'key', grain: 'hour' },
    ),
    cell: instant,
  },
  {
    column: fc.constantFrom<Partial<OutputColumn>>(
      ...(
        ['day_of_week', 'month_of_year', 'quarter_of_year', 'hour_of_day', 'day_of_month', 'year_number'] as const
      ).map((grain) => ({ type: 'integer', role: 'key', grain }) as const),
    ),
    cell: fc.integer({ min: 1, max: 4 }),
  },
]

/** Columns with a label and a type, and rows that fit them, empty cells included. */
export const randomTableOf = (
  text: fc.Arbitrary<string>,
  label: fc.Arbitrary<string>,
): fc.Arbitrary<{ columns: OutputColumn[]; rows: Cell[][] }> =>
  fc.array(fc.tuple(fc.constantFrom(...kindsWith(text)), label), { minLength: 1, maxLength: 6 }).chain((chosen) =>
    fc.record({
      columns: fc.tuple(
        ...chosen.map(([kind, label], index) => kind.column.map((more) => column({ id: `c${index}`, label, ...more }))),
      ),
      rows: fc.array(fc.tuple(...chosen.map(([kind]) => fc.option(kind.cell, { freq: 6 }))), { maxLength: 8 }),
    }),
  )

/** A table with awkward texts in it. */
export const randomTable = randomTableOf(awkwardText, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }))
