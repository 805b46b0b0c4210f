import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb, webRoot } from '../../src/server/build-web.ts'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'
import { violations } from '../setup/axe.ts'
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

test('a blank table becomes a summary step by step; every step can be undone, and a reload loses none', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
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
  await page.reload()
  await page.getByRole('columnheader', { name: 'Channel' }).waitFor()
  await page.getByLabel('Add a number').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Undo' }).click()
  expect(await page.getByRole('button', { name: 'Redo' }).isEnabled()).toBe(true)
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  expect(complaints).toEqual([])
})

test('SQL that is not one readable SELECT is explained, and what was built stays', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(`${app.url}/build`)
  await page.getByRole('grid').waitFor()
  await page.getByText('Import SQL or a definition').click()
  await page.getByLabel('One SELECT, or a definition as JSON').fill('delete from campaigns')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('alert').first().waitFor()
  expect(await page.getByRole('grid').count()).toBe(1)
})

test('another organization or person sees rows of their own at once, built of the same parts', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  const rows = page.getByRole('grid').getByRole('row')
  /** The rows that the page shows once the preview that this causes has come. */
  const shownAfter = async (work: () => Promise<unknown>): Promise<string[]> => {
    await Promise.all([page.waitForResponse((response) => response.url().endsWith('/tables/preview')), work()])
    await page.locator('[aria-busy=false]').waitFor()
    return rows.allInnerTexts()
  }
  await shownAfter(() => page.goto(`${app.url}/build`))
  const before = await shownAfter(() => page.getByLabel('Source').selectOption({ label: 'Campaigns' }))
  const choice = page.getByRole('banner').getByRole('combobox')
  const other = await choice.evaluate((one) => {
    const { options, value } = one as HTMLSelectElement
    return [...options].find((option) => option.value !== value)?.value ?? ''
  })
  const after = await shownAfter(() => choice.selectOption(other))
  expect(before.length).toBeGreaterThan(1)
  expect(after.length).toBeGreaterThan(1)
  expect(after).not.toEqual(before)
  const admin = await shownAfter(async () => {
    await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Maya Chen' }).click()
  })
  expect(admin).toEqual(before)
  expect(await page.getByLabel('Source').locator('option:checked').innerText()).toBe('Campaigns')
})
