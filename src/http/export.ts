// A definition as a file, streamed: the route that downloads what the screen shows, with all of its rows.
// A reader that leaves ends the query; what fails after the first byte breaks the connection, so no half file looks whole.
import { z } from 'zod'
import type { AppContext } from '../context.ts'
import { exportStates } from '../db/schema-deliveries.ts'
import {
  cancelExport,
  type ExportView,
  getExport,
  listExports,
  StartExport,
  startExport,
} from '../delivery/export-job.ts'
import { byteStream } from '../export/byte-stream.ts'
import { CsvOptions } from '../export/csv.ts'
import { type FileFormat, fileFormats } from '../export/formats.ts'
import { exportTable, type TableFile } from '../tables/export.ts'
import { findTable } from '../tables/find.ts'
import { readDefinition, runnable } from '../tables/readable.ts'
import { route } from './route.ts'
import { AnyDefinition, Instant, Timezone } from './schemas.ts'

const formats = Object.keys(fileFormats) as FileFormat[]
export const Format = z
  .enum([...formats, 'excel'])
  .transform((name): FileFormat => (name === 'excel' ? 'xlsx' : name))
  .describe('excel is another name of xlsx')
const ExportBody = z.strictObject({
  definition: AnyDefinition,
  format: Format,
  timezone: Timezone,
  title: z.string().trim().min(1).max(200).optional().describe("In place of the definition's own"),
  options: CsvOptions.optional(),
})

const ExportShape = z
  .strictObject({
    id: z.string(),
    subjectId: z.string(),
    format: z.string(),
    state: z.enum(exportStates),
    rowCount: z.int().describe('Rows written so far'),
    reason: z.string().nullable(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
    link: z.string().optional().describe('Once it is done, for seven days'),
  })
  .meta({ id: 'Export' })

export const exportRoutes = {
  exportTable: route({
    method: 'POST',
    path: '/tables/export',
    // Whoever may see the rows may have them as a file.
    action: 'tables.preview',
    tag: 'Asking',
    summary: 'Download a definition as a file',
    description:
      'CSV has at most 10,000,000 rows, Excel 2,000,000, PDF 10,000; a file that was cut says so at its end. Closing the connection stops the query.',
    body: ExportBody,
    file: Object.values(fileFormats).map(({ contentType }) => contentType),
    response: z.unknown(),
    async handle({ ctx, identity, body, signal, requestId }) {
      const { options, ...input } = body
      const file = await exportTable({ ctx, scope: identity, input: { ...input, csv: options }, signal })
      return download(ctx, file, { signal, requestId, organizationId: identity.organizationId })
    },
  }),
  exportSavedTable: route({
    method: 'POST',
    path: '/tables/{id}/export',
    action: 'tables.export',
    tag: 'Tables',
    summary: 'Download a saved table as a file',
    description:
      'As you. Its limits are those of the route above; what takes longer than a connection lasts is better made by a worker.',
    params: z.object({ id: z.string().max(100) }),
    query: z.strictObject({ format: Format.default('csv'), timezone: Timezone }),
    body: z.strictObject({ options: CsvOptions.optional() }),
    bodyOptional: true,
    file: Object.values(fileFormats).map(({ contentType }) => contentType),
    response: z.unknown(),
    async handle({ call, params, query, body, signal, requestId }) {
      const { ctx, identity } = call
      const { row } = await findTable(ctx.db, identity, params.id, 'tables.export')
      const definition = runnable(readDefinition(row.definition, ctx.catalog, identity), row.name)
      const input = { definition, ...query, title: row.name, csv: body.options }
      const file = await exportTable({ ctx, scope: identity, input, signal })
      return download(ctx, file, { signal, requestId, organizationId: identity.organizationId })
    },
  }),
  startExport: route({
    method: 'POST',
    path: '/tables/{id}/exports',
    action: 'tables.export',
    tag: 'Tables',
    summary: 'Have a worker make a file',
    description: 'For very large tables. It tells its progress, can be cancelled, and ends with a link that expires.',
    params: z.object({ id: z.string().max(100) }),
    body: StartExport,
    bodyOptional: true,
    response: ExportShape,
    otherStatuses: [202],
    handle: async ({ call, params, body }) => ({
      status: 202,
      ...shownExport(await startExport({ ...call, ...params, input: body })),
    }),
  }),
  listExports: route({
    method: 'GET',
    path: '/exports',
    action: 'exports.get',
    tag: 'Tables',
    summary: 'List your exports',
    response: z.strictObject({ exports: z.array(ExportShape) }),
    async handle({ call }) {
      return { body: { exports: (await listExports(call)).map((one) => shownExport(one).body) } }
    },
  }),
  getExport: route({
    method: 'GET',
    path: '/exports/{id}',
    action: 'exports.get',
    tag: 'Tables',
    summary: 'See how far an export is',
    params: z.object({ id: z.string().max(100) }),
    response: ExportShape,
    handle: async ({ call, params }) => shownExport(await getExport({ ...call, ...params })),
  }),
  cancelExport: route({
    method: 'DELETE',
    path: '/exports/{id}',
    action: 'exports.get',
    tag: 'Tables',
    summary: 'Cancel an export',
    params: z.object({ id: z.string().max(100) }),
    response: ExportShape,
    handle: async ({ call, params }) => shownExport(await cancelExport({ ...call, ...params })),
  }),
}

function shownExport({ createdAt, finishedAt, ...rest }: ExportView) {
  return { body: { ...rest, createdAt: createdAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null } }
}

type Streamed = Pick<TableFile, 'bytes' | 'close' | 'name' | 'contentType'>

/** A file as it comes; what fails after its first byte breaks the connection. */
export function download(
  ctx: AppContext,
  file: Streamed,
  about: { signal: AbortSignal; requestId: string; organizationId: string },
): Response {
  const { signal, ...whose } = about
  const stream = byteStream(file.bytes, async (failure) => {
    await file.close()
    if (failure !== undefined && !signal.aborted) ctx.log.error({ ...whose, err: failure }, 'export ended early')
  })
  return new Response(stream, {
    headers: {
      'Content-Type': file.contentType,
      'Content-Disposition': attachment(file.name),
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    },
  })
}

/** `Content-Disposition` for any name: plain ASCII for old readers, the real name after RFC 5987. */
export function attachment(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
