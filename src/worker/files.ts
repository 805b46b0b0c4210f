import { UserError } from '../errors.ts'
import type { FileTools } from '../export/tools.ts'

/** Files as a Worker writes them: streamed, compressed by the platform. Reports need megabytes of fonts, so others make them. */
export const workerFiles: FileTools = {
  gzip: () => new CompressionStream('gzip'),
  pdf: async () => {
    throw new UserError('not_here', 'Cannot make a PDF here: this server runs on Cloudflare Workers, without fonts', {
      fix: 'save the table and have a worker make the file: POST /api/v1/tables/{id}/exports with format "pdf"; or take Excel or CSV',
    })
  },
}
