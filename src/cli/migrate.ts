import { Command } from 'commander'
import { readConfig } from '../config.ts'
import { openStore } from '../open-store.ts'
import type { Io } from './io.ts'

const HELP = `
The store is the Postgres that DATABASE_URL names, or the embedded one in DATA_DIR. "tablewright serve" does the same
when it starts; run it apart where several servers are updated one after the other.

Examples:
  tablewright migrate
  DATABASE_URL=postgres://me@localhost/tablewright tablewright migrate`

/** `tablewright migrate`: brings the application store forward. */
export function migrateCommand(io: Io): Command {
  return new Command('migrate')
    .description('Bring the application store forward to this version')
    .addHelpText('after', HELP)
    .action(async () => {
      const store = await openStore(readConfig())
      try {
        const applied = await store.migrate()
        for (const name of applied) io.out(`${name}\n`)
        const count = applied.length === 1 ? '1 migration' : `${applied.length} migrations`
        io.note(applied.length === 0 ? 'The store is up to date\n' : `Applied ${count}\n`)
      } finally {
        await store.close()
      }
    })
}
