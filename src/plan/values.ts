// A definition that stands as a value in a condition: its one visible column.

import { outputsOf } from '../definition/outputs.ts'
import type { Definition } from '../definition/schema.ts'
import type { PlanContext, Typed } from './context.ts'
import type { Query } from './ir.ts'
import { planRows } from './rows.ts'

/** The query of a checked definition with one visible column, named `v`, and what that column is. */
export function planValues(
  definition: Definition,
  context: PlanContext,
): { query: Query; column: Omit<Typed, 'expr'> } {
  const visible = outputsOf(definition, context.catalog).filter((output) => !output.hidden)
  const { query, columns } = planRows({ definition, context, visible, rowCap: undefined })
  const [column] = columns
  if (column === undefined) throw new Error('a definition passed the check as a value without a column')
  return { query: { ...query, columns: query.columns.map((c, i) => (i === 0 ? { ...c, as: 'v' } : c)) }, column }
}
