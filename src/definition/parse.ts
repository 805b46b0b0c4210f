// Untrusted JSON → Definition, or every shape problem as an issue with a fix.
// A filter has many shapes; a problem is told for the shape that was evidently meant, not for all of them.
import type { z } from 'zod'
import { closest } from '../catalog/find.ts'
import type { Issue } from '../lib/issue.ts'
import { Definition, limits } from './schema.ts'

export type ParsedDefinition = { ok: true; definition: Definition } | { ok: false; issues: Issue[] }

/** Parses a definition; all shape problems at once. */
export function parseDefinition(input: unknown): ParsedDefinition {
  const tooDeep = depthOf(input)
  if (tooDeep > MAX_JSON_DEPTH)
    return {
      ok: false,
      issues: [
        {
          code: 'too-deep',
          path: [],
          message: `Cannot read the definition: it nests ${tooDeep} levels deep`,
          fix: `Keep filters within ${limits.filterDepth} levels`,
        },
      ],
    }
  const parsed = Definition.safeParse(input)
  if (parsed.success) return { ok: true, definition: parsed.data }
  const issues = parsed.error.issues.flatMap((issue) => issuesOf(issue, [], input))
  return { ok: false, issues: issues.slice(0, 50) }
}

const MAX_JSON_DEPTH = 80

function depthOf(value: unknown, depth = 0): number {
  if (depth > MAX_JSON_DEPTH || typeof value !== 'object' || value === null) return depth
  let deepest = depth
  for (const part of Object.values(value)) deepest = Math.max(deepest, depthOf(part, depth + 1))
  return deepest
}

type ZodIssue = z.core.$ZodIssue
type Path = (string | number)[]

function issuesOf(issue: ZodIssue, above: Path, input: unknown): Issue[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
  if (issue.code === 'invalid_union') return unionIssues(issue, path, input)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path))
  const value = at(input, path)
  if (issue.code === 'too_big' && Array.isArray(value)) return [tooMany(value.length, Number(issue.maximum), path)]
  const shown = value === undefined ? 'nothing' : short(value)
  return [
    { code: 'wrong-shape', path, message: `Cannot read ${where(path)}: ${shown} is not allowed; ${wanted(issue)}` },
  ]
}

const MANY: Readonly<Record<string, string>> = {
  columns: 'columns',
  groupBy: 'groups',
  aggregates: 'numbers',
  calculations: 'calculations',
  sortBy: 'orders',
  dataSources: 'sources',
  value: 'values',
  all: 'conditions',
  any: 'conditions',
}

function tooMany(count: number, maximum: number, path: Path): Issue {
  const what = MANY[String(path.at(-1))] ?? 'entries'
  return {
    code: 'wrong-shape',
    path,
    message: `Cannot take ${count} ${what}: at most ${maximum} are possible`,
    fix: `Leave out ${count - maximum} of them, or make more than one table`,
  }
}

/** The branch whose telling key is present; among several, the one with the fewest problems. */
function unionIssues(issue: Extract<ZodIssue, { code: 'invalid_union' }>, path: Path, input: unknown): Issue[] {
  const value = at(input, path)
  const scored = issue.errors.map((problems) => ({ problems, cost: problems.reduce((sum, p) => sum + costOf(p), 0) }))
  const best = [...scored].sort((a, b) => a.cost - b.cost)[0]
  if (best === undefined || typeof value !== 'object' || value === null || best.cost >= MEANT_SOMETHING_ELSE)
    return [
      {
        code: 'wrong-shape',
        path,
        message: `Cannot read ${where(path)}: ${short(value)} is not one of the forms it may have`,
        ...hint(path),
      },
    ]
  return best.problems.flatMap((problem) => issuesOf(problem, path, input))
}

const MEANT_SOMETHING_ELSE = 1000

function costOf(problem: ZodIssue): number {
  if (problem.code === 'invalid_union')
    return Math.min(...problem.errors.map((e) => e.reduce((s, p) => s + costOf(p), 0))) + 1
  if (problem.code === 'unrecognized_keys') return 3 * problem.keys.length
  if (problem.code === 'invalid_type' && problem.path.length === 0) return MEANT_SOMETHING_ELSE
  // A key of the branch that is missing altogether says that another branch was meant.
  if (problem.code === 'invalid_type' && problem.message.includes('received undefined'))
    return problem.path.length === 1 ? 10 : 2
  return 1
}

const KEYS = [
  'title',
  'dataSources',
  'columns',
  'groupBy',
  'aggregates',
  'calculations',
  'filters',
  'having',
  'sortBy',
  'limit',
  'limitPer',
  'totals',
  'pivot',
  'compare',
  'distinct',
  'version',
  'id',
  'label',
  'field',
  'formula',
  'fn',
  'metric',
  'where',
  'per',
  'percentile',
  'by',
  'grain',
  'bucket',
  'fillGaps',
  'hidden',
  'op',
  'value',
  'relation',
  'match',
  'all',
  'any',
  'not',
  'direction',
  'nulls',
  'of',
  'over',
  'within',
  'size',
  'format',
]

function unknownKey(key: string, path: Path): Issue {
  const [near] = closest(
    key,
    KEYS.filter((k) => k !== key),
  )
  return {
    code: 'unknown-key',
    path: [...path, key],
    message: `Cannot use "${key.slice(0, 60)}" in ${where(path)}: it has no such key${near === undefined ? '' : `; did you mean "${near}"`}`,
    fix: near === undefined ? `Remove "${key.slice(0, 60)}"` : `Write "${near}" instead`,
  }
}

function wanted(issue: ZodIssue): string {
  if (issue.code === 'invalid_type') return `it must be ${article(issue.expected)}`
  if (issue.code === 'invalid_value')
    return `it must be one of ${issue.values.map((v) => JSON.stringify(v)).join(', ')}`
  if (issue.code === 'too_big')
    return `at most ${issue.maximum} ${issue.origin === 'array' ? 'entries' : issue.origin === 'string' ? 'characters' : ''}`.trim()
  if (issue.code === 'too_small')
    return `at least ${issue.minimum} ${issue.origin === 'array' ? 'entries' : issue.origin === 'string' ? 'characters' : ''}`.trim()
  return issue.message
}

const article = (type: string): string =>
  type === 'array' ? 'a list' : type === 'int' ? 'a whole number' : `a ${type}`

function hint(path: Path): { fix?: string } {
  const last = [...path].reverse().find((part) => typeof part === 'string')
  if (last === 'value')
    return {
      fix: 'Use a text, number, true/false, a list of those, {"min","max"}, a period such as {"last":3,"unit":"month"}, {"field"}, {"aggregate"} or {"definition"}',
    }
  if (last === 'filters' || last === 'having' || last === 'where' || last === 'all' || last === 'any' || last === 'not')
    return {
      fix: 'Use {"all":[…]}, {"any":[…]}, {"not":…}, {"field","op","value"}, {"formula","op","value"}, {"aggregate","op","value"} or {"relation","match","where"}',
    }
  return {}
}

const where = (path: Path): string => (path.length === 0 ? 'the definition' : `"${path.join('.')}"`)

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function at(input: unknown, path: Path): unknown {
  let here = input
  for (const part of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = (here as Record<string | number, unknown>)[part]
  }
  return here
}
