// A plan that aggregates nothing → a list.
// In: a plan and its root. Out: a definition with columns, or nothing where a column is out of reach.
// Refused: groups and aggregates; `summary.ts` makes those.
import type { Catalog } from '../../../catalog/schema.ts'
import type { Aggregate, Definition, Filter, Sort } from '../../../definition/schema.ts'
import { namesRows } from './columns.ts'
import type { Conditions } from './conditions.ts'
import { empty } from './empty.ts'
import { entityIn, fieldIn, isNumeric } from './facts.ts'
import { columnPath, filtersAt } from './filters.ts'
import { allOf, pathOf, routeOf } from './place.ts'
import { unsaid } from './root.ts'
import type { BuildInput, Plan, Price } from './shape.ts'

/** The list that a plan asks for, or undefined where a column is out of reach. */
export function list(
  { ask, said }: BuildInput,
  plan: Plan,
  root: string,
  c: Conditions,
  price: Price,
): Definition | undefined {
  const columns: { field: string }[] = []
  for (const one of plan.plain) {
    const path = columnPath(c, root, one)
    if (path === undefined) return undefined
    if (!columns.some((column) => column.field === path)) columns.push({ field: path })
  }
  const pivotField = plan.rows.length === 0 ? plan.plain[0] : undefined
  const named = namesRows(c.ways.catalog, root, plan.plain)
  // A value that many rows share is what is asked about, where no rows are spoken of.
  const aside = plan.said === undefined && plan.plain.length === 1 && !named
  const filters = filtersAt(c, root, plan.where, price, pivotField, unsaid(plan), aside)
  filters.push(...plan.limits)
  const sortBy: Sort[] = []
  for (const order of plan.order) sortBy.push(...listSort(c, root, order, columns, plan, price))
  let limit: number | null = plan.limit ?? null
  const outer = plan.top?.by.kind === 'field' ? outerExtreme(c, root, plan, plan.top.by, plan.top.dir) : undefined
  if (outer !== undefined) {
    filters.push(outer)
    limit = null
  } else if (plan.top !== undefined) {
    const path = plan.top.by.kind === 'field' ? pathOf(c.ways, root, plan.top.by.entity, plan.top.by.field) : undefined
    if (path === undefined) price('superlative out of reach', 2)
    else {
      if (plan.order.length === 0) sortBy.unshift({ field: path, direction: plan.top.dir })
      else sortBy.unshift({ field: path, direction: plan.top.dir })
    }
  } else if (ask.top !== undefined && plan.limit !== undefined) limit = plan.limit
  // "the years shared by X and Y": what they have in common, once each.
  const [shown] = columns
  const common =
    columns.length === 1 &&
    filters
      .flatMap((one) => ('all' in one ? one.all : [one]))
      .some((one) => 'field' in one && one.field === shown?.field && one.op === 'in' && isTable(one.value))
  const distinct =
    ask.distinct ||
    common ||
    (!named &&
      plan.rows.length === 0 &&
      limit === null &&
      sortBy.every((one) => columns.some((column) => column.field === one.field)))
  if (!['all', 'every', 'each'].some((word) => said.has(word)))
    filters.push(
      ...partners(
        c.ways.catalog,
        root,
        [...columns, ...sortBy].map(({ field }) => field),
      ),
    )
  const hidden = sortBy.filter((one) => !columns.some((column) => column.field === one.field))
  if (ask.distinct && hidden.length > 0 && hidden.length === sortBy.length)
    return merged(root, columns, filters, sortBy, limit)
  const definition: Definition = {
    ...empty(root),
    columns,
    ...(filters.length === 0 ? {} : { filters: allOf(filters) }),
    sortBy: distinctSort(sortBy, columns, distinct),
    limit,
    distinct,
  }
  return definition
}

function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'definition' in value
}

/** "Players and their coaches", where the pairing is kept elsewhere: players without one are no pair. */
function partners(catalog: Catalog, root: string, paths: readonly string[]): Filter[] {
  const entity = entityIn(catalog, root)
  const [key] = entity?.primaryKey ?? []
  const column = key === undefined ? undefined : entity?.fields[key]?.column
  const routes = paths.filter((path) => path.includes('.')).map((path) => path.replace(/\.[^.]*$/, ''))
  return [...new Set(routes)].flatMap((route): Filter[] => {
    const on = entity?.relations[route.replace(/\..*$/, '')]?.on ?? []
    return on.length === 1 && on[0]?.from === column ? [{ relation: route, match: 'some' }] : []
  })
}

/** Different names in the order of a field that is not shown: each by the first of its rows. */
function merged(
  root: string,
  columns: readonly { field: string }[],
  filters: readonly Filter[],
  sortBy: readonly Sort[],
  limit: number | null,
): Definition {
  const aggregates: Aggregate[] = sortBy.map((one, index) => ({
    id: `order_${index + 1}`,
    fn: one.direction === 'desc' ? 'max' : 'min',
    field: one.field,
    hidden: true,
  }))
  return {
    ...empty(root),
    groupBy: columns.map(({ field }) => ({ field })),
    aggregates,
    ...(filters.length === 0 ? {} : { filters: allOf(filters) }),
    sortBy: sortBy.map((one, index) => ({ field: `order_${index + 1}`, direction: one.direction })),
    limit,
  }
}

/** "students of the largest college": the extreme picks the college, and all of its students are listed. */
function outerExtreme(
  c: Conditions,
  root: string,
  plan: Plan,
  by: { entity: string; field: string },
  dir: 'asc' | 'desc',
): Filter | undefined {
  if ((plan.limit ?? 1) !== 1 || by.entity === root || plan.plain.some((one) => one.entity === by.entity))
    return undefined
  const shown = plan.plain[0]?.entity
  if (shown === undefined) return undefined
  const route = routeOf(c.ways, shown, by.entity, true)
  if (route === undefined || route.length === 0) return undefined
  const path = pathOf(c.ways, root, by.entity, by.field)
  if (path === undefined) return undefined
  return {
    field: path,
    op: 'eq',
    value: { aggregate: { fn: dir === 'desc' ? 'max' : 'min', field: by.field, of: by.entity } },
  }
}

/** With `distinct`, only shown columns may order the rows. */
function distinctSort(sortBy: readonly Sort[], columns: readonly { field: string }[], distinct: boolean): Sort[] {
  const once = sortBy.filter((one, index) => sortBy.findIndex((other) => other.field === one.field) === index)
  return distinct ? once.filter((one) => columns.some((column) => column.field === one.field)) : once
}

function listSort(
  c: Conditions,
  root: string,
  order: Plan['order'][number],
  columns: readonly { field: string }[],
  plan: Plan,
  price: Price,
): Sort[] {
  if (order.by === 'alpha' || order.by === 'selected') {
    if (order.by === 'selected') {
      const first = plan.plain[0]
      const field = first === undefined ? undefined : fieldIn(c.ways.catalog, first.entity, first.field)
      const amount = plan.plain.find((one) => isNumeric(fieldIn(c.ways.catalog, one.entity, one.field)))
      // "largest first" speaks of an amount where a row begins with its key or name.
      if (amount !== undefined && plan.rows.length > 0 && !isNumeric(field)) {
        const path = pathOf(c.ways, root, amount.entity, amount.field)
        if (path !== undefined) return [{ field: path, direction: order.dir }]
      }
    }
    const text = plan.plain.find((one) => {
      const field = fieldIn(c.ways.catalog, one.entity, one.field)
      return order.by === 'alpha' ? field?.type === 'text' || field?.type === 'enum' : true
    })
    const chosen = text ?? plan.plain[0]
    const path = chosen === undefined ? columns[0]?.field : pathOf(c.ways, root, chosen.entity, chosen.field)
    return path === undefined ? [] : [{ field: path, direction: order.dir }]
  }
  if (order.by.kind === 'field') {
    const path = pathOf(c.ways, root, order.by.entity, order.by.field)
    if (path !== undefined) return [{ field: path, direction: order.dir }]
  }
  price('order out of reach', 1.5)
  return []
}
