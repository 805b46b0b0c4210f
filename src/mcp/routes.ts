// `/mcp`: the Model Context Protocol over streamable HTTP, one server a request and nothing kept between them, so that any
// number of processes may answer. Refused: whoever brings no key or token; browsers' cookies do not count here.
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { type Context, Hono } from 'hono'
import { UserError } from '../errors.ts'
import { readJson } from '../http/body.ts'
import type { HttpEnv } from '../http/env.ts'
import { errorResponse } from '../http/errors.ts'
import { guard } from '../http/guard.ts'
import { mcpServer } from './server.ts'

/** Each tool has a rule of its own. */
const MCP = { method: 'POST', action: 'session.read' } as const

export const mcpRoutes = new Hono<HttpEnv>().post('/mcp', async (c) => {
  c.set('route', '/mcp')
  c.header('Cache-Control', 'no-store')
  try {
    refuseOtherOrigins(c)
    if (c.req.header('authorization') === undefined) throw needsKey()
    const caller = await guard(c, MCP)
    if (caller.kind !== 'known' || !['key', 'token'].includes(caller.identity.via.kind)) throw needsKey()
    const parsedBody = await readJson(c)
    const call = {
      ctx: c.get('ctx'),
      identity: caller.identity,
      requestId: c.get('requestId'),
      signal: c.req.raw.signal,
    }
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
    const server = mcpServer(call)
    await server.connect(transport as Parameters<typeof server.connect>[0])
    try {
      return await transport.handleRequest(c.req.raw, { parsedBody })
    } finally {
      await server.close()
    }
  } catch (error) {
    if (error instanceof UserError && error.code === 'unauthenticated') c.header('WWW-Authenticate', 'Bearer')
    return errorResponse(c, error)
  }
})

/** The protocol wants it: a page whose name was pointed at this machine (DNS rebinding) is not to speak to it. */
function refuseOtherOrigins(c: Context<HttpEnv>): void {
  const origin = c.req.header('origin')
  const { appUrl, corsOrigins } = c.get('settings')
  if (origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin)) return
  if (appUrl !== undefined && new URL(appUrl).origin === origin) return
  if (URL.canParse(origin) && HERE.has(new URL(origin).hostname)) return
  throw new UserError('forbidden', 'Cannot take the request: it comes from a page of another site', {
    fix: 'name the site in CORS_ORIGINS, or in APP_URL where it is this one',
  })
}

const HERE = new Set(['localhost', '127.0.0.1', '[::1]'])

function needsKey(): UserError {
  return new UserError('unauthenticated', 'Cannot answer: MCP clients need a key or a host application’s token', {
    fix: 'make a key in the settings, and send it as: Authorization: Bearer KEY',
  })
}
