import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { violations } from '../setup/axe.ts'
import { signIn } from '../setup/sign-in.ts'
import { webApp } from '../setup/web-app.ts'

const web = webApp()

async function asked(prompt: string, options: Parameters<typeof web.open>[0] = {}) {
  const { page, complaints } = await web.open(options)
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await page.getByRole('textbox').fill(prompt)
  await page.keyboard.press('Enter')
  await page.getByRole('grid').waitFor()
  await page.getByRole('button', { name: 'Columns' }).waitFor()
  return { page, complaints }
}

const grid = (page: Page) => page.getByRole('grid')
const heading = (page: Page, name: string) => grid(page).getByRole('columnheader', { name })
const column = (page: Page, col: number) => page.locator(`tbody [data-col="${col}"]`).allInnerTexts()
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

test('a heading sorts by click and by key, and says how', async () => {
  const { page, complaints } = await asked('Money raised by channel')
  await heading(page, 'Raised').click()
  expect(await heading(page, 'Raised').getAttribute('aria-sort')).toBe('descending')
  const amounts = (await column(page, 1)).map((text) => Number(text.replace(/[^0-9.]/g, '')))
  expect(amounts).toEqual([...amounts].sort((a, b) => b - a))
  await page.getByText('Sorted by Raised, Largest first').waitFor()
  const bars = page.getByRole('img', { name: /^Bars: / }).locator('g title')
  const asDrawn = async () => (await bars.allTextContents()).map((text) => Number(text.replace(/^.*: |[^0-9.]/g, '')))
  expect(await asDrawn()).toEqual(amounts)
  await page.keyboard.press('Enter')
  expect(await heading(page, 'Raised').getAttribute('aria-sort')).toBe('ascending')
  expect(await asDrawn()).toEqual(amounts.toReversed())
  expect(await violations(page)).toEqual([])
  // An order on this page only is in no file and no mail; kept, the table says it.
  await page.getByRole('button', { name: 'Keep this order' }).click()
  await page.getByText('sorted by raised, lowest first', { exact: false }).first().waitFor()
  await page.getByRole('button', { name: 'Keep this order' }).waitFor({ state: 'detached' })
  expect((await column(page, 1)).map((text) => Number(text.replace(/[^0-9.]/g, '')))).toEqual(amounts.reverse())
  expect(complaints).toEqual([])
}, 60_000)

test('bars are of the number that the rows are sorted by, and say which it is', async () => {
  const { page } = await asked('Donors by state with money raised')
  const bars = page.getByRole('img', { name: /^Bars: / }).locator('g title')
  await page.getByText('Donors', { exact: true }).and(page.locator('p')).waitFor()
  expect((await bars.allTextContents())[0]).not.toContain('$')
  await heading(page, 'Raised').click()
  await page.getByText('Raised', { exact: true }).and(page.locator('p')).waitFor()
  const drawn = (await bars.allTextContents()).map((text) => Number(text.replace(/^.*: |[^0-9.]/g, '')))
  expect(drawn).toEqual([...drawn].sort((a, b) => b - a))
}, 60_000)

test('arrow keys walk the cells, Shift selects, and Ctrl+C copies plain values', async () => {
  const { page, complaints } = await asked('Money raised by channel')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await heading(page, 'Channel').focus()
  await page.keyboard.press('ArrowDown')
  const first = await focused(page)
  expect(first).toBe((await column(page, 0))[0])
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  await page.getByText('2 × 2 cells selected').waitFor()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('ControlOrMeta+c')
  await page.getByText('Copied 4 cells').waitFor()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  expect(text.split('\n')).toHaveLength(2)
  expect(text).toMatch(new RegExp(`^${first}\\t\\d+(\\.\\d+)?\\n`))
  await page.keyboard.press('ControlOrMeta+End')
  expect(await focused(page)).toBe((await column(page, 1)).at(-1))
  expect(complaints).toEqual([])
}, 60_000)

test('columns are hidden, brought back, pinned, moved, widened, and have bars, all by keyboard', async () => {
  const { page, complaints } = await asked('Money raised and number of donations by channel')
  await heading(page, 'Raised').focus()
  const width = async () => (await heading(page, 'Raised').boundingBox())?.width ?? 0
  const before = await width()
  await page.keyboard.press('Shift+ArrowRight')
  expect(await width()).toBe(before + 24)
  const choose = async (name: string) => {
    await page.keyboard.press('Alt+ArrowDown')
    await page.getByRole('menu').waitFor()
    await page.getByRole('menu').locator('button', { hasText: name }).focus()
    await page.keyboard.press('Enter')
  }
  await choose('Bars')
  expect(await grid(page).locator('tbody td[style*="--to"]').count()).toBeGreaterThan(2)
  expect(await violations(page)).toEqual([])
  await choose('Keep in view')
  const names = () => grid(page).getByRole('columnheader').allInnerTexts()
  expect((await names())[1]).toBe('Raised')
  await page.keyboard.press('Alt+ArrowDown')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  expect(await page.getByRole('menu').count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TH')
  await choose('Hide')
  expect(await names()).not.toContain('Raised')
  await page.getByRole('button', { name: 'Columns (1 hidden)' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Raised' }).click()
  expect(await names()).toContain('Raised')
  await page.getByRole('menuitem', { name: 'As they were' }).click()
  expect(await width()).toBe(before)
  expect(complaints).toEqual([])
}, 60_000)

test('a column is widened by dragging its edge and moved by dragging its heading', async () => {
  const { page } = await asked('Money raised and number of donations by channel')
  const raised = heading(page, 'Raised')
  const box = await raised.boundingBox()
  if (box === null) throw new Error('the heading is not there')
  await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width + 59, box.y + box.height / 2, { steps: 4 })
  await page.mouse.up()
  expect((await raised.boundingBox())?.width).toBe(box.width + 60)
  const [, second = '', third = ''] = await grid(page).getByRole('columnheader').allInnerTexts()
  await heading(page, third).dragTo(heading(page, second))
  expect((await grid(page).getByRole('columnheader').allInnerTexts()).slice(1)).toEqual([third, second])
}, 60_000)

test('the menu of a cell changes the table in the builder: only this value, and all but it', async () => {
  const { page, complaints } = await asked('Money raised by channel')
  await page.getByRole('button', { name: 'Edit in builder' }).click()
  await page.waitForURL('**/build')
  await grid(page).getByText('Digital').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Exclude “Digital”' }).click()
  await page.getByLabel('Value').last().waitFor()
  await page.locator('[aria-busy=false]').waitFor()
  const names = await column(page, 0)
  expect(names.length).toBeGreaterThan(2)
  expect(names).not.toContain('Digital')
  await grid(page).getByText('Event').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Only “Event”' }).click()
  await page.getByText('1 row', { exact: true }).waitFor()
  expect(await column(page, 0)).toEqual(['Event'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('1 row', { exact: true }).waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
}, 60_000)

test('the menu of a number opens its name and format, which the table itself keeps', async () => {
  const { page, complaints } = await asked('Money raised by channel')
  const shown = () => column(page, 1)
  const dialog = page.getByRole('dialog')
  const open = async (name: string) => {
    await heading(page, name).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await page.getByRole('menuitem', { name: 'Name and format…' }).click()
    await dialog.waitFor()
  }
  for (const cell of await shown()) expect(cell).toMatch(/^\$[\d,]+\.\d\d$/)
  await open('Raised')
  await dialog.getByLabel('Decimals').selectOption('None')
  await dialog.getByLabel('Currency').selectOption('CHF')
  await dialog.getByLabel('Name', { exact: true }).fill('Given')
  expect(await dialog.getByRole('status').innerText()).toMatch(/^It reads CHF\s[\d,]+$/)
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await page.getByRole('article', { name: 'Name and format of Raised' }).waitFor()
  await heading(page, 'Given').waitFor()
  expect(await page.getByText('it shows the same table').count()).toBe(0)
  await page.getByRole('button', { name: 'Edit in builder', exact: true }).click()
  await page.waitForURL('**/build')
  await page.locator('[aria-busy=false]').waitFor()
  await expect.poll(async () => (await shown()).every((cell) => /^CHF\s[\d,]+$/.test(cell))).toBe(true)
  await open('Given')
  await dialog.getByLabel('Decimals').selectOption('As usual')
  await dialog.getByLabel('Currency').selectOption('As usual')
  await dialog.getByLabel('Name', { exact: true }).fill('')
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(async () => (await shown()).every((cell) => /^\$[\d,]+\.\d\d$/.test(cell))).toBe(true)
  await heading(page, 'Raised').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await heading(page, 'Given').waitFor()
  await page
    .getByRole('button', { name: /^Name and format of/ })
    .last()
    .click()
  expect(await dialog.getByLabel('Decimals').inputValue()).toBe('0')
  expect(complaints).toEqual([])
}, 60_000)

test('a saved table of thousands of rows is read on as the reader comes near the end', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Jonas Weber' }).click()
  await page.getByRole('banner').getByRole('button', { name: 'Jonas Weber' }).waitFor()
  await page.waitForLoadState('networkidle')
  const columns = [{ field: 'id' }, { field: 'received_at' }, { field: 'amount' }, { field: 'status' }]
  const definition = { version: 1, dataSources: ['donations'], columns, limit: 2300 }
  const id = await page.evaluate(
    async (body) => {
      const headers = { 'Content-Type': 'application/json' }
      const response = await fetch('/api/v1/tables', { method: 'POST', headers, body })
      const { id: made } = (await response.json()) as { id?: string }
      return made ?? `${response.status}`
    },
    JSON.stringify({ name: 'Many', createdVia: 'BUILDER', definition }),
  )
  await page.goto(`${web.url}/tables/${id}`)
  await page.getByText(/^The first 1,000 of 2,300 rows/).waitFor()
  expect(await grid(page).getAttribute('aria-rowcount')).toBe('2301')
  expect(await grid(page).getByRole('row').count()).toBeLessThan(80)
  await grid(page).getByRole('columnheader').first().focus()
  await page.keyboard.press('ControlOrMeta+End')
  await page.getByText(/^The first 2,000 of 2,300 rows/).waitFor()
  await grid(page).getByRole('columnheader', { name: 'Amount' }).click()
  // Sorted by a heading, the rest is read, so that the largest is the largest.
  await page.getByText(/^2,300 rows/).waitFor()
  expect(await page.getByText('that are here are sorted').count()).toBe(0)
  expect(await violations(page)).toEqual([])
  expect(complaints).toEqual([])
}, 90_000)

test('how a saved table is laid out is there again after a reload, for the same reader, until it is put back', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  const saved = await page.request.post(`${web.url}/api/v1/tables`, {
    data: { name: 'Laid out', createdVia: 'BUILDER', definition: { dataSources: ['campaigns'] } },
    headers: { Origin: web.url },
  })
  const { id } = await saved.json()
  await page.goto(`${web.url}/tables/${id}`)
  const names = () => grid(page).getByRole('columnheader').allInnerTexts()
  await heading(page, 'Goal').focus()
  const before = await names()
  const menu = async (entry: string) => {
    await page.keyboard.press('Alt+ArrowDown')
    await page.getByRole('menu').getByText(entry, { exact: true }).click()
  }
  await menu('Bars')
  await heading(page, 'Channel').focus()
  await menu('Hide')
  await heading(page, 'Goal').focus()
  for (let times = 0; times < 3; times += 1) await page.keyboard.press('Shift+ArrowRight')
  const { width } = (await heading(page, 'Goal').boundingBox()) ?? { width: 0 }
  await page.reload()
  await heading(page, 'Goal').waitFor()
  expect(await names()).toEqual(before.filter((name) => name !== 'Channel'))
  expect((await heading(page, 'Goal').boundingBox())?.width).toBe(width)
  await heading(page, 'Goal').focus()
  await page.keyboard.press('Alt+ArrowDown')
  expect(await page.getByRole('menuitemcheckbox', { name: 'Bars' }).getAttribute('aria-checked')).toBe('true')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Columns/ }).click()
  await page.getByRole('menuitem', { name: 'As they were' }).click()
  expect(await names()).toEqual(before)
  await page.reload()
  await heading(page, 'Goal').waitFor()
  expect(await names()).toEqual(before)
  expect(complaints).toEqual([])
}, 60_000)

test('a key that only tells rows of one name apart is not shown where there are none, and can be brought back', async () => {
  const { page, complaints } = await asked('Top 10 donors')
  await heading(page, 'Donor').waitFor()
  const names = () => grid(page).getByRole('columnheader').allInnerTexts()
  expect(await names()).toEqual(['Donor', 'Raised'])
  const donors = await column(page, 0)
  expect([donors.length, new Set(donors).size]).toEqual([10, 10])
  await page.getByRole('button', { name: 'Columns (1 hidden)' }).click()
  expect(await violations(page)).toEqual([])
  await page.getByRole('menuitemcheckbox', { name: 'Donor ID' }).click()
  await page.keyboard.press('Escape')
  await heading(page, 'Donor ID').waitFor()
  // Where it is built, every part is there.
  await page.getByRole('button', { name: 'Edit in builder' }).click()
  await page.getByRole('heading', { name: 'Build a table' }).waitFor()
  await heading(page, 'Donor ID').waitFor()
  expect(complaints).toEqual([])
}, 60_000)

test('which chart was chosen of a saved table is there again after a reload, for the same reader', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  const definition = {
    dataSources: ['donations'],
    groupBy: [{ field: 'received_at', grain: 'year' }],
    aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
  }
  const saved = await page.request.post(`${web.url}/api/v1/tables`, {
    data: { name: 'Drawn', createdVia: 'BUILDER', visibility: 'ORG', definition },
    headers: { Origin: web.url },
  })
  const { id } = await saved.json()
  await page.goto(`${web.url}/tables/${id}`)
  await page.getByRole('button', { name: 'Chart', exact: true }).click()
  const kind = page.getByLabel('Kind of chart')
  const usual = await kind.inputValue()
  await kind.selectOption('Bars')
  await page.getByRole('img', { name: /^Bars: Drawn/ }).waitFor()
  await page.reload()
  await page.getByRole('img', { name: /^Bars: Drawn/ }).waitFor()
  expect(await grid(page).count()).toBe(0)
  expect([usual, await kind.inputValue()]).toEqual(['line', 'bar'])
  expect(await violations(page)).toEqual([])
  await page.getByRole('banner').getByRole('button', { name: 'Jonas Weber' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await signIn(page, 'Maya Chen')
  await page.goto(`${web.url}/tables/${id}`)
  await grid(page).waitFor()
  expect(await page.getByRole('img', { name: /^Bars: Drawn/ }).count()).toBe(0)
  expect(complaints).toEqual([])
}, 90_000)

test('a heading sorts among all rows of a table of which only the first are here, and all can be read', async () => {
  const { page, complaints } = await asked('donations')
  await page.getByText('These are the first 1,000 rows; the table has more').waitFor()
  const largest = await page.evaluate(async () => {
    const aggregates = [{ id: 'most', fn: 'max', field: 'amount' }]
    const body = JSON.stringify({ definition: { dataSources: ['donations'], aggregates }, timezone: 'UTC' })
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch('/api/v1/tables/preview', { method: 'POST', headers, body })
    const { rows } = (await response.json()) as { rows: string[][] }
    return Number(rows[0]?.[0])
  })
  const amounts = await grid(page).getByRole('columnheader').allInnerTexts()
  const at = amounts.findIndex((text) => text.startsWith('Amount'))
  const first = async () => Number((await column(page, at))[0]?.replace(/[^\d.]/g, ''))
  expect(await first()).not.toBe(largest)
  await heading(page, 'Amount').click()
  await page.getByText('Of all rows, read just now, these are the first 1,000.').waitFor()
  expect(await first()).toBe(largest)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Read all rows' }).click()
  await page.getByText(/^All [\d,]+ rows, read just now\./).waitFor()
  expect(await first()).toBe(largest)
  expect(Number(await grid(page).getAttribute('aria-rowcount'))).toBeGreaterThan(1001)
  expect(complaints).toEqual([])
}, 90_000)

test('a chart stands beside a short table, can be had alone, and is described in words', async () => {
  const { page, complaints } = await asked('Money raised by month last year')
  const chart = page.getByRole('img', {
    name: /^Lines: Money raised by month last year, from Jan \d{4} to Dec \d{4}\. /,
  })
  await chart.waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Chart', exact: true }).click()
  await grid(page).waitFor({ state: 'detached' })
  await chart.hover()
  await page.locator('li strong').waitFor()
  await page.getByLabel('Kind of chart').selectOption('Bars')
  await page.getByRole('img', { name: /^Bars: Money raised by month last year/ }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByLabel('Kind of chart').selectOption('Line')
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.getByRole('button', { name: 'Table', exact: true }).click()
  await grid(page).waitFor()
  expect(await chart.count()).toBe(0)
  expect(complaints).toEqual([])
}, 60_000)
