// The sides of a comparison and the contents of a column: what a bound expression is in the words of the definition.
import { entityOf, fieldOf } from '../../catalog/find.ts'
import type { Field, FieldType } from '../../catalog/schema.ts'
import type { AggregateExpr, Grain, Scalar, Value } from '../schema.ts'
import type { Bound, BoundField } from './bound.ts'
import { dateOperand } from './dates.ts'
import { formulaOf } from './formula-text.ts'
import { joinPath, type Place } from './place.ts'
import { refuse } from './problem.ts'
import { scalarOperand } from './scalar-query.ts'
import type { Session } from './session.ts'
import { isAggregate } from './walk.ts'

export type Operand =
  | { readonly kind: 'literal'; readonly value: Scalar | null }
  | {
      readonly kind: 'field'
      readonly path: string
      readonly type: FieldType | undefined
      readonly field?: Field
      readonly grain?: Grain
      /** Never empty: part of the primary key of the row itself. */
      readonly certain?: boolean
    }
  | { readonly kind: 'formula'; readonly text: string; readonly type: FieldType | undefined; readonly level: number }
  /** An aggregate over rows related to the row at hand. */
  | { readonly kind: 'related'; readonly aggregate: AggregateExpr; readonly type: FieldType | undefined }
  /** Something that can only stand on the right side. */
  | { readonly kind: 'value'; readonly value: Value; readonly type: FieldType | undefined }

export type Ctx = {
  readonly session: Session
  readonly place: Place
  /** In HAVING and ORDER BY of a summary: the output column that an expression is. */
  readonly output?: (expr: Bound) => Operand | undefined
  /** Equalities that compare as INTERSECT and EXCEPT do: NULL equals NULL. */
  readonly nullsMatch?: ReadonlySet<Bound>
}

/** What an expression is, seen from the row (or output row) of the context. */
export function operandOf(ctx: Ctx, expr: Bound): Operand {
  const known = ctx.output?.(expr)
  if (known !== undefined) return known
  switch (expr.kind) {
    case 'literal':
      return { kind: 'literal', value: expr.value }
    case 'field':
      return fieldOperand(ctx, expr)
    case 'derived':
      return refuse(
        'sub-query in FROM',
        'Cannot read a column of this sub-query here: join its tables directly',
        expr.at,
      )
    case 'scalar_query':
      return scalarOperand(ctx, expr.query, expr.at)
    case 'cast':
    case 'call': {
      const date = dateOperand(ctx, expr)
      if (date !== undefined) return date
      if (expr.kind === 'call' && expr.over !== null)
        return refuse(
          'window function',
          `Cannot use ${expr.name}() OVER here: it stands alone as an output column`,
          expr.at,
        )
      if (isAggregate(expr))
        return refuse(
          expr.name,
          `Cannot use ${expr.name}() here: an aggregate stands in SELECT, HAVING or ORDER BY`,
          expr.at,
        )
      return formulaOf(ctx, expr)
    }
    default:
      return formulaOf(ctx, expr)
  }
}

function fieldOperand(ctx: Ctx, expr: BoundField): Operand {
  const placed = ctx.place.sources.get(expr.source)
  if (ctx.output !== undefined)
    return refuse(
      'column',
      `Cannot use "${expr.column}" here: it is neither grouped by nor inside an aggregate`,
      expr.at,
    )
  if (placed === undefined)
    return refuse(
      'join',
      `Cannot reach "${expr.column}" of "${expr.entity}" from a row of "${ctx.place.entity}": no relation of the catalog leads there`,
      expr.at,
      `Add a relation between "${ctx.place.entity}" and "${expr.entity}" to the catalog`,
    )
  if (expr.field === null)
    return refuse('column', `Cannot show or compare "${expr.column}": the catalog lists it only for joining`, expr.at)
  const entity = entityOf(ctx.session.catalog, placed.entity)
  const field = entity === undefined ? undefined : fieldOf(entity, expr.field)
  if (entity === undefined || field === undefined)
    return refuse('column', `Cannot read "${expr.field}": the catalog has no such field`, expr.at)
  const certain = placed.path === '' && entity.primaryKey.includes(expr.field)
  return { kind: 'field', path: joinPath(placed.path, expr.field), type: field.type, field, certain }
}
