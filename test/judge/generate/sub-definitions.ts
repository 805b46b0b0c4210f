// Random definitions of one visible column, to stand as a value in a filter.
import { Definition } from '../../../src/definition/schema.ts'
import { randomFilter } from './filters.ts'
import { type FieldPath, isNumeric, isSameKind, pickField, type Setting, toOneFields } from './paths.ts'
import type { Random } from './random.ts'

/** A definition whose values are of the field's kind; `single` gives at most one row. */
export function randomSubDefinition(
  random: Random,
  setting: Setting,
  field: FieldPath,
  single: boolean,
  depth: number,
): Definition | undefined {
  const candidates = Object.keys(setting.catalog.entities).flatMap((source) =>
    toOneFields(setting, source)
      .filter((one) => isSameKind(field, one) && one.hops.length <= 1 && !one.isStoredAsText)
      .map((one) => ({ source, one })),
  )
  if (candidates.length === 0) return undefined
  const { source, one } = random.pick(candidates)
  const filters = depth >= 0 && random.chance(0.6) ? { filters: randomFilter(random, setting, source, depth) } : {}
  const base = { dataSources: [source], ...filters }
  const isOrderable = one.type !== 'boolean'
  const kind = random.weighted([
    [3, 'list' as const],
    [2, 'keys' as const],
    [isNumeric(one) && single ? 4 : 0, 'aggregate' as const],
    [2, 'top' as const],
  ])
  const cut = single ? { limit: 1 } : random.chance(0.3) ? { limit: random.int(1, 5) } : {}
  if (kind === 'aggregate') {
    const fn = random.pick(['sum', 'avg', 'max', 'min', 'median'] as const)
    return Definition.parse({ ...base, aggregates: [{ id: 'value', fn, field: one.path }] })
  }
  if (kind === 'keys') return Definition.parse({ ...base, groupBy: [{ field: one.path }], ...cut })
  if (kind === 'top') {
    const aggregate = { id: 'n', fn: 'count', hidden: true }
    const having = random.chance(0.5) ? { having: { field: 'n', op: 'gte', value: random.int(1, 3) } } : {}
    return Definition.parse({
      ...base,
      groupBy: [{ field: one.path }],
      aggregates: [aggregate],
      ...having,
      sortBy: [{ field: 'n', direction: 'desc' }],
      ...cut,
    })
  }
  const sort =
    isOrderable && random.chance(0.5)
      ? { sortBy: [{ field: pickField(random, toOneFields(setting, source))?.path ?? one.path }] }
      : {}
  const distinct = sort.sortBy === undefined && random.chance(0.3) ? { distinct: true } : {}
  return Definition.parse({ ...base, columns: [{ field: one.path }], ...sort, ...distinct, ...cut })
}
