// One prompt to the server, and what comes back while it works.

import type { Definition } from '../../src/definition/schema.ts'
import type { ErrorBody } from '../../src/http/errors.ts'
import type { TableResult } from '../../src/rows/result.ts'
import type { Answer, Draft, Question, Refused } from '../../src/tables/generate.ts'
import { readEvents } from './events.ts'
import { FailedRequest, failureOf } from './failure.ts'
import { readerLocale, readerTimezone } from './locale.ts'
import { requestHeaders } from './organization.ts'

export type GenerateEvent =
  | { readonly event: 'understanding' }
  | { readonly event: 'checking'; readonly translator: string }
  | { readonly event: 'running'; readonly title: string; readonly sentence: string }
  | { readonly event: 'comparing'; readonly readings: number }
  | { readonly event: 'rows'; readonly table: TableResult }
  | { readonly event: 'done'; readonly outcome: Finished }

export type Finished = (Answer | Draft | Refused | Question) & {
  readonly conversationId?: string
  readonly turn?: number
}

/** Asks, and yields each step; throws FailedRequest. */
export async function* generate(input: {
  prompt: string
  base?: Definition
  reading?: Definition
  did?: string
  conversationId?: string
  afterTurn?: number
  signal: AbortSignal
}): AsyncGenerator<GenerateEvent> {
  const { signal, ...asked } = input
  const response = await fetch('/api/v1/tables/generate', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...requestHeaders() },
    body: JSON.stringify({ ...asked, timezone: readerOptions.timezone }),
    signal,
  })
  if (!response.ok || response.body === null) throw new FailedRequest(await failureOf(response))
  let finished = false
  for await (const { event, data } of readEvents(response.body)) {
    const value = JSON.parse(data)
    if (event === 'error') throw new FailedRequest((value as ErrorBody).error)
    finished = event === 'done'
    yield toEvent(event, value)
  }
  if (!finished)
    throw new FailedRequest({ message: 'The connection ended before the table was there', fix: 'Try again' })
}

function toEvent(event: string, value: unknown): GenerateEvent {
  if (event === 'rows') return { event, table: value as TableResult }
  if (event === 'done') return { event, outcome: value as Finished }
  return { event, ...(value as object) } as GenerateEvent
}

/** How this reader reads numbers and times. */
export const readerOptions = {
  locale: readerLocale,
  timezone: readerTimezone,
}
