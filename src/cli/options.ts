// Options that several commands share, and how they change the configuration of the environment.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Config, readConfig, requireKey, type TranslatorChoice } from '../config.ts'
import { ianaTimezone } from '../lib/timezone.ts'

export type DataOptions = {
  catalog?: string
  database?: string
  organization?: string
  timezone?: string
  translator?: TranslatorChoice
}
export type OutputOptions = { json?: true; csv?: true; xlsx?: string; pdf?: string; explain?: true }

/** Adds --catalog, --database, --organization, --timezone. */
export function withDataOptions(command: Command): Command {
  return command
    .option('--database <url>', 'Postgres to read (default: the demo data)', asPostgresUrl)
    .option('--catalog <file>', 'catalog that says what may be asked (default: looks at the database)')
    .option('--organization <id>', 'whose rows to read, where the catalog keeps organizations apart')
    .option('--timezone <zone>', 'IANA time zone of "today" and of times shown (default: the system\'s)', asTimezone)
}

/** Adds --translator. */
export function withTranslator(command: Command): Command {
  const choices = ['auto', 'builtin', 'openai', 'anthropic']
  return command.addOption(
    new Option('--translator <name>', 'who reads the prompt (default: TRANSLATOR, or auto)').choices(choices),
  )
}

/** Adds --json, --csv, --xlsx, --pdf and --explain. */
export function withOutputOptions(command: Command): Command {
  return command
    .addOption(new Option('--json', 'print everything as JSON').conflicts(['csv', 'xlsx', 'pdf']))
    .addOption(new Option('--csv', 'print every row as CSV').conflicts(['xlsx', 'pdf']))
    .addOption(new Option('--xlsx <file>', 'write every row to an Excel workbook').conflicts('pdf'))
    .addOption(new Option('--pdf <file>', 'write a PDF report'))
    .option('--explain', 'say on stderr what was understood: sentence, definition, SQL')
}

/** The environment's configuration, with what the options say instead. */
export function configFrom(options: DataOptions): Config {
  const { catalog, database, organization, translator } = options
  const config: Config = {
    ...readConfig(),
    ...(database && { sourceDatabaseUrl: database }),
    ...(catalog && { catalogPath: catalog }),
    ...(organization && { organizationId: organization }),
    ...(translator && { translator }),
  }
  requireKey(config)
  return config
}

export function systemTimezone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

export function asPostgresUrl(text: string): string {
  if (/^postgres(ql)?:\/\/\S+$/.test(text)) return text
  throw new InvalidArgumentError('It must look like postgres://user:password@host:5432/database.')
}

function asTimezone(text: string): string {
  const known = ianaTimezone(text)
  if (known !== undefined) return known
  throw new InvalidArgumentError('It must be an IANA time zone such as Europe/Berlin.')
}
