// What is wrong with a model's answer, told so that it can mend it.

import type { Catalog } from '../catalog/schema.ts'
import { readBack } from '../definition/read-back.ts'
import type { Definition, Filter } from '../definition/schema.ts'
import type { Issue } from '../lib/issue.ts'
import { fillSlots, type Prompts } from './llm/prompts.ts'

const MAX_ISSUES = 15

/** The repair message: each issue with its place and fix, the first ones when there are many. */
export function repairMessage(prompts: Prompts, issues: readonly Issue[]): string {
  const lines = issues.slice(0, MAX_ISSUES).map(({ path, message, fix }) => {
    const place = path.length === 0 ? '' : `${path.join('.')}: `
    return `- ${place}${message}${fix === undefined ? '' : `. ${fix}`}`
  })
  return fillSlots(prompts.repair, { issues: lines.join('\n') })
}

/** An answer that could not be read at all, as an issue. */
export function unreadable(detail: string): Issue {
  return {
    code: 'unreadable-answer',
    path: [],
    message: `Cannot read the answer: ${detail}`,
    fix: 'Answer with one JSON object with the keys reading, outcome, definition, assumptions, confidence, notUnderstood, reason, suggestions',
  }
}

/**
 * Filters of the table so far that a follow-up lost without being asked to: an issue for each condition that is in no
 * part of the new definition, unless the follow-up speaks of leaving something out.
 */
export function lostFilters(base: Definition, refined: Definition, question: string): Issue[] {
  if (base.dataSources[0] !== refined.dataSources[0] || LEAVES_OUT.test(question)) return []
  const kept = new Set(subjectsOf([refined.filters, refined.having, refined.aggregates.map(({ where }) => where)]))
  return conditionsOf(base.filters)
    .filter((condition) => !subjectsOf(condition).some((subject) => kept.has(subject)))
    .map((condition) => ({
      code: 'lost-filter',
      path: ['filters'],
      message: `Cannot drop the filter ${JSON.stringify(condition)}: the question did not ask for it`,
      fix: 'Keep it, unless the question means another table altogether',
    }))
}

const LEAVES_OUT =
  /\b(without|remove|drop|forget|ignore|instead of|all|any|every|clear|reset|no longer|not just|regardless|except|but|rather|other|new|start over|include|including)\b/i

/** The conditions that all must hold. */
function conditionsOf(filter: Filter | undefined): Filter[] {
  if (filter === undefined) return []
  return 'all' in filter ? filter.all.flatMap(conditionsOf) : [filter]
}

/** The fields and relations a condition is about. */
function subjectsOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string' && (key === 'field' || key === 'relation' || key === 'formula' || key === 'metric')
      ? [value]
      : subjectsOf(value),
  )
}

/** Whether two definitions mean the same table, titles, labels and formats aside. */
export function sameMeaning(a: Definition, b: Definition, catalog: Catalog): boolean {
  return readBack(a, catalog) === readBack(b, catalog)
}
