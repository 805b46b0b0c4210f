// The rows behind the numbers of random definitions: as many as were counted, with the same sum.
import { drill } from '../../../src/definition/drill.ts'
import { columnId } from '../../../src/definition/outputs.ts'
import { Definition } from '../../../src/definition/schema.ts'
import type { Cell } from '../../../src/plan/columns.ts'
import type { TestWorld } from '../generate/world.ts'
import { inSchema, type TestDatabase } from './database.ts'
import { runProduct } from './outcome.ts'

export type Drilled = {
  readonly looked: number
  readonly refused: readonly string[]
  /** What did not add up. */
  readonly failures: readonly string[]
}

const MOST_ROWS = 6

/** Looks behind the counts and sums of a definition's first rows. */
export async function lookBehind(
  database: TestDatabase,
  world: TestWorld,
  schema: string,
  given: unknown,
): Promise<Drilled> {
  const none = { looked: 0, refused: [], failures: [] }
  const definition = Definition.parse(given)
  if (definition.aggregates.length === 0 || definition.pivot !== null) return none
  const shown = await runProduct(database, world, schema, definition)
  if (!shown.ok) return none
  const catalog = inSchema(world, schema)
  const { columns, rows } = shown.result
  const at = (row: readonly Cell[], id: string): Cell | undefined => row[columns.findIndex((one) => one.id === id)]
  let looked = 0
  const refused: string[] = []
  const failures: string[] = []
  for (const row of rows.slice(0, MOST_ROWS))
    for (const aggregate of definition.aggregates) {
      const cell = at(row, aggregate.id)
      if (cell === undefined || aggregate.metric !== undefined) continue
      const counts = aggregate.fn === 'count'
      if (!counts && (aggregate.fn !== 'sum' || aggregate.formula !== undefined)) continue
      const keys = Object.fromEntries(
        definition.groupBy.flatMap((key) => {
          const value = at(row, columnId(key))
          return value === undefined ? [] : [[columnId(key), value]]
        }),
      )
      const behind = drill(definition, catalog, { column: aggregate.id, keys })
      if (!behind.ok) {
        refused.push(behind.reason)
        continue
      }
      const { dataSources, filters, sortBy } = behind.definition
      const field = sortBy[0]?.field
      const again = await runProduct(database, world, schema, {
        dataSources,
        aggregates: [counts ? { id: 'again', fn: 'count' } : { id: 'again', fn: 'sum', field, per: 'source_rows' }],
        ...(filters && { filters }),
      })
      looked += 1
      const total = again.ok ? (again.result.rows[0]?.[0] ?? null) : JSON.stringify(again.issues)
      if (!isSame(total, cell))
        failures.push(
          `${aggregate.id} of ${JSON.stringify(keys)} is ${cell}, behind it ${total}: ${JSON.stringify(filters)}`,
        )
    }
  return { looked, refused, failures }
}

const isSame = (a: Cell, b: Cell): boolean =>
  a === b || Math.abs(Number(a ?? 0) - Number(b ?? 0)) <= 1e-9 * Math.max(1, Math.abs(Number(b ?? 0)))
