// What the rows of an entity lead to, as choices: relations for conditions, and numbers of related rows.
// In: the catalog as the reader sees it. Out: lists in which everything is legal where it is offered.
import type { AggregateExpr } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import { type MeasureChoice, measures } from './choices.ts'

export type RelationChoice = {
  readonly path: string
  readonly label: string
  /** The entity it leads to. */
  readonly to: string
  readonly many: boolean
  readonly group: string
}

/** Relations of an entity, those to many rows first, and the relations of what it leads to one to one. */
export function relationsOf(catalog: CatalogView, entity: string): readonly RelationChoice[] {
  const own = relationsAt(catalog, entity, '', 'Related rows')
  const further = own
    .filter(({ many }) => !many)
    .flatMap(({ path, to, label }) => relationsAt(catalog, to, `${path}.`, `By ${label.toLowerCase()}`))
  return [...manyFirst(own), ...manyFirst(further)]
}

function relationsAt(catalog: CatalogView, entity: string, prefix: string, group: string): RelationChoice[] {
  return Object.entries(catalog.entities[entity]?.relations ?? {}).flatMap(([name, { to, kind, label }]) =>
    catalog.entities[to] === undefined
      ? []
      : [{ path: `${prefix}${name}`, label, to, many: kind === 'to_many', group }],
  )
}

const manyFirst = (some: readonly RelationChoice[]): RelationChoice[] => [
  ...some.filter(({ many }) => many),
  ...some.filter(({ many }) => !many),
]

/** The entity that a path of relations leads to; undefined where the catalog has no such path. */
export function entityAt(catalog: CatalogView, entity: string, path: string): string | undefined {
  let here: string | undefined = entity
  for (const name of path.split('.')) here = here && catalog.entities[here]?.relations[name]?.to
  return here
}

/** Numbers that can be made of the rows related to one row. */
export function relatedMeasures(catalog: CatalogView, entity: string): readonly MeasureChoice[] {
  return relationsOf(catalog, entity)
    .filter(({ many }) => many)
    .flatMap(({ path, to, label, group }) => {
      const other = catalog.entities[to]
      const name = group === 'Related rows' ? label : `${label} ${group.toLowerCase()}`
      return other === undefined ? [] : measures(other, `${path}.`, name, `Number of ${label.toLowerCase()}`)
    })
}

/** The choice that makes this number; undefined where the number is of another form. */
export function measureOf(choices: readonly MeasureChoice[], expr: AggregateExpr): MeasureChoice | undefined {
  const { metric, fn, field, per } = expr
  if (expr.formula !== undefined || expr.percentile !== undefined || expr.by !== undefined) return undefined
  return choices.find(({ aggregate: one }) => {
    if ('metric' in one) return one.metric === metric
    if (metric !== undefined || one.fn !== fn) return false
    // Rows are counted by naming their relation, or the identifier that each of them has.
    const counted = fn === 'count' && field === undefined && per !== undefined && one.field?.startsWith(`${per}.`)
    return counted || (one.field === field && one.per === per)
  })
}

/** The entity whose rows a number counts, which its own conditions are about. */
export function countedEntity(catalog: CatalogView, entity: string, expr: AggregateExpr): string | undefined {
  const { metric, per, field } = expr
  if (metric !== undefined) {
    const at = metric.lastIndexOf('.')
    const owner = at < 0 ? entity : entityAt(catalog, entity, metric.slice(0, at))
    return owner && catalog.entities[owner]?.metrics[metric.slice(at + 1)]?.counts
  }
  if (per === 'source_rows') return entity
  if (per !== undefined) return entityAt(catalog, entity, per)
  const at = field?.lastIndexOf('.') ?? -1
  return field === undefined || at < 0 ? entity : entityAt(catalog, entity, field.slice(0, at))
}
