// Pivot: the values of one key become columns, one for each visible aggregate and value.
import type { Definition } from '../../src/definition/schema.ts'
import { aggregateOf } from './aggregates.ts'
import { type Group, groupsOf, sourceOf, sourceRows } from './groups.ts'
import { keyIds, type TableRecord } from './table.ts'
import { compareWithEmpty, fail, keyOf, keyOfAll, type Value } from './values.ts'
import type { Row, World } from './world.ts'

const MOST_VALUES = 50

/** The columns that stand for an aggregate and a value, and each row with its cells and whole-row values. */
export type Pivoted = {
  readonly cellIds: readonly string[]
  readonly records: TableRecord[]
  readonly total: TableRecord
}

export function pivoted(world: World, definition: Definition): Pivoted {
  const place = keyIds(definition).indexOf(definition.pivot?.column ?? '')
  if (place < 0) return fail('pivot needs a key')
  const groups = groupsOf(world, definition)
  const kept = keptValues(groups, place, definition.pivot?.limit ?? MOST_VALUES)
  const rowsBy = new Map<string, Group[]>()
  for (const group of groups) {
    const rest = keyOfAll(group.keys.toSpliced(place, 1))
    rowsBy.set(rest, [...(rowsBy.get(rest) ?? []), group])
  }
  const columns = cellColumns(definition, kept)
  const otherIds = keyIds(definition).toSpliced(place, 1)
  const records = [...rowsBy.values()].map((parts) => {
    const keys = (parts[0] ?? fail('an empty group')).keys.toSpliced(place, 1)
    return new Map([
      ...otherIds.map((id, index) => [id, keys[index] ?? null] as const),
      ...valuesFor(world, definition, parts, columns, place),
    ])
  })
  const rows = sourceRows(world, definition)
  const all: Group = { keys: [], rows }
  const total = new Map([
    ...otherIds.map((id) => [id, null] as const),
    ...valuesFor(world, definition, groups.length === 0 ? [all] : groups, columns, place),
  ])
  return { cellIds: columns.map(({ id }) => id), records, total }
}

type CellColumn = { readonly id: string; readonly aggregateId: string; readonly holds: (key: Value) => boolean }

function cellColumns(
  definition: Definition,
  { values, hasOther }: { values: Value[]; hasOther: boolean },
): CellColumn[] {
  const known = new Set(values.map(keyOf))
  return definition.aggregates
    .filter(({ hidden }) => hidden !== true)
    .flatMap(({ id }) => [
      ...values.map((value, index) => ({
        id: `${id}#${index}`,
        aggregateId: id,
        holds: (key: Value) => keyOf(key) === keyOf(value),
      })),
      ...(hasOther ? [{ id: `${id}#other`, aggregateId: id, holds: (key: Value) => !known.has(keyOf(key)) }] : []),
    ])
}

/** The values that keep a column, in order: those with the most rows when there are too many. */
function keptValues(groups: readonly Group[], place: number, limit: number): { values: Value[]; hasOther: boolean } {
  const counts = new Map<string, { value: Value; rows: number }>()
  for (const { keys, rows } of groups) {
    const value = keys[place] ?? null
    const count = counts.get(keyOf(value)) ?? { value, rows: 0 }
    counts.set(keyOf(value), { value, rows: count.rows + rows.length })
  }
  const largest = [...counts.values()].sort((a, b) => b.rows - a.rows || compareWithEmpty(a.value, b.value))
  const values = largest
    .slice(0, limit)
    .map(({ value }) => value)
    .sort((a, b) => compareWithEmpty(a, b))
  return { values, hasOther: counts.size > limit }
}

function valuesFor(
  world: World,
  definition: Definition,
  parts: readonly Group[],
  columns: readonly CellColumn[],
  place: number,
): [string, Value][] {
  const source = sourceOf(definition)
  const value = (id: string, rows: readonly Row[]): Value => {
    const aggregate = definition.aggregates.find((one) => one.id === id) ?? fail(`unknown aggregate ${id}`)
    return aggregateOf(world, source, rows, aggregate)
  }
  const whole = definition.aggregates.map(({ id }): [string, Value] => [
    id,
    value(
      id,
      parts.flatMap(({ rows }) => rows),
    ),
  ])
  const cells = columns.map(({ id, aggregateId, holds }): [string, Value] => {
    const rows = parts.filter(({ keys }) => holds(keys[place] ?? null)).flatMap((part) => part.rows)
    return [id, value(aggregateId, rows)]
  })
  return [...whole, ...cells]
}
