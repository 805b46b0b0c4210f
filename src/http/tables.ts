// Routes that make and check tables. Each is an adapter of a few lines over a verb in src/tables/.
import { Hono } from 'hono'
import { z } from 'zod'
import { ianaTimezone } from '../lib/timezone.ts'
import { generateTable } from '../tables/generate.ts'
import { importTable } from '../tables/import.ts'
import { previewTable, validateTable } from '../tables/preview.ts'
import { jsonBody } from './body.ts'
import type { HttpEnv } from './env.ts'
import { generateEvents } from './generate-events.ts'

const Timezone = z
  .string()
  .default('UTC')
  .transform((name, check) => {
    const known = ianaTimezone(name)
    if (known !== undefined) return known
    check.addIssue(`"${name.slice(0, 64)}" is not an IANA time zone such as Europe/Berlin`)
    return z.NEVER
  })
const MaxRows = z.int().min(1).max(10_000).optional()
/** Checked in full against the catalog by the verb, so here anything goes. */
const AnyDefinition = z.unknown().refine((value) => value !== undefined, 'a definition is expected')

export const GenerateBody = z.strictObject({
  prompt: z.string().trim().min(1, 'a prompt is expected').max(2000, 'a prompt has at most 2,000 characters'),
  /** Any text of the client's own; it comes back unchanged. */
  conversationId: z.string().min(1).max(100).optional(),
  /** The definition that a follow-up refines. */
  base: z.unknown().optional(),
  timezone: Timezone,
  maxRows: MaxRows,
})
const PreviewBody = z.strictObject({ definition: AnyDefinition, timezone: Timezone, maxRows: MaxRows })
const ImportBody = z.union([
  z.strictObject({
    sql: z.string().trim().min(1, 'a SELECT is expected').max(50_000, 'SQL has at most 50,000 characters'),
  }),
  z.strictObject({ definition: AnyDefinition }),
])
const ValidateBody = z.strictObject({ definition: AnyDefinition })

export const tableRoutes = new Hono<HttpEnv>()
  .post('/generate', jsonBody(GenerateBody), async (c) => {
    const { conversationId, maxRows, base, ...input } = c.req.valid('json')
    const request = {
      ctx: c.get('ctx'),
      scope: c.get('scope'),
      input: { ...input, ...(base != null && { base }), ...(maxRows && { maxRows }) },
      signal: c.req.raw.signal,
    }
    const echo = conversationId === undefined ? {} : { conversationId }
    if (wantsEvents(c.req.header('accept'))) return generateEvents(c, request, echo)
    return c.json({ ...(await generateTable(request)), ...echo })
  })
  .post('/preview', jsonBody(PreviewBody), async (c) => {
    const { maxRows, ...input } = c.req.valid('json')
    return c.json(
      await previewTable({
        ctx: c.get('ctx'),
        scope: c.get('scope'),
        input: { ...input, ...(maxRows && { maxRows }) },
        signal: c.req.raw.signal,
      }),
    )
  })
  .post('/import', jsonBody(ImportBody), async (c) =>
    c.json(await importTable({ ctx: c.get('ctx'), scope: c.get('scope'), input: c.req.valid('json') })),
  )
  .post('/validate', jsonBody(ValidateBody), (c) =>
    c.json(validateTable({ ctx: c.get('ctx'), scope: c.get('scope'), ...c.req.valid('json') })),
  )

function wantsEvents(accept: string | undefined): boolean {
  return accept?.toLowerCase().includes('text/event-stream') ?? false
}
