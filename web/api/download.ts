// Files that the server makes, on the reader's disk.
import type { Definition } from '../../src/definition/schema.ts'
import { FailedRequest, failureOf } from './failure.ts'
import { readerOptions } from './generate.ts'
import { requestHeaders } from './organization.ts'

export type Format = 'csv' | 'xlsx' | 'pdf'
export const formatNames: Readonly<Record<Format, string>> = { csv: 'CSV', xlsx: 'Excel', pdf: 'PDF' }
/** Of CSV. */
export type FileOptions = {
  readonly delimiter?: ',' | ';' | '\t' | '|'
  readonly bom?: boolean
  readonly cells?: 'plain' | 'shown'
  readonly totals?: boolean
}

const inZone = { timezone: readerOptions.timezone }

/** Fetches a definition as a file and hands it to the browser; stopping ends its query too. Throws FailedRequest. */
export async function download(
  definition: Definition,
  title: string,
  format: Format,
  fetching: Fetching,
): Promise<void> {
  await fetchFile('/tables/export', { definition, title, format, ...inZone }, `${title}.${format}`, fetching)
}

/** The same of a report; its CSV files come in a zip. */
export async function downloadReport(id: string, name: string, format: Format, fetching: Fetching): Promise<void> {
  const extension = format === 'csv' ? 'zip' : format
  await fetchFile(`/reports/${encodeURIComponent(id)}/export`, { format, ...inZone }, `${name}.${extension}`, fetching)
}

export type Fetching = {
  readonly signal?: AbortSignal
  /** How much of the file is here. */
  readonly onBytes?: (bytes: number) => void
}

/** The same of a saved table. */
export async function downloadTable(
  id: string,
  name: string,
  format: Format,
  options: FileOptions,
  fetching: Fetching,
): Promise<void> {
  const path = `/tables/${encodeURIComponent(id)}/export?${new URLSearchParams({ format, ...inZone })}`
  await fetchFile(path, format === 'csv' ? { options } : {}, `${name}.${format}`, fetching)
}

async function fetchFile(path: string, body: object, name: string, { signal, onBytes }: Fetching): Promise<void> {
  const response = await fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...requestHeaders() },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  })
  if (!response.ok) throw new FailedRequest(await failureOf(response))
  await saveFile(response, name, onBytes)
}

/** The body of a response as a file of that name, counted as it comes. */
async function saveFile(response: Response, name: string, onBytes?: (bytes: number) => void): Promise<void> {
  const type = response.headers.get('Content-Type') ?? ''
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = response.body?.getReader()
  // A browser cannot write to a disk as it reads: the file is held until all of it is here.
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {}
    if (done || value === undefined) break
    parts.push(value)
    bytes += value.length
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
