import { type Fetching, saveFile } from '../api/download.ts'
import { FailedRequest, failureOf } from '../api/failure.ts'
import { readerOptions } from '../api/generate.ts'
import { requestHeaders } from '../api/organization.ts'

export type Format = 'csv' | 'xlsx' | 'pdf'
/** Of CSV. */
export type FileOptions = {
  readonly delimiter?: ',' | ';' | '\t' | '|'
  readonly bom?: boolean
  readonly cells?: 'plain' | 'shown'
  readonly totals?: boolean
}

type Wanted = { id: string; name: string; format: Format; options: FileOptions } & Fetching

/** Fetches a saved table as a file; stopping ends its query too. Throws FailedRequest. */
export async function downloadTable({ id, name, format, options, signal, onBytes }: Wanted): Promise<void> {
  const query = new URLSearchParams({ format, timezone: readerOptions.timezone })
  const response = await fetch(`/api/v1/tables/${encodeURIComponent(id)}/export?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...requestHeaders() },
    body: JSON.stringify(format === 'csv' ? { options } : {}),
    ...(signal && { signal }),
  })
  if (!response.ok) throw new FailedRequest(await failureOf(response))
  await saveFile(response, `${name}.${format}`, onBytes)
}
