// What files need from the platform: quick compression for workbooks, fonts for reports. The writers themselves know no platform.
import { readFile } from 'node:fs/promises'
import { Duplex } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { FontFile } from './export/pdf/fonts.ts'
import { writePdf } from './export/pdf.ts'
import type { FileTools } from './export/tools.ts'
import type { Gzip } from './export/zip.ts'

/** Workbooks are XML, which the lowest level shrinks to a sixth in a third of the default level's time. */
const GZIP_LEVEL = 1
const CHUNK_BYTES = 64 * 1024

/** Gzip off the main thread. */
export const quickGzip: Gzip = () =>
  Duplex.toWeb(createGzip({ level: GZIP_LEVEL, chunkSize: CHUNK_BYTES })) as unknown as ReturnType<Gzip>

/** Packages of fonts for reports, the preferred ones first; those of the second line are used where they are installed. */
const FACES = ['@fontsource/inter']
const MORE_FACES = [
  'noto-sans-sc',
  'noto-sans-jp',
  'noto-sans-kr',
  'noto-sans-arabic',
  'noto-sans-devanagari',
  'noto-emoji',
]
const WEIGHTS = [
  { bold: false, weight: 400 },
  { bold: true, weight: 600 },
]

/** Files as a server or the command line writes them. */
export const nodeFiles: FileTools = {
  gzip: quickGzip,
  pdf: async (tables) => writePdf(tables, { fonts: await reportFonts() }),
}

let fonts: Promise<readonly FontFile[]> | undefined

/** The fonts of PDF reports: Inter, then whatever else is installed, then DejaVu for the rest. */
export function reportFonts(): Promise<readonly FontFile[]> {
  fonts ??= findFonts()
  return fonts
}

async function findFonts(): Promise<readonly FontFile[]> {
  const names = [...FACES, ...MORE_FACES.map((name) => `@fontsource/${name}`)]
  const found = await Promise.all(names.map(subsetsOf))
  return [...found.flat(), dejavu('DejaVuSans.ttf', false), dejavu('DejaVuSans-Bold.ttf', true)]
}

function dejavu(file: string, bold: boolean): FontFile {
  const url = import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)
  return { name: file, bold, covers: () => true, load: () => readFile(new URL(url)) }
}

/** The files of a package: one for each subset of Unicode and weight. */
async function subsetsOf(name: string): Promise<FontFile[]> {
  const home = homeOf(name)
  if (home === undefined) return []
  const ranges = JSON.parse(await readFile(new URL('unicode.json', home), 'utf8')) as Record<string, string>
  const family = name.replace('@fontsource/', '')
  return WEIGHTS.flatMap(({ bold, weight }) =>
    Object.entries(ranges).map(([subset, range]) => {
      const file = `${family}-${subset.replace(/^\[(.*)\]$/, '$1')}-${weight}-normal.woff`
      return { name: file, bold, covers: inRanges(range), load: () => readFile(new URL(`files/${file}`, home)) }
    }),
  )
}

function homeOf(name: string): URL | undefined {
  try {
    return new URL('.', import.meta.resolve(`${name}/unicode.json`))
  } catch {
    return undefined
  }
}

/** `U+0000-00FF,U+0131` → whether a code point is in it. */
function inRanges(text: string): (codePoint: number) => boolean {
  const ranges = text.split(',').map((range) => {
    const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-')
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const
  })
  return (codePoint) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to)
}
