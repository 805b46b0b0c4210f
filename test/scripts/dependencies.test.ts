// docs/security.md says which advisories were looked up and why the newest of fflate cannot be met here.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

type Locked = {
  readonly version?: string
  readonly dev?: boolean
  readonly dependencies?: { readonly fflate?: string }
}
const locked = (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages
const [, section = ''] = /^## Dependencies$([\s\S]*?)^## /m.exec(read('docs/security.md')) ?? []
const rows = [...section.matchAll(/^\| `([^`]+)` \| .* \| ([\d.]+) \| ([\d.]+) \|$/gm)].map(
  ([, name = '', fixed = '', ours = '']) => ({ name, fixed, ours }),
)
const inOrder = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true })

function sourcesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.') && /\.[cm]?[jt]sx?$/.test(path))
    .map((path) => join(folder, path))
}

describe('the dependencies', () => {
  test('that docs/security.md lists are locked at the versions it gives, none older than its fix', () => {
    expect(rows.length).toBeGreaterThan(20)
    for (const { name, fixed, ours } of rows) {
      expect(locked[`node_modules/${name}`]?.version, name).toBe(ours)
      expect(inOrder(ours, fixed), name).toBeGreaterThanOrEqual(0)
    }
  })

  test('that depend on fflate never open an archive with it, and neither do we', () => {
    const dependents = Object.entries(locked)
      .filter(([path, { dev, dependencies }]) => path !== '' && !dev && dependencies?.fflate !== undefined)
      .map(([path]) => path)
    expect(dependents.sort()).toEqual(['node_modules/pdfkit', 'node_modules/png-js'])
    // The standalone build carries a copy of all of fflate, and is loaded by nobody who has modules.
    const theirs = dependents.flatMap(sourcesUnder).filter((path) => !path.endsWith('pdfkit.standalone.js'))
    const ours = [...sourcesUnder('src'), ...sourcesUnder('web')].filter((path) => /['"]fflate['"]/.test(read(path)))
    expect(ours).toEqual(['src/export/zip.ts'])
    expect([...theirs, ...ours].filter((path) => /\bunzip(Sync)?\b/i.test(read(path)))).toEqual([])
  })
})
