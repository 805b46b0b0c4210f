// Files that the server makes, on the reader's disk.
import type { Definition } from '../../src/definition/schema.ts'
import { FailedRequest, failureOf } from './failure.ts'
import { readerOptions } from './generate.ts'
import { requestHeaders } from './organization.ts'

/** Fetches a definition as a file and hands it to the browser; throws FailedRequest. */
export async function download(definition: Definition, title: string, format: 'csv' | 'xlsx' | 'pdf'): Promise<void> {
  await fetchFile('/tables/export', { definition, title, format }, `${title}.${format}`)
}

/** The same of a report; its CSV files come in a zip. */
export async function downloadReport(id: string, name: string, format: 'csv' | 'xlsx' | 'pdf'): Promise<void> {
  const extension = format === 'csv' ? 'zip' : format
  await fetchFile(`/reports/${encodeURIComponent(id)}/export`, { format }, `${name}.${extension}`)
}

async function fetchFile(path: string, body: object, name: string): Promise<void> {
  const response = await fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...requestHeaders() },
    body: JSON.stringify({ ...body, timezone: readerOptions.timezone }),
  })
  if (!response.ok) throw new FailedRequest(await failureOf(response))
  await saveFile(response, name)
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
