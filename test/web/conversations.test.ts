// A conversation in the browser: each follow-up says what it changed, pieces of the sentence are changed in place, a
// reload and a link open it where it was, and words that fit different numbers are asked about.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb, webRoot } from '../../src/server/build-web.ts'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'
import { violations } from '../setup/axe.ts'
import { openPage, startBrowser } from '../setup/browser.ts'
import { signIn } from '../setup/sign-in.ts'

let browser: Browser
let demo: Awaited<ReturnType<typeof demoContext>>
let app: TestApp
beforeAll(async () => {
  await buildWeb(() => {})
  ;[browser, demo] = await Promise.all([startBrowser(), demoContext('2026-11-23')])
  app = await serveApp(demo.ctx, { webRoot })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await demo?.close()
})

async function ask(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox').fill(prompt)
  await page.keyboard.press('Enter')
}
const shot = async (page: Page, name: string): Promise<void> => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true })
}

test('a conversation is kept, said in changes, edited in pieces, opened again, and gone on with', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  await ask(page, 'Money raised by payment method')
  await page.getByRole('button', { name: /^by payment method$/ }).waitFor()
  await page.waitForURL(/\?conversation=cnv_/)
  await ask(page, 'top 3')
  await page
    .getByText('New: the first 3 rows', { exact: false })
    .or(page.locator('ins', { hasText: 'the first 3 rows' }))
    .first()
    .waitFor()
  expect(await page.locator('del').count()).toBe(0)
  await shot(page, 'changes')
  expect(await violations(page)).toEqual([])

  // A piece of the sentence is changed in place; the rest stays.
  await page.getByRole('button', { name: 'the first 3 rows', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('spinbutton').fill('2')
  await dialog.getByRole('status').filter({ hasText: 'first 2 rows' }).waitFor()
  await shot(page, 'edit-part')
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Show this table' }).click()
  await page.locator('del', { hasText: 'the first 3 rows' }).waitFor()
  await page.locator('ins', { hasText: 'the first 2 rows' }).waitFor()
  // What was done by hand is not said to be the words of before.
  await page.getByRole('article', { name: 'Changed by hand' }).waitFor()
  expect(await page.getByText('top 3', { exact: true }).count()).toBe(1)
  expect(await page.getByText('You changed it').count()).toBe(0)
  expect(await page.locator('tbody tr').or(page.locator('[role=row][aria-rowindex]')).count()).toBeGreaterThanOrEqual(2)

  // The address opens it again, with the rows of now; it goes on where it was.
  await page.reload()
  await page.getByRole('button', { name: 'the first 2 rows', exact: true }).waitFor()
  await page.locator('del', { hasText: 'the first 3 rows' }).waitFor()
  await page.locator('ins', { hasText: 'the first 2 rows' }).waitFor()
  await page.getByRole('article', { name: 'Changed by hand' }).waitFor()
  await shot(page, 'kept')
  expect(await violations(page)).toEqual([])
  await ask(page, 'only card payments')
  await page.locator('ins').first().waitFor()
  await page.getByRole('button', { name: 'the first 2 rows', exact: true }).waitFor()

  // From a number to the rows behind it, as a turn of its own.
  await page.getByRole('gridcell').nth(1).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Show the rows behind it' }).click()
  await page.locator('del', { hasText: 'the first 2 rows' }).waitFor()
  await page.getByRole('columnheader', { name: /Amount/ }).waitFor()
  await page.getByRole('article', { name: 'Rows behind Card' }).waitFor()
  expect(await violations(page)).toEqual([])

  // A value of the table narrows it, as a turn of its own too.
  const method = page.getByRole('gridcell', { name: 'Card', exact: true }).first()
  await method.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Exclude “Card”' }).click()
  await page.getByRole('article', { name: 'Exclude “Card”' }).waitFor()
  await page.getByText('No rows', { exact: true }).waitFor()
  await shot(page, 'by-hand')

  // Each turn's table can be saved, not only the last.
  await page.getByRole('article').first().getByRole('button', { name: /^Save/ }).click()
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Money raised by payment method')
  await page.getByRole('button', { name: 'Save table' }).click()
  await page.getByText('Saved as Money raised by payment method').waitFor()

  // Back to an earlier turn, and another way from there.
  const turns = await page.getByRole('article').count()
  await page.getByRole('article').first().getByRole('button', { name: 'Go back to this' }).click()
  await page.getByRole('button', { name: /^by payment method$/ }).waitFor()
  expect(await page.getByRole('article').count()).toBe(1)
  // Where one is stands with the server: opened again it is the same, and what was left can be returned to.
  await page.getByText('1 turn was left').waitFor()
  await page.reload()
  await page.getByText('1 turn was left').click()
  expect(await page.getByRole('article').count()).toBe(1)
  await shot(page, 'left')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: /^Return to this/ }).click()
  await expect.poll(() => page.getByRole('article').count(), { timeout: 15_000 }).toBe(turns)
  expect(await page.getByText('was left').count()).toBe(0)
  await page.getByRole('article').first().getByRole('button', { name: 'Go back to this' }).click()
  await page.getByText('1 turn was left').waitFor()
  await ask(page, 'by channel instead')
  await page.locator('del', { hasText: 'by payment method' }).waitFor()

  // Nobody else gets it by its address.
  const address = page.url()
  const other = await openPage(browser)
  await other.page.goto(address)
  await other.page.getByRole('heading', { name: 'Sign in to open this conversation' }).waitFor()
  await signIn(other.page, 'Priya Nair')
  await other.page.getByText('no such conversation', { exact: false }).first().waitFor()

  await page.getByRole('button', { name: 'New table' }).click()
  await page.getByRole('region', { name: 'Your latest questions' }).waitFor()
  await page.waitForURL((url) => url.search === '')
  // What was asked before comes before what the catalog offers; follow-ups mean nothing by themselves.
  const offered = page.getByRole('region', { name: 'Things to ask' }).getByRole('button')
  await expect.poll(() => offered.first().innerText()).toContain('Money raised by payment method')
  expect((await offered.allInnerTexts()).join()).not.toContain('top 3')
  await shot(page, 'start')
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'All conversations' }).click()
  await page.getByRole('button', { name: 'Rename Money raised by payment method' }).click()
  await page.getByLabel('Title').fill('Payment methods')
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('link', { name: 'Payment methods' }).waitFor()
  await shot(page, 'conversations')
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Payment methods' }).click()
  await page
    .getByRole('button', { name: /channel/ })
    .first()
    .waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'Delete Payment methods' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('Nothing asked yet.').waitFor()
  // The refusal of another's address is an answer of 404, which browsers note by themselves.
  expect([...complaints, ...other.complaints.filter((one) => !/404/.test(one))]).toEqual([])
}, 120_000)

test('words that fit different numbers are asked about, with the numbers; one click answers', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await ask(page, 'top 5 campaigns by amount')
  await page.getByRole('heading', { name: 'Which of these do you mean?' }).waitFor()
  await shot(page, 'question')
  expect(await violations(page)).toEqual([])
  const readings = page.getByRole('article').getByRole('listitem').getByRole('button')
  expect(await readings.count()).toBeGreaterThan(1)
  const sentence = (await readings.nth(1).locator('span').first().textContent()) ?? ''
  await readings.nth(1).click()
  await page.getByText('You chose this reading').waitFor()
  await page.getByText(sentence, { exact: true }).waitFor()
  expect(complaints).toEqual([])
}, 60_000)
