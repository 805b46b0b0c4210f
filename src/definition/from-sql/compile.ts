// BoundQuery → definition: sub-queries in FROM folded, set operations turned into conditions, outer joins reduced, then a
// list or a summary. `purpose`: a table of its own, the values of IN (one column, repeats do not matter), or one value.
import type { Definition } from '../schema.ts'
import type { BoundQuery } from './bound.ts'
import { foldFrom, unwrapped } from './fold.ts'
import { listOf } from './list.ts'
import { withoutOuterJoins } from './outer-joins.ts'
import { refuse } from './problem.ts'
import type { Session } from './session.ts'
import { asSelect } from './sets.ts'
import { summaryOf } from './summary.ts'

export type Purpose = 'table' | 'values' | 'value'

/** The definition of a query; everything that does not fit is refused at once. */
export function compileQuery(session: Session, query: BoundQuery, purpose: Purpose): Definition {
  const select = withoutOuterJoins(foldFrom(session.catalog, asSelect(unwrapped(query), session.catalog)))
  if (select.sources.length === 0)
    return refuse('FROM', 'Cannot import a query without FROM: a table shows rows of an entity', select.at)
  if (purpose !== 'table' && select.targets.length !== 1)
    return refuse('sub-query', 'Cannot use this sub-query as a value: it must have one column', select.at)
  const limited = purpose === 'value' && !select.grouped && select.limit === null ? { ...select, limit: 1 } : select
  return limited.grouped ? summaryOf(session, limited, purpose) : listOf(session, limited, purpose)
}
