// Server-sent events out of a byte stream. In: chunks cut anywhere. Out: events in order.

export type ServerEvent = { readonly event: string; readonly data: string }

/** Reads the events of a stream; comments are passed over, an unfinished last event is dropped. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += decoder.decode(value, { stream: true })
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const parsed = parseEvent(rest.slice(0, end))
        rest = rest.slice(end + 2)
        if (parsed !== undefined) yield parsed
      }
    }
  } finally {
    await reader.cancel()
  }
}

function parseEvent(block: string): ServerEvent | undefined {
  let event = 'message'
  const data: string[] = []
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim()
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
  }
  return data.length === 0 ? undefined : { event, data: data.join('\n') }
}
