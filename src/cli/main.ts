// The command line. In: arguments. Out: data on stdout, notes on stderr, and an exit code:
// 0 fine, 1 failed, 2 wrong use, 3 not understood.
import { Command, CommanderError } from 'commander'
import { asUserError, errorCodes } from '../errors.ts'
import { version } from '../lib/version.ts'
import { askCommand } from './ask.ts'
import { catalogCommand } from './catalog.ts'
import { evalCommand } from './eval.ts'
import { failureText } from './failure.ts'
import { importCommand } from './import.ts'
import { introspectCommand } from './introspect.ts'
import { type Io, processIo } from './io.ts'
import { migrateCommand } from './migrate.ts'
import { rowSecurityCommand } from './row-security.ts'
import { runCommand } from './run.ts'
import { serveCommand } from './serve.ts'
import { workCommand } from './work.ts'

const EXAMPLES = `
Examples:
  tablewright serve                                        the web page and the API, on demo data
  tablewright ask "top 10 campaigns by money raised last quarter"
  tablewright ask "donations by month this year" --csv > months.csv
  tablewright introspect postgres://me@localhost/shop > catalog.yaml
  tablewright ask "orders by country" --database postgres://me@localhost/shop --catalog catalog.yaml`

/** The whole command line as a commander program. */
export function program(io: Io): Command {
  return new Command('tablewright')
    .description('Ask for a table in plain words; get a live table that is right.')
    .version(version)
    .addCommand(askCommand(io))
    .addCommand(runCommand(io))
    .addCommand(importCommand(io))
    .addCommand(introspectCommand(io))
    .addCommand(catalogCommand(io))
    .addCommand(serveCommand(io))
    .addCommand(workCommand(io))
    .addCommand(migrateCommand(io))
    .addCommand(rowSecurityCommand(io))
    .addCommand(evalCommand(io))
    .addHelpText('after', EXAMPLES)
}

/** Runs the command line and gives the exit code. */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  const root = program(io)
  for (const command of everyCommand(root)) {
    command
      .exitOverride()
      .showHelpAfterError('Add --help to see how it is used')
      .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.note(text) })
  }
  try {
    await root.parseAsync([...args], { from: 'user' })
    return io.exitCode()
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const known = asUserError(error, io.signal)
    io.note(failureText(known ?? error, io.errStyle))
    if (io.signal.aborted) return 130
    return known === undefined ? 1 : errorCodes[known.code].exit
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}
