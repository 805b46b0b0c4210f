// Definition in, table out: what the builder and `tablewright run` show.
// Refused: a definition with issues, all of them at once.
import type { AppContext } from '../context.ts'
import { type SentencePart, sentenceParts } from '../definition/read-back.ts'
import type { Definition } from '../definition/schema.ts'
import { UserError } from '../errors.ts'
import type { Issue } from '../lib/issue.ts'
import type { Scope } from '../lib/scope.ts'
import { catalogFor, definitionToRows, validateDefinition } from '../pipeline.ts'
import type { TableResult } from '../rows/result.ts'

export type Checked = { readonly definition: Definition; readonly sentence: string }
export type Preview = Checked & TableResult & { readonly title: string; readonly parts: readonly SentencePart[] }

/** Runs a definition. Throws `UserError` invalid_definition with every issue. */
export async function previewTable(options: {
  ctx: AppContext
  scope: Scope
  input: { readonly definition: unknown; readonly timezone: string; readonly maxRows?: number }
  signal?: AbortSignal
}): Promise<Preview> {
  const { ctx, scope, input, signal } = options
  const run = await definitionToRows({
    definition: input.definition,
    catalog: ctx.catalog,
    scope,
    clock: { now: ctx.now(), timezone: input.timezone },
    source: ctx.source,
    maxRows: input.maxRows ?? ctx.limits.maxRows,
    timeoutMs: ctx.limits.timeoutMs,
    ...(signal && { signal }),
  })
  if (!run.ok) throw invalidDefinition('Cannot run the definition', run.issues)
  const { definition, sentence, result } = run
  const parts = sentenceParts(definition, catalogFor(ctx.catalog, scope))
  return { title: definition.title ?? '', definition, sentence, parts, ...result }
}

/** Checks a definition without running it. Throws `UserError` invalid_definition with every issue. */
export function validateTable(options: { ctx: AppContext; scope: Scope; definition: unknown }): Checked {
  const { ctx, scope, definition } = options
  const checked = validateDefinition({ definition, catalog: ctx.catalog, scope })
  if (!checked.ok) throw invalidDefinition('Cannot accept the definition', checked.issues)
  return { definition: checked.definition, sentence: checked.sentence }
}

/** The error of a definition with issues; `what` is the action that they stop. A time limit is an error of its own. */
export function invalidDefinition(what: string, issues: readonly Issue[]): UserError {
  const slow = issues.find(({ code }) => code === 'too-slow')
  if (slow !== undefined)
    return new UserError('query_timeout', slow.message, slow.fix === undefined ? {} : { fix: slow.fix })
  const count = issues.length === 1 ? '1 issue' : `${issues.length} issues`
  return new UserError('invalid_definition', `${what}: it has ${count}`, { issues })
}
