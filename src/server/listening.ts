// A port, and what answers there. In: an application and an address. Out: a way to have another application answer, and to stop.
// Refused: a port in use or not allowed, an address that this machine lacks; each with one sentence and a fix.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { UserError } from '../errors.ts'
import type { HttpEnv } from '../http/env.ts'

export type Listening = {
  /** Such as http://127.0.0.1:8787 */
  readonly url: string
  readonly answerBy: (app: Hono<HttpEnv>) => void
  /** Finishes requests under way, ten seconds at most. */
  readonly close: () => Promise<void>
}
type Address = { readonly host: string; readonly port: number }

const CLOSE_TIMEOUT_MS = 10_000
const IDLE_STEP_MS = 50

/** Begins to listen. Throws `UserError` port_in_use, invalid_configuration. */
export async function listening(first: Hono<HttpEnv>, address: Address): Promise<Listening> {
  let app = first
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, env),
    hostname: address.host,
  }) as Server
  await listen(server, address)
  return {
    url: addressOf(server, address),
    answerBy: (next) => {
      app = next
    },
    close: () => stop(server),
  }
}

function addressOf(server: Server, { host }: Address): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function listen(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(listenError(error, host, port)))
    server.listen({ host, port }, done)
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError('port_in_use', `Cannot listen on port ${port}: another program uses it`, {
      fix: `stop that program, or take another port: PORT=${port + 1} npm start`,
      cause: error,
    })
  }
  if (error.code === 'EACCES') {
    return new UserError('invalid_configuration', `Cannot listen on port ${port}: the system does not allow it`, {
      fix: 'take a port above 1023',
      cause: error,
    })
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new UserError('invalid_configuration', `Cannot listen on HOST "${host}": this machine has no such address`, {
      fix: 'set HOST to 127.0.0.1, or to 0.0.0.0 for every address of this machine',
      cause: error,
    })
  }
  return error
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()))
  // A connection that is kept alive is idle only once its last answer is sent.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_STEP_MS)
  const late = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}
