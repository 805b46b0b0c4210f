// What tables of several readings look like beside each other, for translate/builtin/seen.ts to judge.
// In: the rows of one reading and of those before it. Out: numbers; nothing of what the cells say.
import { type Rows, sameTable } from '../rows/same-table.ts'
import type { Look } from '../translate/builtin/seen.ts'

export type Seen = {
  /** Absent where it could not be run. */
  readonly rows: Rows | undefined
  readonly ordered: boolean
}
/** Longer tables are not compared cell by cell: their number of rows has to do. */
const COMPARED_CELLS = 20_000

/** Looks at one table and puts it beside those already seen. */
export function lookAt(seen: Seen[], one: Seen): Look {
  const like = seen.findIndex((other) => sameRows(other, one))
  const at = seen.push(one) - 1
  const rows = one.rows ?? []
  const cells = rows.flat()
  return {
    rows: rows.length,
    empty: cells.length === 0 ? 0 : cells.filter((cell) => cell === null || cell === '').length / cells.length,
    repeated: rows.length === 0 ? 0 : 1 - new Set(rows.map((row) => JSON.stringify(row))).size / rows.length,
    zero: cells.length === 1 && Number(cells[0]) === 0,
    like: like < 0 ? at : like,
    ...(one.rows === undefined && { failed: true }),
  }
}

/** Whether two tables say the same; one may have columns beside. */
export function sameRows(one: Seen, other: Seen): boolean {
  if (one.rows === undefined || other.rows === undefined || one.rows.length !== other.rows.length) return false
  const width = ({ rows = [] }: Seen) => rows[0]?.length ?? 0
  if (one.rows.length * Math.max(width(one), width(other)) > COMPARED_CELLS) return false
  const [small, large] = width(one) <= width(other) ? [one.rows, other.rows] : [other.rows, one.rows]
  return sameTable(small, large, one.ordered && other.ordered)
}
