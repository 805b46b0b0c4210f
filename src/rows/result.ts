import type { Cell, OutputColumn } from '../plan/columns.ts'

/** What running a definition gives: columns, rows in order, and what a reader must know about them. */
export type TableResult = {
  readonly columns: readonly OutputColumn[]
  readonly rows: readonly (readonly Cell[])[]
  /** The grand total row (same columns) when the definition asks for totals. */
  readonly totals?: readonly Cell[]
  /** true when the row cap cut the result; `maxRows` says where. */
  readonly truncated: boolean
  readonly maxRows: number
  readonly elapsedMs: number
  /** The statements that ran, values apart. */
  readonly statements: readonly { readonly text: string; readonly params: readonly (string | null)[] }[]
}
