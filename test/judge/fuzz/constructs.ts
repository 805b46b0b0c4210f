// The constructs of the language that a definition uses, for counting what was covered.

/** Names such as "pivot", "fn:median", "op:in_period", "filter:relation"; each once. */
export function constructsOf(definition: unknown): string[] {
  const found = new Set<string>()
  visit(definition, 0, found)
  return [...found].sort()
}

function visit(node: unknown, depth: number, found: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) visit(item, depth, found)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return
  const isDefinition = 'dataSources' in node
  if (isDefinition && depth > 0) found.add('sub-definition')
  for (const [key, value] of Object.entries(node)) {
    const name = nameOf(key, value, isDefinition)
    if (name !== undefined) found.add(name)
    visit(value, depth + 1, found)
  }
}

const PARTS = ['columns', 'groupBy', 'having', 'limit', 'limitPer', 'totals', 'pivot', 'distinct', 'sortBy']
const MARKS = [
  'all',
  'any',
  'not',
  'per',
  'metric',
  'where',
  'same',
  'of',
  'bucket',
  'fillGaps',
  'hidden',
  'within',
  'by',
  'nulls',
  'percentile',
]

function nameOf(key: string, value: unknown, isDefinition: boolean): string | undefined {
  if (isDefinition && PARTS.includes(key)) return key
  if (isDefinition)
    return key === 'compare' && typeof value === 'object' && value !== null && 'to' in value
      ? `compare:${value.to}`
      : undefined
  if (key === 'relation') return 'filter:relation'
  if (key === 'match') return `match:${typeof value === 'string' ? value : 'count'}`
  if (key === 'aggregate') return 'filter:aggregate'
  if (key === 'formula') return 'formula'
  if (key === 'field' && typeof value === 'string') return `hops:${value.split('.').length - 1}`
  if (['fn', 'op', 'grain'].includes(key)) return `${key}:${value}`
  if (key === 'op' && value === 'in_period') return 'period'
  return MARKS.includes(key) ? key : undefined
}
