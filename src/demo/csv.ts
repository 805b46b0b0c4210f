// Rows as CSV in the dialect of Postgres' COPY: null is an empty cell, an empty text is a quoted one.
import type { Cell, Row } from './people.ts'

const chunkLength = 262_144

/** CSV text of the rows in chunks of about 256 KiB that end with a row; `onChunk` hears how many rows went by. */
export function* csvChunks(rows: Iterable<Row>, onChunk: (rowCount: number) => void): Generator<string> {
  let chunk = ''
  let count = 0
  for (const row of rows) {
    chunk += `${row.map(csvCell).join(',')}\n`
    count++
    if (chunk.length < chunkLength) continue
    yield chunk
    onChunk(count)
    chunk = ''
  }
  if (chunk !== '') yield chunk
  onChunk(count)
}

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  return cell === '' || /[",\n\r\\]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
