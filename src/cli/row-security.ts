import { Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Io } from './io.ts'
import { asPostgresUrl } from './options.ts'

const HELP = `
The statements go to stdout, for the owner of the tables to read over and run. With --apply they are run at once, in one
transaction. Give the role a password afterwards, and let SOURCE_DATABASE_URL name it.

Examples:
  tablewright row-security --catalog catalog.yaml > fence.sql
  tablewright row-security --catalog catalog.yaml --apply postgres://owner@localhost/shop`

/** `tablewright row-security`: a role that reads one organization at a time, by the database's own rules. */
export function rowSecurityCommand(io: Io): Command {
  return new Command('row-security')
    .description('Write the SQL of a role that may only read one organization at a time')
    .option('--catalog <file>', "the catalog (default: CATALOG, or the demo's)")
    .option('--role <name>', 'the role', 'tablewright_reader')
    .option('--apply <url>', 'run it on this Postgres, as the owner of the tables', asPostgresUrl)
    .addHelpText('after', HELP)
    .action(async (options: { catalog?: string; role: string; apply?: string }) => {
      const path = options.catalog ?? readConfig().catalogPath ?? new URL('../../demo/catalog.yaml', import.meta.url)
      const [{ catalogFromFile }, { rowSecurity }] = await Promise.all([
        import('../open-catalog.ts'),
        import('../catalog/row-security.ts'),
      ])
      const statements = rowSecurity(await catalogFromFile(path), options.role)
      if (options.apply === undefined) {
        io.out(`begin;\n${statements.map((statement) => `${statement};\n`).join('')}commit;\n`)
        return
      }
      const { default: postgres } = await import('postgres')
      const sql = postgres(options.apply, { max: 1, onnotice: () => {} })
      try {
        await sql.begin(async (tx) => {
          for (const statement of statements) await tx.unsafe(statement)
        })
      } finally {
        await sql.end({ timeout: 5 })
      }
      io.note(`${io.errStyle.accent('✓')} The role ${options.role} reads one organization at a time\n`)
    })
}
