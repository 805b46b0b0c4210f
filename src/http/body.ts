// The body of a request as checked JSON. In: bytes from outside. Out: what the schema made of them.
// Refused: another media type, more than 256 KiB, text that is not UTF-8 or not JSON (with its place), a wrong shape.
import type { Context, MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import { UserError } from '../errors.ts'
import { parseJson } from '../lib/json.ts'
import { shapeIssues } from '../lib/shape-issues.ts'
import type { HttpEnv } from './env.ts'

export const maxBodyBytes = 256 * 1024

/** Middleware that reads and checks the JSON body; handlers take it with `c.req.valid('json')`. */
export function jsonBody<S extends z.ZodType>(
  schema: S,
): MiddlewareHandler<HttpEnv, string, { in: { json: z.input<S> }; out: { json: z.output<S> } }> {
  return async (c, next) => {
    const parsed = schema.safeParse(await readJson(c))
    if (!parsed.success) {
      throw new UserError('invalid_request', 'Cannot take the request: its body has the wrong shape', {
        issues: shapeIssues(parsed.error),
        fix: 'see docs/http-api.md for the shape of each request',
      })
    }
    c.req.addValidatedData('json', parsed.data as object)
    await next()
  }
}

async function readJson(c: Context<HttpEnv>): Promise<unknown> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new UserError(
      'unsupported_media_type',
      `Cannot read a body of type "${type.slice(0, 100)}": JSON is expected`,
      {
        fix: 'send the header Content-Type: application/json',
      },
    )
  }
  const json = parseJson(decode(await readBytes(c)))
  if (json.ok) return json.value
  throw new UserError(
    'invalid_json',
    `Cannot read the body: not JSON at line ${json.line}, column ${json.column}: ${json.reason}`,
  )
}

async function readBytes(c: Context<HttpEnv>): Promise<Uint8Array> {
  if (Number(c.req.header('content-length') ?? 0) > maxBodyBytes) throw tooLarge()
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of c.req.raw.body ?? []) {
    size += part.byteLength
    if (size > maxBodyBytes) throw tooLarge()
    parts.push(part)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

function tooLarge(): UserError {
  return new UserError('payload_too_large', `Cannot take the body: it is larger than ${maxBodyBytes / 1024} KiB`, {
    fix: 'send a smaller body; long lists of values belong into a relation filter or a period',
  })
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UserError('invalid_json', 'Cannot read the body: it is not UTF-8 text', { cause })
  }
}
