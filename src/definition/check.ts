// Definition + catalog → every problem at once, as issues with a fix; none means that it may be planned.
// Refused: names the scope may not see, values that do not fit, constructs without a single meaning, anything over a limit.
import { closest, entityOf, resolvePath } from '../catalog/find.ts'
import type { Catalog, FieldType } from '../catalog/schema.ts'
import { visibleCatalog } from '../catalog/visible.ts'
import type { Issue } from '../lib/issue.ts'
import type { Scope } from '../lib/scope.ts'
import { checkCompare } from './check-compare.ts'
import {
  checkAggregate,
  checkFilter,
  checkFormula,
  findField,
  type Names,
  type Path,
  rowNames,
  wrongGrain,
} from './check-filter.ts'
import { checkCalculations, checkFillGaps, checkPivot } from './check-summary.ts'
import { issue } from './issues.ts'
import { columnId, isSummary, type Output, outputsOf } from './outputs.ts'
import { type Definition, type Filter, limits } from './schema.ts'

/** Every problem of a parsed definition; without a scope the catalog is taken as already reduced to what may be seen. */
export function checkDefinition(definition: Definition, catalog: Catalog, scope?: Scope): Issue[] {
  const visible = scope === undefined ? catalog : visibleCatalog(catalog, scope.roles)
  return checkTable(definition, visible, [], 0).issues
}

function checkTable(
  definition: Definition,
  catalog: Catalog,
  path: Path,
  depth: number,
): { issues: Issue[]; type?: FieldType } {
  const source = definition.dataSources[0] ?? ''
  if (entityOf(catalog, source) === undefined) {
    const suggestions = closest(source, Object.keys(catalog.entities))
    return { issues: [issue('unknown-entity', [...path, 'dataSources', 0], { name: source, suggestions })] }
  }
  const base = { catalog, depth, checkDefinition: subDefinitionCheck(catalog) }
  const rows = rowNames(base, source)
  const outputs = outputsOf(definition, catalog)
  const columns = columnNames(outputs, base)
  const issues = [
    ...checkSources(definition, catalog, source, path),
    ...checkParts(definition, path),
    ...checkColumns(definition, rows, path),
    ...definition.aggregates.flatMap((a, i) => checkAggregate(a, base, source, [...path, 'aggregates', i]).issues),
    ...checkIds(outputs, path),
    ...checkSize(definition.filters, [...path, 'filters']),
    ...(definition.filters === undefined ? [] : checkFilter(definition.filters, rows, [...path, 'filters'])),
    ...checkFillGaps(definition, path),
    ...checkCalculations(definition, columns, path),
    ...(definition.having === undefined || !isSummary(definition)
      ? []
      : checkFilter(definition.having, columns, [...path, 'having'])),
    ...checkOrder(definition, outputs, columns, rows, path),
    ...checkCompare(definition, path),
    ...checkPivot(definition, outputs, path),
  ]
  if (outputs.length > limits.columns)
    issues.push(issue('too-many', path, { count: outputs.length, what: 'columns', max: limits.columns }))
  const [only] = outputs.filter((o) => !o.hidden)
  return { issues: unrepeated(issues), ...(only?.type === undefined ? {} : { type: only.type }) }
}

/** One problem told twice for one place helps nobody. */
function unrepeated(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>()
  return issues.filter((one) => {
    const key = JSON.stringify([one.path, one.message])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function subDefinitionCheck(catalog: Catalog): Names['checkDefinition'] {
  return (definition, path, depth) => {
    const { issues, type } = checkTable(definition, catalog, path, depth)
    const found = [...issues]
    const visible = outputsOf(definition, catalog).filter((o) => !o.hidden)
    const bad = (problem: string, fix: string): void =>
      void found.push(issue('value-definition', path, { problem, fix }))
    if (visible.length !== 1)
      bad(`it has ${visible.length} visible columns, and one is needed`, 'Keep one column, or hide the others')
    if (definition.pivot !== null || definition.compare !== null || definition.totals)
      bad('pivot, compare and totals have no place in a value', 'Remove them')
    return { issues: found, ...(type === undefined ? {} : { type }) }
  }
}

function columnNames(outputs: readonly Output[], base: Omit<Names, 'find' | 'entity'>): Names {
  return {
    ...base,
    find: (name, path, doing) => {
      const output = outputs.find((o) => o.id === name)
      // A column without a type has its own issue already; any type keeps this place quiet.
      if (output !== undefined) return { type: output.type ?? 'number' }
      const known = outputs.map((o) => o.id)
      return issue('unknown-column', path, { doing, name, known, suggestions: closest(name, known) })
    },
  }
}

function checkSources(definition: Definition, catalog: Catalog, source: string, path: Path): Issue[] {
  return definition.dataSources.slice(1).flatMap((name, i) => {
    const found = resolvePath(catalog, source, name)
    if ((found.ok && found.field === undefined) || entityOf(catalog, name) !== undefined) return []
    const known = [...Object.keys(entityOf(catalog, source)?.relations ?? {}), ...Object.keys(catalog.entities)]
    return [issue('unknown-entity', [...path, 'dataSources', i + 1], { name, suggestions: closest(name, known) })]
  })
}

function checkParts(definition: Definition, path: Path): Issue[] {
  const summary = isSummary(definition)
  const found: Issue[] = []
  if (summary && definition.columns.length > 0) found.push(issue('list-or-summary', [...path, 'columns']))
  if (summary && definition.distinct) found.push(issue('not-in-summary', [...path, 'distinct'], { part: 'distinct' }))
  if (!summary) {
    if (definition.calculations.length > 0)
      found.push(issue('needs-summary', [...path, 'calculations'], { part: 'calculations' }))
    if (definition.having !== undefined) found.push(issue('needs-summary', [...path, 'having'], { part: 'having' }))
    if (definition.pivot !== null) found.push(issue('needs-summary', [...path, 'pivot'], { part: 'pivot' }))
    if (definition.compare !== null) found.push(issue('needs-summary', [...path, 'compare'], { part: 'compare' }))
  }
  if (definition.totals && definition.aggregates.length === 0) found.push(issue('totals-empty', [...path, 'totals']))
  return found
}

function checkColumns(definition: Definition, rows: Names, path: Path): Issue[] {
  const found: Issue[] = []
  const one = (
    part: { field?: string | undefined; formula?: string | undefined; id?: string | undefined },
    at: Path,
    what: string,
    doing: string,
  ): FieldType | undefined => {
    if ((part.field === undefined) === (part.formula === undefined)) {
      found.push(issue('one-of', at, { what, keys: ['field', 'formula'] }))
      return undefined
    }
    if (part.formula !== undefined) {
      if (part.id === undefined) found.push(issue('missing-id', at, { what }))
      const checked = checkFormula(part.formula, rows, [...at, 'formula'])
      found.push(...checked.issues)
      return checked.type
    }
    const named = findField(rows.catalog, rows.entity ?? '', part.field ?? '', [...at, 'field'], doing)
    if ('message' in named) {
      found.push(named)
      return undefined
    }
    return named.type
  }
  definition.columns.forEach((column, i) => {
    one(column, [...path, 'columns', i], 'a column', 'show')
  })
  definition.groupBy.forEach((key, i) => {
    const at = [...path, 'groupBy', i]
    const type = one(key, at, 'a key', 'group by')
    if (key.grain !== undefined && key.bucket !== undefined) found.push(issue('grain-and-bucket', at))
    if (type === undefined) return
    const name = columnId(key)
    if (key.grain !== undefined) {
      const wrong = wrongGrain(type, key.grain, name, [...at, 'grain'])
      if (wrong !== undefined) found.push(wrong)
    }
    if (key.bucket !== undefined && !['integer', 'number', 'money'].includes(type))
      found.push(issue('needs-number', [...at, 'bucket'], { fn: 'ranges', name, type }))
  })
  return found
}

function checkIds(outputs: readonly Output[], path: Path): Issue[] {
  const seen = new Set<string>()
  const found: Issue[] = []
  const part = {
    column: 'columns',
    key: 'groupBy',
    aggregate: 'aggregates',
    compare: 'aggregates',
    calculation: 'calculations',
  } as const
  for (const output of outputs) {
    if (output.id !== '' && seen.has(output.id))
      found.push(issue('duplicate-id', [...path, part[output.role], output.index], { id: output.id }))
    seen.add(output.id)
  }
  if (outputs.length > 0 && outputs.every((o) => o.hidden)) found.push(issue('no-columns', path))
  return found
}

function checkSize(filter: Filter | undefined, path: Path): Issue[] {
  const count = (f: Filter | undefined): number => {
    if (f === undefined) return 0
    if ('all' in f) return f.all.reduce((sum, part) => sum + count(part), 0)
    if ('any' in f) return f.any.reduce((sum, part) => sum + count(part), 0)
    if ('not' in f) return count(f.not)
    return 1 + ('relation' in f ? count(f.where) : 0)
  }
  const parts = count(filter)
  return parts > limits.filterParts
    ? [issue('too-many', path, { count: parts, what: 'conditions', max: limits.filterParts })]
    : []
}

function checkOrder(
  definition: Definition,
  outputs: readonly Output[],
  columns: Names,
  rows: Names,
  path: Path,
): Issue[] {
  const found: Issue[] = []
  const summary = isSummary(definition)
  definition.sortBy.forEach((sort, i) => {
    const at = [...path, 'sortBy', i, 'field']
    if (outputs.some((o) => o.id === sort.field)) return
    const field = summary ? undefined : rows.find(sort.field, at, 'sort by')
    if (field !== undefined && !('message' in field)) {
      if (definition.distinct) found.push(issue('order-distinct', at, { name: sort.field }))
      return
    }
    const missing = field ?? columns.find(sort.field, at, 'sort by')
    if ('message' in missing) found.push(missing)
  })
  definition.limitPer?.by.forEach((id, i) => {
    const named = columns.find(id, [...path, 'limitPer', 'by', i], 'limit per')
    if ('message' in named) found.push(named)
  })
  return found
}
