import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildWeb, webRoot } from '../../src/server/build-web.ts'

const MOST_BYTES = 250_000

test('the first page asks for at most 250 kB of compressed script, and brings neither the grid nor the language along', async () => {
  await buildWeb(() => {})
  const page = readFileSync(join(webRoot, 'index.html'), 'utf8')
  const scripts = [...new Set(page.match(/\/[\w/.-]+\.js(?=")/g))]
  expect(scripts.length).toBeGreaterThan(2)
  const texts = scripts.map((path) => readFileSync(join(webRoot, path)))
  const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0)
  expect(bytes, `${scripts.length} scripts`).toBeLessThan(MOST_BYTES)
  expect(texts.some((text) => text.includes('ZodError'))).toBe(false)
}, 180_000)
