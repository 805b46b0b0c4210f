// Whether a cell reaches a threshold. Numbers compare as decimals, exactly; dates and texts as texts.
import type { Cell } from '../plan/columns.ts'
import type { Condition } from './config.ts'

type Threshold = Extract<Condition, { kind: 'threshold' }>

/** An empty cell reaches nothing. */
export function reaches(cell: Cell, { op, value }: Pick<Threshold, 'op' | 'value'>): boolean {
  if (cell === null) return false
  const order = compareCells(cell, value)
  if (order === undefined) return op === 'ne'
  switch (op) {
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
    case 'eq':
      return order === 0
    case 'ne':
      return order !== 0
  }
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/

/** Below, above or 0; undefined where the two cannot be compared. */
function compareCells(cell: NonNullable<Cell>, value: string | number): number | undefined {
  const [a, b] = [decimalOf(cell), decimalOf(value)]
  if (a !== undefined && b !== undefined) return compareDecimals(a, b)
  if (typeof cell === 'number' || typeof value === 'number') {
    const [x, y] = [Number(cell), Number(value)]
    return Number.isNaN(x) || Number.isNaN(y) ? undefined : Math.sign(x - y)
  }
  const [x, y] = [String(cell), String(value)]
  return x < y ? -1 : x > y ? 1 : 0
}

type Decimal = { readonly digits: bigint; readonly scale: number }

function decimalOf(value: string | number | boolean): Decimal | undefined {
  const [whole, sign, units = '', fraction = ''] = DECIMAL.exec(String(value)) ?? []
  if (whole === undefined) return undefined
  const digits = BigInt(units + fraction)
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length }
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale)
  const x = a.digits * 10n ** BigInt(scale - a.scale)
  const y = b.digits * 10n ** BigInt(scale - b.scale)
  return x < y ? -1 : x > y ? 1 : 0
}
