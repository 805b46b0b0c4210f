// Texts → pages: where every row stands, before anything is drawn, so that each page can say how many there are.
// In: tables of texts and a way to measure. Out: pages, each a size and the drawings on it.
import { type Band, bandsOf, fits, type Measured } from './columns.ts'
import type { TextStyle, Typesetter } from './fonts.ts'
import { colors, type PaperSize, page } from './page.ts'
import type { TextTable } from './texts.ts'

/** What a drawing may use. */
export type Canvas = {
  readonly type: Typesetter
  readonly rule: (x: number, y: number, width: number, color: string, weight: number) => void
  readonly box: (x: number, y: number, width: number, height: number, color: string) => void
}
export type Page = {
  readonly width: number
  readonly height: number
  readonly draw: ((canvas: Canvas) => void)[]
}
/** What was left out of the pages. */
export type Cuts = { texts: number }

type Fit = { readonly size: number; readonly width: number; readonly height: number; readonly bands: readonly Band[] }
type Lines = { readonly cells: readonly (readonly string[])[]; readonly height: number }

const BODY_SIZES = [9, 8, 7.2] as const
const ROOM_FOR_A_TABLE = 170

const textStyles = {
  title: { size: 24, bold: true, above: 0, color: colors.ink },
  heading: { size: 14, bold: true, above: 12, color: colors.ink },
  paragraph: { size: 10, bold: false, above: 6, color: colors.soft },
} as const

/** The pages of a document, in order. */
export function layOut(tables: readonly TextTable[], type: Typesetter, paper: PaperSize, cuts: Cuts): Page[] {
  return tables.flatMap((table) => tablePages(table, type, paper, cuts))
}

function tablePages(table: TextTable, type: Typesetter, paper: PaperSize, cuts: Cuts): Page[] {
  const fit = fitOf(table, type, paper)
  const pages: Page[] = []
  const body: TextStyle = { size: fit.size }
  const bottom = fit.height - page.marginBottom
  const newPage = (): Page => {
    const fresh: Page = { width: fit.width, height: fit.height, draw: [] }
    pages.push(fresh)
    return fresh
  }
  let current = newPage()
  let y: number = page.marginTop
  const words = (texts: TextTable['before']): void => {
    for (const { style, text } of texts) {
      const look = textStyles[style]
      const room = Math.min(fit.width - 2 * page.marginX, 520)
      y += look.above
      for (const line of type.wrap(text, look, room, 10_000).lines) {
        if (y + look.size * page.lineHeight > bottom) {
          current = newPage()
          y = page.marginTop
        }
        y += look.size * page.lineHeight
        const at = y - look.size * 0.3
        current.draw.push((canvas) => canvas.type.draw(line, page.marginX, at, look, look.color))
      }
    }
  }
  words(table.before)
  if (table.before.length > 0) {
    y += 26
    // A table begins with its sentence and some rows, or on a page of its own.
    if (y + ROOM_FOR_A_TABLE > bottom) {
      current = newPage()
      y = page.marginTop
    }
  }
  y = heading(current, table, type, y)
  if (table.rows.length === 0) {
    const [band = { columns: [], widths: [] }] = fit.bands
    y = headerRow(current, band, table, linesOf(band, table.labels, { ...body, bold: true }, type, cuts), body, y)
    const at = y + 22
    current.draw.push(({ type: t }) => t.draw('No rows', page.marginX, at, { size: 10 }, colors.quiet))
    y = at + 16
    words(table.after)
    return pages
  }
  for (const [number, band] of fit.bands.entries()) {
    const where = bandText(band, table, fit.bands.length)
    const header = linesOf(band, table.labels, { ...body, bold: true }, type, { texts: 0 })
    const open = (first: boolean): void => {
      if (!first) {
        current = newPage()
        y = runningHead(current, table, where)
      }
      y = headerRow(current, band, table, header, body, y)
    }
    if (number > 0) open(false)
    else open(true)
    for (const [index, row] of table.rows.entries()) {
      const lines = linesOf(band, row, body, type, number === 0 ? cuts : { texts: 0 })
      const repeated = repeatedKeys(table, index)
      const keep = index === table.rows.length - 1 && table.totals !== undefined ? lines.height : 0
      const opened = y + lines.height + keep > bottom
      if (opened) open(false)
      bodyRow(current, band, table, lines, body, y, { index, repeated: opened ? 0 : repeated })
      y += lines.height
    }
    if (table.totals !== undefined) {
      const lines = linesOf(band, table.totals, { ...body, bold: true }, type, { texts: 0 })
      totalRow(current, band, table, lines, body, y)
      y += lines.height
    }
  }
  const notes = table.note === undefined ? [] : [table.note]
  for (const note of notes) {
    if (y + 24 > bottom) {
      current = newPage()
      y = runningHead(current, table, '')
    }
    y += 18
    const at = y
    current.draw.push(({ type: t }) => t.draw(note, page.marginX, at, { size: page.noteSize, bold: true }, colors.soft))
  }
  if (table.after.length > 0) y += 16
  words(table.after)
  return pages
}

/** Upright if everything fits, else across, else smaller, else in bands. */
function fitOf(table: TextTable, type: Typesetter, paper: PaperSize): Fit {
  const upright = { width: paper.short, height: paper.long }
  const across = { width: paper.long, height: paper.short }
  const measured = new Map(BODY_SIZES.map((size) => [size, measure(table, type, size)]))
  const tries = [
    { ...upright, size: BODY_SIZES[0] },
    { ...across, size: BODY_SIZES[0] },
    { ...across, size: BODY_SIZES[1] },
    { ...across, size: BODY_SIZES[2] },
  ]
  const room = (width: number): number => width - 2 * page.marginX
  const found = tries.find(({ width, size }) => fits(measured.get(size) ?? [], room(width)))
  const chosen = found ?? { ...across, size: BODY_SIZES[1] }
  return { ...chosen, bands: bandsOf(measured.get(chosen.size) ?? [], room(chosen.width)) }
}

/** Rows that widths are made for; a wider text further down wraps. */
const MEASURED_ROWS = 1500

function measure(table: TextTable, type: Typesetter, size: number): Measured[] {
  const widest = (text: string, style: TextStyle): number =>
    Math.max(...text.split('\n').map((line) => type.width(line, style)))
  const longestWord = (text: string, style: TextStyle): number =>
    Math.max(...text.split(/\s+/).map((word) => type.width(word.slice(0, 24), style)))
  return table.labels.map((label, index) => {
    const numeric = table.numeric[index] === true
    const style: TextStyle = { size, tabular: numeric }
    const bold: TextStyle = { size, bold: true, tabular: numeric }
    let natural = 0
    let min = longestWord(label, { size, bold: true })
    for (const row of table.rows.slice(0, numeric ? table.rows.length : MEASURED_ROWS)) {
      const text = row[index] ?? ''
      // Few texts are the widest; those much shorter than the widest so far need no measuring.
      if (text.length * size * 0.9 < natural) continue
      natural = Math.max(natural, widest(text.slice(0, 200), style))
      if (!numeric) min = Math.max(min, Math.min(longestWord(text.slice(0, 200), style), 90))
    }
    const total = table.totals?.[index] ?? ''
    natural = Math.max(natural, type.width(total, bold), longestWord(label, bold))
    const heading = Math.min(type.width(label, bold), Math.max(natural, 72))
    const sides = 2 * page.cellX
    return {
      natural: Math.max(natural, heading) + sides,
      min: (numeric ? Math.max(natural, min) : min) + sides,
      isKey: table.keys[index] === true,
    }
  })
}

function linesOf(band: Band, row: readonly string[], style: TextStyle, type: Typesetter, cuts: Cuts): Lines {
  const cells = band.columns.map((column, index) => {
    const room = (band.widths[index] ?? 0) - 2 * page.cellX
    const text = row[column] ?? ''
    // Half a point forgives what rounding takes.
    const { lines, cut } = type.wrap(text, style, room + 0.5, page.maxCellLines)
    if (cut) cuts.texts += 1
    return lines
  })
  const most = Math.max(1, ...cells.map((lines) => lines.length))
  return { cells, height: most * style.size * page.lineHeight + 2 * page.cellY }
}

/** How many leading keys are the same as in the row above. */
function repeatedKeys(table: TextTable, index: number): number {
  const above = table.rows[index - 1]
  const row = table.rows[index]
  if (above === undefined || row === undefined) return 0
  const keys = table.keys.filter(Boolean).length
  let same = 0
  while (same < keys - 1 && table.keys[same] === true && row[same] === above[same]) same += 1
  return same
}

function heading(target: Page, table: TextTable, type: Typesetter, top: number): number {
  const room = target.width - 2 * page.marginX
  const title: TextStyle = { size: page.titleSize, bold: true }
  const plain: TextStyle = { size: page.sentenceSize }
  const titleLines = table.title === '' ? [] : type.wrap(table.title, title, room, 3).lines
  const sentenceLines = type.wrap(table.sentence, plain, Math.min(room, 520), 40).lines
  let y = top
  const put = (lines: readonly string[], style: TextStyle, color: string): void => {
    for (const line of lines) {
      y += style.size * page.lineHeight
      const at = y - style.size * 0.3
      target.draw.push((canvas) => canvas.type.draw(line, page.marginX, at, style, color))
    }
  }
  target.draw.push((canvas) => canvas.box(page.marginX, top - 10, 28, 2.5, colors.accent))
  put(titleLines, title, colors.ink)
  y += 4
  put(sentenceLines, plain, colors.soft)
  y += 3
  put([table.facts], { size: page.noteSize }, colors.quiet)
  if (table.note !== undefined) put([table.note], { size: page.noteSize, bold: true }, colors.soft)
  return y + 14
}

function runningHead(target: Page, table: TextTable, where: string): number {
  const y = page.marginTop - 6
  const style: TextStyle = { size: page.noteSize }
  target.draw.push(({ type }) => {
    const room = target.width - 2 * page.marginX
    const right = type.width(where, style)
    const [title = ''] = type.wrap(table.title, { ...style, bold: true }, room - right - 20, 1).lines
    type.draw(title, page.marginX, y, { ...style, bold: true }, colors.soft)
    type.draw(where, target.width - page.marginX - right, y, style, colors.quiet)
  })
  return y + 12
}

function bandText(band: Band, table: TextTable, bands: number): string {
  if (bands === 1) return ''
  const last = band.columns.at(-1) ?? 0
  const own = band.columns.filter((column, index) => index === 0 || column !== (band.columns[index - 1] ?? 0) + 1)
  const first = own.at(-1) ?? 0
  return `Columns ${first + 1} to ${last + 1} of ${table.labels.length}`
}

function headerRow(target: Page, band: Band, table: TextTable, lines: Lines, body: TextStyle, y: number): number {
  const width = band.widths.reduce((sum, one) => sum + one, 0)
  target.draw.push((canvas) => {
    canvas.box(page.marginX, y, width, lines.height, colors.header)
    canvas.rule(page.marginX, y + lines.height, width, colors.strong, 0.8)
    const most = Math.max(...lines.cells.map((cell) => cell.length))
    cells(canvas, band, table, lines, { ...body, bold: true }, y, (column) => ({
      color: colors.ink,
      // Labels stand on the line, however many lines they have.
      skip: most - (lines.cells[band.columns.indexOf(column)]?.length ?? 0),
    }))
  })
  return y + lines.height
}

function bodyRow(
  target: Page,
  band: Band,
  table: TextTable,
  lines: Lines,
  body: TextStyle,
  y: number,
  { index, repeated }: { index: number; repeated: number },
): void {
  target.draw.push((canvas) => {
    const width = band.widths.reduce((sum, one) => sum + one, 0)
    canvas.rule(page.marginX, y + lines.height, width, colors.line, 0.5)
    cells(canvas, band, table, lines, body, y, (column) => {
      const quiet = table.empty[index]?.[column] === true || column < repeated
      return { color: quiet ? colors.quiet : colors.ink, skip: 0 }
    })
  })
}

function totalRow(target: Page, band: Band, table: TextTable, lines: Lines, body: TextStyle, y: number): void {
  target.draw.push((canvas) => {
    const width = band.widths.reduce((sum, one) => sum + one, 0)
    canvas.rule(page.marginX, y, width, colors.strong, 0.8)
    cells(canvas, band, table, lines, { ...body, bold: true }, y, () => ({ color: colors.ink, skip: 0 }))
  })
}

function cells(
  { type }: Canvas,
  band: Band,
  table: TextTable,
  lines: Lines,
  style: TextStyle,
  y: number,
  look: (column: number) => { color: string; skip: number },
): void {
  const step = style.size * page.lineHeight
  let x = page.marginX
  for (const [place, column] of band.columns.entries()) {
    const width = band.widths[place] ?? 0
    const numeric = table.numeric[column] === true
    const own: TextStyle = { ...style, tabular: numeric }
    const { color, skip } = look(column)
    for (const [index, line] of (lines.cells[place] ?? []).entries()) {
      const left = numeric ? x + width - page.cellX - type.width(line, own) : x + page.cellX
      type.draw(line, left, y + page.cellY + (index + skip + 1) * step - style.size * 0.34, own, color)
    }
    x += width
  }
}
