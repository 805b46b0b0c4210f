// Metrics of a catalog, as far as they can be judged without the definition language: the function and the names.
// In: a catalog and one metric's aggregate. Out: findings with their paths.
// Refused: unknown keys and functions, paths that lead nowhere; types and meaning are checked with the definition.
import { resolvePath } from './find.ts'
import type { Catalog } from './schema.ts'
import { didYouMean, type Finding } from './shape.ts'
import type { Path } from './source.ts'

const FUNCTIONS = 'count count_distinct sum avg min max median percentile stddev first last list'.split(' ')
const KEYS = 'fn field formula where per percentile by'.split(' ')

/** What is wrong with the aggregate of a metric of the entity. */
export function metricFindings(
  catalog: Catalog,
  entityName: string,
  metricName: string,
  aggregate: Readonly<Record<string, unknown>>,
  path: Path,
): Finding[] {
  const findings: Finding[] = []
  const text = `metric "${metricName}" of entity "${entityName}"`
  const { fn, field, formula, where, per, percentile, by } = aggregate
  for (const key of Object.keys(aggregate))
    if (!KEYS.includes(key))
      findings.push({
        path: [...path, key],
        key,
        message: `Cannot read key "${key}" of ${text}: there is no such key`,
        ...didYouMean(key, KEYS),
      })
  if (typeof fn !== 'string')
    findings.push({
      path,
      message: `Cannot compute ${text}: "fn" is missing`,
      fix: `add "fn", one of ${FUNCTIONS.join(', ')}`,
    })
  else if (!FUNCTIONS.includes(fn))
    findings.push({
      path: [...path, 'fn'],
      message: `Cannot compute ${text}: "${fn}" is not a function`,
      ...didYouMean(fn, FUNCTIONS),
    })
  else if (fn !== 'count' && field === undefined && formula === undefined)
    findings.push({ path, message: `Cannot compute ${text}: ${fn} needs a field or a formula`, fix: 'add "field"' })
  if (field !== undefined && formula !== undefined)
    findings.push({
      path: [...path, 'formula'],
      message: `Cannot compute ${text}: it has a field and a formula`,
      fix: 'remove one of the two',
    })
  if (fn === 'percentile' && !(typeof percentile === 'number' && percentile >= 0 && percentile <= 1))
    findings.push({
      path,
      message: `Cannot compute ${text}: percentile needs a number from 0 to 1`,
      fix: 'add "percentile: 0.9"',
    })

  /** Reports a path that leads nowhere; returns the entity it ends in. */
  const follow = (from: string, name: unknown, at: Path, ends: 'field' | 'relation'): string | undefined => {
    if (name === undefined) return undefined
    const found = typeof name === 'string' ? resolvePath(catalog, from, name) : undefined
    if (found?.ok === true && (found.field !== undefined) === (ends === 'field')) return found.entityName
    const reason =
      found?.ok === false ? `entity "${found.entityName}" has no "${found.at}"` : `it does not end in a ${ends}`
    const near = found?.ok === false ? found.suggestions.map((one) => `"${one}"`).join(' or ') : ''
    findings.push({
      path: at,
      message: `Cannot follow path ${JSON.stringify(name) ?? 'undefined'} of ${text}: ${reason}`,
      ...(near === '' ? {} : { fix: `did you mean ${near}` }),
    })
    return undefined
  }
  const walk = (filter: unknown, from: string | undefined, at: Path): void => {
    if (typeof filter !== 'object' || filter === null || from === undefined) return
    if (Array.isArray(filter)) {
      for (const [index, part] of filter.entries()) walk(part, from, [...at, index])
      return
    }
    const parts = filter as Record<string, unknown>
    for (const key of ['all', 'any', 'not']) walk(parts[key], from, [...at, key])
    if (parts.relation !== undefined)
      walk(parts.where, follow(from, parts.relation, [...at, 'relation'], 'relation'), [...at, 'where'])
    follow(from, parts.field, [...at, 'field'], 'field')
    const { value } = parts
    if (typeof value === 'object' && value !== null && 'field' in value)
      follow(from, value.field, [...at, 'value', 'field'], 'field')
  }
  const owner = follow(entityName, field, [...path, 'field'], 'field')
  const counted =
    per === undefined || per === 'source_rows' ? undefined : follow(entityName, per, [...path, 'per'], 'relation')
  follow(entityName, by, [...path, 'by'], 'field')
  const whose = per === 'source_rows' ? entityName : (counted ?? (field === undefined ? entityName : owner))
  walk(where, per !== undefined && per !== 'source_rows' ? counted : whose, [...path, 'where'])
  return findings
}
