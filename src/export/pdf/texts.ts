// A table as the texts of a report: what the screen shows in each cell, gathered up to the limit of rows.
import type { Cell, OutputColumn } from '../../plan/columns.ts'
import { cellBatches } from '../../rows/batch.ts'
import { formatCell, isNumeric } from '../../rows/format.ts'
import { type FileTable, type ReportText, truncationNote } from '../table.ts'

export type TextTable = {
  readonly title: string
  readonly sentence: string
  /** "As of …, 1,234 rows", and what was cut. */
  readonly facts: string
  readonly note?: string
  readonly labels: readonly string[]
  readonly numeric: readonly boolean[]
  readonly keys: readonly boolean[]
  readonly rows: readonly (readonly string[])[]
  /** Texts that stand for an empty cell, which are set back. */
  readonly empty: readonly (readonly boolean[])[]
  readonly totals?: readonly string[]
  /** Words of the report around it. */
  readonly before: readonly ReportText[]
  readonly after: readonly ReportText[]
}

/** Reads the rows of a table to their end and gives its texts. */
export async function textTable(table: FileTable): Promise<TextTable> {
  const { columns, totals, meta } = table
  const rows: string[][] = []
  const empty: boolean[][] = []
  for await (const batch of cellBatches(table.batches))
    for (const row of batch) {
      rows.push(columns.map((column, index) => printable(formatCell(row[index] ?? null, column, meta))))
      empty.push(columns.map((_, index) => row[index] == null))
    }
  const count = rows.length === 1 ? '1 row' : `${rows.length.toLocaleString(meta.locale)} rows`
  const asOf = formatCell(meta.asOf, { id: 'as_of', label: 'As of', type: 'timestamp', role: 'column' }, meta)
  const note = table.truncated() ? truncationNote(rows.length, meta.locale) : undefined
  return {
    title: printable(meta.title),
    sentence: printable(meta.sentence),
    facts: `As of ${asOf} (${meta.timezone}) · ${count}`,
    ...(note === undefined ? {} : { note }),
    labels: columns.map(({ label }) => printable(label)),
    numeric: columns.map(isNumeric),
    keys: columns.map(({ role }) => role === 'key'),
    rows,
    empty,
    before: (meta.before ?? []).map(({ style, text }) => ({ style, text: printable(text) })),
    after: (meta.after ?? []).map(({ style, text }) => ({ style, text: printable(text) })),
    ...(totals === undefined || rows.length === 0 ? {} : { totals: totalTexts(columns, totals, table) }),
  }
}

function totalTexts(columns: readonly OutputColumn[], totals: readonly Cell[], { meta }: FileTable): string[] {
  const named = columns.findIndex((column, index) => !isNumeric(column) && totals[index] == null)
  return columns.map((column, index) => {
    if (index === named) return 'Total'
    return totals[index] == null ? '' : printable(formatCell(totals[index] ?? null, column, meta))
  })
}

/** Line ends as one kind; other control characters, which no font has, as spaces. */
function printable(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|\u2028|\u2029/g, '\n')
      .replace(/[^\P{Cc}\n]/gu, ' ')
      // Selects between pictures of one character, of which a font here has one at most.
      .replace(/[\ufe0e\ufe0f]/g, '')
      .trimEnd()
  )
}
