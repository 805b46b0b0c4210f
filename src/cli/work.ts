import { Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Io } from './io.ts'
import { progressOn } from './progress.ts'
import { stopped } from './stopped.ts'

const HELP = `
"tablewright serve" delivers by itself. Run workers beside it where there is much to deliver, or where the API runs
without one; they share the work through the store that DATABASE_URL names.

Examples:
  DATABASE_URL=postgres://me@localhost/tablewright SMTP_URL=smtp://localhost:25 MAIL_FROM=tables@example.org tablewright work`

/** `tablewright work`: delivers scheduled tables, until it is stopped. */
export function workCommand(io: Io): Command {
  return new Command('work')
    .description('Deliver scheduled tables, without the web page and the API')
    .addHelpText('after', HELP)
    .action(async () => {
      const config = readConfig()
      const [{ startWork }, { makeLog }, { outliveLostConnections }] = await Promise.all([
        import('../server/work.ts'),
        import('./log.ts'),
        import('../db/outlive.ts'),
      ])
      const log = makeLog(config.logLevel)
      outliveLostConnections(log)
      const worker = await startWork({ config, log, onProgress: progressOn(io) })
      const { dim, accent } = io.errStyle
      const how = worker.sends ? 'mails are sent' : 'SMTP_URL is not set: mails are kept, not sent'
      const where = worker.url === undefined ? '' : dim(`; health and metrics at ${worker.url}`)
      io.note(`${accent('✓')} Working; ${how}${where}\n${dim('Stop with Ctrl+C')}\n`)
      await stopped(io.signal)
      io.note(dim('Finishing what is under way\n'))
      await worker.close()
    })
}
