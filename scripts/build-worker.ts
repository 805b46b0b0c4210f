// `npm run build:worker`: the Cloudflare Worker as one module and its WebAssembly, in dist/worker, and the web page if need be.
// In: the sources and a catalog (CATALOG, or the demo's). Out: the files, and which sources are in them.
// Refused: a catalog with problems.
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { catalogFromFile } from '../src/open-catalog.ts'
import { buildWeb } from '../src/server/build-web.ts'

const root = join(import.meta.dirname, '..')
const DEMO_CATALOG = join(root, 'demo', 'catalog.yaml')

export type BuiltWorker = {
  readonly folder: string
  /** Every source file in the bundle, from the root of the project, with the bytes it takes there. */
  readonly inputs: Readonly<Record<string, number>>
  /** What Cloudflare counts: all files, compressed. */
  readonly compressedBytes: number
  readonly modules: readonly string[]
}

/** Builds the Worker into a folder. Throws `UserError` invalid_catalog. */
export async function buildWorker(
  options: { folder?: string; catalogPath?: string | undefined } = {},
): Promise<BuiltWorker> {
  const { folder = join(root, 'dist', 'worker'), catalogPath } = options
  const catalog = await catalogFromFile(catalogPath ?? DEMO_CATALOG)
  const result = await build({
    entryPoints: { worker: join(root, 'src', 'worker.ts') },
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser', 'import'],
    external: ['node:*', 'cloudflare:*', '*.wasm'],
    // Names stay, for the log's sake; keeping them by other means would cost each start a quarter of its time.
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      bundled(
        {
          'bundled:catalog': `export const catalog = ${JSON.stringify(catalog)}\nexport const isDemo = ${catalogPath === undefined}`,
          'bundled:migrations': `export const migrations = ${JSON.stringify(migrationTimes())}`,
        },
        folder,
      ),
    ],
  })
  const modules = readdirSync(folder).sort()
  const compressedBytes = modules.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0)
  const [output] = Object.values(result.metafile.outputs)
  const inputs = Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => [
    relative(root, join(process.cwd(), path)),
    bytesInOutput,
  ])
  return { folder, inputs: Object.fromEntries(inputs), compressedBytes, modules }
}

function migrationTimes(): number[] {
  const { entries } = JSON.parse(readFileSync(join(root, 'drizzle', 'meta', '_journal.json'), 'utf8')) as {
    entries: { when: number }[]
  }
  return entries.map(({ when }) => when)
}

/** The program's own files, which `lib/own-files.ts` reads elsewhere. */
function ownFiles(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const prompts = readdirSync(join(root, 'prompts')).map((name) => `prompts/${name}`)
  const texts = Object.fromEntries(
    [...prompts, 'src/http/reference.css'].map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
  return `const files = ${JSON.stringify({ 'package.json': JSON.stringify({ version }), ...texts })}
export function ownFile(path) {
  if (Object.hasOwn(files, path)) return files[path]
  throw new Error('not in the bundle: ' + path)
}`
}

/** The parser of SQL compiles its WebAssembly at run time, which Workers refuse; here it comes along as a module. */
const PARSER = /\/libpg-query\/wasm\/libpg-query\.js$/
const PARSER_CODE = `
import code from './libpg-query.wasm'
const instantiateWasm = (imports, done) => done(new WebAssembly.Instance(code, imports))
export default () => PgQueryModule({ instantiateWasm })`
/** It would look for files where it finds the marks of Node or of a browser's worker. */
const MARKS = [
  ['IS_NODE=globalThis.process?.versions?.node&&globalThis.process?.type!="renderer"', 'IS_NODE=false'],
  ['IS_WORKER=!!globalThis.WorkerGlobalScope', 'IS_WORKER=false'],
] as const

function parserModule(path: string, folder: string): string {
  let text = readFileSync(path, 'utf8')
  for (const [mark, none] of MARKS) {
    if (!text.includes(mark)) throw new Error('libpg-query is not what scripts/build-worker.ts knows')
    text = text.replace(mark, none)
  }
  mkdirSync(folder, { recursive: true })
  copyFileSync(path.replace(/\.js$/, '.wasm'), join(folder, 'libpg-query.wasm'))
  return `${text}\n${PARSER_CODE}`
}

function bundled(modules: Readonly<Record<string, string>>, folder: string): Plugin {
  return {
    name: 'bundled',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^bundled:/ }, ({ path }) => ({ path, namespace: 'bundled' }))
      onLoad({ filter: /.*/, namespace: 'bundled' }, ({ path }) => ({ contents: modules[path] ?? '' }))
      onLoad({ filter: /\/src\/lib\/own-files\.ts$/ }, () => ({ contents: ownFiles() }))
      onLoad({ filter: PARSER }, ({ path }) => ({ contents: parserModule(path, folder) }))
    },
  }
}

if (import.meta.main) {
  await buildWeb(() => {})
  const { folder, modules, compressedBytes } = await buildWorker({ catalogPath: process.env.CATALOG })
  console.log(`${relative(root, folder)}: ${modules.join(', ')}; ${Math.ceil(compressedBytes / 1024)} KiB compressed`)
}
