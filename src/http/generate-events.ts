// The making of a table as server-sent events: understanding, checking, running, rows, done; or error.
// `rows` holds the table alone, `done` everything else, so together they are the JSON answer.
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { type Conversed, converse } from '../conversations/converse.ts'
import type { HttpEnv } from './env.ts'
import { errorBody } from './errors.ts'

/** Proxies close a silent connection after about a minute. */
const KEEP_ALIVE_MS = 15_000

/** Streams the steps; a client that leaves cancels the query. */
export function generateEvents(c: Context<HttpEnv>, request: Omit<Parameters<typeof converse>[0], 'onStep'>): Response {
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(c, async (stream) => {
    const gone = new AbortController()
    stream.onAbort(() => gone.abort())
    const signal = AbortSignal.any([gone.signal, ...(request.call.signal ? [request.call.signal] : [])])
    const send = (event: string, data: object) => stream.writeSSE({ event, data: JSON.stringify(data) })
    const keepAlive = setInterval(() => stream.write(': still working\n\n'), KEEP_ALIVE_MS)
    try {
      const generated = await converse({
        ...request,
        call: { ...request.call, signal },
        onStep: ({ step, ...data }) => {
          void send(step, data)
        },
      })
      const { table, rest } = split(generated)
      if (table !== undefined) await send('rows', table)
      await send('done', rest)
    } catch (error) {
      await send('error', errorBody(c, error).body)
    } finally {
      clearInterval(keepAlive)
    }
  })
}

function split(generated: Conversed): { table?: object; rest: object } {
  if (generated.kind !== 'answer') return { rest: generated }
  const { columns, rows, totals, truncated, maxRows, elapsedMs, statements, ...rest } = generated
  return { table: { columns, rows, ...(totals && { totals }), truncated, maxRows, elapsedMs, statements }, rest }
}
