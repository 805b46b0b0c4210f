// Spans of the pipeline's stages, for whatever tracer the process has registered; without one they cost next to nothing.
// A failure is marked by its name alone, because messages may hold values.
import { type Attributes, type Span, SpanStatusCode, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('tablewright')

/** Runs `work` inside a span. */
export async function traced<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => T | Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      failed(span, error)
      throw error
    } finally {
      span.end()
    }
  })
}

/** The same for work that waits for nothing. */
export function tracedNow<T>(name: string, work: () => T): T {
  return tracer.startActiveSpan(name, (span) => {
    try {
      return work()
    } catch (error) {
      failed(span, error)
      throw error
    } finally {
      span.end()
    }
  })
}

/** The same items, inside a span from when the first is asked for to when the last is taken. */
export async function* tracedItems<T>(
  name: string,
  attributes: Attributes,
  items: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const span = tracer.startSpan(name, { attributes })
  try {
    yield* items
  } catch (error) {
    failed(span, error)
    throw error
  } finally {
    span.end()
  }
}

function failed(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' })
}
