// One process at a time in an embedded data directory: two would destroy it.
// In: a directory. Out: a lock to release. Refused: a directory that a living process holds. A lock left by a crash is taken over.
import { readFileSync, rmSync } from 'node:fs'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'

type Holder = { readonly pid: number /** Clock ticks since boot, where the system tells. */; readonly started: string }

/** Takes the lock of a data directory (made when absent). Throws `UserError` data_in_use. */
export async function lockDataDir(dataDir: string): Promise<{ release: () => void }> {
  await mkdir(dataDir, { recursive: true }).catch((cause: unknown) => {
    throw new UserError('file_not_readable', `Cannot write the data folder "${dataDir}"`, {
      fix: 'set DATA_DIR to a folder that may be written',
      cause,
    })
  })
  const path = join(dataDir, 'tablewright.lock')
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await write(path, { pid: process.pid, started: startOf(process.pid) })) return { release: releaser(path) }
    const holder = await read(path)
    if (holder !== undefined && isAlive(holder)) {
      throw new UserError('data_in_use', `Cannot open the data folder "${dataDir}": process ${holder.pid} uses it`, {
        fix: 'stop that process, or set DATA_DIR to another folder',
      })
    }
    await rm(path, { force: true })
  }
  throw new UserError('data_in_use', `Cannot open the data folder "${dataDir}": another process is opening it`)
}

function releaser(path: string): () => void {
  const release = () => {
    process.off('exit', release)
    rmSync(path, { force: true })
  }
  process.on('exit', release)
  return release
}

/** Written aside and linked into place, so that nobody ever reads half a lock. */
async function write(path: string, holder: Holder): Promise<boolean> {
  const aside = `${path}.${process.pid}`
  await writeFile(aside, JSON.stringify(holder))
  try {
    await link(aside, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(aside, { force: true })
  }
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof found !== 'object' || found === null || !('pid' in found) || !('started' in found)) return undefined
    return { pid: Number(found.pid), started: String(found.started) }
  } catch {
    return undefined
  }
}

/** A process number is used again after a restart, so its start is compared too. */
function isAlive(holder: Holder): boolean {
  if (!Number.isInteger(holder.pid) || holder.pid <= 0) return false
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return startOf(holder.pid) === holder.started
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; the start is the 20th value after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
