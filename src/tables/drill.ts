import type { AppContext } from '../context.ts'
import { drill } from '../definition/drill.ts'
import { UserError } from '../errors.ts'
import type { Scope } from '../lib/scope.ts'
import { catalogFor } from '../pipeline.ts'
import type { Cell } from '../plan/columns.ts'
import { type Checked, validateTable } from './preview.ts'

/** The rows behind a number, as a definition. Throws `UserError` invalid_definition, conflict with the reason why not. */
export function drillTable(options: {
  ctx: AppContext
  scope: Scope
  input: { readonly definition: unknown; readonly column: string; readonly keys: Readonly<Record<string, Cell>> }
}): Checked {
  const { ctx, scope, input } = options
  const { definition } = validateTable({ ctx, scope, definition: input.definition })
  const drilled = drill(definition, catalogFor(ctx.catalog, scope), input)
  if (!drilled.ok) {
    throw new UserError('conflict', `Cannot show the rows behind this number: ${drilled.reason}`)
  }
  return validateTable({ ctx, scope, definition: drilled.definition })
}
