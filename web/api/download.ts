// A definition as a file on the reader's disk.
import type { Definition } from '../../src/definition/schema.ts'
import { FailedRequest, failureOf } from './failure.ts'
import { readerOptions } from './generate.ts'
import { requestHeaders } from './organization.ts'

/** Fetches the file and hands it to the browser; throws FailedRequest. */
export async function download(definition: Definition, title: string, format: 'csv' | 'xlsx' | 'pdf'): Promise<void> {
  const response = await fetch('/api/v1/tables/export', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...requestHeaders() },
    body: JSON.stringify({ definition, title, format, timezone: readerOptions.timezone }),
  })
  if (!response.ok) throw new FailedRequest(await failureOf(response))
  await saveFile(response, `${title}.${format}`)
}

/** The body of a response as a file of that name. */
export async function saveFile(response: Response, name: string): Promise<void> {
  const address = URL.createObjectURL(await response.blob())
  follow(address, name)
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** Has the browser download an address. */
export function follow(address: string, name = ''): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
}
