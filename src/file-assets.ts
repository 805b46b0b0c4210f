// What files need from the platform: quick compression for workbooks. The writers themselves know no platform.
import { Duplex } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Gzip } from './export/zip.ts'

/** Workbooks are XML, which the lowest level shrinks to a sixth in a third of the default level's time. */
const GZIP_LEVEL = 1
const CHUNK_BYTES = 64 * 1024

/** Gzip off the main thread. */
export const quickGzip: Gzip = () =>
  Duplex.toWeb(createGzip({ level: GZIP_LEVEL, chunkSize: CHUNK_BYTES })) as unknown as ReturnType<Gzip>
