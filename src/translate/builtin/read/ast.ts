// What a prompt asks for, before its words are tied to the catalog: the grammar's output, the resolver's input.
// In and out: plain data. A mention is a noun that still may mean several things; measures, conditions and orders hold mentions.
import type { AggregateFn, CompareOp, Grain, Period } from '../../../definition/schema.ts'
import type { Chunk } from '../chunk.ts'
import type { Dimension } from '../keywords.ts'

/** A noun of the prompt. `owner`: the noun it belongs to ("name" of "students"). */
export type Mention = {
  readonly id: number
  readonly chunk: Chunk
  owner?: Mention
  /** A verb or adjective form: it hints at something and may be left out. */
  readonly soft: boolean
  distinct?: boolean
}

export type Measure =
  | { readonly kind: 'noun'; readonly of: Mention }
  | {
      readonly kind: 'agg'
      readonly fn: AggregateFn
      readonly of: Mention
      readonly distinct?: boolean
      /** Not of the amount that rows hold: "average number of gifts", "last gift". */
      readonly unsummed?: true
    }
  | {
      readonly kind: 'count'
      /** "the amount of": a stored amount when there is one. */
      readonly amount?: boolean
      /** "rented most often": rows, never a number that is stored. */
      readonly times?: boolean
      readonly of?: Mention
      readonly distinct?: boolean
      readonly where: Cond[]
      readonly owner?: Mention
    }
  /** What an adjective measures ("oldest" → age), of a noun's rows. */
  | { readonly kind: 'dim'; readonly dims: Dimension; readonly of?: Mention; readonly fn?: AggregateFn }
  /** The one who, the place where, the time when. */
  | { readonly kind: 'wh'; readonly word: 'who' | 'where' | 'when'; readonly of?: Mention }
  | { readonly kind: 'all'; readonly of: Mention }
  | { readonly kind: 'share'; readonly of: Measure }

export type Operand =
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly unit?: '%' | '$' }
  | { readonly kind: 'text'; readonly chunk: Chunk }
  /** "10 % of their goal" */
  | { readonly kind: 'percent'; readonly percent: number; readonly of: Measure }
  | { readonly kind: 'period'; readonly period: Period }
  | { readonly kind: 'range'; readonly min: Operand; readonly max: Operand }
  | { readonly kind: 'measure'; readonly measure: Measure; readonly where: Cond[]; readonly quant?: 'all' | 'any' }

export type Cond =
  | { readonly kind: 'compare'; readonly left: Measure; readonly op: CompareOp | 'between'; readonly right: Operand }
  | {
      readonly kind: 'value'
      readonly field?: Mention
      readonly near?: Mention
      readonly chunk: Chunk
      readonly op: 'eq' | 'contains' | 'starts_with' | 'ends_with'
      readonly named?: boolean
    }
  | {
      readonly kind: 'number'
      readonly field?: Mention
      readonly near?: Mention
      readonly value: number
      readonly text: string
      readonly op?: CompareOp
    }
  | {
      readonly kind: 'period'
      readonly period: Period
      readonly op?: CompareOp
      readonly field?: Mention
      readonly near?: Mention
      readonly assumption?: string
    }
  | {
      readonly kind: 'has'
      readonly of: Mention
      readonly where: Cond[]
      readonly count?: { op: CompareOp; value: number }
      readonly times?: boolean
      readonly distinct?: boolean
    }
  | { readonly kind: 'flag'; readonly of: Mention; readonly soft?: true }
  | { readonly kind: 'empty'; readonly field: Mention }
  /** Rows of a kind that nothing is done with: "services that have never been used". */
  | { readonly kind: 'unrelated'; readonly of: Mention; readonly verb?: Mention }
  /** "users with the most common role": of the value that most rows have. */
  | { readonly kind: 'common'; readonly field: Mention; readonly dir: 'asc' | 'desc' }
  | { readonly kind: 'extreme'; readonly left: Measure; readonly dir: 'asc' | 'desc' }
  /** `listed`: alternatives that were joined by "and". */
  | { readonly kind: 'and' | 'or'; readonly parts: Cond[]; readonly apart?: boolean; readonly listed?: true }
  | { readonly kind: 'not'; readonly part: Cond; readonly except?: boolean; readonly never?: true }

export type OrderBy = {
  readonly by: Measure | 'selected' | 'alpha'
  readonly dir: 'asc' | 'desc'
  readonly dims?: Dimension
}
export type GroupBy = {
  readonly of?: Mention
  readonly each?: true
  /** Behind "per": for one of them. */
  readonly per?: true
  readonly grain?: Grain
  readonly pivot?: boolean
}

export type Ask = {
  select: Measure[]
  /** The noun whose rows the conditions speak of. */
  subject?: Mention
  where: Cond[]
  group: GroupBy[]
  order: OrderBy[]
  /** A superlative or "top 3": how many rows, and by what. */
  top?: {
    readonly by?: Measure
    readonly dir: 'asc' | 'desc'
    readonly limit: number
    readonly of?: Mention
    readonly dims?: Dimension
  }
  limit?: number
  distinct: boolean
  yesNo?: boolean
  extras: {
    share?: boolean
    running?: boolean
    compare?: 'previous_period' | 'previous_year'
    growth?: boolean
    totals?: boolean
    pivot?: boolean
  }
  /** Chunks nothing was made of, by index. */
  unread: Chunk[]
  /** Fields that were named where no part of the reading needs one; a period may still have taken its date from them. */
  dropped: string[]
  notes: string[]
  /** What the reading had to take for granted, for the ranking: feature name → value. */
  features: Record<string, number>
}
