// Which columns the conditions of a query make equal, and which sources they make one row.

import { entityOf, fieldOf } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { Bound, BoundField } from './bound.ts'

export type Equalities = {
  readonly columns: (leftSource: number, leftColumn: string, rightSource: number, rightColumn: string) => boolean
  readonly sameRow: (left: number, right: number) => boolean
}

/** Groups of things that are equal, by any text key. */
export function unionFind(): { join: (a: string, b: string) => void; same: (a: string, b: string) => boolean } {
  const parents = new Map<string, string>()
  const root = (key: string): string => {
    let here = key
    for (let next = parents.get(here); next !== undefined; next = parents.get(here)) here = next
    return here
  }
  return {
    join: (a, b) => {
      const from = root(a)
      const to = root(b)
      if (from !== to) parents.set(from, to)
    },
    same: (a, b) => root(a) === root(b),
  }
}

/** Two plain columns that a condition equates. */
export function equatedColumns(condition: Bound): [BoundField, BoundField] | undefined {
  if (condition.kind !== 'compare' || condition.sign !== '=') return undefined
  const { left, right } = condition
  return left.kind === 'field' && right.kind === 'field' ? [left, right] : undefined
}

/** Reads the equalities out of conditions that must all hold. */
export function equalitiesOf(conditions: readonly Bound[]): Equalities {
  const columns = unionFind()
  const rows = unionFind()
  for (const condition of conditions) {
    const pair = equatedColumns(condition)
    if (pair !== undefined) columns.join(key(pair[0].source, pair[0].column), key(pair[1].source, pair[1].column))
    if (condition.kind === 'same_row') rows.join(`${condition.left}`, `${condition.right}`)
  }
  return {
    columns: (leftSource, leftColumn, rightSource, rightColumn) =>
      columns.same(key(leftSource, leftColumn), key(rightSource, rightColumn)) ||
      (leftColumn === rightColumn && rows.same(`${leftSource}`, `${rightSource}`)),
    sameRow: (left, right) => rows.same(`${left}`, `${right}`),
  }
}

/** Columns of an entity's primary key; empty when it has none. */
export function keyColumns(catalog: Catalog, entityName: string): string[] {
  const entity = entityOf(catalog, entityName)
  if (entity === undefined) return []
  return entity.primaryKey.flatMap((name) => fieldOf(entity, name)?.column ?? [])
}

function key(source: number, column: string): string {
  return `${source} ${column}`
}
