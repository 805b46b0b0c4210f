// Model answers on a tape, so that a live run can be repeated without a network.
// In: a file, and whether it is written or read. Out: a `fetch` for the vendors' clients, and a check that all was on the tape.
// Refused: an answer that no vendor gave. A request that is not on the tape ends the run; headers, where keys are, are not kept.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { UserError } from '../src/errors.ts'

const Line = z.union([
  z.strictObject({
    key: z.string(),
    model: z.string(),
    status: z.number().int(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
  z.strictObject({ key: z.string(), model: z.string(), failed: z.string() }),
])
type Line = z.output<typeof Line>

export type Tape = {
  /** The model that is on the tape; absent while nothing is. */
  readonly model?: string
  readonly fetch: typeof fetch
  /** Throws when something was asked that is not on the tape: whatever was made of it is no repetition. */
  readonly check: () => void
}

/** What the clients act on; the others hold names of accounts. */
const KEPT_HEADERS = ['content-type', 'retry-after', 'retry-after-ms', 'x-should-retry']
/** A vendor may repeat the key that it did not accept. */
const ABOUT_KEYS = [401, 403]

/** Asks the vendor and writes down what came, as it came. The file is begun anew. */
export function recordingTape(file: string): Tape {
  writeFileSync(file, '')
  const write = (line: Line) => appendFileSync(file, `${JSON.stringify(line)}\n`)
  return {
    check: () => {},
    fetch: async (url, init) => {
      const asked = { key: keyOf(init?.body), model: modelOf(init?.body) }
      try {
        const response = await fetch(url, init)
        const body = ABOUT_KEYS.includes(response.status) ? '{}' : await response.clone().text()
        const headers = KEPT_HEADERS.flatMap((name) => {
          const value = response.headers.get(name)
          return value === null ? [] : [[name, value] as const]
        })
        write({ ...asked, status: response.status, headers: Object.fromEntries(headers), body })
        return response
      } catch (error) {
        write({ ...asked, failed: error instanceof Error ? error.name : 'Error' })
        throw error
      }
    },
  }
}

/** Answers from the file alone; a request that was sent several times gets its answers in their order, then the last again. */
export function replayingTape(file: string): Tape {
  const lines = readTape(file)
  const left = Map.groupBy(lines, ({ key }) => key)
  let missing = 0
  const model = lines[0]?.model
  return {
    ...(model !== undefined && { model }),
    check: () => {
      if (missing > 0)
        throw new UserError('not_recorded', `Cannot repeat the run: "${file}" has no answer to what is asked now`, {
          fix: 'use the model, prompts, catalog and cases of the recording, or record anew with --record',
        })
    },
    fetch: async (_url, init) => {
      const answers = left.get(keyOf(init?.body))
      const line = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0]
      if (line === undefined) {
        missing += 1
        return Response.json({ error: { message: 'not on the tape' } }, { status: 400 })
      }
      if ('failed' in line) throw new TypeError('fetch failed')
      return new Response(line.body, { status: line.status, headers: line.headers })
    },
  }
}

function readTape(file: string): readonly Line[] {
  if (!existsSync(file))
    throw new UserError('file_not_readable', `Cannot read recording "${file}": there is no such file`, {
      fix: 'record one with --record',
    })
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Line.parse(JSON.parse(line)))
}

function keyOf(body: unknown): string {
  return createHash('sha256').update(String(body)).digest('hex')
}

function modelOf(body: unknown): string {
  return z.object({ model: z.string() }).parse(JSON.parse(String(body))).model
}
