// The earlier side of a comparison: which rows it is made from, and which group it stands beside.
import type { Definition, GroupKey, PeriodUnit } from '../../src/definition/schema.ts'
import { addMonths } from './calendar.ts'
import type { Moved } from './filters.ts'
import { isTruncating, stepStretch } from './grains.ts'
import { filledGroups, type Group, groupsOf, topLevelPeriods } from './groups.ts'
import { boundsOf, moveBack, type Shift, shiftOf } from './periods.ts'
import { fail, keyOfAll, type Value } from './values.ts'
import type { Row, World } from './world.ts'

/** A group with the rows of its earlier stretch. */
export type ComparedGroup = Group & { readonly earlierRows: readonly Row[] }

/** The period to move and how far, or undefined when the comparison goes by a key. */
export function movedPeriod(
  world: World,
  definition: Definition,
): (Moved & { field: string; shift: Shift }) | undefined {
  const periods = topLevelPeriods(definition.filters)
  const [filter] = periods
  if (filter === undefined || definition.compare === null) return undefined
  if (periods.length > 1) return fail('compare with several periods')
  const shift = shiftOf(filter.period, definition.compare.to, world.calendar)
  const bounds = moveBack(boundsOf(filter.period, world.calendar), shift, world.calendar)
  return { condition: filter.condition, bounds, field: filter.field, shift }
}

/** All groups to show, each with its earlier rows. */
export function comparedGroups(world: World, definition: Definition): ComparedGroup[] {
  const moved = movedPeriod(world, definition)
  return moved === undefined ? byKey(world, definition) : byPeriod(world, definition, moved)
}

function byPeriod(
  world: World,
  definition: Definition,
  moved: Moved & { field: string; shift: Shift },
): ComparedGroup[] {
  const current = groupsOf(world, definition)
  const merged = new Map<string, ComparedGroup>()
  for (const group of current) merged.set(keyOfAll(group.keys), { ...group, earlierRows: [] })
  for (const group of groupsOf(world, definition, moved)) {
    const keys = group.keys.map((value, index) => {
      const key = definition.groupBy[index]
      return key?.field === moved.field && key.grain !== undefined ? moveForward(value, moved.shift, key) : value
    })
    const beside = merged.get(keyOfAll(keys)) ?? { keys, rows: [], earlierRows: [] }
    merged.set(keyOfAll(keys), { ...beside, earlierRows: [...beside.earlierRows, ...group.rows] })
  }
  const all = [...merged.values()]
  return withEarlierRows(filledGroups(world, definition, all, all))
}

function withEarlierRows(groups: readonly (Group | ComparedGroup)[]): ComparedGroup[] {
  return groups.map((group) => ({ earlierRows: [], ...group }))
}

function moveForward(value: Value, shift: Shift, key: GroupKey): Value {
  if (!isTruncating(key.grain)) return value
  if (value === null || typeof value !== 'object' || value.kind !== 'day')
    return fail(`compare cannot move a ${key.grain}`)
  if ('months' in shift) return { kind: 'day', day: addMonths(value.day, shift.months) }
  return 'days' in shift ? { kind: 'day', day: value.day + shift.days } : fail('compare cannot move days by hours')
}

function byKey(world: World, definition: Definition): ComparedGroup[] {
  const truncating = definition.groupBy.flatMap((key, index) =>
    isTruncating(key.grain) ? [{ index, grain: key.grain }] : [],
  )
  const [over] = truncating
  if (over === undefined || truncating.length > 1) return fail('compare needs one key with a truncating grain')
  const current = groupsOf(world, definition)
  const groups = filledGroups(world, definition, current, current)
  const byKeys = new Map(groups.map((group) => [keyOfAll(group.keys), group]))
  const steps = definition.compare?.to === 'previous_year' ? stretchesInYear(over.grain) : 1
  return groups.map((group) => {
    const earlier = stepStretch(group.keys[over.index] ?? null, over.grain, -steps)
    const beside = earlier === null ? undefined : byKeys.get(keyOfAll(group.keys.with(over.index, earlier)))
    return { ...group, earlierRows: beside?.rows ?? [] }
  })
}

function stretchesInYear(grain: PeriodUnit): number {
  if (grain === 'month') return 12
  if (grain === 'quarter' || grain === 'fiscal_quarter') return 4
  return grain === 'year' || grain === 'fiscal_year' ? 1 : fail(`compare cannot step a year by ${grain}`)
}
