// How the columns of a table share a page. In: how wide their texts are. Out: widths, and bands of columns where they
// do not all fit: each band repeats the keys.

export type Measured = {
  /** Points that the widest text takes on one line. */
  readonly natural: number
  /** Points below which it cannot be read: the widest word, or all of a number. */
  readonly min: number
  readonly isKey: boolean
}
export type Band = { readonly columns: readonly number[]; readonly widths: readonly number[] }

/** Widths a text is still comfortable to read at. */
const COMFORTABLE_PT = 150
const MAX_PT = 320
/** Room that is left over is shared up to this much a column. */
const MAX_SPARE_PT = 28

/** Whether the columns fit side by side without crowding their texts. */
export function fits(columns: readonly Measured[], availablePt: number): boolean {
  return sum(columns.map(comfortable)) <= availablePt
}

/** All columns in one band where they fit, else in as many as they need. */
export function bandsOf(columns: readonly Measured[], availablePt: number): Band[] {
  if (columns.length === 0) return []
  if (fits(columns, availablePt)) return [band(columns, everyIndex(columns), availablePt)]
  const named = columns.flatMap(({ isKey }, index) => (isKey ? [index] : []))
  const keys = keysThatFit(columns, named.length > 0 ? named : [0], availablePt * 0.45)
  const groups: number[][] = []
  let current: number[] = []
  for (const index of everyIndex(columns).filter((one) => !keys.includes(one))) {
    const wanted = [...keys, ...current, index].map((one) => columns[one]).filter((one) => one !== undefined)
    if (current.length > 0 && !fits(wanted, availablePt)) {
      groups.push(current)
      current = []
    }
    current.push(index)
  }
  groups.push(current)
  return groups.map((group) => band(columns, [...keys, ...group], availablePt))
}

const everyIndex = (columns: readonly Measured[]): number[] => columns.map((_, index) => index)
const comfortable = ({ natural, min }: Measured): number => Math.max(min, Math.min(natural, COMFORTABLE_PT))
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

/** The leading keys that leave room for something beside them. */
function keysThatFit(columns: readonly Measured[], keys: readonly number[], availablePt: number): number[] {
  const kept: number[] = []
  let used = 0
  for (const key of keys) {
    const column = columns[key]
    if (column === undefined) break
    used += comfortable(column)
    if (kept.length > 0 && used > availablePt) break
    kept.push(key)
  }
  return kept
}

/** Each column its comfortable width, then more to those whose texts would wrap, then a little air. */
function band(columns: readonly Measured[], indexes: readonly number[], availablePt: number): Band {
  const mine = indexes.map((index) => columns[index]).filter((column) => column !== undefined)
  const start = mine.map(comfortable)
  const shrink = Math.min(1, availablePt / sum(start))
  const widths = start.map((width) => width * shrink)
  const lacking = mine.map(({ natural }, index) => Math.max(0, Math.min(natural, MAX_PT) - (widths[index] ?? 0)))
  const room = Math.max(0, availablePt - sum(widths))
  const given = sum(lacking) === 0 ? 0 : Math.min(1, room / sum(lacking))
  const fuller = widths.map((width, index) => width + (lacking[index] ?? 0) * given)
  const spare = Math.min(MAX_SPARE_PT, Math.max(0, availablePt - sum(fuller)) / fuller.length)
  return { columns: indexes, widths: fuller.map((width) => width + spare) }
}
