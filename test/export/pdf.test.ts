import fc from 'fast-check'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { FontFile } from '../../src/export/pdf/fonts.ts'
import { writePdf } from '../../src/export/pdf.ts'
import { reportFonts } from '../../src/file-assets.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { formatCell } from '../../src/rows/format.ts'
import { bytesOf, column, meta, randomTableOf, tableOf } from './tables.ts'

type Item = { readonly text: string; readonly x: number; readonly y: number; readonly right: number }
type Page = { readonly width: number; readonly height: number; readonly items: readonly Item[]; readonly text: string }

let fonts: readonly FontFile[]
beforeAll(async () => {
  fonts = await reportFonts()
})

/** The pages of a PDF as an independent reader sees them. */
async function pagesOf(bytes: Uint8Array): Promise<Page[]> {
  const task = getDocument({ data: bytes, verbosity: 0 })
  const doc = await task.promise
  const pages: Page[] = []
  for (let number = 1; number <= doc.numPages; number += 1) {
    const page = await doc.getPage(number)
    const [, , width = 0, height = 0] = page.view
    const content = await page.getTextContent({ disableNormalization: true })
    const items = content.items.flatMap((item) =>
      'str' in item && item.str.trim() !== ''
        ? [{ text: item.str, x: item.transform[4], y: item.transform[5], right: item.transform[4] + item.width }]
        : [],
    )
    pages.push({ width, height, items, text: items.map(({ text }) => text).join('') })
  }
  await task.destroy()
  return pages
}

const read = async (
  columns: readonly OutputColumn[],
  rows: readonly (readonly Cell[])[],
  more: Parameters<typeof tableOf>[2] = {},
) => pagesOf(await bytesOf(writePdf(tableOf(columns, rows, more), { fonts })))

const squeezed = (text: string): string => text.replace(/\s+/gu, '')
const name = column({ id: 'name', label: 'Donor' })
const money = column({ id: 'amount', label: 'Amount', type: 'money', unit: 'USD' })
const rowsOf = (count: number): Cell[][] => Array.from({ length: count }, (_, n) => [`Donor ${n}`, `${n * 1234}.50`])

describe('a report', () => {
  test('prints in every cell what the screen shows', async () => {
    // Marks that combine and scripts without a font here are drawn otherwise than they are written.
    const letters = [...'abc XYZ 0129 =+-@"\'<&>_/,;|()–—−€…“”äßéøŁřžΑΩαωЖя'.normalize('NFC')]
    const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 30 })
    const label = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(randomTableOf(text, label), async ({ columns, rows }) => {
        const shown = rows.flatMap((row) => columns.map((one, index) => formatCell(row[index] ?? null, one, meta)))
        const printed = squeezed((await read(columns, rows)).map((page) => page.text).join(''))
        for (const one of [...columns.map((c) => c.label), ...shown]) expect(printed).toContain(squeezed(one))
      }),
      { numRuns: 12 },
    )
  })

  test('has title, sentence and time on its first page, and its header, number and their count on each', async () => {
    const pages = await read([name, money], rowsOf(150), { totals: [null, '99.00'] })
    expect(pages.length).toBeGreaterThan(3)
    const [first] = pages
    for (const text of [meta.title, meta.sentence, 'As of May 10, 2025, 12:00 PM (America/New_York) · 150 rows'])
      expect(squeezed(first?.text ?? '')).toContain(squeezed(text))
    for (const [index, page] of pages.entries()) {
      expect(squeezed(page.text)).toContain('DonorAmount')
      expect(squeezed(page.text)).toContain(`Page${index + 1}of${pages.length}`)
    }
    expect(squeezed(pages.at(-1)?.text ?? '')).toContain('Total$99.00')
    const printed = pages.flatMap(({ items }) => items.map(({ text }) => text)).filter((text) => /^Donor \d/.test(text))
    expect(printed).toEqual(rowsOf(150).map(([donor]) => donor))
  })

  test('aligns numbers to the right, digit below digit', async () => {
    const [page] = await read(
      [name, money],
      [
        ['a', '1111111.11'],
        ['b', '8888888.88'],
        ['c', '-5.00'],
      ],
    )
    const numbers = page?.items.filter(({ text }) => text.includes('$')) ?? []
    expect(numbers).toHaveLength(3)
    for (const { right } of numbers) expect(right).toBeCloseTo(numbers[0]?.right ?? 0, 0)
    expect(numbers[0]?.x).toBeCloseTo(numbers[1]?.x ?? 0, 1)
  })

  test('stays on its paper: upright, across when wide, in bands with their keys when wider still', async () => {
    const wide = (count: number) => [
      column({ id: 'k', label: 'Segment', role: 'key' }),
      ...Array.from({ length: count }, (_, n) =>
        column({ id: `c${n}`, label: `Campaign ${n}`, type: 'money', unit: 'USD' }),
      ),
    ]
    const rows = (count: number) => [['Major', ...Array.from({ length: count }, (_, n) => `${1000 + n}.00`)]]
    const widths: number[] = []
    for (const count of [3, 9, 60]) {
      const pages = await read(wide(count), rows(count))
      for (const { width, height, items } of pages) {
        for (const { x, right, y } of items) {
          expect(x).toBeGreaterThanOrEqual(40)
          expect(right).toBeLessThanOrEqual(width - 40)
          expect(y).toBeGreaterThan(20)
          expect(y).toBeLessThan(height - 20)
        }
        expect(items.some(({ text }) => text === 'Segment')).toBe(true)
      }
      widths.push(pages[0]?.width ?? 0)
      const printed = squeezed(pages.map(({ text }) => text).join(''))
      for (let n = 0; n < count; n += 1) expect(printed).toContain(`$1,0${String(n).padStart(2, '0')}.00`)
      if (count === 60) expect(pages.length).toBeGreaterThan(3)
    }
    expect(widths).toEqual([612, 792, 792])
  })

  test('wraps long texts, cuts what is longer than eight lines, and says so', async () => {
    const word = 'reimbursement '
    const pages = await read(
      [name, column({ label: 'Note' })],
      [
        ['a', word.repeat(20)],
        ['b', word.repeat(600)],
      ],
    )
    const text = squeezed(pages.map((page) => page.text).join(''))
    expect(text.split('reimbursement').length - 1).toBeGreaterThan(20)
    expect(text).toContain('1textwastoolongandends')
  })

  test('of no rows says so, and of cut rows says how many there are', async () => {
    expect(squeezed((await read([name, money], []))[0]?.text ?? '')).toContain('Norows')
    const cut = await read([name, money], rowsOf(3), { truncated: true })
    expect(squeezed(cut[0]?.text ?? '')).toContain('Onlythefirst3rowsareinthisfile;thetablehasmore')
  })

  test('embeds fonts for many scripts, and says when a character has none', async () => {
    const bytes = await bytesOf(
      writePdf(tableOf([name], [['Łukasz Dvořák'], ['Мария'], ['Γιώργος'], ['✓ Zoë']]), { fonts }),
    )
    const pages = await pagesOf(bytes.slice())
    for (const text of ['Łukasz', 'Dvořák', 'Мария', 'Γιώργος', '✓', 'Zoë'])
      expect(pages[0]?.text.normalize('NFC')).toContain(text)
    expect(squeezed(pages[0]?.text ?? '')).not.toContain('asboxes')
    const rare = await read([name], [['\u{13000}']])
    expect(squeezed(rare[0]?.text ?? '')).toContain('Charactersthatnofontherehasareshownasboxes')
  })

  test('combines several tables, each with its own heading', async () => {
    const second = tableOf([name], [['b']], { meta: { title: 'Second table' } })
    const pages = await pagesOf(await bytesOf(writePdf([tableOf([name], [['a']]), second], { fonts })))
    expect(pages.map(({ text }) => squeezed(text).includes('Secondtable'))).toEqual([false, true])
    expect(squeezed(pages[1]?.text ?? '')).toContain('Page2of2')
  })
})
