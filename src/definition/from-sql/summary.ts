// A SELECT with groups or aggregates → a summary.
import { entityOf, fieldOf } from '../../catalog/find.ts'
import type { Definition, Sort } from '../schema.ts'
import { aggregateOf, mindsRepeats } from './aggregate.ts'
import type { OrderItem } from './ast.ts'
import type { Bound, BoundSelect, Call } from './bound.ts'
import { all, type Condition } from './combine.ts'
import type { Purpose } from './compile.ts'
import { allOf } from './condition.ts'
import { definitionOf, nullsOf } from './definition-of.ts'

import { listOf } from './list.ts'
import { type Ctx, type Operand, operandOf } from './operand.ts'
import { skipsMissing } from './outer-joins.ts'
import { type Outputs, outputsOf } from './outputs.ts'
import { firstOf, gather, gatherMap, refuse } from './problem.ts'
import { componentsOf } from './related.ts'
import { noRoot, type Root, rootsOf, rowsOfRoot } from './roots.ts'
import { relatedAggregate } from './scalar-query.ts'
import { attempt, type Session } from './session.ts'
import { hasAggregate, isAggregate, keyOf, some, sourcesIn } from './walk.ts'
import { windowCalculation } from './windows.ts'

/** The summary a query gives. */
export function summaryOf(session: Session, given: BoundSelect, purpose: Purpose): Definition {
  const select = { ...given, groupBy: keysOf(session, given) }
  const regrouped = withoutDistinct(select)
  if (!regrouped.grouped) return listOf(session, regrouped, purpose)
  const calls = aggregatesIn(regrouped)
  const keys = [
    ...regrouped.groupBy,
    ...regrouped.targets.map((target) => target.expr),
    ...regrouped.orderBy.map((item) => item.expr),
  ]
  const keysOnly = keys.filter((expr) => !hasAggregate(expr))
  const shown = calls.some(mindsRepeats) ? keysOnly : [...keysOnly, ...calls]
  const roots = rootsOf(session, regrouped, shown)
  const found = roots.length > 0 ? roots : rootsOf(session, regrouped, keysOnly)
  if (found.length === 0) return noRoot(regrouped)
  return firstOf(found.map((root) => attempt(session, () => summaryFrom(session, regrouped, root, purpose))))
}

/** Group keys with "the row of this table" spelt out as its primary key, literals left out. */
function keysOf(session: Session, select: BoundSelect): Bound[] {
  return select.groupBy.flatMap((key): Bound[] => {
    if (key.kind === 'literal') return []
    if (key.kind !== 'same_row') return [key]
    const source = select.sources.find((one) => one.id === key.left)
    const entity = source?.entity == null ? undefined : entityOf(session.catalog, source.entity)
    if (source?.entity == null || entity === undefined || entity.primaryKey.length === 0)
      return refuse(
        'sub-query',
        `Cannot compute a value for each row of "${source?.name ?? ''}": it has no primary key`,
        key.at,
      )
    const name = source.entity
    return entity.primaryKey.flatMap((field): Bound[] => {
      const column = fieldOf(entity, field)?.column
      return column === undefined ? [] : [{ kind: 'field', source: source.id, entity: name, field, column, at: key.at }]
    })
  })
}

/** DISTINCT over groups: nothing to do when every key is shown; else the shown columns are what is grouped by. */
function withoutDistinct(select: BoundSelect): BoundSelect {
  if (!select.distinct) return select
  const shown = new Set(select.targets.map((target) => keyOf(target.expr)))
  const hidden = select.groupBy.filter((key) => !shown.has(keyOf(key)))
  if (hidden.length === 0) return { ...select, distinct: false }
  const targets = select.targets.map((target) => target.expr)
  if (targets.some(hasAggregate) || select.orderBy.some((item) => hasAggregate(item.expr)))
    return refuse(
      'DISTINCT',
      'Cannot merge equal groups: show what the query groups by, or leave DISTINCT out',
      select.at,
    )
  if (select.having.length === 0) return { ...select, groupBy: targets, distinct: false }
  const keyTargets = select.groupBy.map((expr) => ({ expr, name: null }))
  const kept: Bound = {
    kind: 'in_query',
    args: select.groupBy,
    query: { ...select, targets: keyTargets, orderBy: [], limit: null, distinct: false },
    at: select.at,
  }
  return { ...select, conjuncts: [...select.conjuncts, kept], groupBy: [], having: [], grouped: false }
}

function aggregatesIn(select: BoundSelect): Call[] {
  const calls: Call[] = []
  const exprs = [
    ...select.targets.map((target) => target.expr),
    ...select.having,
    ...select.orderBy.map((item) => item.expr),
  ]
  for (const expr of exprs)
    some(
      expr,
      (one) => {
        if (isAggregate(one)) calls.push(one)
        return false
      },
      false,
    )
  return calls
}

function summaryFrom(session: Session, select: BoundSelect, root: Root, purpose: Purpose): Definition {
  const ctx: Ctx = { session, place: root.reached.place }
  let filter: Condition = true
  const outputs = outputsOf(
    ctx,
    select.targets.map((target) => target.name),
    aggregatorOf(session, select, root, ctx),
  )
  const plainHaving = select.having.filter((condition) => !hasAggregate(condition))
  const steps = gather<Condition | Sort[]>([
    () => {
      addKeysAndTargets(select, outputs)
      return true
    },
    () => {
      filter = rowsOfRoot(session, select, root)
      return filter
    },
    () => allOf(ctx, plainHaving),
    () => allOf(outputs.ctx, select.having.filter(hasAggregate)),
    () => (purpose === 'table' || select.limit !== null ? sortOf(select, outputs, filter) : []),
  ])
  const [, , whereKeys, having, sortBy] = steps as [Condition, Condition, Condition, Condition, Sort[]]
  const { groupBy, aggregates, calculations } = outputs.parts()
  return definitionOf(session, root.entity, {
    groupBy,
    aggregates,
    calculations,
    filter: all([filter, whereKeys]),
    having,
    sortBy,
    limit: select.limit,
  })
}

function addKeysAndTargets(select: BoundSelect, outputs: Outputs): void {
  const targets = new Map(select.targets.map((target) => [keyOf(target.expr), target]))
  // Keys that are not shown come first, so that shown ones keep the order of SELECT.
  const hiddenKeys = select.groupBy.filter((key) => !targets.has(keyOf(key)))
  gatherMap(hiddenKeys, (key) => outputs.key(key, null, true))
  gatherMap(select.targets, (target) => {
    const { expr, name } = target
    if (isAggregate(expr)) outputs.aggregate(expr, name, false)
    else if (expr.kind === 'scalar_query') outputs.related(expr, name)
    else if (windowCalculation(expr, outputs, name)) return
    else if (hasAggregate(expr) || expr.kind === 'literal') outputs.calculation(expr, name, false)
    else outputs.key(expr, name, false)
  })
}

function sortOf(select: BoundSelect, outputs: Outputs, filter: Condition): Sort[] {
  return gatherMap(select.orderBy, (item: OrderItem<Bound>) => {
    const { expr } = item
    const known = outputs.find(expr)
    const id =
      known ??
      (isAggregate(expr)
        ? outputs.aggregate(expr, null, true)
        : expr.kind === 'scalar_query'
          ? outputs.related(expr, null, true)
          : hasAggregate(expr)
            ? outputs.calculation(expr, null, true)
            : outputs.key(expr, null, true))
    const operand: Operand = operandOfSort(outputs, expr)
    const isCount = outputs
      .parts()
      .aggregates.some((one) => one.id === id && (one.fn === 'count' || one.fn === 'count_distinct'))
    return {
      field: id,
      direction: item.desc ? 'desc' : 'asc',
      ...(isCount ? {} : nullsOf(outputs.rows.session, item, operand, filter)),
    }
  })
}

function operandOfSort(outputs: Outputs, expr: Bound): Operand {
  if (isAggregate(expr) || hasAggregate(expr) || expr.kind === 'scalar_query')
    return { kind: 'formula', text: '', type: undefined, level: 0 }
  return operandOf(outputs.rows, expr)
}

/** How an aggregate call is written for this root. */
function aggregatorOf(
  session: Session,
  select: BoundSelect,
  root: Root,
  ctx: Ctx,
): (call: Call) => ReturnType<typeof aggregateOf> {
  const components = root.exact
    ? []
    : componentsOf(root.reached.unplaced, [...select.conjuncts, ...select.optional.flatMap((group) => group.on)])
  return (call) => {
    const own = new Set(select.sources.map((source) => source.id))
    const read = [...sourcesIn(call)].filter((id) => own.has(id))
    const placed = read.every((id) => ctx.place.sources.has(id))
    if (root.exact || (placed && read.length > 0 && !mindsRepeats(call)))
      return aggregateOf(ctx, call, { perRow: false })
    const component = components.find((one) => one.sources.some((source) => read.includes(source.id)))
    if (placed || component === undefined || (mindsRepeats(call) && components.length > 1)) return repeated(call)
    const ids = new Set(component.sources.map((source) => source.id))
    const groups = select.optional.filter((group) => group.sources.some((id) => ids.has(id)))
    const whole = groups.length === 1 && groups[0]?.sources.length === ids.size
    if (groups.length > 0 && (!whole || !skipsMissing(call, ids))) return repeated(call)
    const atRoot: Ctx = {
      session,
      place: { entity: root.entity, sources: new Map([...ctx.place.sources].filter(([, one]) => one.path === '')) },
    }
    const related: BoundSelect = {
      ...select,
      sources: component.sources,
      conjuncts: component.conditions,
      optional: [],
      groupBy: [],
      having: [],
      orderBy: [],
    }
    const operand = firstOf(
      [() => relatedAggregate(mindsRepeats(call) ? atRoot : ctx, related, call, call.at), () => repeated(call)],
      1,
    )
    return operand.kind === 'related' ? { aggregate: operand.aggregate, type: operand.type } : repeated(call)
  }
}

function repeated(call: Call): never {
  return refuse(
    'fan-out',
    `Cannot import ${call.name}() over these joins: SQL counts rows several times here, once for every match on the other side`,
    call.at,
    call.star ? 'Count the key of one table instead' : 'Aggregate the table in a query of its own',
  )
}
