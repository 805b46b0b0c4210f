// The conditions of a plan as filters of its root.
// In: conditions. Out: filters, those on sets of rows as lists of their own; what is out of reach costs.
// Refused: conditions on groups; a summary makes those.
import type { Filter } from '../../../definition/schema.ts'
import { isToOne } from '../graph.ts'
import type { Cond } from '../read/ast.ts'
import { type Conditions, numberOf, placedOf } from './conditions.ts'
import { empty } from './empty.ts'
import { entityIn } from './facts.ts'
import { allOf, EXISTS, isTrivial, pathOf, placeAll, routeOf } from './place.ts'
import type { Column, Price } from './shape.ts'

/** "never ordered product Latte": the verb alone ("no orders at all") says less than was meant. */
function withoutRepeats(filters: readonly Filter[]): Filter[] {
  const none = (filter: Filter) => ('relation' in filter && filter.match === 'none' ? filter : undefined)
  const once = filters.filter(
    (filter, index) => filters.findIndex((other) => JSON.stringify(other) === JSON.stringify(filter)) === index,
  )
  return once.filter((filter) => {
    const bare = none(filter)
    if (bare === undefined || bare.where !== undefined) return true
    return !once.some((other) => {
      const full = none(other)
      return (
        full !== undefined &&
        full !== bare &&
        full.where !== undefined &&
        `${full.relation}.`.startsWith(`${bare.relation}.`)
      )
    })
  })
}

/** Filters of all conditions seen from the root. */
export function filtersAt(
  c: Conditions,
  root: string,
  conds: readonly Cond[],
  price: Price,
  pivotField: Column | undefined,
  subject: string | undefined,
  aside = false,
): Filter[] {
  const filters: Filter[] = []
  const simple: Cond[] = []
  for (const cond of untangled(c, conds, pivotField === undefined ? root : undefined)) {
    const special = pivotField === undefined ? undefined : setFilter(c, root, cond, pivotField, price, aside)
    if (special === undefined) simple.push(cond)
    else filters.push(special)
  }
  const placedHere = placedOf(c, simple, root)
  if (subject !== undefined && subject !== root) placedHere.push({ entity: subject, filter: EXISTS })
  const { filters: placed, lost } = placeAll(c.ways, root, placedHere)
  if (lost > 0) price('condition out of reach', 2.5 * lost)
  return withoutRepeats([...placed.filter((filter) => !isTrivial(filter)), ...filters])
}

/** Two values for one field cannot hold of one row: each must hold of some row ("… in 2001 and in 2002"), or either of this one. */
function untangled(c: Conditions, conds: readonly Cond[], root: string | undefined): Cond[] {
  const groups = new Map<string, Cond[]>()
  const keyOf = (cond: Cond): string | undefined => {
    const key = equalled(cond)
    const found = key === undefined ? undefined : c.tie.chosen.get(key)
    return found?.kind === 'field' ? `${found.entity}.${found.field}` : undefined
  }
  const said = (cond: Cond) => {
    if (cond.kind === 'number') return String(cond.value)
    if (cond.kind === 'period') return JSON.stringify(cond.period)
    if (cond.kind === 'compare') return String(numberOf(cond.right))
    const found = c.tie.chosen.get(cond)
    return found?.kind === 'field' ? (found.value ?? '') : ''
  }
  for (const cond of conds) {
    const key = keyOf(cond)
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), cond])
  }
  const out: Cond[] = []
  const done = new Set<string>()
  for (const cond of conds) {
    const key = keyOf(cond)
    const group = key === undefined ? undefined : groups.get(key)
    if (key === undefined || group === undefined || new Set(group.map(said)).size < 2) {
      out.push(cond)
      continue
    }
    if (done.has(key)) continue
    done.add(key)
    const either = root !== undefined && group.every((one) => speaksOfRoot(c, root, one))
    out.push(either ? { kind: 'or', parts: group } : { kind: 'and', parts: group, apart: true })
    c.tie.price('two values of one field', 0.3)
  }
  return out
}

/** What a condition that one field holds just one thing is of; undefined for other conditions. */
function equalled(cond: Cond): object | undefined {
  if (cond.kind === 'value') return cond.op === 'eq' ? cond : undefined
  if (cond.kind === 'number') return cond.op === undefined ? cond : undefined
  if (cond.kind === 'period') return cond.op === undefined && 'year' in cond.period ? (cond.field ?? cond) : undefined
  if (cond.kind !== 'compare' || cond.op !== 'eq' || cond.left.kind !== 'noun') return undefined
  return cond.right.kind === 'number' ? cond.left.of : undefined
}

/** "both A and B" and "but never B" over rows of the root itself: about the column's value, not about one row. */
function setFilter(
  c: Conditions,
  root: string,
  cond: Cond,
  column: Column,
  price: Price,
  aside: boolean,
): Filter | undefined {
  const unique = entityIn(c.ways.catalog, column.entity)?.primaryKey
  if (unique?.length === 1 && unique[0] === column.field) return undefined
  const path = pathOf(c.ways, root, column.entity, column.field)
  if (path === undefined) return undefined
  const sub = (part: Cond): Filter | undefined => {
    const { filters, lost } = placeAll(c.ways, root, placedOf(c, [part], root))
    if (lost > 0) price('condition out of reach', 2.5)
    const real = filters.filter((filter) => !isTrivial(filter))
    return real.length === 0 ? undefined : allOf(real)
  }
  const inSet = (part: Cond, op: 'in' | 'not_in'): Filter | undefined => {
    const filters = sub(part)
    if (filters === undefined) return undefined
    return {
      field: path,
      op,
      value: { definition: { ...empty(root), columns: [{ field: path }], filters, distinct: true } },
    }
  }
  if (cond.kind === 'and' && cond.apart === true) {
    const oneRow = cond.parts.every((part) => speaksOfRoot(c, root, part))
    if (!oneRow) return undefined
    const parts = cond.parts.flatMap((part) => inSet(part, 'in') ?? [])
    return parts.length === 0 ? undefined : allOf(parts)
  }
  // "studios that never worked with X": not one of those that did once.
  if (aside && cond.kind === 'not' && cond.never === true && cond.part.kind === 'value')
    return inSet(cond.part, 'not_in')
  if (cond.kind === 'not' && cond.part.kind === 'has' && cond.part.count === undefined) {
    const found = c.tie.chosen.get(cond.part.of)
    // "hometowns that no gymnast comes from": not one of those where some does.
    if (aside && found !== undefined && found.entity !== root) return inSet(cond.part, 'not_in')
    if (found?.entity !== root || cond.part.where.length === 0) return undefined
    return inSet({ kind: 'and', parts: [...cond.part.where] }, 'not_in')
  }
  return undefined
}

/** Whether a condition compares values of the root's own row, which cannot be two things at once. */
function speaksOfRoot(c: Conditions, root: string, part: Cond): boolean {
  const placed = placedOf({ ...c, tie: { ...c.tie, price: () => {} } }, [part], root)
  return placed.every((one) => {
    if (one.entity === root) return true
    const route = routeOf(c.ways, root, one.entity, true) ?? routeOf(c.ways, root, one.entity)
    return route !== undefined && isToOne(route)
  })
}

/** The path of a column, through the relation it names. */
export function columnPath({ ways }: Conditions, root: string, { entity, field, via }: Column): string | undefined {
  if (via === undefined) return pathOf(ways, root, entity, field)
  const route = routeOf(ways, root, via.entity, true)
  return route === undefined ? undefined : [...route.map((edge) => edge.relation), via.relation, field].join('.')
}
