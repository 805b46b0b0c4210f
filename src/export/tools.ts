import type { FileTables } from './table.ts'
import type { Gzip } from './zip.ts'

/** What writing files takes from the runtime. */
export type FileTools = {
  readonly gzip: Gzip
  /** Tables as a PDF. Throws `UserError` not_here where there are no fonts for it. */
  readonly pdf: (tables: FileTables) => Promise<AsyncIterable<Uint8Array>>
}
