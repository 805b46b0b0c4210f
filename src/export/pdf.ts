// Tables as a PDF report: title, sentence, table with its header on every page, "Page x of y".
// In: one table or several, and fonts. Out: the bytes of the file. Upright where the columns fit, else across, else in
// bands of columns. Refused: nothing; the rows are kept in memory while pages are laid out, so their number is limited.
import { type FontFile, type TextDocument, type Typesetter, typesetter } from './pdf/fonts.ts'
import { type Canvas, layOut, type Page } from './pdf/layout.ts'
import { colors, page, paperOf } from './pdf/page.ts'
import { type TextTable, textTable } from './pdf/texts.ts'
import { eachTable, type FileMeta, type FileTables } from './table.ts'

export type PdfOptions = {
  /** The preferred fonts first; at least one regular and one bold that cover Latin. */
  readonly fonts: readonly FontFile[]
}

/** Tables as a PDF; the first one names it. */
export async function* writePdf(tables: FileTables, { fonts }: PdfOptions): AsyncGenerator<Uint8Array> {
  const texts: TextTable[] = []
  let meta: FileMeta | undefined
  for await (const table of eachTable(tables)) {
    meta ??= table.meta
    texts.push(await textTable(table))
  }
  if (meta === undefined) throw new Error('a report without a table')
  const { title, documentTitle = title, asOf, locale } = meta
  // Loaded only here: nobody else needs it.
  const { default: PDFDocument } = await import('pdfkit')
  const doc = new PDFDocument({
    autoFirstPage: false,
    pdfVersion: '1.7',
    lang: locale,
    displayTitle: true,
    info: { Title: documentTitle, Creator: 'Tablewright', Producer: 'Tablewright', CreationDate: new Date(asOf) },
  })
  const type = await typesetter(doc as unknown as TextDocument, fonts, codePointsOf(texts))
  const cuts = { texts: 0 }
  const pages = layOut(texts, type, paperOf(locale), cuts)
  const canvas = canvasOf(doc, type)
  const notes = notesOf(type, cuts.texts)
  for (const [index, one] of pages.entries()) {
    doc.addPage({ size: [one.width, one.height], margin: 0 })
    for (const draw of one.draw) draw(canvas)
    footer(canvas, one, `Page ${index + 1} of ${pages.length}`, index === pages.length - 1 ? notes : '')
    yield* ready(doc)
  }
  doc.end()
  for await (const bytes of doc) yield bytes as Uint8Array
}

function* ready(doc: PDFKit.PDFDocument): Generator<Uint8Array> {
  for (let bytes = doc.read(); bytes !== null; bytes = doc.read()) yield bytes as Uint8Array
}

function canvasOf(doc: PDFKit.PDFDocument, type: Typesetter): Canvas {
  return {
    type,
    rule: (x, y, width, color, weight) => {
      doc
        .moveTo(x, y)
        .lineTo(x + width, y)
        .lineWidth(weight)
        .stroke(color)
    },
    box: (x, y, width, height, color) => {
      doc.rect(x, y, width, height).fill(color)
    },
  }
}

function footer({ type }: Canvas, { width, height }: Page, number: string, notes: string): void {
  const style = { size: page.smallSize, tabular: true }
  const y = height - page.marginBottom + 24
  type.draw(notes === '' ? 'Tablewright' : notes, page.marginX, y, { size: page.smallSize }, colors.quiet)
  type.draw(number, width - page.marginX - type.width(number, style), y, style, colors.quiet)
}

function notesOf(type: Typesetter, cutTexts: number): string {
  return [
    ...(cutTexts === 0
      ? []
      : [
          cutTexts === 1 ? '1 text was too long and ends with “…”' : `${cutTexts} texts were too long and end with “…”`,
        ]),
    ...(type.missing() ? ['Characters that no font here has are shown as boxes'] : []),
  ].join(' · ')
}

const OWN_TEXTS =
  'Tablewright Page of No rows Columns to Total “…” 0123456789 · Characters that no font here has are shown as boxes texts were too long and end with Only the first rows in this file; table more'

function codePointsOf(tables: readonly TextTable[]): Set<number> {
  const found = new Set<number>()
  const add = (text: string | undefined): void => {
    for (const char of text ?? '') found.add(char.codePointAt(0) ?? 0)
  }
  add(OWN_TEXTS)
  for (const { title, sentence, facts, note, labels, rows, totals, before, after } of tables) {
    for (const { text } of [...before, ...after]) add(text)
    for (const text of [title, sentence, facts, note, ...labels, ...(totals ?? [])]) add(text)
    for (const row of rows) for (const text of row) add(text)
  }
  return found
}
