// A SELECT as plain data, free of the parser's spelling. Names are as written (folded as Postgres folds them); `at` is a
// 0-based character offset. Written by read-query.ts and read-expression.ts, read by bind.ts.

export type CompareSign = '=' | '<>' | '<' | '<=' | '>' | '>='
export type ArithmeticSign = '+' | '-' | '*' | '/' | '%' | '||'

export type OrderItem<E> = { readonly expr: E; readonly desc: boolean; readonly nulls: 'first' | 'last' | null }

export type SqlType = { readonly name: string; readonly at: number }

export type Window<E> = { readonly partition: readonly E[]; readonly order: readonly OrderItem<E>[] }

/** Which expressions and queries stand inside an expression. */
export type Kit = { readonly expr: unknown; readonly query: unknown }

/** Expressions that are the same before and after names are looked up. */
export type Common<K extends Kit> =
  | {
      readonly kind: 'literal'
      readonly value: string | number | boolean | null
      /** Written with a decimal point or exponent: dividing by it keeps decimals, even for 100.0. */
      readonly decimal?: true
      readonly at: number
    }
  | {
      readonly kind: 'compare'
      readonly sign: CompareSign
      readonly left: K['expr']
      readonly right: K['expr']
      readonly at: number
    }
  | {
      readonly kind: 'arithmetic'
      readonly sign: ArithmeticSign
      readonly left: K['expr']
      readonly right: K['expr']
      readonly at: number
    }
  | { readonly kind: 'negative'; readonly arg: K['expr']; readonly at: number }
  | { readonly kind: 'and'; readonly args: readonly K['expr'][]; readonly at: number }
  | { readonly kind: 'or'; readonly args: readonly K['expr'][]; readonly at: number }
  | { readonly kind: 'not'; readonly arg: K['expr']; readonly at: number }
  | { readonly kind: 'is_null'; readonly arg: K['expr']; readonly at: number }
  /** Never unknown: true where both sides are equal or both are null. */
  | { readonly kind: 'same'; readonly left: K['expr']; readonly right: K['expr']; readonly at: number }
  | { readonly kind: 'is_true'; readonly arg: K['expr']; readonly wanted: boolean; readonly at: number }
  | { readonly kind: 'in_list'; readonly arg: K['expr']; readonly list: readonly K['expr'][]; readonly at: number }
  | {
      readonly kind: 'between'
      readonly arg: K['expr']
      readonly low: K['expr']
      readonly high: K['expr']
      readonly at: number
    }
  | {
      readonly kind: 'like'
      readonly arg: K['expr']
      readonly pattern: K['expr']
      readonly escape: string
      readonly ignoreCase: boolean
      readonly at: number
    }
  | {
      readonly kind: 'in_query'
      readonly args: readonly K['expr'][]
      readonly query: K['query']
      /** From INTERSECT or EXCEPT, where NULL is a value like any other. */
      readonly ofSet?: true
      readonly at: number
    }
  | {
      readonly kind: 'quantified'
      readonly sign: CompareSign
      readonly every: boolean
      readonly arg: K['expr']
      readonly query: K['query']
      readonly at: number
    }
  | { readonly kind: 'exists'; readonly query: K['query']; readonly at: number }
  | { readonly kind: 'scalar_query'; readonly query: K['query']; readonly at: number }
  | {
      readonly kind: 'case'
      readonly whens: readonly { readonly when: K['expr']; readonly result: K['expr'] }[]
      readonly otherwise: K['expr'] | null
      readonly at: number
    }
  | { readonly kind: 'cast'; readonly arg: K['expr']; readonly type: SqlType; readonly at: number }
  | { readonly kind: 'row'; readonly args: readonly K['expr'][]; readonly at: number }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly args: readonly K['expr'][]
      readonly star: boolean
      readonly distinct: boolean
      readonly filter: K['expr'] | null
      readonly order: readonly OrderItem<K['expr']>[]
      readonly withinGroup: boolean
      readonly over: Window<K['expr']> | null
      readonly at: number
    }

interface SqlKit {
  readonly expr: SqlExpr
  readonly query: SqlQuery
}

export type SqlExpr =
  | Common<SqlKit>
  | { readonly kind: 'column'; readonly table: string | null; readonly name: string; readonly at: number }

export type SqlTarget =
  | { readonly kind: 'star'; readonly table: string | null; readonly at: number }
  | { readonly kind: 'value'; readonly expr: SqlExpr; readonly name: string | null; readonly at: number }

export type SqlFrom =
  | {
      readonly kind: 'table'
      readonly schema: string | null
      readonly name: string
      readonly alias: string | null
      readonly at: number
    }
  | {
      readonly kind: 'query'
      readonly query: SqlQuery
      readonly alias: string
      readonly columns: readonly string[]
      readonly at: number
    }
  | {
      readonly kind: 'join'
      readonly type: 'inner' | 'left' | 'right'
      readonly left: SqlFrom
      readonly right: SqlFrom
      readonly on: SqlExpr | null
      readonly using: readonly string[]
      readonly natural: boolean
      readonly at: number
    }

export type SqlCte = { readonly name: string; readonly columns: readonly string[]; readonly query: SqlQuery }

type Tail = {
  readonly ctes: readonly SqlCte[]
  readonly orderBy: readonly OrderItem<SqlExpr>[]
  readonly limit: number | null
  readonly at: number
}

export type SqlSelect = Tail & {
  readonly kind: 'select'
  readonly targets: readonly SqlTarget[]
  readonly from: readonly SqlFrom[]
  readonly where: SqlExpr | null
  readonly groupBy: readonly SqlExpr[]
  readonly having: SqlExpr | null
  readonly distinct: boolean
}

export type SqlSetQuery = Tail & {
  readonly kind: 'set'
  readonly op: 'union' | 'intersect' | 'except'
  readonly all: boolean
  readonly left: SqlQuery
  readonly right: SqlQuery
}

export type SqlQuery = SqlSelect | SqlSetQuery
