// Whether two tables say the same, however their columns are named or ordered. In: rows. Out: yes or no.
import type { Cell } from '../plan/columns.ts'

export type Rows = readonly (readonly Cell[])[]

/** Every column of the gold is among those given, with the same cells in the same rows; others may stand beside them. */
export function sameTable(gold: Rows, given: Rows, ordered: boolean): boolean {
  if (gold.length !== given.length) return false
  const width = gold[0]?.length ?? 0
  const text = (row: readonly Cell[], columns: readonly number[]) =>
    JSON.stringify(columns.map((at) => cellText(row[at] ?? null)))
  const all = Array.from({ length: width }, (_, index) => index)
  const list = (rows: Rows, columns: readonly number[]) => {
    const texts = rows.map((row) => text(row, columns))
    return ordered ? texts : texts.sort()
  }
  const wanted = list(gold, all)
  const values = (rows: Rows, column: number) => JSON.stringify(rows.map((row) => cellText(row[column] ?? null)).sort())
  const candidates = all.map((column) => {
    const own = values(gold, column)
    return Array.from({ length: given[0]?.length ?? 0 }, (_, index) => index).filter(
      (index) => values(given, index) === own,
    )
  })
  const search = (chosen: readonly number[]): boolean => {
    if (chosen.length === width) return list(given, chosen).every((one, index) => one === wanted[index])
    return (candidates[chosen.length] ?? []).some((index) => !chosen.includes(index) && search([...chosen, index]))
  }
  return search([])
}

/** Numbers to twelve digits, so that the same sum by another way is the same. */
function cellText(cell: Cell): string {
  if (cell === null) return '∅'
  const text = String(cell)
  return /^-?\d+(\.\d+)?$/.test(text) ? String(Number(Number(text).toPrecision(12))) : text
}
