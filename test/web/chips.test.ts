import { expect, test } from 'vitest'
import { violations } from '../setup/axe.ts'
import { webApp } from '../setup/web-app.ts'

const web = webApp()

test('a piece of the sentence opens at what says it, or goes with one click', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await page.getByRole('textbox').fill('Completed card donations above 100 by campaign channel')
  await page.keyboard.press('Enter')
  const piece = page.getByRole('button', { name: 'amount is above 100', exact: true })
  await piece.waitFor()
  await piece.click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('[data-path]').first().waitFor()
  // The condition that was clicked has the focus; the others stay in reach.
  const focused = () => page.evaluate(() => document.activeElement?.closest('[data-path]')?.getAttribute('data-path'))
  await expect.poll(focused).toMatch(/^filters\.all\.\d$/)
  const entry = dialog.locator(`[data-path="${await focused()}"]`)
  expect(await entry.getByLabel('Field').inputValue()).toBe('amount')
  expect(await dialog.getByLabel('Field').count()).toBeGreaterThan(1)
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => piece.evaluate((one) => one === document.activeElement)).toBe(true)
  await piece.press('Enter')
  await dialog.locator('[data-path]').first().waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => piece.evaluate((one) => one === document.activeElement)).toBe(true)

  await page.getByRole('button', { name: 'Take out: amount is above 100' }).click()
  await page.getByRole('article', { name: 'Without amount is above 100' }).waitFor()
  await page.locator('del', { hasText: 'amount is above 100' }).waitFor()
  expect(await piece.count()).toBe(0)
  expect(await page.getByRole('button', { name: /^Take out: from / }).count()).toBe(0)
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/chips-360.png`, fullPage: true })
  expect(complaints).toEqual([])
}, 120_000)
