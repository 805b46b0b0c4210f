// A query whose names are looked up: what bind.ts makes and everything after it reads. Plain data.
import type { Common, OrderItem } from './ast.ts'

interface BoundKit {
  readonly expr: Bound
  readonly query: BoundQuery
}

/** A column of an entity's row; `field` is null for a join column that the catalog does not list as a field. */
export type BoundField = {
  readonly kind: 'field'
  readonly source: number
  readonly entity: string
  readonly field: string | null
  readonly column: string
  readonly at: number
}
/** A column of a sub-query in FROM that could not be merged into its surroundings. */
export type BoundDerived = {
  readonly kind: 'derived'
  readonly source: number
  readonly index: number
  readonly at: number
}
/** Both sources stand for one and the same row. */
export type SameRow = { readonly kind: 'same_row'; readonly left: number; readonly right: number; readonly at: number }

export type Bound = Common<BoundKit> | BoundField | BoundDerived | SameRow

export type Call = Extract<Bound, { kind: 'call' }>

/** One row variable of FROM: an entity under a name, or a sub-query that stays a table of its own. */
export type Source = {
  readonly id: number
  readonly name: string
  readonly at: number
  readonly entity: string | null
  readonly query: BoundQuery | null
}

/** Sources that an outer join may leave without a row, with the conditions of that join. */
export type OptionalGroup = { readonly sources: readonly number[]; readonly on: readonly Bound[]; readonly at: number }

export type Target = { readonly expr: Bound; readonly name: string | null }

export type BoundSelect = {
  readonly kind: 'select'
  readonly sources: readonly Source[]
  readonly optional: readonly OptionalGroup[]
  /** Conditions of WHERE and of inner joins; all must hold. */
  readonly conjuncts: readonly Bound[]
  readonly groupBy: readonly Bound[]
  readonly having: readonly Bound[]
  readonly targets: readonly Target[]
  readonly orderBy: readonly OrderItem<Bound>[]
  readonly limit: number | null
  readonly distinct: boolean
  /** Groups rows: GROUP BY, HAVING or an aggregate in SELECT or ORDER BY. */
  readonly grouped: boolean
  readonly at: number
}

export type BoundSet = {
  readonly kind: 'set'
  readonly op: 'union' | 'intersect' | 'except'
  readonly all: boolean
  readonly left: BoundQuery
  readonly right: BoundQuery
  /** By position of the output column, from 0. */
  readonly orderBy: readonly {
    readonly index: number
    readonly desc: boolean
    readonly nulls: 'first' | 'last' | null
  }[]
  readonly limit: number | null
  readonly at: number
}

export type BoundQuery = BoundSelect | BoundSet

/** The output columns of a query; of a set operation, those of its first SELECT. */
export function targetsOf(query: BoundQuery): readonly Target[] {
  return query.kind === 'select' ? query.targets : targetsOf(query.left)
}

/** Splits a condition at its top-level ANDs. */
export function conjunctsOf(expr: Bound): Bound[] {
  return expr.kind === 'and' ? expr.args.flatMap(conjunctsOf) : [expr]
}
