// Files into one zip archive, as they come. In: names and bytes. Out: the bytes of the archive.
// Compression is a gzip stream of the platform, whose trailer holds the checksum that a zip entry needs.
// Refused: more than 4 GiB in a file or in all, which the plain zip format cannot say.
import { Zip, type ZipInputFile } from 'fflate'

export type ZipEntry = { readonly name: string; readonly bytes: AsyncIterable<Uint8Array> }
/** Makes one gzip stream. */
export type Gzip = () => {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>
  readonly writable: WritableStream<BufferSource>
}

export const MAX_ZIP_BYTES = 0xffffffff
const GZIP_HEADER_BYTES = 10
const GZIP_TRAILER_BYTES = 8
const DEFLATED = 8
type Bytes = Uint8Array<ArrayBuffer>
const NOTHING = new Uint8Array(0)

/** The entries as a zip archive; `modified` (ISO) is the time that each of them gets. */
export async function* zipped(
  entries: AsyncIterable<ZipEntry>,
  { gzip, modified }: { gzip: Gzip; modified: string },
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const zip = new Zip((error, bytes) => {
    if (error !== null) throw error
    if (bytes.length > 0) ready.push(bytes)
  })
  const mtime = zipTime(modified)
  let total = 0
  function* written(): Generator<Uint8Array> {
    for (const bytes of ready.splice(0)) {
      total += bytes.length
      if (total > MAX_ZIP_BYTES) throw tooLarge()
      yield bytes
    }
  }
  for await (const { name, bytes } of entries) {
    const file: ZipInputFile = { filename: name, size: 0, crc: 0, compression: DEFLATED, mtime }
    zip.add(file)
    for await (const piece of deflated(bytes, gzip(), file)) {
      file.ondata?.(null, piece, false)
      yield* written()
    }
    if (file.size > MAX_ZIP_BYTES) throw tooLarge()
    file.ondata?.(null, NOTHING, true)
    yield* written()
  }
  zip.end()
  yield* written()
}

/** Deflates bytes while they are made; sets size and checksum of the file at the end. */
async function* deflated(
  bytes: AsyncIterable<Uint8Array>,
  { readable, writable }: ReturnType<Gzip>,
  file: ZipInputFile,
): AsyncGenerator<Bytes> {
  const feeding = feed(bytes, writable, file)
  // A failure of the feeding ends the readable side too, and is told there.
  feeding.catch(() => {})
  let skip = GZIP_HEADER_BYTES
  let held = NOTHING
  try {
    for await (const piece of readable as ReadableStream<Bytes> & AsyncIterable<Bytes>) {
      const fresh = skip > 0 ? piece.subarray(Math.min(skip, piece.length)) : piece
      skip -= piece.length - fresh.length
      held = held.length === 0 ? fresh : joined(held, fresh)
      if (held.length <= GZIP_TRAILER_BYTES) continue
      yield held.subarray(0, held.length - GZIP_TRAILER_BYTES)
      held = held.slice(held.length - GZIP_TRAILER_BYTES)
    }
    await feeding
  } finally {
    // Ends the feeding where nobody reads on.
    await writable.abort().catch(() => {})
    await feeding.catch(() => {})
  }
  file.crc = new DataView(held.buffer, held.byteOffset).getUint32(0, true)
}

async function feed(
  bytes: AsyncIterable<Uint8Array>,
  writable: WritableStream<BufferSource>,
  file: ZipInputFile,
): Promise<void> {
  const writer = writable.getWriter()
  try {
    for await (const piece of bytes) {
      await writer.ready
      file.size += piece.length
      // Its failure is that of the next `ready`.
      writer.write(piece as Bytes).catch(() => {})
    }
    await writer.close()
  } catch (error) {
    await writer.abort(error).catch(() => {})
    throw error
  } finally {
    writer.releaseLock()
  }
}

function joined(a: Bytes, b: Bytes): Bytes {
  const whole = new Uint8Array(a.length + b.length)
  whole.set(a)
  whole.set(b, a.length)
  return whole
}

function tooLarge(): Error {
  return new Error('Cannot finish the file: it would be larger than 4 GiB, which its format cannot hold')
}

/** Zip knows the years 1980 to 2099. */
function zipTime(iso: string): number {
  return Math.min(Math.max(Date.parse(iso), Date.UTC(1980, 0, 2)), Date.UTC(2099, 11, 30))
}
