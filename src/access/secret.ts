// The secret that signs sessions. In: a configuration. Out: a text of at least 32 characters.
// Refused: a store that several servers may share, without a secret that they share too.
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { UserError } from '../errors.ts'

/** AUTH_SECRET, or for the embedded store one that is made once and kept beside it. Throws `UserError`. */
export async function authSecret(config: Config): Promise<string> {
  if (config.authSecret !== undefined) return config.authSecret
  if (config.databaseUrl !== undefined) {
    throw new UserError('invalid_configuration', 'Cannot sign sessions: DATABASE_URL is set and AUTH_SECRET is not', {
      fix: 'set AUTH_SECRET to at least 32 random characters, such as those of: openssl rand -hex 32',
    })
  }
  const made = randomBytes(32).toString('hex')
  if (config.dataDir === 'memory://') return made
  const path = join(config.dataDir, 'auth-secret')
  const kept = await read(path)
  if (kept !== undefined) return kept
  await mkdir(config.dataDir, { recursive: true })
  await writeFile(path, `${made}\n`, { mode: 0o600 })
  return made
}

async function read(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim()
    return text.length >= 32 ? text : undefined
  } catch {
    return undefined
  }
}
