import { readFile } from 'node:fs/promises'
import { eq, sql } from 'drizzle-orm'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliveries, outboxMails } from '../../src/db/schema-deliveries.ts'
import { tables } from '../../src/db/schema-tables.ts'
import { deliverOccurrence } from '../../src/delivery/deliver.ts'
import { runExports } from '../../src/delivery/export-job.ts'
import { buildWeb, webRoot } from '../../src/server/build-web.ts'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'
import { violations } from '../setup/axe.ts'
import { openPage, startBrowser } from '../setup/browser.ts'
import { signIn } from '../setup/sign-in.ts'

const POLL = { timeout: 15_000 }
let browser: Browser
let demo: Awaited<ReturnType<typeof demoContext>>
let app: TestApp
/** Whether there is somebody to make exports. */
let working = true
/** What a worker would do, without waiting for its minute. */
const worked: Promise<unknown>[] = []
beforeAll(async () => {
  await buildWeb(() => {})
  ;[browser, demo] = await Promise.all([startBrowser(), demoContext()])
  const signal = new AbortController().signal
  const mailer = { from: 'Tables <tables@riverbend.example>' }
  const soon = (work: () => Promise<unknown>) => {
    // After the transaction that asked for it.
    worked.push(new Promise((done) => setTimeout(() => done(work()), 300)))
  }
  const ctx = {
    ...demo.ctx,
    wake: async (_: unknown, waiting: Parameters<NonNullable<typeof demo.ctx.wake>>[1]) =>
      soon(() =>
        Promise.all(waiting.map((occurrence) => deliverOccurrence({ ctx: demo.ctx, mailer, occurrence, signal }))),
      ),
    wakeExports: async () => {
      if (working) soon(() => runExports(demo.ctx, signal))
    },
  }
  app = await serveApp(ctx, { webRoot })
}, 180_000)
afterAll(async () => {
  await Promise.all(worked)
  await browser?.close()
  await app?.close()
  await demo?.close()
})

/** A table that everybody in the organization sees, made over the API by whoever is signed in. */
async function saved(page: Page, name: string): Promise<string> {
  const definition = {
    version: 1,
    title: name,
    dataSources: ['donations'],
    groupBy: [{ field: 'campaign.channel' }],
    aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
    totals: true,
  }
  const response = await page.request.post(`${app.url}/api/v1/tables`, {
    data: { name, createdVia: 'BUILDER', visibility: 'ORG', definition },
    headers: { Origin: app.url },
  })
  const body = (await response.json()) as { id: string }
  expect(response.status(), JSON.stringify(body)).toBe(201)
  return body.id
}

test('a table is scheduled with its next runs in view, tested, sent, paused and unscheduled', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  const id = await saved(page, 'Channels that raise')
  await page.goto(`${app.url}/tables/${id}?schedule`)
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Next runs').first().waitFor()
  // The keyboard begins at the choice that is made.
  expect(await page.evaluate(() => document.activeElement?.parentElement?.textContent)).toBe('Weekly')
  await dialog.getByText('Every Monday at 8:00 AM (America/New_York)').waitFor()
  expect(await dialog.getByRole('list', { name: 'Next runs' }).getByRole('listitem').count()).toBe(5)
  expect(await violations(page)).toEqual([])

  await dialog.getByLabel('Thursday').check()
  await dialog.getByLabel('Time', { exact: true }).fill('07:30')
  await dialog.getByLabel('Time zone').selectOption('Europe/Berlin')
  await dialog.getByText('Every Monday and Thursday at 7:30 AM (Europe/Berlin)').waitFor()
  await dialog.getByText('on your clock').first().waitFor()
  const to = dialog.getByRole('combobox', { name: 'Add people, teams or addresses' })
  await to.fill('maya')
  await to.press('Enter')
  await to.pressSequentially('press@paper.example, ')
  await dialog.getByRole('button', { name: 'Remove press@paper.example' }).waitFor()
  await to.fill('fund')
  await to.press('Escape')
  await to.fill('')
  // Escape, also by mistake, loses nothing that was typed.
  await dialog.getByLabel('Subject (optional)').press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  await dialog.getByText('This is what you typed before; it is not saved').waitFor()
  await dialog.getByRole('button', { name: 'Remove press@paper.example' }).waitFor()
  await dialog.getByRole('button', { name: 'Schedule it' }).click()
  await dialog.getByText('Not saved yet: say that it may leave the organization.').waitFor()
  await dialog.getByText('belongs to no member').first().waitFor()
  await dialog.getByLabel('It may leave the organization').check()
  await dialog.getByRole('combobox', { name: 'Mail it' }).selectOption('threshold')
  await dialog.getByLabel('Column').selectOption('raised')
  await dialog.getByRole('textbox', { name: 'Value' }).fill('1000')
  await dialog.getByText('only when a value of “raised” is below 1000').waitFor()
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('combobox', { name: 'Mail it' }).selectOption('rows')
  await dialog.getByRole('button', { name: 'Schedule it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('only while there are rows').waitFor()
  expect(await violations(page)).toEqual([])

  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  // A test is as the form says, also where that is not saved.
  await dialog.getByLabel('Subject').fill('Only typed')
  await dialog.getByText('A test is as it stands here').waitFor()
  await dialog.getByRole('button', { name: 'Send a test to me' }).click()
  await dialog
    .getByRole('list', { name: 'What became of it' })
    .getByText('Kept in the outbox', { exact: true })
    .waitFor()
  const mails = await demo.ctx.db.select({ subject: outboxMails.subject }).from(outboxMails)
  expect(mails).toEqual([{ subject: 'Test: Only typed' }])
  await dialog.getByLabel('Subject').fill('')
  await dialog.getByRole('button', { name: 'Send now…' }).click()
  await dialog.getByText('(3 addresses)').waitFor()
  await dialog.getByRole('button', { name: 'Send to everybody' }).click()
  await expect
    .poll(
      () =>
        dialog
          .getByRole('list', { name: 'What became of it' })
          .getByText('Kept in the outbox', { exact: true })
          .count(),
      POLL,
    )
    .toBe(3)
  expect(await violations(page)).toEqual([])

  // Somebody else changes it meanwhile: what was typed stays.
  await dialog.getByLabel('Subject').fill('Our channels')
  const elsewhere = await page.request.post(`${app.url}/api/v1/tables/${id}/schedule`, {
    data: { frequency: 'daily', recipients: [{ user: 'demo_maya' }], format: 'pdf' },
    headers: { Origin: app.url },
  })
  expect(elsewhere.status()).toBe(200)
  await dialog.getByRole('button', { name: 'Save schedule' }).click()
  await dialog.getByRole('button', { name: 'Read the newest version, keep what I typed' }).click()
  await dialog.getByText('It is now: Every day at 8:00 AM (UTC).').waitFor()
  expect(await dialog.getByLabel('Subject').inputValue()).toBe('Our channels')
  expect(await violations(page)).toEqual([])
  await dialog.getByLabel('Monthly').check()
  await dialog.getByLabel('Weekday of the month').selectOption('tuesday')
  await dialog.getByLabel('Which one of the month').selectOption('2')
  await dialog.getByText('On the second Tuesday of each month').first().waitFor()
  await dialog.getByRole('button', { name: 'Save schedule' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('On the second Tuesday of each month').waitFor()

  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  await dialog.getByRole('button', { name: 'Remove…' }).click()
  await dialog.getByRole('button', { name: 'Remove it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('On the second Tuesday of each month').waitFor({ state: 'detached' })
  // The browser says so of the one answer that was a conflict.
  expect(complaints.filter((text) => !text.includes('412'))).toEqual([])
}, 180_000)

test('schedules are listed, paused and resumed; deliveries say what became of them and are sent again', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(`${app.url}/schedules`)
  await page.getByText('Sign in to see what is mailed.').waitFor()
  await signIn(page, 'Maya Chen')
  await page.getByText('Nothing is scheduled yet.').waitFor()
  const id = await saved(page, `What every channel raised, ${'a name that goes on and on '.repeat(5)}`.trim())
  const recipients = [{ user: 'demo_maya' }, { team: 'team_fundraising' }]
  const post = (path: string, data: object) =>
    page.request.post(`${app.url}/api/v1${path}`, { data, headers: { Origin: app.url } })
  expect((await post(`/tables/${id}/schedule`, { frequency: 'weekly', recipients, format: 'csv' })).status()).toBe(200)
  const other = await saved(page, 'Channels each morning')
  const daily = { frequency: 'daily', recipients, format: 'pdf' }
  expect((await post(`/tables/${other}/schedule`, daily)).status()).toBe(200)
  // Time goes by, and the schedule comes to its last day.
  await demo.ctx.db
    .update(tables)
    .set({ scheduleConfig: sql`${tables.scheduleConfig} || '{"endsOn":"2020-02-01"}'`, nextScheduledRun: null })
    .where(eq(tables.id, other))
  const report = await post('/reports', {
    name: 'For the board',
    items: [{ kind: 'table', tableId: other }],
  })
  expect(report.status(), await report.text()).toBe(201)
  const { id: reportId } = (await report.json()) as { id: string }
  expect(
    (await post(`/reports/${reportId}/schedule`, { frequency: 'monthly', recipients, format: 'pdf' })).status(),
  ).toBe(200)
  await page.reload()
  await page.getByText('Every Monday at 8:00 AM (UTC)').waitFor()
  await page.getByText('Has ended').waitFor()
  await page.getByText('On the 1st of each month at 8:00 AM (UTC)').waitFor()
  await page.getByRole('button', { name: 'Pause What every' }).click()
  await page.getByText('Paused', { exact: true }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Resume What every' }).click()
  await page.getByText('Paused', { exact: true }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'History of For the board' }).click()
  await page.getByText('Nothing was mailed yet.').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Edit the schedule of For the board' }).click()
  await page.getByRole('dialog').getByText('On the 1st of each month').waitFor()
  expect(await page.getByRole('dialog').getByRole('option', { name: 'Only when a value is reached' }).count()).toBe(0)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()

  expect((await post(`/tables/${id}/deliveries`, { kind: 'now' })).status()).toBe(202)
  await page.goto(`${app.url}/deliveries`)
  const own = () => demo.ctx.db.select().from(deliveries).where(eq(deliveries.subjectId, id))
  await expect.poll(async () => (await own()).map(({ state }) => state), POLL).toEqual(['outbox', 'outbox', 'outbox'])
  await page
    .getByRole('list', { name: 'Deliveries' })
    .getByText('Kept in the outbox', { exact: true })
    .first()
    .waitFor()
  // As a mail server that was lost, and one that refused, would have left them.
  const [first, second] = await own()
  const become = (row: typeof first, set: Partial<NonNullable<typeof first>>) =>
    demo.ctx.db
      .update(deliveries)
      .set(set)
      .where(eq(deliveries.id, row?.id ?? ''))
  await become(first, { state: 'unknown', reason: 'the connection was lost after the mail went out' })
  await become(second, { state: 'failed', reason: 'the mail server refused it', answer: '550 no such mailbox' })
  await page.getByLabel('Period').selectOption('7')
  await page.getByText('The mail server said: 550 no such mailbox').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByLabel('State').selectOption('failed')
  await page.waitForURL('**/deliveries?state=failed&days=7')
  await page.getByRole('list', { name: 'Deliveries' }).getByText('May have arrived').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Send again to/ }).click()
  await page.getByText('No mail fits these filters.').waitFor()

  await page.goto(`${app.url}/tables/${id}`)
  await page.getByRole('main').getByText('Deliveries', { exact: true }).click()
  const history = page.getByRole('list', { name: 'Deliveries' })
  await history.getByText('May have arrived').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: /^Send again… to/ }).click()
  await page.getByText('It may arrive twice.').waitFor()
  await page.getByRole('button', { name: 'Send again', exact: true }).click()
  await history.getByText('May have arrived').waitFor({ state: 'detached' })
  await expect.poll(() => page.getByRole('link', { name: 'Look at the mail' }).count(), POLL).toBe(3)
  expect(complaints).toEqual([])
  await page.getByRole('link', { name: 'Look at the mail' }).first().click()
  await page.waitForURL('**/outbox/*')

  const viewer = await openPage(browser)
  viewer.page.setDefaultTimeout(45_000)
  await viewer.page.goto(`${app.url}/tables/${id}?schedule`)
  await signIn(viewer.page, 'Priya Nair')
  await viewer.page.getByRole('dialog').getByText('Every Monday at 8:00 AM (UTC)').waitFor()
  await viewer.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  expect(await viewer.page.getByRole('button', { name: 'Schedule', exact: true }).count()).toBe(0)
  await viewer.page.goto(`${app.url}/deliveries`)
  await viewer.page.getByText('The list of all mails is for admins.').waitFor()
  expect(viewer.complaints).toEqual([])
}, 180_000)

test('an answer that is not saved is downloaded whole, in each form', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await page.getByRole('textbox').fill('donations')
  await page.keyboard.press('Enter')
  await page.getByText('These are the first 1,000 rows').waitFor()
  for (const [label, extension] of [
    ['CSV', 'csv'],
    ['Excel', 'xlsx'],
    ['PDF', 'pdf'],
  ] as const) {
    await page.getByRole('button', { name: 'Download' }).click()
    const entry = page.getByRole('menuitem', { name: label })
    const [file] = await Promise.all([page.waitForEvent('download'), entry.click()])
    expect(file.suggestedFilename()).toBe(`Donations.${extension}`)
    if (extension !== 'csv') continue
    const text = await readFile(await file.path(), 'utf8')
    expect(text.trim().split('\r\n').length).toBeGreaterThan(1001)
  }
  expect(await violations(page)).toEqual([])
  expect(complaints).toEqual([])
}, 120_000)

test('a table is exported with choices, and in the background with a link at the end', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  const id = await saved(page, 'Channels as a file')
  await page.goto(`${app.url}/tables/${id}`)
  await page.getByRole('button', { name: 'Export' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Separator').selectOption({ label: 'Semicolon' })
  await dialog.getByLabel('Marked as UTF-8').check()
  await dialog.getByLabel('The grand total').check()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('Channels as a file.csv')
  const text = await readFile(await file.path(), 'utf8')
  expect(text.startsWith('\uFEFF')).toBe(true)
  expect(text.split('\r\n')[0]).toContain(';')
  await dialog.getByText(/^The file is with your browser, [\d.,]+ (kB|MB)\.$/).waitFor()
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('radio', { name: 'Excel' }).check()
  await dialog.getByRole('button', { name: 'Make it in the background' }).click()
  const list = dialog.getByRole('list', { name: 'Files made in the background' })
  await list.getByText('Ready').waitFor()
  expect(await violations(page)).toEqual([])
  const [kept] = await Promise.all([
    page.waitForEvent('download'),
    list.getByRole('button', { name: 'Fetch file: Excel' }).click(),
  ])
  expect(kept.suggestedFilename()).toEqual(expect.stringMatching(/^Channels as a file .*\.xlsx$/))
  working = false
  await dialog.getByRole('radio', { name: 'PDF' }).check()
  await dialog.getByRole('button', { name: 'Make it in the background' }).click()
  await list.getByRole('button', { name: 'Cancel the PDF file' }).click()
  await list.getByText('Cancelled').waitFor()
  working = true
  await page.goto(`${app.url}/exports`)
  await page.getByRole('link', { name: 'Channels as a file' }).first().waitFor()
  expect(await violations(page)).toEqual([])
  expect(complaints).toEqual([])
}, 120_000)

test('the mail is looked at as it would look, in a frame that can run nothing, and as plain text', async () => {
  const { page, complaints } = await openPage(browser)
  page.setDefaultTimeout(45_000)
  await page.goto(app.url)
  await signIn(page, 'Jonas Weber')
  const id = await saved(page, 'Looked at')
  await page.goto(`${app.url}/tables/${id}?schedule`)
  const mail = page.getByRole('dialog').getByRole('region', { name: 'The mail' })
  await mail.getByRole('button', { name: 'Look at the mail' }).click()
  const frame = mail.frameLocator('iframe')
  await frame.getByRole('heading', { name: 'Looked at' }).waitFor()
  const number = frame.getByRole('cell').last()
  await expect.poll(() => number.evaluate((cell) => getComputedStyle(cell).textAlign)).toBe('right')
  expect(await mail.locator('iframe').getAttribute('sandbox')).not.toContain('scripts')
  expect(await violations(page)).toEqual([])
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/mail.png` })
  await mail.getByRole('button', { name: 'Plain text' }).click()
  await mail.locator('pre', { hasText: 'Looked at' }).waitFor()
  expect(complaints).toEqual([])
}, 90_000)
