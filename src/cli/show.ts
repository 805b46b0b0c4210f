// A finished table as a command prints it: rows on stdout, what they are on stderr.
import { foldedJson } from '../lib/folded-json.ts'
import type { TableResult } from '../rows/result.ts'
import { prettySql } from '../sql/pretty.ts'
import type { Io } from './io.ts'
import type { OutputOptions } from './options.ts'
import { terminalTable } from './terminal-table.ts'

export type Shown = TableResult & {
  readonly title: string
  readonly sentence: string
  readonly definition: unknown
  readonly assumptions?: readonly string[]
  readonly notes?: readonly string[]
}

/** Prints a table as text or JSON; `extra` is said after the row count. */
export function showTable(io: Io, shown: Shown, options: OutputOptions & { timezone: string; extra?: string }): void {
  if (options.json) io.out(`${JSON.stringify(shown, null, 2)}\n`)
  else {
    io.note(headText(io, shown))
    if (shown.rows.length > 0) {
      io.out(terminalTable(shown, { locale: 'en-US', timezone: options.timezone, width: io.width, style: io.style }))
    }
    io.note(footText(io, shown, options.extra))
  }
  if (options.explain) io.note(explanation(io, shown))
}

/** What a table is: its title, its sentence, what was taken for granted. */
export function headText(
  io: Io,
  { title, sentence, assumptions = [], notes = [] }: Pick<Shown, 'title' | 'sentence' | 'assumptions' | 'notes'>,
): string {
  const { bold, dim, warn } = io.errStyle
  const lines = [...(title === '' ? [] : [bold(title)]), sentence]
  for (const assumption of assumptions) lines.push(dim(`Assumed: ${assumption}`))
  for (const note of notes) lines.push(warn(`Note: ${note}`))
  return `${lines.join('\n')}\n\n`
}

function footText(io: Io, { rows, truncated, maxRows, elapsedMs }: Shown, extra?: string): string {
  const { dim, warn } = io.errStyle
  const count =
    rows.length === 1 ? '1 row' : rows.length === 0 ? 'No rows' : `${rows.length.toLocaleString('en-US')} rows`
  const parts = [count, `${Math.max(1, Math.round(elapsedMs))} ms`, ...(extra === undefined ? [] : [extra])]
  const cut = truncated
    ? `${warn(`Only the first ${maxRows.toLocaleString('en-US')} rows are shown; the table has more`)}\n`
    : ''
  return `\n${cut}${dim(parts.join(' · '))}\n`
}

/** The definition and the SQL of a table. */
export function explanation(io: Io, { definition, statements }: Pick<Shown, 'definition' | 'statements'>): string {
  const { bold } = io.errStyle
  const sql = statements.map(({ text, params }) => {
    const values = params.map((value, index) => `-- $${index + 1} = ${JSON.stringify(value)}`)
    return [prettySql(text), ...values].join('\n')
  })
  return `\n${bold('Definition')}\n${foldedJson(definition)}\n\n${bold('SQL')}\n${sql.join('\n\n')}\n`
}
