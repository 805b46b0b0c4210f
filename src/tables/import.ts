// SQL or definition JSON in, a checked definition out: the third way to make a table.
// Refused: SQL that no definition can say, with every construct and where it stands; a definition with issues.
import type { AppContext } from '../context.ts'
import { type ImportProblem, importSql } from '../definition/from-sql.ts'
import { UserError } from '../errors.ts'
import type { Issue } from '../lib/issue.ts'
import type { Scope } from '../lib/scope.ts'
import { catalogFor } from '../pipeline.ts'
import { type Checked, validateTable } from './preview.ts'

export type ImportInput = { readonly sql: string } | { readonly definition: unknown }
export type Imported = Checked & {
  /** What a person should know about how it was read. */
  readonly notes: readonly string[]
}

/** Imports a SELECT or a definition. Throws `UserError` unsupported_sql or invalid_definition with every issue. */
export async function importTable(options: { ctx: AppContext; scope: Scope; input: ImportInput }): Promise<Imported> {
  const { ctx, scope, input } = options
  if ('definition' in input) return { ...validateTable({ ctx, scope, definition: input.definition }), notes: [] }
  const imported = await importSql({ sql: input.sql, catalog: catalogFor(ctx.catalog, scope) })
  if (!imported.ok) {
    const count =
      imported.problems.length === 1 ? 'one part does not fit' : `${imported.problems.length} parts do not fit`
    throw new UserError('unsupported_sql', `Cannot import the SQL: ${count}`, {
      issues: imported.problems.map(asIssue),
    })
  }
  return { ...validateTable({ ctx, scope, definition: imported.definition }), notes: imported.notes }
}

/** The place is part of the sentence, for people, and of the path, for editors: sql, line, column. */
function asIssue({ construct, message, position, fix }: ImportProblem): Issue {
  return {
    code: construct,
    path: ['sql', position.line, position.column],
    message: `${message} (line ${position.line}, column ${position.column})`,
    ...(fix === undefined ? {} : { fix }),
  }
}
