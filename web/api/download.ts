// Files that the server makes, on the reader's disk.
import type { Definition } from '../../src/definition/schema.ts'
import { FailedRequest, failureOf } from './failure.ts'
import { readerOptions } from './generate.ts'
import { requestHeaders } from './organization.ts'

/** Fetches a definition as a file and hands it to the browser; throws FailedRequest. */
export async function download(
  definition: Definition,
  title: string,
  format: 'csv' | 'xlsx' | 'pdf',
  fetching: Fetching,
): Promise<void> {
  await fetchFile('/tables/export', { definition, title, format }, `${title}.${format}`, fetching)
}

/** The same of a report; its CSV files come in a zip. */
export async function downloadReport(
  id: string,
  name: string,
  format: 'csv' | 'xlsx' | 'pdf',
  fetching: Fetching,
): Promise<void> {
  const extension = format === 'csv' ? 'zip' : format
  await fetchFile(`/reports/${encodeURIComponent(id)}/export`, { format }, `${name}.${extension}`, fetching)
}

export type Fetching = {
  readonly signal?: AbortSignal
  /** How much of the file is here. */
  readonly onBytes?: (bytes: number) => void
}

async function fetchFile(path: string, body: object, name: string, { signal, onBytes }: Fetching): Promise<void> {
  const response = await fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...requestHeaders() },
    body: JSON.stringify({ ...body, timezone: readerOptions.timezone }),
    ...(signal && { signal }),
  })
  if (!response.ok) throw new FailedRequest(await failureOf(response))
  await saveFile(response, name, onBytes)
}

/** The body of a response as a file of that name, counted as it comes. */
export async function saveFile(response: Response, name: string, onBytes?: (bytes: number) => void): Promise<void> {
  const type = response.headers.get('Content-Type') ?? ''
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  // A browser cannot write to a disk as it reads: the file is held until all of it is here.
  for await (const part of response.body ?? []) {
    parts.push(part)
    bytes += part.length
    onBytes?.(bytes)
  }
  const address = URL.createObjectURL(new Blob(parts, { type }))
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
