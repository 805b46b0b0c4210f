import { Command } from 'commander'
import { readConfig } from '../config.ts'
import { makeMailer } from '../delivery/mailer.ts'
import { UserError } from '../errors.ts'
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
      if (config.databaseUrl === undefined) {
        throw new UserError('invalid_configuration', 'Cannot work apart from the server: DATABASE_URL is not set', {
          fix: 'set DATABASE_URL to the store that the server uses; an embedded one is delivered from by "tablewright serve"',
        })
      }
      const mailer = makeMailer(config)
      const [{ openService }, { startWorker }, { makeLog }] = await Promise.all([
        import('../open-service.ts'),
        import('../jobs/worker.ts'),
        import('./log.ts'),
      ])
      const service = await openService({ config, log: makeLog(config.logLevel), onProgress: progressOn(io) })
      try {
        const worker = await startWorker({ ...service, config, mailer })
        const { dim, accent } = io.errStyle
        const how = mailer.send === undefined ? 'SMTP_URL is not set: mails are kept, not sent' : 'mails are sent'
        io.note(`${accent('✓')} Working; ${how}\n${dim('Stop with Ctrl+C')}\n`)
        await stopped(io.signal)
        io.note(dim('Finishing what is under way\n'))
        await worker.close()
      } finally {
        await service.close()
      }
    })
}
