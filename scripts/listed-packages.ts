// Every package that is imported is listed in package.json: one that only came along with another may be gone tomorrow.
// In: the root of the project. Out: one line a fault. What runs in production must be listed as a dependency.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Listed = { readonly dependencies: ReadonlySet<string>; readonly development: ReadonlySet<string> }

const RUNS = ['src', 'web', 'bin']
const DEVELOPS = ['bench', 'scripts', 'evals', 'test']
/** Has packages of its own. */
const APART = 'bench/peer/'
/** Loaded only where the sources are built, and never in an image, which brings what was built. */
const BUILDS: ReadonlySet<string> = new Set(['src/server/build-web.ts vite', 'web/vite.config.ts vite'])
/** A statement from the start of its line, and an import that is called; texts that only look like one are indented. */
const IMPORTS = [
  /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"\s]+)['"]\s*\)/g,
  /^@import\s+['"]([^'"]+)['"]/gm,
]

/** The packages that a file imports. */
export function packagesIn(text: string): string[] {
  const named = IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name))
  const foreign = named.filter((name) => /^(?:@[\w.-]+\/)?[a-z][\w.-]*(?:\/|$)/i.test(name))
  return [...new Set(foreign.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')))].sort()
}

/** Every fault of one file; `path` is relative to the root. */
export function unlisted(path: string, text: string, { dependencies, development }: Listed): string[] {
  const runs = RUNS.includes(path.split('/')[0] ?? '') && !/\.config\.ts$/.test(path)
  return packagesIn(text).flatMap((name) => {
    if (dependencies.has(name) || BUILDS.has(`${path} ${name}`)) return []
    if (!development.has(name)) return [`${path}: imports ${name}, which package.json does not list`]
    return runs ? [`${path}: imports ${name}, which is listed for development only`] : []
  })
}

/** Every fault of a project. */
export function packageFaults(root: string): string[] {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const listed = {
    dependencies: new Set(Object.keys(dependencies)),
    development: new Set(Object.keys(devDependencies)),
  }
  return [...RUNS, ...DEVELOPS].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:ts|tsx|js|css)$/.test(path) && !/(?:^|\/)(?:node_modules|dist)\//.test(path))
      .filter((path) => !`${folder}/${path}`.startsWith(APART))
      .sort()
      .flatMap((path) => unlisted(`${folder}/${path}`, readFileSync(join(root, folder, path), 'utf8'), listed)),
  )
}

if (import.meta.main) {
  const faults = packageFaults(join(import.meta.dirname, '..'))
  for (const fault of faults) console.error(fault)
  process.exitCode = faults.length === 0 ? 0 : 1
}
