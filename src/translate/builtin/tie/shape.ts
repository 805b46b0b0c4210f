// The shapes that building passes from step to step.
// In and out: plain data.
import type { Catalog } from '../../../catalog/schema.ts'
import type { Filter, GroupKey } from '../../../definition/schema.ts'
import type { ValueIndex } from '../../types.ts'
import type { Graph } from '../graph.ts'
import type { Ask, Cond } from '../read/ast.ts'
import type { Assignment } from './assign.ts'
import type { Tied } from './resolved.ts'

export type BuildInput = {
  readonly ask: Ask
  readonly assignment: Assignment
  readonly catalog: Catalog
  readonly graph: Graph
  readonly values: ValueIndex
  readonly said: ReadonlySet<string>
}

export type Column = {
  readonly entity: string
  readonly field: string
  /** The relation that leads to it, where a key says which. */
  readonly via?: { readonly entity: string; readonly relation: string }
}

export type Key = Column & { readonly grain?: NonNullable<GroupKey['grain']>; readonly pivot?: boolean }

export type Plan = {
  readonly plain: Column[]
  readonly rows: string[]
  readonly keys: Key[]
  readonly grainKeys: { grain: NonNullable<GroupKey['grain']>; pivot: boolean }[]
  readonly aggregates: Tied[]
  readonly order: { by: Tied | 'alpha' | 'selected'; dir: 'asc' | 'desc' }[]
  readonly top: { by: Tied; dir: 'asc' | 'desc' } | undefined
  readonly limit: number | undefined
  readonly where: Cond[]
  /** Conditions of a metric whose rows are listed: "filings filed late". */
  readonly limits: readonly Filter[]
  readonly having: Cond[]
  readonly subject: string | undefined
  /** The subject where a noun of the prompt names it. */
  readonly said: string | undefined
  readonly all: boolean
  /** Keys behind "each", where a superlative picks rows inside them. */
  readonly eachKeys: readonly Column[]
}

export type Price = (reason: string, cost: number) => void

/** Whether something tied measures many rows. */
export function isAggregate(one: Tied): boolean {
  return (
    one.kind === 'agg' || one.kind === 'count' || one.kind === 'metric' || one.kind === 'share' || one.kind === 'ratio'
  )
}

/** The entity something tied is of. */
export function entityOf(one: Tied): string | undefined {
  if (one.kind === 'share' || one.kind === 'ratio') return entityOf(one.of)
  return one.entity
}
