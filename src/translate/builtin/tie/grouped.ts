// What a summary is made of: aggregates by their paths, dates of grains, conditions on groups and on what is measured.
// In: tied measures and conditions, seen from the root. Out: parts of a definition, or nothing where they are out of reach.
// Refused: putting them together; `summary.ts` does.
import { type Aggregate, type Filter, Filter as FilterSchema } from '../../../definition/schema.ts'
import { isToOne, routePath } from '../graph.ts'
import type { Ask, Cond } from '../read/ast.ts'
import { type Conditions, isLink, numberOf, placedOf, rangeValue } from './conditions.ts'
import { clockOf, entityIn, fieldIn, isTime } from './facts.ts'
import { pathOf, routeOf } from './place.ts'
import { type Tied, tie } from './resolved.ts'
import { entityOf, isAggregate, type Plan, type Price } from './shape.ts'

/** Conditions of what is measured behind a to-many relation limit what is counted, not whose row is shown. */
export function insideFacts(
  c: Conditions,
  root: string,
  conds: readonly Cond[],
  plan: Plan,
): { facts: Map<string, Cond[]>; rest: Cond[] } {
  const measured = [...plan.aggregates, ...(plan.top === undefined ? [] : [plan.top.by])].flatMap((one) =>
    isAggregate(one) ? (entityOf(one) ?? []) : [],
  )
  const far = [...new Set(measured)].filter(
    (entity) => entity !== root && routeOf(c.ways, root, entity, true) === undefined,
  )
  const facts = new Map<string, Cond[]>()
  const rest: Cond[] = []
  const quiet: Conditions = { ...c, tie: { ...c.tie, price: () => {} } }
  for (const cond of conds) {
    const placed = cond.kind === 'has' || cond.kind === 'not' ? [] : placedOf(quiet, [cond], root)
    const fact = far.find(
      (entity) =>
        placed.length > 0 &&
        placed.every(
          (one) =>
            one.entity === entity ||
            (routeOf(c.ways, root, one.entity, true) === undefined &&
              routeOf(c.ways, entity, one.entity, true) !== undefined),
        ),
    )
    if (fact === undefined) {
      rest.push(cond)
      continue
    }
    facts.set(fact, [...(facts.get(fact) ?? []), cond])
    // One period said of two facts holds for both, each by its own date.
    if (cond.kind === 'period')
      for (const other of far) {
        const date = entityIn(c.ways.catalog, other)?.defaultDate
        if (other === fact) continue
        const found = c.tie.chosen.get(cond)
        // An order's lines are of its day.
        if (date === undefined && clockOf(c.ways.catalog, other)?.entity === found?.entity)
          facts.set(other, [...(facts.get(other) ?? []), cond])
        if (date === undefined) continue
        const copy: Cond = { ...cond }
        c.tie.remember(copy, { kind: 'field', entity: other, field: date, cost: 0 })
        facts.set(other, [...(facts.get(other) ?? []), copy])
      }
  }
  return { facts, rest }
}

/** A field that orders groups but is no key: its largest or smallest value in the group. */
export function bestOfGroup(
  c: Conditions,
  root: string,
  by: { entity: string; field: string },
  dir: 'asc' | 'desc',
  aggregates: Aggregate[],
): string | undefined {
  const path = pathOf(c.ways, root, by.entity, by.field)
  if (path === undefined) return undefined
  const id = `${dir === 'desc' ? 'max' : 'min'}_${by.field}`
  if (!aggregates.some((one) => one.id === id))
    aggregates.push({ id, fn: dir === 'desc' ? 'max' : 'min', field: path, hidden: true })
  return id
}

/** A condition on the number or average of each group's rows. */
export function groupCondition(
  c: Conditions,
  root: string,
  cond: Cond,
  plan: Plan,
  idOf: (one: Tied) => string | undefined,
  ratio: (part: string, whole: string) => string,
): { filter: Filter; where: Cond[] } | undefined {
  if (plan.keys.length === 0) return undefined
  if (cond.kind === 'has' && cond.count !== undefined) {
    const found = c.tie.chosen.get(cond.of)
    const counted = plan.aggregates.find((one) =>
      one.kind === 'metric'
        ? found?.kind === 'metric' && found.metric === one.metric
        : one.kind === 'count' && (found === undefined || one.entity === found.entity),
    )
    if (found !== undefined && found.entity !== root && counted === undefined) return undefined
    const id = idOf(counted ?? { kind: 'count', entity: root, distinct: false, where: [] })
    return id === undefined
      ? undefined
      : { filter: { field: id, op: cond.count.op, value: cond.count.value }, where: cond.where }
  }
  if (cond.kind === 'compare' && cond.right.kind === 'percent' && cond.op !== 'between') {
    const left = tie(c.tie, cond.left)
    const whole = tie(c.tie, cond.right.of)
    if (left === undefined || whole?.kind !== 'field' || !isAggregate(left)) return undefined
    const path = pathOf(c.ways, root, whole.entity, whole.field)
    const id = path === undefined ? undefined : idOf(left)
    if (path === undefined || id === undefined) return undefined
    return { filter: { field: ratio(id, path), op: cond.op, value: cond.right.percent / 100 }, where: [] }
  }
  if (cond.kind === 'compare' && (cond.left.kind === 'agg' || cond.left.kind === 'count')) {
    const left = tie(c.tie, cond.left)
    const right = cond.op === 'between' ? rangeValue(c, cond.right) : numberOf(cond.right)
    if (left === undefined || right === undefined) return undefined
    const entity = entityOf(left)
    if (entity !== undefined && entity !== root && pathOf(c.ways, root, entity, 'x') === undefined) return undefined
    const id = idOf(left)
    return id === undefined ? undefined : { filter: { field: id, op: cond.op, value: right }, where: [] }
  }
  return undefined
}

/** The date that a grain without a noun means: the one a period speaks of, else the root's default, else the nearest. */
export function dateOf(c: Conditions, root: string, ask: Ask): string | undefined {
  for (const cond of ask.where) {
    if (cond.kind !== 'period') continue
    const found = (cond.field === undefined ? undefined : c.tie.chosen.get(cond.field)) ?? c.tie.chosen.get(cond)
    if (found?.kind === 'field' && isTime(fieldIn(c.ways.catalog, found.entity, found.field))) {
      const path = pathOf(c.ways, root, found.entity, found.field)
      if (path !== undefined) return path
    }
  }
  const entity = entityIn(c.ways.catalog, root)
  if (entity?.defaultDate !== undefined) return entity.defaultDate
  const own = Object.entries(entity?.fields ?? {}).find(([, field]) => isTime(field))
  if (own !== undefined) return own[0]
  const clock = clockOf(c.ways.catalog, root)
  if (clock !== undefined) return `${clock.relation}.${entityIn(c.ways.catalog, clock.entity)?.defaultDate}`
  for (const edge of c.ways.graph.edges.get(root) ?? []) {
    const target = entityIn(c.ways.catalog, edge.to)
    if (edge.kind === 'to_one' && target?.defaultDate !== undefined) return `${edge.relation}.${target.defaultDate}`
  }
  return undefined
}

/** A tied measure as an aggregate, by its path from the root. */
export function aggregateOf(c: Conditions, root: string, one: Tied, price: Price): Aggregate | undefined {
  const { ways } = c
  if (one.kind === 'metric') {
    const route = routeOf(ways, root, one.entity, true) ?? routeOf(ways, root, one.entity)
    if (route === undefined) return undefined
    return { id: one.metric, metric: route.length === 0 ? one.metric : `${routePath(route)}.${one.metric}` }
  }
  if (one.kind === 'agg') {
    const route = routeOf(ways, root, one.entity, true) ?? routeOf(ways, root, one.entity)
    if (route === undefined) return undefined
    const path = [...route.map((edge) => edge.relation), one.field].join('.')
    // Seen from a linking table, each link counts: the average over enrolments weighs a student once per course.
    const perRow = route.length > 0 && isToOne(route) && (one.fn === 'sum' || one.fn === 'avg')
    const limit = FilterSchema.safeParse(
      one.metric === undefined ? undefined : entityIn(ways.catalog, one.entity)?.metrics[one.metric]?.aggregate.where,
    )
    return {
      id: `${one.fn}_${one.field}`,
      fn: one.fn,
      field: path,
      ...(perRow ? { per: 'source_rows' } : {}),
      ...(limit.success ? { where: limit.data } : {}),
    }
  }
  if (one.kind === 'count') {
    if (one.field !== undefined && one.entity !== undefined) {
      const route = routeOf(ways, root, one.entity, true) ?? routeOf(ways, root, one.entity)
      if (route === undefined) return undefined
      return {
        id: `count_${one.field}`,
        fn: 'count_distinct',
        field: [...route.map((edge) => edge.relation), one.field].join('.'),
      }
    }
    const entity = one.entity ?? root
    if (entity === root) return { id: `count_${root}`, fn: 'count' }
    const one1 = routeOf(ways, root, entity, true)
    const route = one1 ?? routeOf(ways, root, entity)
    if (route === undefined) return undefined
    if (one1 !== undefined && isLink(c, root) && !one.distinct) return { id: `count_${entity}`, fn: 'count' }
    if (one1 === undefined) {
      let end = route.length
      while (end > 1 && route[end - 1]?.kind === 'to_one' && isLink(c, route[end - 1]?.from ?? '') && !one.distinct)
        end -= 1
      return { id: `count_${entity}`, fn: 'count', per: routePath(route.slice(0, end)) }
    }
    return { id: `count_${entity}`, fn: 'count', per: routePath(route) }
  }
  price('measure without a function', 1)
  return undefined
}
