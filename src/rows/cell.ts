import type { FieldType } from '../catalog/schema.ts'
import type { Cell } from '../plan/columns.ts'

/** What Postgres wrote for a value of a field type, as a cell (see plan/columns.ts for the forms). */
export function toCell(text: string | null, type: FieldType): Cell {
  if (text === null) return null
  switch (type) {
    case 'integer':
      return toInteger(text)
    case 'boolean':
      return text === 't' || text === 'true'
    case 'timestamp':
      return toIso(text)
    default:
      return text
  }
}

function toInteger(text: string): number | string {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  return text.replace(/\.0*$/, '')
}

/** `2025-03-01 09:30:00.123456-05` → `2025-03-01T09:30:00.123456-05:00`. */
function toIso(text: string): string {
  const iso = text.replace(' ', 'T')
  const offset = /[+-]\d{2}(:\d{2}){0,2}$/.exec(iso.slice(10))
  if (offset === null) return iso
  return offset[0].includes(':') ? iso : `${iso}:00`
}
