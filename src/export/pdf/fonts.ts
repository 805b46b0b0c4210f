// Text set in the first font that has each character. In: a pdfkit document and font files, the preferred ones first.
// Out: widths, wrapped lines and drawn text. A character that no font has is drawn as a box, and counted.

/** A font file that covers part of Unicode. */
export type FontFile = {
  readonly name: string
  readonly bold: boolean
  readonly covers: (codePoint: number) => boolean
  readonly load: () => Promise<Uint8Array>
}
export type TextStyle = { readonly size: number; readonly bold?: boolean; readonly tabular?: boolean }

/** The part of pdfkit that sets text. */
export type TextDocument = {
  registerFont(name: string, bytes: Uint8Array): unknown
  font(name: string): unknown
  fontSize(size: number): unknown
  fillColor(color: string): unknown
  widthOfString(text: string, options?: object): number
  text(text: string, x: number, y: number, options: object): unknown
}

export type Typesetter = {
  readonly width: (text: string, style: TextStyle) => number
  /** Draws one line whose baseline is at `y`. */
  readonly draw: (text: string, x: number, y: number, style: TextStyle, color: string) => void
  readonly wrap: (
    text: string,
    style: TextStyle,
    widthPt: number,
    maxLines: number,
  ) => { lines: readonly string[]; cut: boolean }
  /** Whether a character was met that no font has. */
  readonly missing: () => boolean
}

/** Font units that widths are measured in. */
const UNIT = 1000
const featuresOf = (tabular: boolean): object => ({ kern: false, liga: false, calt: false, tnum: tabular })

type Run = { readonly font: string; readonly text: string }

/** Loads what the characters need and gives the typesetter; `codePoints` are all that will be set. */
export async function typesetter(
  doc: TextDocument,
  files: readonly FontFile[],
  codePoints: ReadonlySet<number>,
): Promise<Typesetter> {
  const loaded = await loadNeeded(doc, files, codePoints)
  let missing = false
  const fontOf = (codePoint: number, bold: boolean): string => {
    for (const file of files)
      if (file.bold === bold && file.covers(codePoint) && loaded.get(file.name)?.(codePoint) === true) return file.name
    missing ||= codePoint > 32
    return files.findLast((file) => file.bold === bold && loaded.has(file.name))?.name ?? ''
  }
  const known = new Map<number, string>()
  const runsOf = (text: string, bold: boolean): Run[] => {
    const runs: { font: string; text: string }[] = []
    for (const char of text) {
      const last = runs.at(-1)
      // Marks and joiners belong to the character before them.
      if (last !== undefined && /\p{M}|\u200d/u.test(char)) {
        last.text += char
        continue
      }
      const codePoint = char.codePointAt(0) ?? 0
      const key = codePoint * 2 + (bold ? 1 : 0)
      const font = known.get(key) ?? fontOf(codePoint, bold)
      known.set(key, font)
      if (last?.font === font) last.text += char
      else runs.push({ font, text: char })
    }
    return runs
  }
  const advances = new Map<string, number>()
  const advanceOf = (font: string, char: string, tabular: boolean): number => {
    const key = `${tabular ? 't' : 'p'}${font}\n${char}`
    const before = advances.get(key)
    if (before !== undefined) return before
    doc.font(font)
    doc.fontSize(UNIT)
    const advance = doc.widthOfString(char, { features: featuresOf(tabular) }) / UNIT
    advances.set(key, advance)
    return advance
  }
  // Character by character, without kerning: shaping each text to measure it would take ten times as long.
  const widthOf = (run: Run, { size, tabular = false }: TextStyle): number => {
    let sum = 0
    for (const char of run.text) sum += advanceOf(run.font, char, tabular)
    return sum * size
  }
  const width = (text: string, style: TextStyle): number =>
    runsOf(text, style.bold === true).reduce((sum, run) => sum + widthOf(run, style), 0)
  return {
    width,
    draw: (text, x, y, style, color) => {
      let at = x
      for (const run of runsOf(text, style.bold === true)) {
        doc.font(run.font)
        doc.fontSize(style.size)
        doc.fillColor(color)
        const features = style.tabular === true ? { features: featuresOf(true) } : {}
        doc.text(run.text, at, y, { lineBreak: false, baseline: 'alphabetic', ...features })
        at += widthOf(run, style)
      }
    },
    wrap: (text, style, widthPt, maxLines) => wrapped(text, (part) => width(part, style), widthPt, maxLines),
    missing: () => missing,
  }
}

/** Which characters each loaded font has. */
async function loadNeeded(
  doc: TextDocument,
  files: readonly FontFile[],
  codePoints: ReadonlySet<number>,
): Promise<Map<string, (codePoint: number) => boolean>> {
  const loaded = new Map<string, (codePoint: number) => boolean>()
  for (const bold of [false, true]) {
    let left = [...codePoints]
    for (const file of files.filter((one) => one.bold === bold)) {
      const mine = left.filter((codePoint) => file.covers(codePoint))
      // Something must be there even for a document without text.
      if (mine.length === 0 && loaded.size > 0) continue
      doc.registerFont(file.name, await file.load())
      const has = glyphsOf(doc, file.name)
      loaded.set(file.name, has)
      left = left.filter((codePoint) => !(file.covers(codePoint) && has(codePoint)))
    }
  }
  return loaded
}

/** pdfkit keeps the opened font where its types do not say. */
function glyphsOf(doc: TextDocument, name: string): (codePoint: number) => boolean {
  doc.font(name)
  const opened = doc as { _font?: { font?: { hasGlyphForCodePoint?: (codePoint: number) => boolean } } }
  const font = opened._font?.font
  return (codePoint) => font?.hasGlyphForCodePoint?.(codePoint) ?? true
}

function wrapped(
  text: string,
  width: (text: string) => number,
  widthPt: number,
  maxLines: number,
): { lines: string[]; cut: boolean } {
  const lines: string[] = []
  const paragraphs = text.split('\n')
  for (const [index, paragraph] of paragraphs.entries()) {
    let line = ''
    for (const word of paragraph.split(/(?<=\s)|(?<=[-/])(?=\p{L})/u)) {
      if (line === '' || width(`${line}${word}`.trimEnd()) <= widthPt) line += word
      else {
        lines.push(line.trimEnd())
        line = word
      }
      while (width(line.trimEnd()) > widthPt && line.length > 1) {
        const fits = longestFit(line, width, widthPt)
        lines.push(line.slice(0, fits))
        line = line.slice(fits)
      }
      if (lines.length > maxLines) break
    }
    lines.push(line.trimEnd())
    if (lines.length > maxLines || (lines.length === maxLines && index < paragraphs.length - 1)) {
      const kept = lines.slice(0, maxLines)
      const last = `${kept.pop() ?? ''}…`
      const fits =
        width(last) <= widthPt
          ? last
          : `${last.slice(
              0,
              longestFit(last, (t) => width(`${t}…`), widthPt),
            )}…`
      return { lines: [...kept, fits], cut: true }
    }
  }
  return { lines, cut: false }
}

/** UTF-16 units of the longest beginning that fits; at least one character. */
function longestFit(text: string, width: (text: string) => number, widthPt: number): number {
  let end = 0
  for (const { index, segment } of new Intl.Segmenter().segment(text)) {
    if (end > 0 && width(text.slice(0, index + segment.length)) > widthPt) break
    end = index + segment.length
  }
  return end
}
