import { AS_TABLE, lookOf, type TileLook } from '../../src/placing/look.ts'
import { readerOptions } from '../api/generate.ts'
import type { Shown } from '../ui/PlainTable.tsx'
import { rowsOfTable } from './tile.ts'

/** Whoever adds a table does not wait for its rows for longer. */
const MOST_WAIT_MS = 3000

/** The look of a saved table by its rows; as a table where they do not come soon. */
export async function suggestedLook(tableId: string): Promise<TileLook> {
  try {
    const { rowCount, ...page } = await rowsOfTable(tableId, readerOptions.timezone, AbortSignal.timeout(MOST_WAIT_MS))
    return lookOf({ ...(page as Shown), rowCount })
  } catch {
    return AS_TABLE
  }
}
