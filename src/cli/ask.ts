import { Command } from 'commander'
import type { Generated } from '../tables/generate.ts'
import type { Io } from './io.ts'
import {
  configFrom,
  type DataOptions,
  type OutputOptions,
  systemTimezone,
  withDataOptions,
  withOutputOptions,
  withTranslator,
} from './options.ts'
import { showTable } from './show.ts'

const HELP = `
Exit codes: 0 answered, 1 failed, 2 wrong use, 3 not understood.

Examples:
  tablewright ask "top 10 campaigns by money raised last quarter"
  tablewright ask "donors in Ohio who gave at least three times last year" --explain
  tablewright ask "donations by month this year" --csv > months.csv
  tablewright ask "donations this year" --xlsx donations.xlsx
  tablewright ask "orders by country" --database postgres://me@localhost/shop`

/** `tablewright ask "PROMPT"`: a table from words. */
export function askCommand(io: Io): Command {
  const command = new Command('ask')
    .description('Make a table from words')
    .argument('<prompt>', 'what to show, in plain words')
  return withOutputOptions(withTranslator(withDataOptions(command)))
    .addHelpText('after', HELP)
    .action(async (prompt: string, options: DataOptions & OutputOptions) => {
      const [{ withContext }, { generateTable }, { saveTable, targetOf }] = await Promise.all([
        import('./with-context.ts'),
        import('../tables/generate.ts'),
        import('./save.ts'),
      ])
      const target = targetOf(options)
      const timezone = options.timezone ?? systemTimezone()
      await withContext(io, configFrom(options), async (ctx) => {
        // A file reads the rows itself, so here one is enough to know that there is an answer.
        const input = { prompt, timezone, ...(target && { maxRows: 1 }) }
        const generated = await generateTable({ ctx, scope: ctx.scope, input, signal: io.signal })
        if (target !== undefined && generated.kind === 'answer') {
          const { definition, title, assumptions, notes } = generated
          return saveTable(io, ctx, { ...options, target, definition, title, assumptions, notes, timezone })
        }
        show(io, generated, { ...options, timezone })
      })
    })
}

function show(io: Io, generated: Generated, options: OutputOptions & { timezone: string }): void {
  if (generated.kind === 'answer') {
    const extra = `${generated.translator}, ${Math.round(generated.confidence * 100)}% sure`
    showTable(io, generated, { ...options, extra })
    return
  }
  io.setExitCode(3)
  if (options.json) io.out(`${JSON.stringify(generated, null, 2)}\n`)
  io.note(textOf(io, generated))
}

function textOf(io: Io, generated: Exclude<Generated, { kind: 'answer' }>): string {
  if (generated.kind === 'draft') return draftText(io, generated)
  return generated.kind === 'question' ? questionText(io, generated) : refusedText(io, generated)
}

function questionText(
  { errStyle: { bold } }: Io,
  { question, readings }: Extract<Generated, { kind: 'question' }>,
): string {
  return [
    bold(question),
    ...readings.flatMap(({ sentence, rowCount, columns, rows }) => [
      `  - ${sentence}`,
      `    ${rowCount} ${rowCount === 1 ? 'row' : 'rows'}: ${(rows[0] ?? []).map((cell, at) => `${columns[at]?.label ?? ''} ${cell ?? '–'}`).join(', ')}`,
    ]),
    'Say which in other words.',
    '',
  ].join('\n')
}

function draftText({ errStyle: { bold } }: Io, draft: Extract<Generated, { kind: 'draft' }>): string {
  return [
    bold('Understood only in part, so no table is shown'),
    ...list('Understood', draft.understood),
    ...list('Not understood', draft.notUnderstood),
    ...list('These would work', draft.suggestions),
    '',
  ].join('\n')
}

function refusedText({ errStyle: { bold } }: Io, refused: Extract<Generated, { kind: 'refused' }>): string {
  return [
    bold('This cannot be answered here'),
    `  ${refused.reason}`,
    ...list('These would work', refused.suggestions),
    '',
  ].join('\n')
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}:`, ...items.map((item) => `  - ${item}`)]
}
