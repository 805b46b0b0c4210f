// A definition as a file: CSV on stdout, or a workbook or report at a path. Every row up to the format's limit, however many.
// A file appears at its path only when it is complete.
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { AppContext } from '../context.ts'
import { UserError } from '../errors.ts'
import { type FileFormat, fileFormats } from '../export/formats.ts'
import { exportTable, type TableFile } from '../tables/export.ts'
import type { Io } from './io.ts'
import type { OutputOptions } from './options.ts'
import { explanation, headText } from './show.ts'

export type Target = { readonly format: FileFormat; readonly path?: string }

/** Where the options want a file, if they do. */
export function targetOf({ csv, xlsx, pdf }: OutputOptions): Target | undefined {
  if (csv) return { format: 'csv' }
  if (pdf !== undefined) return { format: 'pdf', path: pdf }
  return xlsx === undefined ? undefined : { format: 'xlsx', path: xlsx }
}

/** Writes the file of a definition and says on stderr what it is. Throws `UserError`. */
export async function saveTable(
  io: Io,
  ctx: AppContext,
  options: OutputOptions & {
    readonly target: Target
    readonly definition: unknown
    readonly timezone: string
    readonly title?: string
    readonly assumptions?: readonly string[]
    readonly notes?: readonly string[]
  },
): Promise<void> {
  const { target, definition, timezone, title, assumptions = [], notes = [] } = options
  const begun = performance.now()
  const input = { definition, format: target.format, timezone, ...(title && { title }) }
  const file = await exportTable({ ctx, scope: ctx.scope, input, signal: io.signal })
  try {
    io.note(headText(io, { ...file, assumptions, notes }))
    if (target.path === undefined) for await (const bytes of file.bytes) await io.send(bytes)
    else await writeWhole(target.path, file)
  } finally {
    await file.close()
  }
  io.note(footText(io, file, target, performance.now() - begun))
  if (options.explain) io.note(explanation(io, file))
}

async function writeWhole(path: string, file: TableFile): Promise<void> {
  const part = `${path}.part`
  try {
    await pipeline(file.bytes, createWriteStream(part))
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EROFS', 'ENOSPC', 'EPERM'].includes(code)) throw error
    throw new UserError(
      'file_not_readable',
      `Cannot write "${path}": ${code === 'ENOSPC' ? 'the disk is full' : 'there is no such folder, or it may not be written'}`,
      { cause: error },
    )
  }
}

function footText(io: Io, file: TableFile, { format, path }: Target, elapsedMs: number): string {
  const { dim, warn } = io.errStyle
  const count = file.rowCount()
  const rows = count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`
  const cut = file.truncated()
    ? `${warn(`Only the first ${fileFormats[format].maxRows.toLocaleString('en-US')} rows are in the file; the table has more`)}\n`
    : ''
  const where = path === undefined ? [] : [`written to ${path}`]
  return `\n${cut}${dim([rows, `${Math.max(1, Math.round(elapsedMs))} ms`, ...where].join(' · '))}\n`
}
