// The whole way of a table, as a person goes it: asked, refined, saved, pinned, shared, scheduled, and received as a mail
// that says what the page said. And a server that goes away and comes back, without anything typed being lost.
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessions } from '../../src/db/schema-access.ts'
import { deliverOccurrence } from '../../src/delivery/deliver.ts'
import { waiting } from '../../src/delivery/ledger.ts'
import { smtpSender } from '../../src/delivery/smtp.ts'
import { buildWeb, webRoot } from '../../src/server/build-web.ts'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'
import { violations } from '../setup/axe.ts'
import { openPage, startBrowser } from '../setup/browser.ts'
import { signIn } from '../setup/sign-in.ts'
import { type MailServer, mailServer } from '../setup/smtp.ts'

let browser: Browser
let demo: Awaited<ReturnType<typeof demoContext>>
let app: TestApp
let server: MailServer
beforeAll(async () => {
  await buildWeb(() => {})
  ;[browser, demo, server] = await Promise.all([startBrowser(), demoContext('2026-11-23'), mailServer()])
  app = await serveApp(demo.ctx, { webRoot })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await server?.close()
  await demo?.close()
})

async function ask(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox').fill(prompt)
  await page.keyboard.press('Enter')
}
/** Every cell of the grid, row by row. */
const cells = async (page: Page): Promise<string[]> => page.getByRole('gridcell').allInnerTexts()

test('asked, refined, saved, pinned, shared, scheduled, and received as the page showed it', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  await ask(page, 'Money raised by payment method')
  await page.getByRole('grid').waitFor()
  await ask(page, 'top 3')
  await page.locator('ins', { hasText: 'the first 3 rows' }).waitFor()
  const shown = (await cells(page)).map((text) => text.trim())
  expect(shown.length).toBe(6)

  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByLabel('Name').fill('Best ways to give')
  await page.getByRole('button', { name: 'Save table' }).click()
  await page.getByRole('link', { name: 'Best ways to give' }).click()
  await page.getByRole('heading', { level: 1, name: 'Best ways to give' }).waitFor()
  const sentence =
    (await page.getByRole('heading', { level: 1 }).locator('xpath=following-sibling::p[1]').textContent()) ?? ''
  expect(sentence).toContain('the first 3 rows')
  const table = page.url()

  await page.getByRole('button', { name: 'Pin to dashboard' }).click()
  await page.getByLabel('A new dashboard').fill('Mine')
  await page.getByRole('button', { name: 'Make it and pin' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Mine' }).click()
  const tile = page.getByRole('article', { name: 'Best ways to give' })
  await tile.getByText(shown[1] ?? '', { exact: true }).waitFor()

  await page.goto(table)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByRole('radio', { name: /Everybody in/ }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const other = await openPage(browser)
  other.page.setDefaultTimeout(45_000)
  await other.page.goto(table)
  await signIn(other.page, 'Priya Nair')
  await other.page
    .getByText(shown[1] ?? '', { exact: true })
    .first()
    .waitFor()
  expect((await cells(other.page)).map((text) => text.trim())).toEqual(shown)

  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Add people, teams or addresses').fill('maya')
  await dialog.getByRole('option', { name: /Maya Chen/ }).click()
  await dialog.getByText('maya@riverbend.example').waitFor()
  await dialog.getByRole('button', { name: 'Look at the mail' }).click()
  await dialog
    .getByRole('region', { name: 'The mail' })
    .frameLocator('iframe')
    .getByText(sentence.replace(/\.$/, ''), { exact: false })
    .waitFor()
  await dialog.getByRole('button', { name: 'Schedule it' }).click()
  await page.getByText('Mailed:', { exact: false }).first().waitFor()
  // A week goes by at once: what came due is mailed over a real server.
  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  await dialog.getByRole('button', { name: 'Send now…' }).click()
  await dialog.getByRole('button', { name: 'Send to everybody' }).click()
  await expect
    .poll(async () => (await waiting(demo.ctx.db, demo.ctx.now())).length, { timeout: 45_000 })
    .toBeGreaterThan(0)
  const mailer = { from: 'tables@example.org', appUrl: 'https://t.example', send: smtpSender(server.url) }
  for (const occurrence of await waiting(demo.ctx.db, demo.ctx.now()))
    await deliverOccurrence({ ctx: demo.ctx, mailer, occurrence, signal: new AbortController().signal })
  const recipients = server.taken.map(({ to }) => to)
  expect(recipients).toContain('maya@riverbend.example')
  expect(new Set(recipients).size).toBe(recipients.length)
  const mail = (await server.parsed()).at(-1)
  expect(mail?.text).toContain(sentence.replace(/\.$/, ''))
  for (const text of shown) expect(mail?.html).toContain(text)
  await dialog.getByRole('button', { name: /^(Cancel|Close)$/ }).click()
  await page.getByRole('main').getByText('Deliveries', { exact: true }).click()
  await page.getByRole('list', { name: 'Deliveries' }).getByText('maya@riverbend.example').waitFor()
  expect([...complaints, ...other.complaints]).toEqual([])
}, 300_000)

test('a server that goes away is said, nothing typed is lost, and when it is back one click goes on', async () => {
  const own = await serveApp(demo.ctx, { webRoot })
  const port = Number(new URL(own.url).port)
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(own.url)
  await ask(page, 'Money raised by payment method')
  await page.getByRole('grid').waitFor()
  const before = await cells(page)
  await own.close()
  await ask(page, 'top 3')
  const again = page.getByRole('button', { name: 'Try again' })
  await again.waitFor()
  // What was there and what was typed stay.
  await page.getByText('Raised by payment method', { exact: false }).first().waitFor()
  await page.getByText('top 3', { exact: true }).first().waitFor()
  const back = await serveApp(demo.ctx, { webRoot, port })
  await again.click()
  await page.locator('ins', { hasText: 'the first 3 rows' }).waitFor()
  expect((await cells(page)).length).toBe(6)
  expect(before.length).toBeGreaterThan(6)
  await back.close()
}, 120_000)

test('an admin vouches for a table, its words are answered by it, and asked anew to see how well that goes', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await signIn(page, 'Maya Chen')
  await ask(page, 'Number of donations by payment method')
  await page.getByRole('grid').waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByLabel('Name').fill('Ways people give')
  await page.getByLabel('Who sees it').selectOption('ORG')
  await page.getByRole('button', { name: 'Save table' }).click()
  await page.getByRole('link', { name: 'Ways people give' }).click()
  await page.getByRole('button', { name: 'Vouch for it' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByLabel('Words that it answers').inputValue()).toBe('Number of donations by payment method')
  await dialog.getByRole('button', { name: 'Vouch for it' }).click()
  await page.getByRole('button', { name: 'Verified', exact: true }).waitFor()
  await page.goto(app.url)
  // Words that were typed and not asked yet are there again after a reload.
  await page.getByRole('banner').getByRole('button', { name: 'Maya Chen' }).waitFor()
  await page.getByRole('textbox').fill('half a question')
  await page.reload()
  await expect.poll(() => page.getByRole('textbox').inputValue()).toBe('half a question')
  await ask(page, 'number of donations by  payment method')
  await page.getByText('Verified table').waitFor()
  await page.goto(`${app.url}/settings/usage`)
  await page.getByRole('button', { name: 'Ask them all' }).click()
  await page.getByText('1 of 1 right (100%)').waitFor()
  expect(await violations(page)).toEqual([])
  expect(complaints).toEqual([])
}, 120_000)

test('a session that ends takes no work with it, and leaves none of it to somebody else', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  const ended = page.getByRole('dialog', { name: 'Your session has ended' })
  const expire = async () => {
    await demo.ctx.db.delete(sessions)
    // As when the window is come back to.
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    await ended.waitFor()
  }
  const backAs = async (name: string) => {
    await ended.getByRole('button', { name }).click()
    await ended.waitFor({ state: 'detached' })
    await page.getByRole('banner').getByRole('button', { name }).waitFor()
    await page.waitForLoadState('networkidle')
  }
  const built = () =>
    page
      .getByRole('textbox', { name: 'At most' })
      .or(page.getByRole('spinbutton', { name: /At most/ }))
      .first()
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  await page.goto(`${app.url}/build`)
  await built().fill('7')
  await page.getByText('the first 7 rows', { exact: false }).first().waitFor()
  await expire()
  expect(await violations(page)).toEqual([])
  expect(await built().inputValue()).toBe('7')
  await backAs('Jonas Weber')
  expect(await built().inputValue()).toBe('7')
  await page.getByText('the first 7 rows', { exact: false }).first().waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Not lost')
  await page.getByRole('button', { name: 'Save table' }).click()
  await page.getByText('Not lost').first().waitFor()

  await page.goto(`${app.url}/build`)
  await built().fill('9')
  await page.getByText('the first 9 rows', { exact: false }).first().waitFor()
  await expire()
  await backAs('Maya Chen')
  await expect.poll(async () => built().inputValue(), { timeout: 45_000 }).not.toBe('9')
  expect(await page.getByText('the first 9 rows', { exact: false }).count()).toBe(0)
}, 180_000)

test('a session that ends while something is typed keeps it, whatever it is, and says so where it is met', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  const ended = page.getByRole('dialog', { name: 'Your session has ended' })
  const back = async () => {
    await ended.getByRole('button', { name: 'Jonas Weber' }).click()
    await ended.waitFor({ state: 'detached' })
  }
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  const made = await page.request.post(`${app.url}/api/v1/reports`, {
    data: { name: 'To be told', items: [{ kind: 'text', style: 'paragraph', text: 'Well.' }] },
    headers: { Origin: app.url },
  })
  const { id } = await made.json()
  // A report that is written: the refusal itself says that the session is over.
  await page.goto(`${app.url}/reports/${id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByLabel('Description').fill('What came in')
  await demo.ctx.db.delete(sessions)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await ended.waitFor()
  await back()
  await page.getByText('Nothing was done, as nobody is signed in').waitFor()
  expect(await page.getByLabel('Description').inputValue()).toBe('What came in')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('What came in').waitFor()
  await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
  // A name that is typed into a dialog, which stays under the question.
  await page.goto(`${app.url}/build`)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Still here')
  await demo.ctx.db.delete(sessions)
  await page.getByRole('button', { name: 'Save table' }).click()
  await ended.waitFor()
  await back()
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Still here')
  await page.getByRole('button', { name: 'Save table' }).click()
  await page.getByRole('link', { name: 'Still here' }).waitFor()
  // Whoever does not sign in again sees nothing of it.
  await page.goto(`${app.url}/reports/${id}`)
  await page.getByText('What came in').waitFor()
  await demo.ctx.db.delete(sessions)
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
  await ended.getByRole('button', { name: 'Go on without signing in' }).click()
  await page.getByRole('heading', { name: 'Sign in to open this report' }).waitFor()
  expect(await page.getByText('What came in').count()).toBe(0)
}, 180_000)

test('a server that comes back is noticed in the builder by itself, and can be asked at once', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(`${app.url}/build`)
  await page.getByRole('grid').waitFor()
  await page.route('**/tables/preview', (route) => route.abort('connectionrefused'))
  await page.getByRole('radio', { name: 'Grouped and counted' }).check()
  await page.getByText('The server cannot be reached').waitFor()
  await page.getByText('The rows that were read last:').waitFor()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  await page.unroute('**/tables/preview')
  await page.getByText('The server cannot be reached').waitFor({ state: 'detached' })
  await page.getByText('1 row', { exact: true }).waitFor()
}, 90_000)

test('a closed dialog gives the focus back, and another screen has it after a link', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  const saved = await page.request.post(`${app.url}/api/v1/tables`, {
    data: { name: 'To be opened', createdVia: 'BUILDER', definition: { dataSources: ['campaigns'] } },
    headers: { Origin: app.url },
  })
  expect(saved.ok()).toBe(true)
  await page.goto(`${app.url}/tables`)
  await page.getByRole('link', { name: 'To be opened' }).press('Enter')
  const focused = () => page.evaluate('document.activeElement.textContent.trim() || document.activeElement.tagName')
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('MAIN')
  for (const name of ['Schedule', 'Export', 'Pin to dashboard']) {
    await page.getByRole('button', { name, exact: true }).press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(focused).toBe(name)
  }
}, 90_000)

test('a closed menu gives the focus back to what opened it, and so does a dialog that was opened from a menu', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  const saved = await page.request.post(`${app.url}/api/v1/tables`, {
    data: { name: 'With menus', createdVia: 'BUILDER', definition: { dataSources: ['campaigns'] } },
    headers: { Origin: app.url },
  })
  const { id } = (await saved.json()) as { id: string }
  await page.goto(`${app.url}/tables/${id}`)
  await page.getByRole('grid').waitFor()
  const has = (one: Locator) => expect.poll(() => one.evaluate((found) => found === document.activeElement)).toBe(true)
  const closed = () => page.getByRole('menu').waitFor({ state: 'detached' })

  const columns = page.getByRole('button', { name: /^Columns/ })
  for (const key of ['Escape', 'Tab']) {
    await columns.press('Enter')
    await page.getByRole('menu', { name: 'Columns' }).waitFor()
    await page.keyboard.press(key)
    await closed()
    await has(columns)
  }
  const heading = page.getByRole('columnheader', { name: /^Goal/ })
  await heading.focus()
  await page.keyboard.press('Alt+ArrowDown')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('Escape')
  await closed()
  await has(heading)
  await page.keyboard.press('Alt+ArrowDown')
  await page.getByRole('menuitem', { name: 'Name and format…' }).press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await has(heading)
  const cell = page.getByRole('gridcell').nth(1)
  await cell.click()
  await page.keyboard.press('Alt+ArrowDown')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('Escape')
  await closed()
  await has(cell)

  // What is done less often stands in a menu where there is little room, and its dialogs close to that.
  await page.setViewportSize({ width: 360, height: 740 })
  const more = page.getByRole('button', { name: 'More', exact: true }).first()
  await more.press('Enter')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('Escape')
  await closed()
  await has(more)
  await more.press('Enter')
  await page.getByRole('menuitem', { name: /^Rename/ }).press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await has(more)
}, 120_000)

test('after a reload, what somebody was building waits for them, and is shown to nobody else in the same tab', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  const atMost = () => page.getByRole('spinbutton', { name: /At most/ })
  const endAndReload = async () => {
    await demo.ctx.db.delete(sessions)
    await page.goto(`${app.url}/build`)
    await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
    await atMost().waitFor()
  }
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  await page.goto(`${app.url}/build`)
  await atMost().fill('7')
  await page.getByText('the first 7 rows', { exact: false }).first().waitFor()
  await endAndReload()
  expect(await atMost().inputValue()).not.toBe('7')
  await signIn(page, 'Maya Chen')
  await page.goto(`${app.url}/build`)
  await atMost().waitFor()
  expect(await atMost().inputValue()).not.toBe('7')
  expect(await page.getByText('Bring it back').count()).toBe(0)
  await endAndReload()
  await signIn(page, 'Jonas Weber')
  await page.goto(`${app.url}/build`)
  await expect.poll(() => atMost().inputValue()).toBe('7')
}, 120_000)

test('a draft that could not be saved, and that it could not, are for its writer only', async () => {
  const { page } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await signIn(page, 'Maya Chen')
  const post = async (path: string, data: object) =>
    (await (await page.request.post(`${app.url}/api/v1${path}`, { data, headers: { Origin: app.url } })).json()) as {
      id: string
    }
  const { id } = await post('/reports', {
    name: 'For both',
    items: [{ kind: 'text', style: 'paragraph', text: 'Well.' }],
  })
  await post(`/reports/${id}/share`, { visibility: 'ORG', orgPermission: 'edit' })
  await page.goto(`${app.url}/reports/${id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByLabel('Description').fill('Not for Jonas')
  await page.route(`**/reports/${id}`, async (route) => {
    if (route.request().method() !== 'PUT') return route.fallback()
    await page.getByRole('heading', { name: 'Reports', exact: true }).waitFor()
    await route.abort('internetdisconnected')
  })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('link', { name: 'All reports' }).click()
  await page.getByText('What you changed in “For both” was not saved').waitFor()
  await page.getByRole('banner').getByRole('button', { name: 'Maya Chen' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await page.getByText('was not saved').count()).toBe(0)
  await signIn(page, 'Jonas Weber')
  await page.getByRole('link', { name: 'For both' }).click()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  expect(await page.getByLabel('Description').inputValue()).toBe('')
}, 120_000)
