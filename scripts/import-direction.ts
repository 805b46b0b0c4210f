// Walks the imports under src/ and names every one that points the wrong way, and every impure line in a pure folder.
// In: the source tree. Out: one line a fault. A folder imports only from the left of itself in ORDER.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** From left to right; names inside one entry may not import each other, except from themselves. */
const ORDER: readonly (readonly string[])[] = [
  ['lib'],
  ['errors'],
  ['config'],
  ['catalog'],
  ['definition'],
  ['plan'],
  ['sql'],
  ['db', 'llm'],
  ['access'],
  ['demo'],
  ['rows', 'translate'],
  ['export'],
  ['file-assets'],
  ['pipeline'],
  ['context'],
  ['open-catalog'],
  ['open-translators'],
  ['open-store'],
  ['open'],
  ['service-context'],
  ['open-service'],
  ['schedules'],
  ['placing'],
  ['tables', 'people', 'keys'],
  ['conversations', 'documents'],
  ['dashboards', 'views'],
  ['reports'],
  ['delivery'],
  ['jobs'],
  ['eval'],
  ['http'],
  ['mcp'],
  ['app'],
  ['server', 'worker'],
  ['cli'],
]
const PURE = new Set(['catalog', 'definition', 'plan', 'sql', 'export'])
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/from '(node:[^']+)'/, 'imports $1'],
  [/\bprocess\.\w+/, 'uses process'],
  [/\bDate\.now\(/, 'reads the clock (Date.now)'],
  [/\bnew Date\(\)/, 'reads the clock (new Date())'],
  [/\bTemporal\.Now\b/, 'reads the clock (Temporal.Now)'],
  [/\bfetch\(/, 'uses the network (fetch)'],
  [/\bMath\.random\(/, 'is not deterministic (Math.random)'],
]

/** The folder (or top-level file) that a path under src/ belongs to. */
function partOf(path: string): string {
  const first = path.split('/')[0] ?? ''
  return first.replace(/\.tsx?$/, '')
}

function rankOf(part: string): number {
  return ORDER.findIndex((group) => group.includes(part))
}

/** Every fault of one file; `path` is relative to src/. */
export function faultsOf(path: string, text: string): string[] {
  const from = partOf(path)
  const rank = rankOf(from)
  const faults: string[] = []
  if (rank < 0) faults.push(`src/${path}: folder "${from}" has no place in scripts/import-direction.ts`)
  for (const [, target = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
    const to = relative('/src', resolve('/src', dirname(path), target))
    const other = partOf(to)
    if (other === from || to.startsWith('..')) continue
    if (rankOf(other) >= rank)
      faults.push(`src/${path}: imports src/${to}, which stands to the right of "${from}" or beside it`)
  }
  if (PURE.has(from)) faults.push(...impurities(path, text))
  return faults
}

function impurities(path: string, text: string): string[] {
  const faults: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(\/\/|\*|\/\*)/.test(line)) continue
    for (const [pattern, says] of IMPURE) {
      const found = pattern.exec(line)
      if (found !== null)
        faults.push(`src/${path}:${index + 1}: ${says.replace('$1', found[1] ?? '')} in a pure folder`)
    }
  }
  return faults
}

/** Every fault under a source folder. */
export function importFaults(src: string): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .flatMap((path) => faultsOf(path, readFileSync(join(src, path), 'utf8')))
}

if (import.meta.main) {
  const faults = importFaults(join(import.meta.dirname, '..', 'src'))
  for (const fault of faults) console.error(fault)
  process.exitCode = faults.length === 0 ? 0 : 1
}
