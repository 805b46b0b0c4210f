// How rows are put in order on the page. In: cells. Out: keys that compare, and how they compare. Empty cells have none.
import type { Definition } from '../../src/definition/schema.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { readerLocale } from '../api/locale.ts'

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

export type Sorting = readonly { readonly id: string; readonly desc: boolean }[]
type Row = readonly Cell[]

/** The table in the reader's order; none where another order changes which rows there are. */
export function inOrder(definition: Definition, sorting: Sorting): Definition | undefined {
  const { limit, limitPer, pivot } = definition
  if (sorting.length === 0 || limit !== null || limitPer !== null || pivot !== null) return undefined
  const sortBy = sorting.map(({ id, desc }) => ({
    ...{ field: id, direction: desc ? ('desc' as const) : ('asc' as const), nulls: 'last' as const },
  }))
  return { ...definition, sortBy }
}

const readerCollator = new Intl.Collator(readerLocale)

/** The rows in another order: empty cells last, rows that are alike as they came. */
export function sortedRows<R extends Row>(
  rows: readonly R[],
  columns: readonly OutputColumn[],
  sorting: Sorting,
  collator = readerCollator,
): readonly R[] {
  const by = sorting.flatMap(({ id, desc }) => {
    const index = columns.findIndex((column) => column.id === id)
    const column = columns[index]
    return column === undefined ? [] : [{ index, sign: desc ? -1 : 1, keys: numberKeys(rows, index, column, collator) }]
  })
  if (by.length === 0) return rows
  const compare = (a: number, b: number): number => {
    for (const { index, sign, keys } of by) {
      const [left, right] = [keys[a] ?? Number.NaN, keys[b] ?? Number.NaN]
      if (Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1
      const order = left - right || compareDecimals(rows[a]?.[index] ?? null, rows[b]?.[index] ?? null)
      if (order < 0 || order > 0) return order * sign
    }
    return a - b
  }
  return Array.from(Uint32Array.from(rows.keys()).sort(compare), (at) => rows[at] as R)
}

/** Where ranks of words begin: behind all usual numbers, and still exact. */
const AFTER_NUMBERS = Number.MAX_SAFE_INTEGER - 1e9

/** Letters of either case alike, and item 9 before item 10; a collator asked for both takes a hundred times as long. */
const natural = (word: string): string => word.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(15, '0'))

/** Keys as numbers, so that comparing them is quick: words by their rank among the different ones. Empty is NaN. */
function numberKeys(rows: readonly Row[], index: number, column: OutputColumn, collator: Intl.Collator): Float64Array {
  const keys = rows.map((row) => sortKey(row[index] ?? null, column))
  const words = new Map(keys.flatMap((key) => (typeof key === 'string' ? [[key, natural(key)] as const] : [])))
  const ranks = new Map<string, number>()
  for (const word of [...new Set(words.values())].sort(collator.compare)) {
    ranks.set(word, AFTER_NUMBERS + ranks.size)
  }
  return Float64Array.from(keys, (key) =>
    typeof key === 'number' ? key : key === undefined ? Number.NaN : (ranks.get(words.get(key) ?? '') ?? Number.NaN),
  )
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/** Decides between decimals that are one and the same float. */
function compareDecimals(a: Cell, b: Cell): number {
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
