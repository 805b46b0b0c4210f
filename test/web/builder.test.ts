import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb, webRoot } from '../../src/server/build-web.ts'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'
import { openPage, startBrowser } from '../setup/browser.ts'

let browser: Browser
let demo: Awaited<ReturnType<typeof demoContext>>
let app: TestApp
beforeAll(async () => {
  await buildWeb(() => {})
  ;[browser, demo] = await Promise.all([startBrowser(), demoContext()])
  app = await serveApp(demo.ctx, { webRoot })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await demo?.close()
})

async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.waitForTimeout(300)
    await page.evaluate(axe.source)
    const results = (await page.evaluate('axe.run()')) as axe.AxeResults
    found.push(
      ...results.violations.map(
        ({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      ),
    )
  }
  return found
}

test('a blank table becomes a summary step by step; every step can be undone, and a reload loses none', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(10_000)
  await page.goto(`${app.url}/build`)
  await page.getByLabel('Source').selectOption({ label: 'Campaigns' })
  await page.getByRole('radio', { name: 'Grouped and counted' }).click()
  await page.getByLabel('Add a group').selectOption({ label: 'Channel' })
  await page.getByRole('columnheader', { name: 'Channel' }).waitFor()
  await page
    .getByText(/by channel/i)
    .first()
    .waitFor()
  expect(await violations(page)).toEqual([])
  await page.screenshot({
    path: process.env.SHOTS ? `${process.env.SHOTS}/builder-wide.png` : '/dev/null',
    type: 'png',
  })
  await page.reload()
  await page.getByRole('columnheader', { name: 'Channel' }).waitFor()
  await page.getByLabel('Add a number').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Undo' }).click()
  expect(await page.getByRole('button', { name: 'Redo' }).isEnabled()).toBe(true)
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  await page.screenshot({
    path: process.env.SHOTS ? `${process.env.SHOTS}/builder-narrow.png` : '/dev/null',
    type: 'png',
    fullPage: true,
  })
  expect(complaints).toEqual([])
})

test('SQL that is not one readable SELECT is explained, and what was built stays', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(10_000)
  await page.goto(`${app.url}/build`)
  await page.getByRole('table').waitFor()
  await page.getByText('Import SQL or a definition').click()
  await page.getByLabel('One SELECT, or a definition as JSON').fill('delete from campaigns')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('alert').first().waitFor()
  expect(await page.getByRole('table').count()).toBe(1)
})
