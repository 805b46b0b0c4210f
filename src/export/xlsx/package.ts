// The parts of a workbook that are not sheets or styles: what there is, how it hangs together, and its names.
import { columnLetters, xmlText } from './xml.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SHEETS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

export type NamedSheet = {
  readonly name: string
  /** Rows and columns of the table with its header; none for a sheet without one. */
  readonly area?: { readonly rows: number; readonly columns: number }
}

export const rootRelations = `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

/** Title and time of the workbook. */
export function coreXml(title: string, asOf: string): string {
  const time = new Date(asOf).toISOString().replace(/\.\d+Z$/, 'Z')
  return `${HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${xmlText(title)}</dc:title><dc:creator>Tablewright</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${time}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${time}</dcterms:modified></cp:coreProperties>`
}

export function contentTypesXml(sheets: number): string {
  const sheet = (_: unknown, index: number) =>
    `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${TYPES}.worksheet+xml"/>`
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>${Array.from({ length: sheets }, sheet).join('')}<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`
}

export function workbookRelations(sheets: number): string {
  const sheet = (_: unknown, index: number) =>
    `<Relationship Id="rId${index + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${Array.from({ length: sheets }, sheet).join('')}<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`
}

/** The sheets in order, their filters, and the header that is printed on each page. */
export function workbookXml(sheets: readonly NamedSheet[]): string {
  const list = sheets.map(
    ({ name }, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  )
  const names = sheets.flatMap(({ name, area }, index) => {
    if (area === undefined || area.columns === 0) return []
    const sheet = xmlText(`'${name.replaceAll("'", "''")}'`)
    const last = columnLetters(area.columns - 1)
    return [
      `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${sheet}!$A$1:$${last}$${area.rows}</definedName>`,
      `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${sheet}!$1:$1</definedName>`,
    ]
  })
  return [
    `${HEAD}<workbook xmlns="${SHEETS}" xmlns:r="${OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews>`,
    `<sheets>${list.join('')}</sheets>`,
    names.length === 0 ? '' : `<definedNames>${names.join('')}</definedNames>`,
    '</workbook>',
  ].join('')
}

const MAX_NAME_CHARS = 31

/** Makes names for sheets out of titles: short, without the characters a name may not have, each one once. */
export function sheetNames(): (title: string, part: number) => string {
  const used = new Set(['history'])
  return (title, part) => {
    const clean = title
      .toWellFormed()
      .replace(/[[\]:*?/\\\p{Cc}]/gu, ' ')
      .replace(/\s+/g, ' ')
      .replace(/^[' ]+|[' ]+$/g, '')
    const base = clean === '' ? 'Table' : clean
    for (let n = part; ; n += 1) {
      const suffix = n === 1 ? '' : ` (${n})`
      const name = `${cut(base, MAX_NAME_CHARS - suffix.length)}${suffix}`
      if (used.has(name.toLowerCase())) continue
      used.add(name.toLowerCase())
      return name
    }
  }
}

function cut(text: string, chars: number): string {
  if (text.length <= chars) return text
  const end = /[\ud800-\udbff]/.test(text.charAt(chars - 1)) ? chars - 1 : chars
  return text.slice(0, end).replace(/[' ]+$/, '')
}
