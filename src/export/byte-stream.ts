/** Bytes as a web stream: made as fast as they are taken; `onEnd` is called once, however it ends. */
export function byteStream(
  parts: AsyncIterable<Uint8Array>,
  onEnd: (failure?: unknown) => Promise<void>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = parts[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await iterator.next()
        if (next.done !== true) return controller.enqueue(next.value as Uint8Array<ArrayBuffer>)
      } catch (failure) {
        await onEnd(failure)
        throw failure
      }
      await onEnd()
      controller.close()
    },
    async cancel() {
      // Ends the rows first: what waits for them would not hear of the cancellation.
      await onEnd()
      await iterator.return?.().catch(() => {})
    },
  })
}
