// The body of a request as JSON, or as a short form. In: bytes from outside. Out: a value.
// Refused: another media type, more than 256 KiB (of a form 16), text that is not UTF-8 or not JSON (with its place), and
// characters that no database keeps.
import type { Context } from 'hono'
import { UserError } from '../errors.ts'
import { parseJson } from '../lib/json.ts'
import type { HttpEnv } from './env.ts'

export const maxBodyBytes = 256 * 1024
const MAX_FORM_BYTES = 16 * 1024

/** The body as JSON. Throws `UserError`. */
export async function readJson(c: Context<HttpEnv>): Promise<unknown> {
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
  if (json.ok) return keepable(json.value)
  throw new UserError(
    'invalid_json',
    `Cannot read the body: not JSON at line ${json.line}, column ${json.column}: ${json.reason}`,
  )
}

/** A form of either kind that pages and mail programs send; what is none is an empty one. Throws `UserError`. */
export async function readForm(c: Context<HttpEnv>): Promise<FormData> {
  const bytes = await readBytes(c, MAX_FORM_BYTES)
  const headers = { 'Content-Type': c.req.header('content-type') ?? '' }
  return new Response(bytes, { headers }).formData().catch(() => new FormData())
}

/** Postgres keeps no NUL characters and no half characters, in texts and in JSON. */
function keepable(value: unknown): unknown {
  const left: unknown[] = [value]
  for (let item = left.pop(); item !== undefined; item = left.pop()) {
    if (typeof item === 'string') {
      if (item.isWellFormed() && !item.includes('\0')) continue
      throw new UserError('invalid_json', 'Cannot read the body: a text holds a character that no text can hold', {
        fix: 'leave out NUL characters and halves of surrogate pairs',
      })
    }
    if (typeof item === 'object' && item !== null) left.push(...Object.keys(item), ...Object.values(item))
  }
  return value
}

async function readBytes(c: Context<HttpEnv>, maxBytes = maxBodyBytes): Promise<Uint8Array<ArrayBuffer>> {
  const length = c.req.header('content-length')
  if (Number(length ?? 0) > maxBytes) throw tooLarge(maxBytes)
  // No longer than it says, so it is read at once, without the streams that a body of unknown length needs.
  if (length !== undefined) return new Uint8Array(await c.req.raw.arrayBuffer())
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of c.req.raw.body ?? []) {
    size += part.byteLength
    if (size > maxBytes) throw tooLarge(maxBytes)
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

function tooLarge(maxBytes: number): UserError {
  return new UserError('payload_too_large', `Cannot take the body: it is larger than ${maxBytes / 1024} KiB`, {
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
