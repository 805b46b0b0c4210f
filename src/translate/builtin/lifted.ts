// "Contacts without pledges in Ohio" are contacts in Ohio: what is asked of the row that a row belongs to is asked of it once.
// In: a definition. Out: the same, conditions that lead back to the row itself standing beside the rows that they came with.
// Refused: ways back through other rows; those are other rows of the same kind.
import { resolvePath } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { Definition, Filter, RelationFilter } from '../../definition/schema.ts'
import { backTo } from './tie/facts.ts'
import { allOf } from './tie/place.ts'

/** The definition with its conditions on itself taken out of those on related rows. */
export function lifted(definition: Definition, catalog: Catalog): Definition {
  const { filters } = definition
  if (filters === undefined) return definition
  const root = definition.dataSources[0] ?? ''
  const all = ('all' in filters ? filters.all : [filters]).flatMap((one) =>
    'relation' in one ? apart(one, root, catalog) : [one],
  )
  return { ...definition, filters: allOf(all) }
}

function apart(filter: RelationFilter, root: string, catalog: Catalog): Filter[] {
  const { where, relation, match } = filter
  const found = resolvePath(catalog, root, relation)
  const [hop, other] = found.ok ? found.hops : []
  if (where === undefined || hop?.kind !== 'to_many' || other !== undefined || match === 'every') return [filter]
  const back = backTo(catalog, root, relation)
  const parts = 'all' in where ? where.all : [where]
  const own = parts.flatMap((part): Filter[] =>
    back !== undefined && 'field' in part && part.field.startsWith(`${back}.`)
      ? [{ ...part, field: part.field.slice(back.length + 1) }]
      : [],
  )
  if (own.length === 0) return [filter]
  const rest = parts.filter((part) => !('field' in part && part.field.startsWith(`${back}.`)))
  return [...own, { relation, match, ...(rest.length === 0 ? {} : { where: allOf(rest) }) }]
}
