// Rows on their way to a file. In: what the database wrote. Out: the same, and as cells, which are read when they are asked for.
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { cellReader } from './cell.ts'
import type { ByteRow } from './source.ts'

export type Batch = {
  readonly length: number
  /** The rows as the database wrote them, a cell a column. */
  readonly rows: readonly ByteRow[]
  readonly cells: () => readonly (readonly Cell[])[]
}

/** Makes batches of rows with these columns. */
export function batchMaker(columns: readonly OutputColumn[]): (rows: readonly ByteRow[]) => Batch {
  const readers = columns.map(({ type }) => cellReader(type))
  const toCells = (row: ByteRow): Cell[] => {
    const cells = new Array<Cell>(readers.length)
    for (let index = 0; index < readers.length; index += 1)
      cells[index] = readers[index]?.(row[index]?.toString() ?? null) ?? null
    return cells
  }
  return (rows) => {
    let made: Cell[][] | undefined
    return {
      length: rows.length,
      rows,
      cells: () => {
        made ??= rows.map(toCells)
        return made
      },
    }
  }
}

/** The rows of batches as cells. */
export async function* cellBatches(batches: AsyncIterable<Batch>): AsyncGenerator<readonly (readonly Cell[])[]> {
  for await (const batch of batches) yield batch.cells()
}
