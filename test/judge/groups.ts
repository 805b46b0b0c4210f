// The groups of a summary: which rows share all keys, and the stretches of time that no row falls in.
import type { Definition, Filter, GroupKey, Period } from '../../src/definition/schema.ts'
import { dayOf, wallOf } from './calendar.ts'
import { asPeriod, type Moved, passes } from './filters.ts'
import { evaluateFormula, parseFormula } from './formulas.ts'
import { applyGrain, isTruncating, stepStretch } from './grains.ts'
import { type Bound, boundsOf, positionOf } from './periods.ts'
import { fromNumber, lowerMultiple } from './rational.ts'
import { compareValues, fail, keyOfAll, type Value } from './values.ts'
import { type Row, readPath, resolve, type World } from './world.ts'

export type Group = { readonly keys: readonly Value[]; readonly rows: readonly Row[] }

export function keyId(key: GroupKey): string {
  return key.id ?? key.field ?? fail('a key needs a field or an id')
}

export function sourceOf(definition: Definition): string {
  return definition.dataSources[0] ?? fail('no source')
}

/** The source rows that pass the filters. */
export function sourceRows(world: World, definition: Definition, moved?: Moved): readonly Row[] {
  const source = sourceOf(definition)
  return world.rows(source).filter((row) => passes(world, source, row, definition.filters, moved))
}

/** Rows grouped by the keys; without keys one group, rows or not. */
export function groupsOf(world: World, definition: Definition, moved?: Moved): Group[] {
  const source = sourceOf(definition)
  const groups = new Map<string, { keys: Value[]; rows: Row[] }>()
  if (definition.groupBy.length === 0) groups.set('[]', { keys: [], rows: [] })
  for (const row of sourceRows(world, definition, moved)) {
    const keys = definition.groupBy.map((key) => keyValue(world, source, key, row))
    const group = groups.get(keyOfAll(keys)) ?? { keys, rows: [] }
    groups.set(keyOfAll(keys), group)
    group.rows.push(row)
  }
  return [...groups.values()]
}

function keyValue(world: World, source: string, key: GroupKey, row: Row): Value {
  if (key.formula !== undefined)
    return evaluateFormula(parseFormula(key.formula), {
      read: (path) => readPath(world, source, path, row),
      calendar: world.calendar,
      letters: world.letters,
    })
  const value = readPath(world, source, key.field ?? fail('a key needs a field'), row)
  if (key.grain !== undefined) return applyGrain(value, key.grain, world.calendar)
  if (key.bucket === undefined || value === null) return value
  if (typeof value !== 'object' || value.kind !== 'number') return fail('a bucket needs a number')
  return lowerMultiple(value, fromNumber(key.bucket))
}

/** The `in_period` conditions that hold for every row whatever else does. */
export function topLevelPeriods(filters: Filter | undefined): { condition: Filter; field: string; period: Period }[] {
  if (filters === undefined) return []
  if ('all' in filters) return filters.all.flatMap(topLevelPeriods)
  if ('any' in filters) return filters.any.length === 1 ? topLevelPeriods(filters.any[0]) : []
  if ('not' in filters) return 'not' in filters.not ? topLevelPeriods(filters.not.not) : []
  return 'field' in filters && filters.op === 'in_period' && filters.grain === undefined
    ? [{ condition: filters, field: filters.field, period: asPeriod(filters.value) }]
    : []
}

/** The groups, and those of stretches without rows when a key has `fillGaps`; first and last stretch come from `current`. */
export function filledGroups<T extends Group>(
  world: World,
  definition: Definition,
  groups: readonly T[],
  current: readonly Group[],
): (T | Group)[] {
  const place = definition.groupBy.findIndex((key) => key.fillGaps === true)
  const key = definition.groupBy[place]
  if (key === undefined) return [...groups]
  const others = new Map<string, readonly Value[]>()
  for (const { keys } of groups) others.set(keyOfAll(keys.toSpliced(place, 1)), keys)
  const existing = new Set(groups.map(({ keys }) => keyOfAll(keys)))
  const filled: (T | Group)[] = [...groups]
  for (const stretch of stretchesToShow(
    world,
    definition,
    key,
    current.map(({ keys }) => keys[place] ?? null),
  ))
    for (const combination of others.values()) {
      const keys = combination.with(place, stretch)
      if (!existing.has(keyOfAll(keys))) filled.push({ keys, rows: [] })
    }
  return filled
}

function stretchesToShow(world: World, definition: Definition, key: GroupKey, values: readonly Value[]): Value[] {
  const { calendar } = world
  const grain = isTruncating(key.grain) ? key.grain : fail('fillGaps needs a truncating grain')
  const found = values.filter((value) => value !== null).toSorted(compareValues)
  const [earliest, latest] = [found[0], found.at(-1)]
  const periods = topLevelPeriods(definition.filters).filter(({ field }) => field === key.field)
  const bounds = periods.map(({ period }) => boundsOf(period, calendar))
  const kind = fieldKind(world, definition, key)
  const stretchAt = (position: bigint) =>
    applyGrain(kind === 'day' ? { kind, day: Number(position) } : { kind, us: position }, grain, calendar)
  const position = (bound: Bound) => positionOf(bound, kind, calendar)
  const latestOf = (some: bigint[]) => some.reduce((a, b) => (b > a ? b : a))
  const froms = bounds.flatMap(({ from }) => (from === undefined ? [] : [position(from)]))
  const tos = bounds.flatMap(({ to }) => (to === undefined ? [] : [-position(to)]))
  const first = froms.length === 0 ? earliest : stretchAt(latestOf(froms))
  let last = tos.length === 0 ? latest : stretchAt(-latestOf(tos) - 1n)
  const now = stretchAt(nowPosition(world, kind))
  if (tos.length > 0 && last !== undefined && last !== null && now !== null && compareValues(last, now) > 0)
    last = latest !== undefined && compareValues(latest, now) > 0 ? latest : now
  if (first === undefined || first === null || last === undefined || last === null) return []
  const stretches: Value[] = []
  for (let at: Value = first; at !== null && compareValues(at, last) <= 0; at = stepStretch(at, grain, 1)) {
    stretches.push(at)
    if (stretches.length > 100_000) return fail('too many stretches')
  }
  return stretches
}

function fieldKind(world: World, definition: Definition, key: GroupKey): 'day' | 'instant' | 'wall' {
  const { field } = resolve(world.catalog, sourceOf(definition), key.field ?? '')
  if (field?.type === 'date') return 'day'
  if (field?.type !== 'timestamp') return fail('fillGaps needs a date')
  return field.zoned ? 'instant' : 'wall'
}

function nowPosition({ calendar }: World, kind: 'day' | 'instant' | 'wall'): bigint {
  if (kind === 'instant') return calendar.nowUs
  if (kind === 'wall') return wallOf(calendar.nowUs, calendar.timezone)
  return BigInt(dayOf({ kind: 'instant', us: calendar.nowUs }, calendar.timezone))
}
