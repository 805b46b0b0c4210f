import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { Command } from 'commander'
import { UserError } from '../errors.ts'
import { parseJson } from '../lib/json.ts'
import type { Io } from './io.ts'
import {
  configFrom,
  type DataOptions,
  type OutputOptions,
  systemTimezone,
  withDataOptions,
  withOutputOptions,
} from './options.ts'
import { showTable } from './show.ts'

const HELP = `
The definition's language is described in docs/definition.md.

Examples:
  tablewright run definition.json
  tablewright run definition.json --xlsx table.xlsx
  tablewright ask "donations by month" --json | jq .definition | tablewright run - --csv`

/** `tablewright run DEFINITION.json`: the table that a definition says. */
export function runCommand(io: Io): Command {
  const command = new Command('run')
    .description('Run a table definition')
    .argument('<definition>', 'a JSON file, or - for stdin')
  return withOutputOptions(withDataOptions(command))
    .addHelpText('after', HELP)
    .action(async (path: string, options: DataOptions & OutputOptions) => {
      const definition = await readDefinition(path)
      const [{ withContext }, { previewTable }, { saveTable, targetOf }] = await Promise.all([
        import('./with-context.ts'),
        import('../tables/preview.ts'),
        import('./save.ts'),
      ])
      const timezone = options.timezone ?? systemTimezone()
      const target = targetOf(options)
      await withContext(io, configFrom(options), async (ctx) => {
        if (target !== undefined) return saveTable(io, ctx, { ...options, target, definition, timezone })
        const preview = await previewTable({
          ctx,
          scope: ctx.scope,
          input: { definition, timezone },
          signal: io.signal,
        })
        showTable(io, preview, { ...options, timezone })
      })
    })
}

async function readDefinition(path: string): Promise<unknown> {
  const content = path === '-' ? readAll(process.stdin) : readFile(path, 'utf8')
  const text = await content.catch((cause: unknown) => {
    throw new UserError('file_not_readable', `Cannot read "${path}": there is no such file`, { cause })
  })
  const json = parseJson(text)
  if (json.ok) return json.value
  throw new UserError(
    'invalid_json',
    `Cannot read "${path}": not JSON at line ${json.line}, column ${json.column}: ${json.reason}`,
  )
}
