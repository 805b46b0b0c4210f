import { createWriteStream, existsSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { TranslatorChoice } from '../config.ts'
import { UserError } from '../errors.ts'
import type { Io } from './io.ts'
import { asPostgresUrl } from './options.ts'

const HELP = `
Each question's database is loaded into Postgres and introspected, unedited; one prediction is written a line:
{id, rows, definition, ms} or {id, refused: true, reason} or {id, error}. Without --database a Postgres of its own is started.

Examples:
  tablewright eval --suite ../shared/nl2sql --translator import --split validation --out predictions.jsonl
  tablewright eval --suite ../shared/nl2sql --translator builtin --limit 200 > predictions.jsonl
  tablewright eval --suite ../shared/nl2sql --translator openai --record answers.jsonl --out predictions.jsonl`

type EvalOptions = {
  suite: string
  translator: Exclude<TranslatorChoice, 'auto'> | 'import'
  only?: string
  split?: string
  limit?: number
  out?: string
  database?: string
  record?: string
  replay?: string
  alwaysAnswer?: true
}

/** `tablewright eval --suite DIR`: how well a translator, or the SQL importer, does on questions with known answers. */
export function evalCommand(io: Io): Command {
  return new Command('eval')
    .description('Measure a translator, or the SQL importer, on a suite of questions')
    .requiredOption('--suite <dir>', 'folder with questions.jsonl and databases/NAME.sql')
    .addOption(
      new Option('--translator <name>', 'who answers')
        .choices(['builtin', 'openai', 'anthropic', 'import'])
        .default('builtin'),
    )
    .option('--only <suite>', 'questions of this suite alone')
    .option('--split <name>', 'questions of this split alone, such as validation')
    .option('--limit <n>', 'at most so many questions', asCount)
    .option('--out <file>', 'file for the predictions (default: stdout)')
    .option('--always-answer', 'count drafts as answers')
    .option('--record <file>', "write the model's answers to a file, as they come")
    .option('--replay <file>', "take the model's answers from such a file, without a network")
    .option('--database <url>', 'Postgres to load the suite into (default: one of its own)', asPostgresUrl)
    .addHelpText('after', HELP)
    .action(async (options: EvalOptions) => {
      if (!existsSync(`${options.suite}/questions.jsonl`))
        throw new UserError('file_not_readable', `Cannot read suite "${options.suite}": it has no questions.jsonl`, {
          fix: 'give --suite the folder that holds questions.jsonl',
        })
      const [{ runSuite }, { translatorNamed }, { openOwnServer }] = await Promise.all([
        import('../../evals/suite.ts'),
        import('../../evals/translators.ts'),
        import('../../evals/own-server.ts'),
      ])
      const { suite, translator, database: _database, out, record, replay, ...rest } = options
      if (translator === 'import' && (record !== undefined || replay !== undefined))
        throw new UserError('usage', 'Cannot record or replay the importer: it asks nobody', {
          fix: 'name a model with --translator',
        })
      const answering = translator === 'import' ? translator : translatorNamed(translator, { record, replay })
      const server =
        options.database === undefined ? await openOwnServer() : { url: options.database, stop: async () => {} }
      try {
        const file = out === undefined ? undefined : createWriteStream(out)
        const left = new Map<string, { count: number; example: string }>()
        const count = await runSuite({
          ...rest,
          dir: suite,
          databaseUrl: server.url,
          translator: answering,
          write: (line) => {
            if (file === undefined) io.out(`${line}\n`)
            else file.write(`${line}\n`)
            tally(left, line)
          },
          onProgress: (done, total, latest) => {
            if (done % 100 === 0 || done === total) io.note(`${done} of ${total} (${latest.database})\n`)
          },
        })
        io.note(
          `${count.questions} questions: ${count.answered} answered, ${count.refused} refused, ${count.errors} errors\n`,
        )
        if (left.size > 0) io.note(leftTable(left))
      } finally {
        await server.stop()
      }
    })
}

/** Counts what kept SQL from being imported, by construct, with the first question as example. */
function tally(left: Map<string, { count: number; example: string }>, line: string): void {
  const { id, constructs = [] } = JSON.parse(line) as { id: string; constructs?: string[] }
  for (const construct of new Set(constructs)) {
    const known = left.get(construct)
    left.set(construct, { count: (known?.count ?? 0) + 1, example: known?.example ?? id })
  }
}

/** What kept SQL from being imported: construct, how many questions, the first of them. */
function leftTable(left: ReadonlyMap<string, { count: number; example: string }>): string {
  const rows = [...left].sort(([, a], [, b]) => b.count - a.count)
  const width = Math.max(...rows.map(([construct]) => construct.length), 'construct'.length)
  const lines = rows.map(
    ([construct, { count, example }]) => `${construct.padEnd(width)}  ${String(count).padStart(5)}  ${example}`,
  )
  return `Not imported:\n${'construct'.padEnd(width)}  count  example\n${lines.join('\n')}\n`
}

function asCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new InvalidArgumentError('It must be a whole number above 0.')
}
