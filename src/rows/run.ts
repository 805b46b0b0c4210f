// Plan → rows: everything of one table from one snapshot, capped, with the statements that ran.
import type { Issue } from '../lib/issue.ts'
import type { PlanInput } from '../plan/plan.ts'
import { issueOf } from './issue-of.ts'
import { isPlannedAlone, type Planned, planned, plannedAlone } from './planned.ts'
import type { TableResult } from './result.ts'
import type { RawRow, Source } from './source.ts'

export type RunInput = Omit<PlanInput, 'maxRows'> & {
  readonly source: Source
  readonly maxRows: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}
export type RunOutcome = { ok: true; result: TableResult } | { ok: false; issues: Issue[] }

/** Runs a checked definition; a value or time limit that the database refuses is an issue, anything else rejects. */
export async function runTable(input: RunInput): Promise<RunOutcome> {
  const started = performance.now()
  const { source, maxRows, timeoutMs, signal, clock, scope } = input
  const { organizationId } = scope
  const options = { organizationId, timezone: clock.timezone, timeoutMs, signal }
  const resultOf = ({ columns, totals, statements, toCells }: Planned, found: readonly RawRow[]): TableResult => {
    const rows = found.map(toCells)
    const truncated = rows.length > maxRows
    return {
      columns,
      rows: truncated ? rows.slice(0, maxRows) : rows,
      ...(totals === undefined ? {} : { totals }),
      truncated,
      maxRows,
      elapsedMs: Math.round(performance.now() - started),
      statements,
    }
  }
  try {
    if (isPlannedAlone(input)) {
      const plan = plannedAlone(input)
      const { rows: asked } = plan
      if (asked === undefined) return { ok: true, result: resultOf(plan, []) }
      const one = { ...options, oneStatement: true }
      const found = await source.snapshot(one, (run) => run(asked.text, asked.params))
      return { ok: true, result: resultOf(plan, found) }
    }
    return await source.snapshot(options, async (run) => {
      const plan = await planned(input, run)
      const found = plan.rows === undefined ? [] : await run(plan.rows.text, plan.rows.params)
      return { ok: true as const, result: resultOf(plan, found) }
    })
  } catch (error) {
    signal?.throwIfAborted()
    const issue = issueOf(error, timeoutMs)
    if (issue === undefined) throw error
    return { ok: false, issues: [issue] }
  }
}
