// How a table stands on a dashboard that it is pinned to: found before the transaction that pins it, as its rows take time.
import type { Call } from '../context.ts'
import { upgradeDefinition } from '../definition/upgrade.ts'
import { AS_TABLE, lookOf, type TileLook } from '../placing/look.ts'
import { previewTable } from './preview.ts'
import type { Destination } from './schemas.ts'

/** Whoever pins a table does not wait for its rows for longer. */
const MOST_WAIT_MS = 3000
/** More say nothing else of how it looks. */
const MAX_ROWS = 1000

/** The look of a table by its rows as the asker sees them; as a table where they do not come soon, or not at all. */
export async function tileLook(
  { ctx, identity, signal }: Call,
  destinations: readonly Pick<Destination, 'type'>[],
  definition: unknown,
): Promise<TileLook> {
  if (!destinations.some(({ type }) => type === 'dashboard')) return AS_TABLE
  const upgraded = upgradeDefinition(definition)
  if (!upgraded.ok) return AS_TABLE
  try {
    const soon = AbortSignal.timeout(MOST_WAIT_MS)
    const { columns, rows, totals, truncated } = await previewTable({
      ctx,
      scope: identity,
      input: { definition: upgraded.definition, timezone: 'UTC', maxRows: MAX_ROWS },
      signal: signal ? AbortSignal.any([soon, signal]) : soon,
    })
    return lookOf({ columns, rows, totals, rowCount: rows.length + (truncated ? 1 : 0) })
  } catch {
    // What stands in the way of its rows does not stand in the way of pinning it.
    return AS_TABLE
  }
}
