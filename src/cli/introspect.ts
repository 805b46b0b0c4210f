import { Command, InvalidArgumentError } from 'commander'
import type { Io } from './io.ts'
import { asPostgresUrl } from './options.ts'

const HELP = `
The file goes to stdout, notes on what was decided to stderr. Read it over: what it does not name cannot be asked for.

Examples:
  tablewright introspect postgres://me@localhost/shop > catalog.yaml
  tablewright introspect postgres://me@localhost/shop --schema sales --tenant-key company_id > catalog.yaml`

type Options = { schema?: string; tenantKey?: string; sampling: boolean }

/** `tablewright introspect URL`: a first catalog of a Postgres. */
export function introspectCommand(io: Io): Command {
  return new Command('introspect')
    .description('Write a first catalog of a Postgres database')
    .argument('<url>', 'Postgres to look at', asPostgresUrl)
    .option('--schema <name>', 'schema to describe (default: public)')
    .option('--tenant-key <column>', 'column that says whose a row is; tables without it are shared')
    .option('--no-sampling', 'do not look at rows, only at the schema')
    .addHelpText('after', HELP)
    .action(async (url: string, options: Options) => {
      const { schema, tenantKey, sampling } = options
      if (schema === '') throw new InvalidArgumentError('A schema has a name.')
      const [{ introspect }, { catalogToYaml }, { postgresQuery }] = await Promise.all([
        import('../catalog/introspect.ts'),
        import('../catalog/print.ts'),
        import('../db/query.ts'),
      ])
      const { query, close } = postgresQuery(url)
      try {
        const found = await introspect(query, { sampling, ...(schema && { schema }), ...(tenantKey && { tenantKey }) })
        io.out(catalogToYaml(found.catalog))
        for (const note of found.notes) io.note(`${note}\n`)
        const count = Object.keys(found.catalog.entities).length
        io.note(`${io.errStyle.accent('✓')} ${count} ${count === 1 ? 'entity' : 'entities'} described\n`)
      } finally {
        await close()
      }
    })
}
