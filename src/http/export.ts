// A definition as a file, streamed: the route that downloads what the screen shows, with all of its rows.
// A reader that leaves ends the query; what fails after the first byte breaks the connection, so no half file looks whole.
import { z } from 'zod'
import { byteStream } from '../export/byte-stream.ts'
import { csvDelimiters } from '../export/csv.ts'
import { type FileFormat, fileFormats } from '../export/formats.ts'
import { exportTable } from '../tables/export.ts'
import { route } from './route.ts'
import { AnyDefinition, Timezone } from './schemas.ts'

const formats = Object.keys(fileFormats) as FileFormat[]
export const Format = z
  .enum([...formats, 'excel'])
  .transform((name): FileFormat => (name === 'excel' ? 'xlsx' : name))
  .describe('excel is another name of xlsx')
const Options = z.strictObject({
  delimiter: z.enum(csvDelimiters).optional().describe('Between the cells of CSV; a comma if not given'),
  bom: z.boolean().optional().describe('Begins CSV with U+FEFF, by which some spreadsheets know UTF-8'),
  cells: z.enum(['plain', 'shown']).optional().describe('CSV: decimals and ISO dates, or the texts of the screen'),
  totals: z.boolean().optional().describe('CSV: the grand total as a last row'),
})
const ExportBody = z.strictObject({
  definition: AnyDefinition,
  format: Format,
  timezone: Timezone,
  title: z.string().trim().min(1).max(200).optional().describe("In place of the definition's own"),
  options: Options.optional(),
})

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
      const stream = byteStream(file.bytes, async (failure) => {
        await file.close()
        if (failure !== undefined && !signal.aborted) ctx.log.error({ requestId, err: failure }, 'export ended early')
      })
      return new Response(stream, {
        headers: {
          'Content-Type': file.contentType,
          'Content-Disposition': attachment(file.name),
          'Cache-Control': 'no-store',
          'X-Accel-Buffering': 'no',
        },
      })
    },
  }),
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
