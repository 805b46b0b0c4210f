import type { FieldType } from '../catalog/schema.ts'
import type { Cell } from '../plan/columns.ts'

/** What Postgres wrote for a value of a field type, as a cell (see plan/columns.ts for the forms). */
export function toCell(text: string | null, type: FieldType): Cell {
  return cellReader(type)(text)
}

/** Whether a cell of the type is what Postgres wrote. */
export function isTextCell(type: FieldType): boolean {
  return type !== 'integer' && type !== 'boolean' && type !== 'timestamp'
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
    default:
      return (text) => text
  }
}

function toInteger(text: string): number | string {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  return text.replace(/\.0*$/, '')
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
