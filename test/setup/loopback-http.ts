import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Json = { [key: string]: unknown }
export type Incoming = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Json }

/** What a scripted vendor does with a request that it finds valid. */
export type Behaviour =
  | { readonly do: 'answer'; readonly json: unknown }
  | { readonly do: 'text'; readonly text: string }
  | { readonly do: 'cut off'; readonly text: string }
  | { readonly do: 'refuse'; readonly text: string }
  | {
      readonly do: 'status'
      readonly status: number
      readonly body?: unknown
      readonly headers?: Record<string, string>
    }
  | { readonly do: 'drop'; readonly after: 'headers' | 'half the body' }
  | { readonly do: 'wait'; readonly ms: number; readonly next: Behaviour }

/** The last behaviour of a script repeats; a function sees the request. */
export type Script = readonly Behaviour[] | ((body: Json, turn: number) => Behaviour)

export type Loopback = {
  readonly url: string
  /** Bodies of all requests that passed the vendor's checks, oldest first. */
  readonly accepted: readonly Json[]
  /** What was wrong with the others. */
  readonly rejected: readonly string[]
  readonly close: () => Promise<void>
}

export type Problem = { readonly status: number; readonly code: string; readonly message: string }
export type Vendor = {
  /** What the vendor would say to the request, before any model sees it. */
  readonly check: (request: Incoming) => Problem | undefined
  readonly errorBody: (problem: Problem) => Json
  readonly success: (behaviour: Behaviour, request: Json, earlier: readonly Json[]) => Json
}

/** A real HTTP server on 127.0.0.1 that speaks one vendor's protocol and follows a script. */
export async function startLoopback(vendor: Vendor, script: Script): Promise<Loopback> {
  const accepted: Json[] = []
  const rejected: string[] = []
  const timers = new Set<NodeJS.Timeout>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json
      const problem = vendor.check({ path: request.url ?? '', headers: request.headers, body })
      if (problem !== undefined) {
        rejected.push(problem.message)
        send(response, problem.status, vendor.errorBody(problem))
        return
      }
      const turn = accepted.push(body) - 1
      const chosen = typeof script === 'function' ? script(body, turn) : script[Math.min(turn, script.length - 1)]
      if (chosen === undefined) throw new Error('the script is empty')
      behave(response, chosen, body)
    })
  })

  function behave(response: ServerResponse, behaviour: Behaviour, body: Json): void {
    if (behaviour.do === 'wait') {
      timers.add(setTimeout(() => behave(response, behaviour.next, body), behaviour.ms))
    } else if (behaviour.do === 'status') {
      const { status, headers } = behaviour
      const problem = { status, code: `http_${status}`, message: `scripted ${status}` }
      send(response, status, behaviour.body ?? vendor.errorBody(problem), headers)
    } else if (behaviour.do === 'drop') {
      const whole = JSON.stringify(vendor.success({ do: 'text', text: 'x'.repeat(2000) }, body, accepted.slice(0, -1)))
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(whole.length) })
      if (behaviour.after === 'half the body') response.write(whole.slice(0, whole.length / 2))
      else response.flushHeaders()
      timers.add(setTimeout(() => response.destroy(), 20))
    } else {
      send(response, 200, vendor.success(behaviour, body, accepted.slice(0, -1)))
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted,
    rejected,
    close: () => {
      for (const timer of timers) clearTimeout(timer)
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A rough count of tokens, as good as any for a test. */
export function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}
