// Constructs that work on groups: calculations, fillGaps, pivot.

import type { Hop } from '../catalog/find.ts'
import type { Catalog } from '../catalog/schema.ts'
import type { Issue } from '../lib/issue.ts'
import { mayRepeat, resolveAggregate } from './aggregate.ts'
import { an, checkFormula, type Names, type Path } from './check-filter.ts'
import { type FormulaNode, formulaPaths, parseFormula } from './formula.ts'
import { issue } from './issues.ts'
import { columnId, type Output } from './outputs.ts'
import type { Calculation, Definition, Filter } from './schema.ts'
import { firstTimeKey, isTimeKey } from './time.ts'

const numbers: readonly (string | undefined)[] = ['integer', 'number', 'money']
const withOrder: readonly (string | undefined)[] = ['running_total', 'change', 'percent_change', 'moving_average']

export function checkCalculations(definition: Definition, columns: Names, path: Path): Issue[] {
  const circles = circular(definition.calculations)
  return definition.calculations.flatMap((calculation, i) => {
    const at = [...path, 'calculations', i]
    if (circles.has(calculation.id)) return [issue('circle', at, { id: calculation.id })]
    if ((calculation.formula === undefined) === (calculation.fn === undefined))
      return [issue('one-of', at, { what: 'the calculation', keys: ['formula', 'fn'] })]
    if (calculation.formula !== undefined) {
      const extra = (['of', 'over', 'within', 'size'] as const).filter((key) => calculation[key] !== undefined)
      const formula = checkFormula(calculation.formula, columns, [...at, 'formula']).issues
      return extra.length === 0
        ? formula
        : [
            ...formula,
            issue('calculation-needs', at, {
              id: calculation.id,
              problem: `"${extra[0]}" has no meaning beside a formula`,
              fix: `Remove "${extra[0]}"`,
            }),
          ]
    }
    return checkFunction(calculation, definition, columns, at)
  })
}

function checkFunction(calculation: Calculation, definition: Definition, columns: Names, at: Path): Issue[] {
  const { fn, of, over, within, size } = calculation
  if (of === undefined)
    return [
      issue('calculation-needs', at, {
        id: calculation.id,
        problem: `${fn} needs a column`,
        fix: 'Add "of" with the id of a number column',
      }),
    ]
  const named = columns.find(of, [...at, 'of'], `compute ${fn} of`)
  if ('message' in named) return [named]
  const found: Issue[] = []
  const keys = definition.groupBy.map(columnId)
  if (!numbers.includes(named.type) && fn !== 'rank')
    found.push(issue('needs-number-column', [...at, 'of'], { fn, name: of, type: an(named.type) }))
  if (fn === 'percent_of_total' && !isAdditive(of, definition, columns.catalog, new Set()))
    found.push(issue('not-additive', [...at, 'of'], { name: of }))
  for (const [i, id] of (within ?? []).entries())
    if (!keys.includes(id)) found.push(issue('over-needs-key', [...at, 'within', i], { name: id, known: keys }))
  const size_ = fn === 'moving_average'
  if (size_ !== (size !== undefined))
    found.push(
      issue(
        'calculation-needs',
        at,
        size_
          ? { id: calculation.id, problem: 'moving_average needs to know over how many rows', fix: 'Add "size": 3' }
          : { id: calculation.id, problem: `"size" has no meaning for ${fn}`, fix: 'Remove "size"' },
      ),
    )
  if (!withOrder.includes(fn)) {
    if (over !== undefined)
      found.push(
        issue('calculation-needs', at, {
          id: calculation.id,
          problem: `"over" has no meaning for ${fn}`,
          fix: 'Remove "over"',
        }),
      )
    return found
  }
  const order = over ?? firstTimeKey(definition)
  if (order === undefined) return [...found, issue('needs-order', at, { fn })]
  if (!keys.includes(order)) return [...found, issue('over-needs-key', [...at, 'over'], { name: order, known: keys })]
  const missing = within === undefined ? [] : keys.filter((key) => key !== order && !within.includes(key))
  if (missing.length > 0 || within?.includes(order) === true)
    found.push(issue('within-incomplete', [...at, 'within'], { fn, missing }))
  return found
}

/** Whether a column's values add up to the whole: counts, sums and formulas that keep that true of them. */
function isAdditive(id: string, definition: Definition, catalog: Catalog, above: ReadonlySet<string>): boolean {
  if (above.has(id)) return false
  const aggregate = definition.aggregates.find((a) => a.id === id)
  if (aggregate !== undefined) {
    const resolved = resolveAggregate(catalog, definition.dataSources[0] ?? '', aggregate)
    // What cannot be resolved has its own issue.
    if (!resolved.ok) return true
    const { fn, hops } = resolved.aggregate
    return (fn === 'count' || fn === 'sum') && countsApart(definition, hops, catalog)
  }
  const calculation = definition.calculations.find((c) => c.id === id)
  if (calculation?.formula === undefined) return false
  const parsed = parseFormula(calculation.formula)
  const deeper = new Set([...above, id])
  const additive = (path: string) => isAdditive(path, definition, catalog, deeper)
  return parsed.ok && formulaPaths(parsed.node).every(additive) && !isRatio(parsed.node)
}

/** Whether each counted row is in one group only: a campaign whose gifts have several states counts in each of them. */
function countsApart(definition: Definition, hops: readonly Hop[], catalog: Catalog): boolean {
  if (!mayRepeat(catalog, hops)) return true
  const prefix = hops.map(({ relation }) => `${relation}.`).join('')
  return definition.groupBy.every(({ field, formula }) => {
    const parsed = formula === undefined ? undefined : parseFormula(formula)
    const paths = parsed?.ok === true ? formulaPaths(parsed.node) : [field ?? '']
    return paths.every((path) => path.startsWith(prefix))
  })
}

/** Whether columns are multiplied or divided by columns: neither averages nor products add up. */
function isRatio(node: FormulaNode): boolean {
  switch (node.kind) {
    case 'negate':
    case 'not':
      return isRatio(node.arg)
    case 'call':
      return node.args.some(isRatio)
    case 'binary': {
      const [left, right] = [node.left, node.right].map((side) => formulaPaths(side).length > 0)
      if (right === true && (node.op === '/' || (node.op === '*' && left === true))) return true
      return isRatio(node.left) || isRatio(node.right)
    }
    default:
      return false
  }
}

function circular(calculations: readonly Calculation[]): Set<string> {
  const reads = new Map(calculations.map((c) => [c.id, dependencies(c)]))
  const found = new Set<string>()
  for (const start of reads.keys()) {
    const seen = new Set<string>()
    const waiting = [...(reads.get(start) ?? [])]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === start) found.add(start)
      if (seen.has(next)) continue
      seen.add(next)
      waiting.push(...(reads.get(next) ?? []))
    }
  }
  return found
}

function dependencies(calculation: Calculation): string[] {
  if (calculation.formula === undefined) return calculation.of === undefined ? [] : [calculation.of]
  const parsed = parseFormula(calculation.formula)
  return parsed.ok ? formulaPaths(parsed.node) : []
}

export function checkFillGaps(definition: Definition, path: Path): Issue[] {
  const filled = definition.groupBy.map((key, i) => ({ key, i })).filter(({ key }) => key.fillGaps === true)
  const found = filled
    .filter(({ key }) => !isTimeKey(key))
    .map(({ i }) =>
      issue('fill-gaps', [...path, 'groupBy', i, 'fillGaps'], {
        problem: 'the key has no stretches of time',
        fix: 'Give the key a grain such as "month", or remove "fillGaps"',
      }),
    )
  const [, second] = filled
  if (second !== undefined)
    found.push(
      issue('fill-gaps', [...path, 'groupBy', second.i, 'fillGaps'], {
        problem: 'only one key of a table can have its gaps filled',
        fix: 'Remove one "fillGaps"',
      }),
    )
  return found
}

export function checkPivot(definition: Definition, outputs: readonly Output[], path: Path): Issue[] {
  if (definition.pivot === null || (definition.groupBy.length === 0 && definition.aggregates.length === 0)) return []
  const at = [...path, 'pivot']
  const { column } = definition.pivot
  const keys = definition.groupBy.map(columnId)
  if (!keys.includes(column))
    return [
      issue('unknown-column', [...at, 'column'], { doing: 'pivot by', name: column, known: keys, suggestions: [] }),
    ]
  const no = (problem: string, fix: string): Issue => issue('pivot', at, { problem, fix })
  const found: Issue[] = []
  if (!outputs.some((o) => o.role === 'aggregate' && !o.hidden))
    found.push(no('there is no aggregate to fill the cells', 'Add an aggregate'))
  if (definition.calculations.length > 0)
    found.push(no('calculations have no place in a pivoted table', 'Remove the calculations'))
  if (definition.compare !== null) found.push(no('compare has no place in a pivoted table', 'Remove compare'))
  if (definition.limitPer !== null) found.push(no('limitPer has no place in a pivoted table', 'Remove limitPer'))
  if (definition.groupBy.some((key) => key.fillGaps === true))
    found.push(no('fillGaps has no place in a pivoted table', 'Remove fillGaps'))
  if (definition.having !== undefined && namesIn(definition.having).includes(column))
    found.push(
      issue('pivot', [...path, 'having'], {
        problem: `"${column}" became columns and has no value for a whole row`,
        fix: 'Put the condition into "filters"',
      }),
    )
  definition.sortBy.forEach((sort, i) => {
    if (sort.field === column)
      found.push(
        issue('pivot', [...path, 'sortBy', i], {
          problem: `"${column}" became columns and cannot order the rows`,
          fix: 'Sort by another key or by an aggregate',
        }),
      )
  })
  return found
}

/** The columns that a condition on the result names. */
function namesIn(filter: Filter): string[] {
  if ('all' in filter) return filter.all.flatMap(namesIn)
  if ('any' in filter) return filter.any.flatMap(namesIn)
  if ('not' in filter) return namesIn(filter.not)
  if ('relation' in filter || 'aggregate' in filter) return []
  const { value } = filter
  const other = typeof value === 'object' && 'field' in value ? [value.field] : []
  if ('field' in filter) return [filter.field, ...other]
  const parsed = parseFormula(filter.formula)
  return [...(parsed.ok ? formulaPaths(parsed.node) : []), ...other]
}
