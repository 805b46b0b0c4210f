// Plan → rows: everything of one table from one snapshot, capped, with the statements that ran.
import type { Catalog } from '../catalog/schema.ts'
import type { Issue } from '../lib/issue.ts'
import type { Cell } from '../plan/columns.ts'
import type { Query } from '../plan/ir.ts'
import { pivotColumns } from '../plan/pivot.ts'
import { type PlanInput, planDiscovery, planTable } from '../plan/plan.ts'
import { printQuery, type Statement } from '../sql/print.ts'
import { toCell } from './cell.ts'
import type { TableResult } from './result.ts'
import type { RawRow, RunStatement, Source } from './source.ts'

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
  const { source, maxRows, timeoutMs, signal, clock, catalog } = input
  try {
    return await source.snapshot({ timezone: clock.timezone, timeoutMs, signal }, async (run) => {
      const statements: Statement[] = []
      const ask = async (query: Query): Promise<readonly RawRow[]> => statementRows(query, catalog, run, statements)
      const discovery = planDiscovery(input)
      const pivot =
        discovery === undefined
          ? undefined
          : pivotColumns(
              input.definition,
              (await ask(discovery)).map((row) => ({ value: row[0] ?? null, place: Number(row[1]) })),
            )
      const plan = planTable(input, pivot)
      const cells = (row: RawRow): Cell[] => plan.columns.map((column, i) => toCell(row[i] ?? null, column.type))
      const rows = plan.columns.length === 0 ? [] : (await ask(plan.rows)).map(cells)
      const [totals] = plan.totals === undefined ? [] : (await ask(plan.totals)).map(cells)
      const truncated = rows.length > maxRows
      const result: TableResult = {
        columns: plan.columns,
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

async function statementRows(
  query: Query,
  catalog: Catalog,
  run: RunStatement,
  statements: Statement[],
): Promise<readonly RawRow[]> {
  const statement = printQuery(query, catalog)
  statements.push(statement)
  return run(statement.text, statement.params)
}

/** What a person can mend, of the errors a read-only statement may meet. */
function issueOf(error: unknown, timeoutMs: number): Issue | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (code === '57014')
    return {
      code: 'too-slow',
      path: [],
      message: `Cannot finish the table: it took longer than ${timeoutMs / 1000} s`,
      fix: 'Narrow the filters, choose a shorter period or fewer columns',
    }
  if (['22P02', '22003', '22007', '22008', '42883'].includes(code))
    return {
      code: 'value-does-not-fit',
      path: [],
      message: 'Cannot compare a value with its field: the database does not accept it as a value of that kind',
      fix: 'Check the values in the filters, above all those of id fields',
    }
  return undefined
}
