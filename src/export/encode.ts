/** Characters gathered before they become bytes; smaller pieces cost more than they save. */
const PIECE_CHARS = 64 * 1024

/** Text as UTF-8 in pieces of about 64 KiB; half a surrogate pair becomes U+FFFD. */
export async function* encoded(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let waiting = ''
  for await (const text of texts) {
    waiting += text
    if (waiting.length < PIECE_CHARS) continue
    yield encoder.encode(waiting)
    waiting = ''
  }
  if (waiting !== '') yield encoder.encode(waiting)
}
