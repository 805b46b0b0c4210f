import type { FieldType } from '../catalog/schema.ts'
import type { Cell } from '../plan/columns.ts'

/** What Postgres wrote for a value of a field type, as a cell (see plan/columns.ts for the forms). */
export function toCell(text: string | null, type: FieldType): Cell {
  return cellReader(type)(text)
}

/** Whether a cell of the type is what Postgres wrote. */
export function isTextCell(type: FieldType): boolean {
  return type === 'text' || type === 'enum' || type === 'id' || type === 'date'
}

/** `toCell` of one type, for many values. */
export function cellReader(type: FieldType): (text: string | null) => Cell {
  switch (type) {
    case 'integer':
      return (text) => (text === null ? null : toInteger(text))
    case 'boolean':
      return (text) => (text === null ? null : text === 't' || text === 'true')
    case 'timestamp':
      return (text) => (text === null ? null : toIso(text))
    case 'number':
    case 'money':
      return (text) => (text === null ? null : toDecimal(text))
    default:
      return (text) => text
  }
}

function toInteger(text: string): number | string {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  return text.replace(/\.0*$/, '')
}

/** `1.5e-07` → `0.00000015`: a float that is large or small is written with an exponent. */
function toDecimal(text: string): string {
  if (!text.includes('e')) return text
  const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (found === null) return text
  const [, sign = '', whole = '', fraction = '', exponent = ''] = found
  const digits = whole + fraction
  const point = 1 + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return `${sign}${digits.padEnd(point, '0')}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

const SPACE = 32
const PLUS = 43
const MINUS = 45

/** `2025-03-01 09:30:00.123456-05` → `2025-03-01T09:30:00.123456-05:00`. */
function toIso(text: string): string {
  const sign = text.charCodeAt(text.length - 3)
  // Nearly every timestamp looks like this one, and there may be millions.
  if ((sign === MINUS || sign === PLUS) && text.length > 19 && text.charCodeAt(10) === SPACE)
    return `${text.slice(0, 10)}T${text.slice(11)}:00`
  const iso = text.replace(' ', 'T')
  const offset = /[+-]\d{2}(:\d{2}){0,2}$/.exec(iso.slice(10))
  if (offset === null) return iso
  return offset[0].includes(':') ? iso : `${iso}:00`
}
