// The plan of a definition inside an open snapshot: a pivot's values are asked first, then the totals.
// In: a checked definition and a way to ask. Out: columns, the statement of the rows, the totals, what ran so far.
import type { Catalog } from '../catalog/schema.ts'
import { frozen } from '../definition/kept.ts'
import type { Definition } from '../definition/schema.ts'
import { remembered } from '../lib/remember.ts'
import type { Clock } from '../lib/scope.ts'
import { tracedNow } from '../lib/trace.ts'
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
  if (isPlannedAlone(input)) return plannedAlone(input)
  const discovery = tracedNow('plan', () => planDiscovery(input))

  const statements: Statement[] = []
  const print = (query: Query): Statement => {
    const statement = tracedNow('sql', () => printQuery(query, input.catalog))
    statements.push(statement)
    return statement
  }
  const ask = (query: Query): Promise<readonly RawRow[]> => {
    const { text, params } = print(query)
    return run(text, params)
  }
  const found = discovery === undefined ? undefined : await ask(discovery)
  const pivot =
    found === undefined
      ? undefined
      : pivotColumns(
          input.definition,
          found.map((row) => ({ value: row[0] ?? null, place: Number(row[1]) })),
        )
  const plan = tracedNow('plan', () => planTable(input, pivot))
  const toCells = rowReader(plan.columns)
  const rows = plan.columns.length === 0 ? undefined : print(plan.rows)
  const [totals] = plan.totals === undefined ? [] : (await ask(plan.totals)).map(toCells)
  return { columns: plan.columns, rows, ...(totals === undefined ? {} : { totals }), statements, toCells }
}

/** Whether the plan of a definition asks nothing of the database, so that its rows are all that is asked. */
export function isPlannedAlone({ definition }: Pick<PlanInput, 'definition'>): boolean {
  return definition.pivot === null && !definition.totals
}

const kept = new WeakMap<Definition, WeakMap<Catalog, Map<string, Planned>>>()

/**
 * The plan of a definition that `isPlannedAlone`. It is kept for a definition that nobody can change, for the catalog, the
 * organization and whatever else it depends on, and not at all where it depends on the time.
 */
export function plannedAlone(input: PlanInput): Planned {
  const { definition, catalog, scope, clock, maxRows } = input
  if (!Object.isFrozen(definition)) return madeAlone(input)
  const ofDefinition = kept.get(definition) ?? new WeakMap<Catalog, Map<string, Planned>>()
  kept.set(definition, ofDefinition)
  const plans = ofDefinition.get(catalog) ?? new Map<string, Planned>()
  ofDefinition.set(catalog, plans)
  const key = JSON.stringify([scope.organizationId, clock.timezone, maxRows])
  const before = plans.get(key)
  if (before !== undefined) return before
  let dependsOnTime = false
  const watched: Clock = {
    timezone: clock.timezone,
    get now() {
      dependsOnTime = true
      return clock.now
    },
  }
  const made = madeAlone({ ...input, clock: watched })
  return dependsOnTime ? made : remembered(plans, key, () => frozen(made))
}

function madeAlone(input: PlanInput): Planned {
  const { columns, rows: query } = tracedNow('plan', () => planTable(input))
  const rows = columns.length === 0 ? undefined : tracedNow('sql', () => printQuery(query, input.catalog))
  return { columns, rows, statements: rows === undefined ? [] : [rows], toCells: rowReader(columns) }
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
