// The plan of a definition inside an open snapshot: a pivot's values are asked first, then the totals.
// In: a checked definition and a way to ask. Out: columns, the statement of the rows, the totals, what ran so far.
import type { Cell, OutputColumn } from '../plan/columns.ts'
import type { Query } from '../plan/ir.ts'
import { pivotColumns } from '../plan/pivot.ts'
import { type PlanInput, planDiscovery, planTable } from '../plan/plan.ts'
import { printQuery, type Statement } from '../sql/print.ts'
import { cellReader, isTextCell } from './cell.ts'
import type { RawRow, RunStatement } from './source.ts'

export type Planned = {
  readonly columns: readonly OutputColumn[]
  /** The statement of the rows; undefined for a table without columns. */
  readonly rows: Statement | undefined
  readonly totals?: readonly Cell[]
  /** The statements of the table, in the order of discovery, rows, totals. */
  readonly statements: readonly Statement[]
  readonly toCells: (row: RawRow) => Cell[]
}

/** Plans a table, running the statements that its plan and its totals need; rejects with the database's error. */
export async function planned(input: PlanInput, run: RunStatement): Promise<Planned> {
  const statements: Statement[] = []
  const print = (query: Query): Statement => {
    const statement = printQuery(query, input.catalog)
    statements.push(statement)
    return statement
  }
  const ask = (query: Query): Promise<readonly RawRow[]> => {
    const { text, params } = print(query)
    return run(text, params)
  }
  const discovery = planDiscovery(input)
  const found = discovery === undefined ? undefined : await ask(discovery)
  const pivot =
    found === undefined
      ? undefined
      : pivotColumns(
          input.definition,
          found.map((row) => ({ value: row[0] ?? null, place: Number(row[1]) })),
        )
  const plan = planTable(input, pivot)
  const toCells = rowReader(plan.columns)
  const rows = plan.columns.length === 0 ? undefined : print(plan.rows)
  const [totals] = plan.totals === undefined ? [] : (await ask(plan.totals)).map(toCells)
  return { columns: plan.columns, rows, ...(totals === undefined ? {} : { totals }), statements, toCells }
}

/** Cells in place of the texts they are read from: a row is nobody else's, and there may be millions. */
function rowReader(columns: readonly OutputColumn[]): (row: RawRow) => Cell[] {
  const changed = columns.flatMap(({ type }, index) => (isTextCell(type) ? [] : [{ index, read: cellReader(type) }]))
  return (row) => {
    const cells = row as Cell[]
    for (const { index, read } of changed) cells[index] = read(row[index] ?? null)
    return cells
  }
}
