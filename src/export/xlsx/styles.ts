// The styles of a workbook, collected while its cells are written; the part itself is written last.
import { xmlText } from './xml.ts'

export type CellStyle = {
  /** A format code; none is General. */
  readonly format?: string | undefined
  readonly font?: 'bold' | 'quiet' | 'title' | undefined
  readonly fill?: 'header' | undefined
  /** A line below or above the cell. */
  readonly line?: 'below' | 'above' | undefined
  readonly align?: 'left' | 'right' | undefined
  readonly wrap?: boolean | undefined
  /** Keeps a text a text when somebody edits its cell. */
  readonly quoted?: boolean | undefined
}
export type Styles = { readonly id: (style: CellStyle) => number; readonly xml: () => string }

const FONTS = ['plain', 'bold', 'quiet', 'title'] as const
const FIRST_OWN_FORMAT = 164

/** An empty collection; style 0 is the default. */
export function newStyles(): Styles {
  const ids = new Map<string, number>()
  const cells: string[] = []
  const formats = new Map<string, number>()
  const id = (style: CellStyle): number => {
    const key = JSON.stringify(style)
    const known = ids.get(key)
    if (known !== undefined) return known
    cells.push(cellXf(style, formatId(style.format, formats)))
    ids.set(key, cells.length - 1)
    return cells.length - 1
  }
  id({})
  return { id, xml: () => stylesXml(cells, formats) }
}

function formatId(format: string | undefined, formats: Map<string, number>): number {
  if (format === undefined) return 0
  const id = formats.get(format) ?? FIRST_OWN_FORMAT + formats.size
  formats.set(format, id)
  return id
}

function cellXf({ font, fill, line, align, wrap, quoted }: CellStyle, format: number): string {
  const alignment = [
    align === undefined ? '' : ` horizontal="${align}"`,
    wrap === true ? ' vertical="top" wrapText="1"' : '',
  ].join('')
  const attributes = [
    `numFmtId="${format}" fontId="${FONTS.indexOf(font ?? 'plain')}" fillId="${fill === undefined ? 0 : 2}"`,
    `borderId="${line === undefined ? 0 : line === 'below' ? 1 : 2}" xfId="0"`,
    // Some programs show a boolean as a number where a format is applied to it, be it the general one.
    ...(format === 0 ? [] : ['applyNumberFormat="1"']),
    'applyFont="1" applyFill="1" applyBorder="1"',
    ...(quoted === true ? ['quotePrefix="1"'] : []),
  ].join(' ')
  return alignment === '' ? `<xf ${attributes}/>` : `<xf ${attributes} applyAlignment="1"><alignment${alignment}/></xf>`
}

const NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const INK = 'FF1B2622'
const QUIET = 'FF66706B'
const LINE = 'FF9AA8A1'
const HEADER_FILL = 'FFEAF3EE'

function stylesXml(cells: readonly string[], formats: ReadonlyMap<string, number>): string {
  const face = '<name val="Calibri"/><family val="2"/>'
  const font = (size: number, color: string, bold = false) =>
    `<font>${bold ? '<b/>' : ''}<sz val="${size}"/><color rgb="${color}"/>${face}</font>`
  const edge = (side: 'top' | 'bottom', on: boolean) =>
    on ? `<${side} style="thin"><color rgb="${LINE}"/></${side}>` : `<${side}/>`
  const border = (above: boolean, below: boolean) =>
    `<border><left/><right/>${edge('top', above)}${edge('bottom', below)}<diagonal/></border>`
  const numFmts = [...formats].map(([code, id]) => `<numFmt numFmtId="${id}" formatCode="${xmlText(code)}"/>`)
  return [
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="${NS}">`,
    numFmts.length === 0 ? '' : `<numFmts count="${numFmts.length}">${numFmts.join('')}</numFmts>`,
    `<fonts count="4">${font(11, INK)}${font(11, INK, true)}${font(11, QUIET)}${font(16, INK, true)}</fonts>`,
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    `<fill><patternFill patternType="solid"><fgColor rgb="${HEADER_FILL}"/><bgColor indexed="64"/></patternFill></fill></fills>`,
    `<borders count="3">${border(false, false)}${border(false, true)}${border(true, false)}</borders>`,
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    `<cellXfs count="${cells.length}">${cells.join('')}</cellXfs>`,
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
    '</styleSheet>',
  ].join('')
}
