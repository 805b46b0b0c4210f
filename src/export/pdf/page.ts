/** Sizes in points, colours as on the page of the application in its light theme. */
export const page = {
  marginX: 44,
  marginTop: 46,
  marginBottom: 50,
  titleSize: 17,
  sentenceSize: 9.5,
  noteSize: 8.5,
  smallSize: 7.5,
  lineHeight: 1.36,
  cellX: 5,
  cellY: 3.6,
  /** Lines of a cell; what is longer is cut, and that is said. */
  maxCellLines: 8,
} as const

export const colors = {
  ink: '#1b2622',
  soft: '#4a5651',
  quiet: '#727d78',
  line: '#dfe6e2',
  strong: '#9aa8a1',
  accent: '#14694f',
  header: '#f3f7f5',
} as const

export type PaperSize = { readonly name: 'LETTER' | 'A4'; readonly short: number; readonly long: number }
/** The paper of a reader's country. */
export function paperOf(locale: string): PaperSize {
  return /-(US|CA|MX|PH|CL|CO)\b/.test(locale)
    ? { name: 'LETTER', short: 612, long: 792 }
    : { name: 'A4', short: 595.28, long: 841.89 }
}
