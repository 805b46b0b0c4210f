// From `npm start` to a table that is mailed every week, as somebody does it for the first time: seconds and clicks.
// In: nothing; a data folder of its own, made anew. Out: one line a step. Run: node bench/first-walk.ts
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { openPage, startBrowser } from '../test/setup/browser.ts'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'first-walk-'))
const PORT = '8931'
const begun = performance.now()
let last = begun
let clicks = 0

const server = spawn('npm', ['start'], {
  cwd: root,
  detached: true,
  stdio: 'ignore',
  env: { ...process.env, DATA_DIR: folder, PORT, SMTP_URL: '', DATABASE_URL: '', SOURCE_DATABASE_URL: '' },
})

function said(step: string): void {
  const now = performance.now()
  const seconds = (ms: number) => (ms / 1000).toFixed(1).padStart(6)
  console.log(`${step.padEnd(36)} ${seconds(now - last)} s   in all ${seconds(now - begun)} s, ${clicks} clicks`)
  last = now
}
async function click(what: Locator): Promise<void> {
  await what.click()
  clicks += 1
}
async function answering(url: string): Promise<void> {
  for (;;) {
    const up = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (up) return
    await new Promise((done) => setTimeout(done, 100))
  }
}

async function walk(page: Page): Promise<void> {
  const url = `http://localhost:${PORT}`
  await answering(`${url}/health/ready`)
  said('npm start, until it answers')
  await page.goto(url)
  await page.getByRole('textbox').waitFor()
  said('the page')
  await click(page.getByRole('region', { name: 'Things to ask' }).getByRole('button').first())
  await page.getByRole('grid').waitFor()
  said('a suggested question answered')
  await click(page.getByRole('button', { name: 'Save', exact: true }))
  await click(page.getByRole('dialog').getByRole('button', { name: 'Maya Chen' }))
  await click(page.getByRole('dialog').getByRole('button', { name: 'Save table' }))
  await click(page.getByRole('status').filter({ hasText: 'Saved as' }).getByRole('link'))
  await page.getByRole('button', { name: 'Schedule', exact: true }).waitFor()
  said('signed in, saved, opened')
  await click(page.getByRole('button', { name: 'Schedule', exact: true }))
  const dialog = page.getByRole('dialog')
  await click(dialog.getByRole('button', { name: 'Schedule it' }))
  await page.getByText('Mailed:', { exact: false }).first().waitFor()
  said('scheduled')
}

const browser = await startBrowser()
try {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(60_000)
  await walk(page)
} finally {
  await browser.close()
  if (server.pid !== undefined) process.kill(-server.pid, 'SIGTERM')
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
}
