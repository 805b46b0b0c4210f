// A table in the making: rows that hold a value for every column id, hidden ones included.
import type { Definition } from '../../src/definition/schema.ts'
import { keyId } from './groups.ts'
import { compareWithEmpty, fail, keyOfAll, type Value } from './values.ts'

/** Values by column id. */
export type TableRecord = ReadonlyMap<string, Value>

export function cellOf(record: TableRecord, id: string): Value {
  const value = record.get(id)
  return value === undefined ? fail(`unknown column ${id}`) : value
}

export type SortSpec = {
  readonly read: (record: TableRecord) => Value
  readonly descending: boolean
  readonly emptyFirst: boolean
}

export function ascending(id: string): SortSpec {
  return { read: (record) => cellOf(record, id), descending: false, emptyFirst: false }
}

/** The order of two records by several sort keys; empty values last unless `emptyFirst`, whatever the direction. */
export function compareRecords(a: TableRecord, b: TableRecord, specs: readonly SortSpec[]): number {
  for (const spec of specs) {
    const [left, right] = [spec.read(a), spec.read(b)]
    const order = compareWithEmpty(left, right, spec.emptyFirst)
    if (order !== 0) return spec.descending && left !== null && right !== null ? -order : order
  }
  return 0
}

/** Records in order, at most `limitPer.limit` in each combination, then at most `limit`. */
export function orderAndCut(
  records: readonly TableRecord[],
  specs: readonly SortSpec[],
  { limit, limitPer }: Pick<Definition, 'limit' | 'limitPer'>,
): TableRecord[] {
  let sorted = records.toSorted((a, b) => compareRecords(a, b, specs))
  if (limitPer !== null) {
    const seen = new Map<string, number>()
    sorted = sorted.filter((record) => {
      const combination = keyOfAll(limitPer.by.map((id) => cellOf(record, id)))
      const count = (seen.get(combination) ?? 0) + 1
      seen.set(combination, count)
      return count <= limitPer.limit
    })
  }
  return limit === null ? sorted : sorted.slice(0, limit)
}

/** Ids of all keys of a summary, hidden ones included. */
export function keyIds(definition: Definition): string[] {
  return definition.groupBy.map(keyId)
}
