// The web application's files, built when they are missing or older than their sources.
// In: the source tree, if there is one. Out: files under dist/web. Refused: neither sources nor files.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../errors.ts'
import type { Progress } from '../open.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = join(root, 'web')

/** Where the built files are. */
export const webRoot = join(root, 'dist', 'web')

/** Builds the web application if need be; well under ten seconds. */
export async function buildWeb(onProgress: (progress: Progress) => void): Promise<void> {
  if (isFresh()) return
  onProgress({ step: 'web', text: 'Building the web page', done: false })
  const vite = await import('vite').catch((cause: unknown) => {
    throw new UserError('internal', 'Cannot build the web page: the package "vite" is not installed', {
      fix: 'run "npm ci" with development packages, or "npm run build" before they are removed',
      cause,
    })
  })
  // Built aside and moved into place, so that two servers that start at once do not disturb each other.
  const fresh = join(root, 'dist', `.web-${process.pid}`)
  const outdated = `${fresh}-outdated`
  await vite.build({
    root: sources,
    configFile: join(sources, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: fresh, emptyOutDir: true },
  })
  if (existsSync(webRoot)) await rename(webRoot, outdated).catch(() => {})
  await rename(fresh, webRoot).catch(() => rm(fresh, { recursive: true, force: true }))
  await rm(outdated, { recursive: true, force: true })
  onProgress({ step: 'web', text: 'Web page built', done: true })
}

function isFresh(): boolean {
  const page = join(webRoot, 'index.html')
  if (!existsSync(page)) return false
  if (!existsSync(sources)) return true
  const builtAt = statSync(page).mtimeMs
  const folders = [sources, join(root, 'src')].filter((folder) => existsSync(folder))
  return folders.every((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).every(
      (entry) => !entry.isFile() || statSync(join(entry.parentPath, entry.name)).mtimeMs <= builtAt,
    ),
  )
}
