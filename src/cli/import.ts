import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { Command } from 'commander'
import { UserError } from '../errors.ts'
import { foldedJson } from '../lib/folded-json.ts'
import type { Io } from './io.ts'
import { configFrom, type DataOptions, withDataOptions } from './options.ts'

const HELP = `
Exit codes: 0 imported, 1 some part of the SQL does not fit, 2 wrong use.

Examples:
  tablewright import query.sql > definition.json
  tablewright import query.sql | tablewright run -
  echo "select channel, count(*) from demo.campaigns group by channel" | tablewright import -`

/** `tablewright import QUERY.sql`: a SELECT as a definition. */
export function importCommand(io: Io): Command {
  const command = new Command('import')
    .description('Turn a Postgres SELECT into a table definition')
    .argument('<query>', 'a file with one SELECT, or - for stdin')
  return withDataOptions(command)
    .addHelpText('after', HELP)
    .action(async (path: string, options: DataOptions) => {
      const sql = await (path === '-' ? readAll(process.stdin) : readFile(path, 'utf8')).catch((cause: unknown) => {
        throw new UserError('file_not_readable', `Cannot read "${path}": there is no such file`, { cause })
      })
      const [{ withContext }, { importTable }] = await Promise.all([
        import('./with-context.ts'),
        import('../tables/import.ts'),
      ])
      await withContext(io, configFrom(options), async (ctx) => {
        const imported = await importTable({ ctx, scope: ctx.scope, input: { sql } })
        io.note(
          `${imported.sentence}\n${imported.notes.map((note) => `${io.errStyle.warn(`Note: ${note}`)}\n`).join('')}`,
        )
        io.out(`${foldedJson(imported.definition)}\n`)
      })
    })
}
