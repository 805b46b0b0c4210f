// A row as one text, the way Postgres writes a record, and back. In: a statement. Out: one that gives a text a row, and what
// reads the cells from it. The driver takes far longer for ten values than for one, and a file may have millions of rows.
import type { RawRow } from './source.ts'

/** The statement with each row as one text, in the same order: nothing but the writing stands around it. */
export function asRecords(text: string): string {
  // No column has a name in capitals, so this is the row and not one of them.
  return `select "R"::text from (${text}) as "R"`
}

/**
 * The cells of a record of `columns` columns, as Postgres wrote each: `(1,,"","a ""b"" \\ c")` is 1, null, nothing and
 * `a "b" \ c`.
 */
export function readRecord(text: string, columns: number): RawRow {
  const cells = new Array<string | null>(columns)
  const end = text.length - 1
  const escaped = text.includes('\\')
  let at = 1
  for (let index = 0; index < columns; index += 1) {
    if (text.charCodeAt(at) === QUOTE) {
      const from = at + 1
      let doubled = false
      at = text.indexOf('"', from)
      while (text.charCodeAt(at + 1) === QUOTE) {
        doubled = true
        at = text.indexOf('"', at + 2)
      }
      const inner = text.slice(from, at)
      const single = doubled ? inner.replaceAll('""', '"') : inner
      cells[index] = escaped ? single.replaceAll('\\\\', '\\') : single
      at += 2
    } else {
      const comma = index === columns - 1 ? end : text.indexOf(',', at)
      if (comma < at) throw otherCells(columns)
      cells[index] = comma === at ? null : text.slice(at, comma)
      at = comma + 1
    }
  }
  if (at !== end + 1) throw otherCells(columns)
  return cells
}

function otherCells(columns: number): Error {
  return new Error(`a record has other cells than the ${columns} that were asked for`)
}

const QUOTE = 34
