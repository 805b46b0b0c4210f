// Postgres types and check constraints as the field types of a catalog.
// In: one column as Postgres describes it. Out: the field's type and values, or why the column is left out.
import type { EnumValue, Field } from '../schema.ts'
import { words } from '../words.ts'
import type { RawColumn } from './read.ts'

export type FieldKind = Pick<Field, 'type'> & {
  readonly zoned?: false
  readonly storedAs?: 'text' | 'real'
  readonly values?: Pick<EnumValue, 'value'>[]
  readonly currency?: string
}
export type MappedType = { readonly kind: FieldKind } | { readonly leftOut: string }

const INTEGERS = new Set(['int2', 'int4', 'int8'])
const LEFT_OUT: Readonly<Record<string, string>> = {
  bytea: 'binary data',
  tsvector: 'a search index',
  tsquery: 'a search expression',
}
/** Words that make a number an amount of money; the second set only where it has decimals. */
const MONEY = new Set(
  'price cost costs budget salary salaries wage wages fee fees revenue revenues income profit expense expenses payment balance subtotal payroll earnings turnover refund tuition fare rent'.split(
    ' ',
  ),
)
const MONEY_WITH_DECIMALS = new Set(
  'amount amt total sales paid charge charges tax discount due debt credit spend spent'.split(' '),
)
/** Words behind which even a price is not money. */
const NOT_MONEY = new Set(
  'id ids no number count cnt num qty quantity rate percent pct percentage ratio code type year yr days index rank level factor'.split(
    ' ',
  ),
)

/** The field type of a column; `checks` are the definitions of its check constraints. */
export function mapType(column: RawColumn, checks: readonly string[]): MappedType {
  const leftOut = LEFT_OUT[column.typeName]
  if (leftOut !== undefined) return { leftOut }
  if (column.array) return { kind: { type: 'text' } }
  if (column.typeKind === 'e')
    return { kind: { type: 'enum', values: (column.enumValues ?? []).map((value) => ({ value })) } }
  const name = column.typeName
  const whole = INTEGERS.has(name) || /^numeric\(\d+,0\)$/.test(column.type)
  if (whole || name === 'numeric' || name === 'float4' || name === 'float8') {
    const stored = name === 'float4' ? ({ storedAs: 'real' } as const) : {}
    if (namesMoney(column.name, whole)) return { kind: { type: 'money', ...stored, ...currencyIn(column.comment) } }
    return { kind: { type: whole ? 'integer' : 'number', ...stored } }
  }
  if (name === 'bool') return { kind: { type: 'boolean' } }
  if (name === 'date') return { kind: { type: 'date' } }
  if (name === 'timestamptz') return { kind: { type: 'timestamp' } }
  if (name === 'timestamp') return { kind: { type: 'timestamp', zoned: false } }
  if (name === 'uuid') return { kind: { type: 'id' } }
  const values = checks.map((check) => valuesOfCheck(check, column.name)).find((found) => found !== undefined)
  if (values !== undefined) return { kind: { type: 'enum', values: values.map((value) => ({ value })) } }
  return { kind: { type: 'text' } }
}

/** Whether a number's name says that it is an amount of money; words such as "total" only count where there are decimals. */
export function namesMoney(name: string, whole: boolean): boolean {
  const parts = words(name)
  if (parts.some((word) => NOT_MONEY.has(word))) return false
  return parts.some((word) => MONEY.has(word) || (!whole && MONEY_WITH_DECIMALS.has(word)))
}

const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/\b(USD|US dollars?|U\.S\. dollars?)\b/i, 'USD'],
  [/\b(EUR|euros?)\b|€/i, 'EUR'],
  [/\b(GBP|pounds sterling|British pounds?)\b|£/i, 'GBP'],
  [/\b(JPY|yen)\b/i, 'JPY'],
  [/\b(CHF|Swiss francs?)\b/i, 'CHF'],
]

/** The currency a comment names, when it names exactly one. */
function currencyIn(comment: string | null): { currency: string } | Record<string, never> {
  if (comment === null) return {}
  const named = CURRENCIES.filter(([pattern]) => pattern.test(comment)).map(([, code]) => code)
  const other = /\b(CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|INR|CNY|BRL|MXN|ZAR|SGD|HKD)\b/.exec(comment)?.[1]
  const codes = other === undefined ? named : [...named, other]
  return codes.length === 1 && codes[0] !== undefined ? { currency: codes[0] } : {}
}

const CAST = String.raw`::(?:character varying|[a-z]+)(?:\(\d+\))?(?:\[\])?`
const TEXT_LITERAL = new RegExp(`'((?:[^']|'')*)'(?:${CAST})?`, 'g')

/** The values of a check such as `x in ('a', 'b')` or `x = 'a' or x = 'b'` on that column; undefined for any other check. */
export function valuesOfCheck(definition: string, column: string): string[] | undefined {
  const values = [...definition.matchAll(TEXT_LITERAL)].map((match) => (match[1] ?? '').replaceAll("''", "'"))
  if (values.length === 0 || values.length > 500 || values.some((value) => value.length > 200)) return undefined
  // What is left without the literals must be nothing but that column compared for equality.
  const rest = definition
    .replace(TEXT_LITERAL, '?')
    .replace(/^CHECK /, '')
    .replace(/ NOT VALID$/, '')
    .replace(new RegExp(CAST, 'g'), '')
    .replace(/[()]/g, '')
    .replaceAll(`"${column.replaceAll('"', '""')}"`, column)
  const parts = rest.split(' OR ').map((part) => {
    if (!part.startsWith(`${column} `) && !part.startsWith('VALUE ')) return undefined
    return part.slice(part.startsWith(`${column} `) ? column.length + 1 : 'VALUE '.length)
  })
  const plain = parts.every((part) => part !== undefined && /^(IS NULL|= \?|= ANY ARRAY\[\?(, \?)*\])$/.test(part))
  return plain ? [...new Set(values)] : undefined
}
