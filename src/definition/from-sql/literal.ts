// Literals of SQL as values of a definition, in the type of the field they stand against.
import type { Field, FieldType } from '../../catalog/schema.ts'
import type { Scalar } from '../schema.ts'
import { refuse } from './problem.ts'

const NUMERIC: ReadonlySet<FieldType | undefined> = new Set<FieldType | undefined>(['integer', 'number', 'money'])
const TEXTUAL: ReadonlySet<FieldType | undefined> = new Set<FieldType | undefined>(['text', 'enum'])

export function isNumeric(type: FieldType | undefined): boolean {
  return NUMERIC.has(type)
}

export function isTextual(type: FieldType | undefined): boolean {
  return TEXTUAL.has(type)
}

/** The literal as a value of that type; refused where no such value can be equal to it. */
export function coerce(value: Scalar, type: FieldType | undefined, field: Field | undefined, at: number): Scalar {
  if (isNumeric(type)) {
    if (typeof value === 'number') return value
    if (typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value)) return Number(value)
    return refuse(
      'comparison',
      `Cannot compare the number "${field?.label ?? 'left side'}" with ${show(value)}: write a number`,
      at,
    )
  }
  if (isTextual(type)) return typeof value === 'string' ? value : String(value)
  if (type === 'boolean') {
    if (typeof value === 'boolean') return value
    if (/^(t|true|y|yes|on|1)$/i.test(`${value}`)) return true
    if (/^(f|false|n|no|off|0)$/i.test(`${value}`)) return false
    return refuse('comparison', `Cannot compare a yes/no field with ${show(value)}: write true or false`, at)
  }
  if (type === 'date' || type === 'timestamp') return dateText(value, type, at)
  return value
}

/** A date or timestamp literal as the definition writes it; a bare day against a timestamp means its midnight. */
function dateText(value: Scalar, type: 'date' | 'timestamp', at: number): string {
  const text = typeof value === 'string' ? value.trim() : ''
  const parts =
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i.exec(
      text,
    )
  if (parts === null)
    return refuse('date', `Cannot read ${show(value)} as a date: write it as 2025-03-01 or 2025-03-01 09:30`, at)
  const [, year = '', month = '', day = '', hour, minute = '00', second = '00', fraction = '', zone = ''] = parts
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const midnight = hour === undefined || (Number(hour) === 0 && Number(minute) === 0 && Number(second) === 0)
  if (type === 'date' && midnight) return date
  return `${date}T${(hour ?? '00').padStart(2, '0')}:${minute}:${second}${fraction}${zone}`
}

function show(value: Scalar): string {
  return typeof value === 'string' ? `'${value.slice(0, 40)}'` : `${value}`
}
