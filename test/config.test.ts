import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { environment, readConfig } from '../src/config.ts'
import { UserError } from '../src/errors.ts'

function refusal(env: Record<string, string>): UserError {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('the environment', () => {
  test('nothing set gives the embedded default, on this machine only', () => {
    expect(readConfig({})).toEqual({
      corsOrigins: [],
      trustedProxies: 0,
      requestsPerMinute: 600,
      conversationDays: 90,
      deletedDays: 90,
      deliveryDays: 400,
      sourceConnections: 10,
      port: 8787,
      queueBackend: 'postgres',
      host: '127.0.0.1',
      dataDir: '.data',
      translator: 'auto',
      logLevel: 'warn',
    })
  })

  test('a variable set to nothing counts as not set', () => {
    const empty = Object.fromEntries(Object.keys(environment).map((name) => [name, ' ']))
    expect(readConfig(empty)).toEqual(readConfig({}))
  })

  test.each([
    ['PORT', '8o80', 'Cannot use PORT "8o80": it must be a whole number from 0 to 65535'],
    ['PORT', '70000', 'Cannot use PORT "70000": it must be a whole number from 0 to 65535'],
    ['TRANSLATOR', 'gpt', 'Cannot use TRANSLATOR "gpt": it must be auto, builtin, openai or anthropic'],
    ['APP_URL', 'tables', 'Cannot use APP_URL "tables": it must be an http or https address'],
    [
      'DATABASE_URL',
      'mysql://u:secret@h/d',
      'Cannot use DATABASE_URL: it must look like postgres://user:password@host:5432/database',
    ],
    ['AUTH_SECRET', 'short', 'Cannot use AUTH_SECRET: it must have at least 32 characters'],
  ])('a wrong %s is refused in one line that says what it must be', (name, value, message) => {
    const error = refusal({ [name]: value })
    expect([error.code, error.message]).toEqual(['invalid_configuration', message])
  })

  test('a model that is wanted needs its key, and the sentence names it', () => {
    expect(refusal({ TRANSLATOR: 'anthropic' }).message).toBe(
      'Cannot use TRANSLATOR "anthropic": ANTHROPIC_API_KEY is not set',
    )
    expect(readConfig({ TRANSLATOR: 'openai', OPENAI_API_KEY: 'k' }).openai).toEqual({ apiKey: 'k' })
  })

  test('no refusal ever repeats a secret', () => {
    const secrets = fc.constantFrom('DATABASE_URL', 'SOURCE_DATABASE_URL', 'SMTP_URL', 'AUTH_SECRET')
    fc.assert(
      fc.property(secrets, fc.stringMatching(/^[a-z0-9]{8,20}$/), (name, secret) => {
        expect(refusal({ [name]: `ftp ${secret}` }).message).not.toContain(secret)
      }),
    )
  })

  test('nothing under src/ reads the environment but config.ts', () => {
    const src = join(import.meta.dirname, '..', 'src')
    const readers = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && readFileSync(join(src, path), 'utf8').includes('process.env'),
    )
    expect(readers).toEqual(['config.ts'])
  })
})
