// How rows are put in order on the page. In: cells. Out: keys that compare, and how they compare. Empty cells have none.
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'

export type SortKey = number | string | undefined

/** What a cell is sorted by: numbers and instants as numbers, names as they are read. */
export function sortKey(cell: Cell, column: OutputColumn): SortKey {
  if (cell === null) return undefined
  if (typeof cell === 'boolean') return cell ? 1 : 0
  const text = String(cell)
  switch (column.type) {
    case 'integer':
    case 'number':
    case 'money':
      return finite(Number(text), text)
    case 'date':
    case 'timestamp':
      return finite(Date.parse(text), text)
    case 'enum':
      return (column.valueLabels && Object.hasOwn(column.valueLabels, text) && column.valueLabels[text]) || text
    default:
      return text
  }
}

const finite = (n: number, text: string): SortKey => (Number.isFinite(n) ? n : text)

export function compareKeys(a: SortKey, b: SortKey, collator: Intl.Collator): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return collator.compare(String(a ?? ''), String(b ?? ''))
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/** Decides between decimals that are one and the same float. */
export function compareDecimals(a: Cell, b: Cell): number {
  if (a === b) return 0
  const one = DECIMAL.exec(String(a))
  const other = DECIMAL.exec(String(b))
  if (one === null || other === null) return 0
  const places = Math.max(one[3]?.length ?? 0, other[3]?.length ?? 0)
  const [left, right] = [scaled(one, places), scaled(other, places)]
  return left < right ? -1 : left > right ? 1 : 0
}

function scaled([, sign = '', whole = '0', fraction = '']: RegExpExecArray, places: number): bigint {
  return BigInt(`${sign}${whole}${fraction.padEnd(places, '0')}`)
}

/** Takes an entry to the place of another; names that are not there change nothing. */
export function reordered(ids: readonly string[], id: string, target: string): string[] {
  const from = ids.indexOf(id)
  const to = ids.indexOf(target)
  if (from < 0 || to < 0) return [...ids]
  const rest = ids.filter((one) => one !== id)
  rest.splice(to, 0, id)
  return rest
}
