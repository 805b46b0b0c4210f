// Plan → rows: everything of one table from one snapshot, capped, with the statements that ran.
import type { Issue } from '../lib/issue.ts'
import type { PlanInput } from '../plan/plan.ts'
import { issueOf } from './issue-of.ts'
import { planned } from './planned.ts'
import type { TableResult } from './result.ts'
import type { Source } from './source.ts'

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
  try {
    return await source.snapshot({ organizationId, timezone: clock.timezone, timeoutMs, signal }, async (run) => {
      const { columns, rows: statement, totals, statements, toCells } = await planned(input, run)
      const rows = statement === undefined ? [] : (await run(statement.text, statement.params)).map(toCells)
      const truncated = rows.length > maxRows
      const result: TableResult = {
        columns,
        rows: truncated ? rows.slice(0, maxRows) : rows,
        ...(totals === undefined ? {} : { totals }),
        truncated,
        maxRows,
        elapsedMs: Math.round(performance.now() - started),
        statements,
      }
      return { ok: true as const, result }
    })
  } catch (error) {
    signal?.throwIfAborted()
    const issue = issueOf(error, timeoutMs)
    if (issue === undefined) throw error
    return { ok: false, issues: [issue] }
  }
}
