// Puts a period where the deed is: in "campaigns that raised more than 10,000 this year" it is the gifts that are of this year.
// In: a definition that asks a period of its rows, and the entities of the deeds that were named. Out: the same definition
// with the period inside the amount that is compared. Refused: definitions where nothing of that kind stands.
import { resolvePath } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { AggregateCondition, Definition, FieldCondition, Filter, RelationFilter } from '../../definition/schema.ts'
import { lemma, stem } from './stem.ts'
import { arePeople } from './tie/facts.ts'

/** The definition with its period moved into the one comparison of an amount of `doers`' rows; undefined if there is not one of each. */
export function retimed(definition: Definition, catalog: Catalog, doers: ReadonlySet<string>): Definition | undefined {
  const { filters } = definition
  if (filters === undefined || !('all' in filters)) return undefined
  const root = definition.dataSources[0] ?? ''
  const periods = filters.all.filter(isPeriod)
  const amounts = filters.all.filter((one): one is AggregateCondition => 'aggregate' in one && 'op' in one)
  const [period] = periods
  const [amount] = amounts
  if (period === undefined || amount === undefined || periods.length + amounts.length > 2) return undefined
  const owner = ownerOf(root, amount.aggregate.metric ?? amount.aggregate.field, catalog)
  const date = owner === undefined || !doers.has(owner) ? undefined : catalog.entities[owner]?.defaultDate
  if (date === undefined || amount.aggregate.where !== undefined) return undefined
  const where: Filter = { field: date, op: 'in_period', ...(period.value !== undefined && { value: period.value }) }
  const moved: Filter = { ...amount, aggregate: { ...amount.aggregate, where } }
  const all = filters.all.flatMap((one) => (one === period ? [] : one === amount ? [moved] : [one]))
  return { ...definition, filters: { all } }
}

/** The definition with its period asked of the rows that are summed up or listed, where no word names another date: "gifts from companies this year". */
export function ownTime(definition: Definition, catalog: Catalog, words: ReadonlySet<string>): Definition {
  const { filters, aggregates } = definition
  const root = definition.dataSources[0] ?? ''
  const date = catalog.entities[root]?.defaultDate
  const own = aggregates.every(({ metric, field, per }) => ![metric, field, per].some((path) => path?.includes('.')))
  if (filters === undefined || date === undefined || !own) return definition
  // Who signed up for what is told by when that takes place.
  if (catalog.entities[root]?.junction === true) return definition
  const moved = (filter: Filter): Filter => {
    if (!isPeriod(filter) || !filter.field.includes('.')) return filter
    const found = resolvePath(catalog, root, filter.field)
    if (!found.ok || found.field === undefined || found.hops.some(({ kind }) => kind !== 'to_one')) return filter
    const names = [found.field.label, ...found.field.synonyms].join(' ').toLowerCase().split(/\W+/)
    return names.some((name) => name.length > 2 && words.has(name)) ? filter : { ...filter, field: date }
  }
  return { ...definition, filters: 'all' in filters ? { all: filters.all.map(moved) } : moved(filters) }
}

/** "No-shows last month" did not come to what took place then, whenever they had signed up; where no word names the day of that. */
export function meetingTime(definition: Definition, catalog: Catalog, words: ReadonlySet<string>): Definition {
  const root = definition.dataSources[0] ?? ''
  const own = catalog.entities[root]
  const date = own?.defaultDate
  if (own?.junction !== true || date === undefined) return definition
  const { label = '', synonyms = [] } = own.fields[date] ?? {}
  const roots = (names: Iterable<string>) =>
    new Set([...names].filter((name) => name.length > 2 && name !== 'date').map((name) => stem(lemma(name))))
  const named = roots([label, ...synonyms].join(' ').toLowerCase().split(/\W+/))
  if ([...roots(words)].some((word) => named.has(word))) return definition
  const meetings = Object.entries(own.relations).filter(
    ([, { to, kind }]) =>
      kind === 'to_one' && arePeople(catalog, to) <= 0.5 && catalog.entities[to]?.defaultDate !== undefined,
  )
  const [meeting, other] = meetings
  if (meeting === undefined || other !== undefined) return definition
  const [relation, { to }] = meeting
  const there = `${relation}.${catalog.entities[to]?.defaultDate ?? ''}`
  const moved = (filter: Filter): Filter =>
    isPeriod(filter) && filter.field === date ? { ...filter, field: there } : filter
  const { filters, groupBy } = definition
  return {
    ...definition,
    groupBy: groupBy.map((key) =>
      key.field === date && key.grain !== undefined && key.id === `${date}_${key.grain}`
        ? { ...key, id: `${catalog.entities[to]?.defaultDate ?? date}_${key.grain}`, field: there }
        : key,
    ),
    ...(filters !== undefined && { filters: 'all' in filters ? { all: filters.all.map(moved) } : moved(filters) }),
  }
}

/** "Donors with failed gifts this year": the gifts are of this year, not whoever gave them, where no word names the date of those. */
export function deedTime(definition: Definition, catalog: Catalog, words: ReadonlySet<string>): Definition {
  const { filters } = definition
  const root = definition.dataSources[0] ?? ''
  const own = catalog.entities[root]
  if (filters === undefined || !('all' in filters) || arePeople(catalog, root) <= 0.5) return definition
  const period = filters.all.find((one): one is FieldCondition => isPeriod(one) && one.field === own?.defaultDate)
  const date = own?.fields[own.defaultDate ?? '']
  const names = date === undefined ? '' : [date.label, ...date.synonyms].join(' ').toLowerCase()
  if (period === undefined || names.split(/\W+/).some((name) => name.length > 2 && words.has(name))) return definition
  const deeds = filters.all.filter((one): one is RelationFilter => 'relation' in one && 'where' in one)
  const [deed, ...others] = deeds
  const target = deed === undefined ? undefined : resolvePath(catalog, root, deed.relation)
  if (deed?.where === undefined || others.length > 0 || target?.ok !== true || target.hops.at(-1)?.kind !== 'to_many')
    return definition
  const field = catalog.entities[target.entityName]?.defaultDate
  if (field === undefined || JSON.stringify(deed.where).includes('"in_period"')) return definition
  const parts = 'all' in deed.where ? deed.where.all : [deed.where]
  const timed = { ...deed, where: { all: [...parts, { ...period, field }] } }
  const all = filters.all.flatMap((one) => (one === period ? [] : one === deed ? [timed] : [one]))
  const [only, second] = all
  return { ...definition, filters: only !== undefined && second === undefined ? only : { all } }
}

function isPeriod(filter: Filter): filter is FieldCondition {
  return 'field' in filter && filter.op === 'in_period'
}

/** The entity whose rows an amount is of, where a relation leads there. */
function ownerOf(root: string, path: string | undefined, catalog: Catalog): string | undefined {
  const at = path?.lastIndexOf('.') ?? -1
  if (path === undefined || at < 0) return undefined
  const found = resolvePath(catalog, root, path.slice(0, at))
  return found.ok ? found.entityName : undefined
}
