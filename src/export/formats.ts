/** The files there are: what they are called, what they are, and how many rows they may have. */
export const fileFormats = {
  csv: { extension: 'csv', contentType: 'text/csv; charset=utf-8', maxRows: 10_000_000 },
  xlsx: {
    extension: 'xlsx',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    maxRows: 2_000_000,
  },
  pdf: { extension: 'pdf', contentType: 'application/pdf', maxRows: 10_000 },
} as const
export type FileFormat = keyof typeof fileFormats

const MAX_NAME_CHARS = 100

/** A file's name from its title and day (YYYY-MM-DD): no character that a file system or a header refuses. */
export function fileName(title: string, day: string, extension: string): string {
  const clean = title
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}/\\:*?"<>|\uFFFD]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[. ]+|[. ]+$/g, '')
  const short = [...clean].slice(0, MAX_NAME_CHARS).join('').trim()
  return `${short === '' ? 'Table' : short} ${day}.${extension}`
}
