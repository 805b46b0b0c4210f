import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStartingApp } from '../../src/app.ts'
import { Catalog } from '../../src/catalog/schema.ts'
import { defaultLimits } from '../../src/context.ts'
import { nodeFiles } from '../../src/file-assets.ts'
import { serveApp, silent, type TestApp } from '../setup/app.ts'

let folder: string
let app: TestApp
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tablewright-web-'))
  await mkdir(join(folder, 'web', 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><div id="root"></div>')
  await writeFile(join(folder, 'web', 'assets', 'index-abc.js'), `${'const a = 1;'.repeat(500)}`)
  const unused = () => Promise.reject(new Error('not used here'))
  const ctx = {
    catalog: Catalog.parse({ version: 1, entities: {} }),
    source: { snapshot: unused },
    ask: unused,
    suggestions: async () => [],
    scope: { organizationId: '', roles: [] },
    demo: false,
    ping: async () => {},
    now: () => new Date(),
    log: silent,
    limits: defaultLimits,
    files: nodeFiles,
  }
  app = await serveApp(ctx, { webRoot: join(folder, 'web') })
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true })
})

const html = { headers: { Accept: 'text/html,*/*' } }

/** Without the client tidying the path up first. */
function raw(path: string): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(app.url)
    const asked = request({ hostname, port, path, headers: { Accept: 'text/html' } }, (response) => {
      let text = ''
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () => done({ status: response.statusCode ?? 0, text }))
    })
    asked.on('error', fail)
    asked.end()
  })
}

describe('the files of the web page', () => {
  test('the page comes for any path that a person opens, never for programs, API paths or missing files', async () => {
    for (const path of ['/', '/tables/12'])
      expect(await (await fetch(app.url + path, html)).text()).toContain('id="root"')
    expect((await fetch(`${app.url}/tables/12`)).status).toBe(404)
    for (const path of ['/api/v1/nothing', '/health/nothing', '/assets/missing.js'])
      expect((await fetch(app.url + path, html)).status).toBe(404)
  })

  test('scripts may come from here only, and none stands inside the page', async () => {
    const policy = (await fetch(app.url, html)).headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toMatch(/unsafe|\*/)
  })

  test('files with a hash in their name are kept for good, the page is asked for anew', async () => {
    expect((await fetch(`${app.url}/assets/index-abc.js`)).headers.get('cache-control')).toContain('immutable')
    expect((await fetch(app.url, html)).headers.get('cache-control')).toBe('no-cache')
  })

  test('large files are compressed for those who can read it', async () => {
    const response = await fetch(`${app.url}/assets/index-abc.js`, { headers: { 'Accept-Encoding': 'gzip' } })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await response.text()).toHaveLength(6000)
  })

  test('nothing outside the folder can be reached, however the path is written', async () => {
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/%5c..%5c..%5csecret.txt',
      '//secret.txt',
      '/%00',
    ])
      expect((await raw(path)).text).not.toBe('secret')
  })
})

test('whoever opens a page while the server starts is told so on a page that asks again, a program in an error body', async () => {
  const starting = createStartingApp(silent)
  const page = await starting.request('/tables/tbl_1', { headers: { Accept: 'text/html,*/*' } })
  expect([page.status, page.headers.get('Retry-After')]).toEqual([503, '1'])
  expect(await page.text()).toMatch(/http-equiv="refresh"[\s\S]*is starting/)
  const answer = await starting.request('/api/v1/tables')
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ error: { code: 'not_ready' } })
})
