import { Command, InvalidArgumentError } from 'commander'
import { readConfig } from '../config.ts'
import { version } from '../lib/version.ts'
import type { Io } from './io.ts'
import { progressOn } from './progress.ts'
import { stopped } from './stopped.ts'

const HELP = `
Everything else is set by the environment; see docs/configuration.md.

Examples:
  tablewright serve
  tablewright serve --port 9000
  SOURCE_DATABASE_URL=postgres://me@localhost/shop CATALOG=catalog.yaml tablewright serve`

/** `tablewright serve`: the web page and the API, until it is stopped. */
export function serveCommand(io: Io): Command {
  return new Command('serve')
    .description('Serve the web page and the API')
    .option('--port <number>', 'port to listen on (default: PORT, or 8787; 0: any free one)', asPort)
    .option('--host <address>', 'address to listen on (default: HOST, or 127.0.0.1)')
    .option('--rows <n>', 'donations in the demo data, 2,000 to 10,000,000 (default: 50,000, or what is there)', asRows)
    .addHelpText('after', HELP)
    .action(async (options: { port?: number; host?: string; rows?: number }) => {
      const read = readConfig()
      const config = {
        ...read,
        port: options.port ?? read.port,
        host: options.host ?? read.host,
        ...(options.rows !== undefined && { demoDonations: options.rows }),
      }
      const { bold, dim, accent } = io.errStyle
      io.note(`${bold('Tablewright')} ${dim(version)}\n`)
      const [{ startServer }, { makeLog }, { outliveLostConnections }] = await Promise.all([
        import('../server.ts'),
        import('./log.ts'),
        import('../db/outlive.ts'),
      ])
      const log = makeLog(config.logLevel)
      outliveLostConnections(log)
      const server = await startServer({ config, log, onProgress: progressOn(io) })
      io.note(`${accent('✓')} Ready at ${bold(server.url)}\n`)
      for (const warning of server.warnings) io.note(`${bold('!')} ${warning}\n`)
      if (server.invitation !== undefined) {
        io.note(`${bold('!')} Nobody can sign in yet; the first admin comes in at ${bold(server.invitation)}\n`)
      }
      if (server.prompts.length > 0) {
        io.note(
          `\nTry there, or with ${bold('tablewright ask')}:\n${server.prompts.map((prompt) => `  ${prompt}\n`).join('')}`,
        )
      }
      io.note(dim('\nStop with Ctrl+C\n'))
      await stopped(io.signal)
      io.note(dim('Stopping\n'))
      await server.close()
    })
}

function asPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}

function asRows(text: string): number {
  const rows = Number(text)
  if (Number.isInteger(rows) && rows >= 2000 && rows <= 10_000_000) return rows
  throw new InvalidArgumentError('It must be a whole number from 2000 to 10000000.')
}
