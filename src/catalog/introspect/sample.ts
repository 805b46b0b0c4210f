// What a look at some rows shows: which columns hold no value twice, which texts are numbers or dates, which values meet.
// In: tables and a query function. Out: counts per column. Refused: more than one statement per table, or unbounded reads.
import { namesKey } from './names.ts'
import type { Query, RawColumn, RawTable } from './read.ts'

export type ColumnFacts = {
  /** Rows of the sample that have a value. */
  readonly present: number
  readonly distinct: number
  /** For integers only: the least and the greatest value. */
  readonly range?: readonly [number, number]
  /** For text only: how many of the values that mean something look like what. */
  readonly text?: {
    readonly filled: number
    readonly integers: number
    readonly numbers: number
    readonly leadingZeros: number
    readonly dates: number
    readonly timestamps: number
    readonly minLength: number
    readonly maxLength: number
  }
}
export type TableFacts = {
  readonly rows: number
  /** The sample was the whole table. */
  readonly complete: boolean
  readonly columns: ReadonlyMap<string, ColumnFacts>
}

/** Columns of different classes are never compared; undefined: the column never joins. */
export type JoinClass = 'number' | 'text' | 'uuid'

export function joinClass(column: RawColumn): JoinClass | undefined {
  if (column.array) return undefined
  if (/^(int2|int4|int8|numeric)$/.test(column.typeName)) return 'number'
  // Imported tables keep keys as floats; other floats are measures.
  if (/^float[48]$/.test(column.typeName)) return namesKey(column.name) ? 'number' : undefined
  if (/^(text|varchar|bpchar|citext)$/.test(column.typeName)) return 'text'
  return column.typeName === 'uuid' ? 'uuid' : undefined
}

function isInteger(column: RawColumn): boolean {
  return /^int[248]$/.test(column.typeName)
}

/** A name as SQL spells it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

const SLOTS = 10
/** Texts that stand for "no value". */
const PLACEHOLDER = String.raw`^\s*(|-+|\?+|n/?a|null|nil|none|unknown)\s*$`
const INTEGER = String.raw`^\s*[-+]?\d{1,18}\s*$`
const NUMBER = String.raw`^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$`
const DAY = String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`
const TIME = String.raw`([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?`

/** Measures up to `maxRows` rows of a table in one statement. */
export async function sampleTable(query: Query, schema: string, table: RawTable, maxRows: number): Promise<TableFacts> {
  const columns = table.columns.filter((column) => joinClass(column) !== undefined)
  const count = (condition: string) => `count(*) filter (where ${condition})`
  const slots = columns.flatMap((column, index) => {
    const c = `c${index}`
    const basic = [`count(${c})`, `count(distinct ${c})`]
    if (joinClass(column) !== 'text') {
      const range = isInteger(column) ? [`coalesce(min(${c}::int8), 0)`, `coalesce(max(${c}::int8), 0)`] : ['0', '0']
      return [...basic, ...range, ...Array.from({ length: SLOTS - 4 }, () => '0')]
    }
    const filled = `${c} !~* '${PLACEHOLDER}'`
    return [
      ...basic,
      count(filled),
      count(`${c} ~ '${INTEGER}'`),
      count(`${c} ~ '${NUMBER}'`),
      count(String.raw`${c} ~ '^\s*[-+]?0\d'`),
      count(`${c} ~ '^${DAY}$'`),
      count(`${c} ~ '^${DAY}[ T]${TIME}$'`),
      `coalesce(min(length(${c})) filter (where ${filled}), 0)`,
      `coalesce(max(length(${c})) filter (where ${filled}), 0)`,
    ]
  })
  const picked = columns.map((column, index) => `left(${quoted(column.name)}::text, 200) as c${index}`)
  const numbers = await numbersOf(
    query,
    `select array[count(*), ${['0', ...slots].join(', ')}]::int8[] as n
     from (select ${['1 as one', ...picked].join(', ')} from ${quoted(schema)}.${quoted(table.name)} limit ${maxRows}) s`,
  )
  const rows = numbers[0] ?? 0
  const facts = columns.map((column, index): [string, ColumnFacts] => {
    const own = numbers.slice(2 + index * SLOTS, 2 + (index + 1) * SLOTS)
    const [present = 0, distinct = 0, filled = 0, integers = 0, decimal = 0] = own
    const [leadingZeros = 0, dates = 0, timestamps = 0, minLength = 0, maxLength = 0] = own.slice(5)
    const text = { filled, integers, numbers: decimal, leadingZeros, dates, timestamps, minLength, maxLength }
    if (joinClass(column) === 'text') return [column.name, { present, distinct, text }]
    return [
      column.name,
      { present, distinct, ...(isInteger(column) && present > 0 ? { range: [filled, integers] as const } : {}) },
    ]
  })
  return { rows, complete: rows < maxRows, columns: new Map(facts) }
}

/** Whether no two rows of the whole table share a value, per column, in one statement. */
export async function wholeTableUnique(
  query: Query,
  schema: string,
  table: string,
  columns: readonly string[],
): Promise<boolean[]> {
  const slots = columns.map((name) => `(count(${quoted(name)}) = count(distinct ${quoted(name)}))::int`)
  const numbers = await numbersOf(
    query,
    `select array[${slots.join(', ')}]::int8[] as n from ${quoted(schema)}.${quoted(table)}`,
  )
  return columns.map((_, index) => numbers[index] === 1)
}

export type JoinColumns = {
  readonly columns: readonly string[]
  readonly target: string
  readonly targetColumns: readonly string[]
}
/** How many different values the source has, and how many of them the target has too. */
export type Overlap = { readonly values: number; readonly found: number }

/** Looks up to 500 different values of each join (from the first `maxRows` rows) up in its target, in one statement per source table. */
export async function measureOverlaps(
  query: Query,
  schema: string,
  table: string,
  joins: readonly JoinColumns[],
  maxRows: number,
): Promise<Overlap[]> {
  const slots = joins.flatMap(({ columns, target, targetColumns }) => {
    const picked = columns.map((name, index) => `${quoted(name)} as v${index}`).join(', ')
    const present = columns.map((_, index) => `v${index} is not null`).join(' and ')
    const values = `(select distinct * from (select ${picked} from ${quoted(schema)}.${quoted(table)} limit ${maxRows}) r
      where ${present} limit 500) d`
    const same = targetColumns.map((name, index) => `t.${quoted(name)} = d.v${index}`).join(' and ')
    return [
      `(select count(*) from ${values})`,
      `(select count(*) from ${values} where exists (select 1 from ${quoted(schema)}.${quoted(target)} t where ${same}))`,
    ]
  })
  const numbers = await numbersOf(query, `select array[${slots.join(', ')}]::int8[] as n`)
  return joins.map((_, index) => ({ values: numbers[index * 2] ?? 0, found: numbers[index * 2 + 1] ?? 0 }))
}

async function numbersOf(query: Query, text: string): Promise<number[]> {
  const [row] = await query(`select to_json(n)::text as data from (${text}) x`, [])
  const data: unknown = JSON.parse(String(row?.data ?? '[]'))
  return Array.isArray(data) ? data.map(Number) : []
}
