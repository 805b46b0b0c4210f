// What shared filters are set to, in words. In: a filter, its value, the catalog. Out: a line of text.
import type { FieldType } from '../../src/catalog/schema.ts'
import type { Period } from '../../src/definition/schema.ts'
import { spokenDate, spokenPeriod } from '../../src/definition/spoken-period.ts'
import type { CatalogView } from '../api/client.ts'
import { readerLocale } from '../api/locale.ts'
import type { SharedFilter } from './tile.ts'

export const OP_WORDS: Partial<Record<SharedFilter['op'], string>> = {
  ne: 'is not',
  lt: 'below',
  lte: 'at most',
  gt: 'above',
  gte: 'at least',
  contains: 'contains',
  starts_with: 'begins with',
  not_in: 'none of',
}

export function fieldOf(catalog: CatalogView | undefined, field: SharedFilter['field']) {
  return field === 'date' ? undefined : catalog?.entities[field.entity]?.fields[field.field]
}

export function typedField(catalog: CatalogView | undefined, field: SharedFilter['field']) {
  const known = fieldOf(catalog, field)
  const type: FieldType = field === 'date' ? 'date' : (known?.type ?? 'text')
  return { known, type }
}

/** The values to choose from; undefined where any may be typed. */
export function choicesOf(known: ReturnType<typeof fieldOf>, type: FieldType) {
  if (type === 'boolean')
    return [
      { value: 'true', label: 'yes' },
      { value: 'false', label: 'no' },
    ]
  return known?.values?.map((one) => ({ value: one.value, label: one.label ?? one.value }))
}

/** "Channel none of: E-mail, Post"; undefined where it filters nothing. */
export function filterWords(
  { field, op, label }: SharedFilter,
  value: unknown,
  catalog: CatalogView | undefined,
): string | undefined {
  if (value === undefined || value === null) return undefined
  if (op === 'in_period') return `${label}: ${spokenPeriod(value as Period)}`
  const { known, type } = typedField(catalog, field)
  const choices = choicesOf(known, type)
  const word = (one: unknown): string => {
    const text = String(one)
    if (typeof one === 'number') return one.toLocaleString(readerLocale)
    return choices?.find((choice) => choice.value === text)?.label ?? spokenDay(text)
  }
  if (op === 'between') {
    const { min, max } = value as { min?: unknown; max?: unknown }
    return `${label}: from ${word(min)} to ${word(max)}`
  }
  const words = (Array.isArray(value) ? value : [value]).map(word).join(', ')
  return `${label}${OP_WORDS[op] ? ` ${OP_WORDS[op]}` : ''}: ${words}`
}

const spokenDay = (text: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? spokenDate(text) : text)
