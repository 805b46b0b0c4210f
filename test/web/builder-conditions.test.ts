import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { violations } from '../setup/axe.ts'
import { drag } from '../setup/drag.ts'
import { webApp } from '../setup/web-app.ts'

const web = webApp()

const part = (page: Page, name: string) => page.locator(`[data-part=${name}]`)
const sentence = (page: Page, text: RegExp) => page.getByLabel('Result').getByText(text).first().waitFor()
const definitionOf = (page: Page) =>
  page.evaluate(() => JSON.parse(sessionStorage.getItem('tablewright-builder') ?? '[]')[0]?.steps.now)

async function open(source: string, width = 1280): Promise<{ page: Page; complaints: string[] }> {
  const opened = await web.open()
  opened.page.setDefaultTimeout(15_000)
  await opened.page.setViewportSize({ width, height: 800 })
  await opened.page.goto(`${web.url}/build`)
  await opened.page.getByLabel('Source').selectOption({ label: source })
  return opened
}

test('rows are chosen by how many related rows they have, which have conditions of their own', async () => {
  const { page, complaints } = await open('Contacts')
  const filters = part(page, 'filters')
  await filters.getByLabel('Add a condition of another kind').selectOption({ index: 1 })
  await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('How many there are')
  await filters.getByLabel('Related rows').selectOption('donations')
  await filters.getByLabel('How many there are').selectOption('none')
  await sentence(page, /there are no donations/)
  await filters.getByRole('button', { name: 'Only donations where …' }).click()
  await filters.getByLabel('Field').selectOption('amount')
  await filters.getByLabel('Comparison').selectOption('gt')
  await filters.getByLabel('Value').fill('500')
  await sentence(page, /there are no donations where amount is above 500/)
  await filters.getByLabel('How many there are').selectOption('gte')
  await filters.getByLabel('Count').fill('3')
  await sentence(page, /there are at least 3 donations where amount is above 500/)
  const inner = filters.locator('[data-condition] [data-conditions]').first()
  await inner.getByLabel('Add a condition of another kind').selectOption({ index: 1 })
  await inner.getByLabel('Related rows').selectOption('campaign')
  await sentence(page, /amount is above 500 and there are campaigns/)
  const built = await definitionOf(page)
  await page.locator('[aria-busy=false]').waitFor()
  expect(await violations(page)).toEqual([])
  await page.reload()
  await filters.getByLabel('Count').waitFor()
  expect(await definitionOf(page)).toEqual(built)
  await page.getByRole('button', { name: 'Remove this condition' }).last().click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await inner.getByRole('button', { name: 'Move condition 2 of 2' }).click()
  await page.getByRole('menuitem', { name: 'Up', exact: true }).click()
  await expect.poll(async () => JSON.stringify(await definitionOf(page))).toMatch(/campaign.*amount/)
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  expect(await filters.getByText('{"').count()).toBe(0)
  expect(complaints).toEqual([])
}, 90_000)

test('numbers of related rows, formulas, other fields and all rows are compared with; mistakes stand beside', async () => {
  const { page } = await open('Contacts')
  const filters = part(page, 'filters')
  await filters.getByLabel('Add a condition of another kind').selectOption({ label: 'A number of related rows' })
  await filters.getByLabel('Number of related rows').selectOption('sum donations.amount')
  await filters.getByLabel('Comparison').selectOption('gte')
  await filters.getByLabel('Value').fill('1000')
  await sentence(page, /its total donations' amount is at least 1000/)
  await filters.getByRole('button', { name: 'Only donations where …' }).click()
  await filters.getByLabel('Field').selectOption('status')
  await sentence(page, /its total donations' amount \(where status is .*\) is at least 1000/)

  await page.getByLabel('Source').selectOption({ label: 'Donations' })
  await filters.getByRole('button', { name: 'Add condition' }).click()
  await filters.getByLabel('Field').selectOption('amount')
  await filters.getByLabel('Comparison').selectOption('gt rows')
  await sentence(page, /amount is above the average amount over all donations/)
  await filters.getByLabel('Comparison').selectOption('gte field')
  await filters.getByLabel('Other field').selectOption('campaign.goal')
  await sentence(page, /amount is at least its campaign's goal/)
  await filters.getByLabel('Add a condition of another kind').selectOption({ label: 'A formula' })
  const formula = filters.getByRole('combobox', { name: 'Formula of the condition' })
  await formula.fill('amount + nothing')
  await filters.locator('[data-condition="1"]').getByRole('alert').first().waitFor()
  await formula.fill('amount * 2')
  await sentence(page, /\(amount \* 2\) is above 0/)
  await page.locator('[aria-busy=false]').waitFor()
  expect(await violations(page)).toEqual([])
}, 90_000)

test('a number counts only the rows that its own conditions choose', async () => {
  const { page, complaints } = await open('Campaigns')
  await page.getByRole('radio', { name: 'Grouped and counted' }).click()
  await page.getByLabel('Add a number').selectOption('metric donations.raised')
  const numbers = part(page, 'aggregates')
  await numbers.getByRole('button', { name: 'Only donations where …' }).click()
  await numbers.getByLabel('Field').selectOption('contact.state')
  await numbers.getByLabel('Comparison').selectOption('in')
  await numbers.getByLabel('Add a value').fill('CA')
  await numbers.getByLabel('Add a value').press('Enter')
  await numbers.getByRole('button', { name: 'Take out a', exact: true }).click()
  await sentence(page, /where .*state.* is one of CA/)
  await page.locator('[aria-busy=false]').waitFor()
  expect(await violations(page)).toEqual([])
  expect(complaints).toEqual([])
}, 90_000)

test('a condition of a rare form is told in words, kept as it is, and can be taken out', async () => {
  const { page, complaints } = await open('Donations')
  const rare = {
    field: 'amount',
    op: 'gt',
    value: { aggregate: { fn: 'avg', field: 'amount', same: ['campaign_id'] } },
  }
  await page.getByText('Import SQL or a definition').click()
  await page
    .getByLabel('One SELECT, or a definition as JSON')
    .fill(JSON.stringify({ dataSources: ['donations'], filters: rare }))
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const filters = part(page, 'filters')
  await filters.getByText(/amount is above the average amount over the donations with the same/).waitFor()
  expect(await filters.getByText('{').count()).toBe(0)
  await filters.getByRole('button', { name: 'Add condition' }).click()
  await expect.poll(async () => (await definitionOf(page)).filters.all[0]).toEqual(rare)
  await filters.getByRole('button', { name: 'Remove this condition' }).first().click()
  await expect.poll(async () => (await definitionOf(page)).filters.all.length).toBe(1)
  expect(complaints).toEqual([])
}, 90_000)

test('conditions on related rows are dragged and moved by key among themselves only', async () => {
  const { page, complaints } = await open('Contacts')
  const where = {
    all: [
      { field: 'amount', op: 'gt', value: 10 },
      { field: 'status', op: 'eq', value: 'completed' },
    ],
  }
  const definition = {
    dataSources: ['contacts'],
    filters: {
      all: [
        { relation: 'donations', match: 'some', where },
        { field: 'state', op: 'not_empty' },
      ],
    },
  }
  await page.getByText('Import SQL or a definition').click()
  await page.getByLabel('One SELECT, or a definition as JSON').fill(JSON.stringify(definition))
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const inner = part(page, 'filters').locator('[data-condition] [data-conditions]').first()
  const grips = inner.locator('[data-grip]')
  await expect.poll(() => grips.count()).toBe(2)
  const names = async () => {
    const { filters } = await definitionOf(page)
    return filters.all.map((one: { where?: { all?: { field: string }[] }; field?: string }) =>
      one.where === undefined ? one.field : one.where.all?.map(({ field }) => field),
    )
  }
  await drag(page, grips.nth(1), inner.locator('[data-gap]').first())
  await expect.poll(names).toEqual([['status', 'amount'], 'state'])
  // Far below its own group it lands in the nearest gap of its own, never among conditions on other rows.
  await drag(page, grips.nth(0), part(page, 'filters').locator('[data-gap]').last())
  await expect.poll(names).toEqual([['amount', 'status'], 'state'])
  await inner.getByRole('button', { name: 'Move condition 1 of 2' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Down', exact: true }).press('Enter')
  await expect.poll(names).toEqual([['status', 'amount'], 'state'])
  await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Move condition 2 of 2')
  expect(complaints).toEqual([])
}, 60_000)

test('a period of every form is filled in, read back and run', async () => {
  const { page, complaints } = await open('Donations')
  const filters = part(page, 'filters')
  await filters.getByRole('button', { name: 'Add condition' }).click()
  await filters.getByLabel('Field').selectOption('received_at')
  await filters.getByLabel('Comparison').selectOption('in_period')
  const period = filters.getByLabel('Period')
  const forms: readonly (readonly [string, (() => Promise<unknown>) | undefined, object])[] = [
    [
      'the last …',
      () =>
        filters
          .getByLabel('How many')
          .fill('45')
          .then(() => filters.getByLabel('Unit').selectOption('day')),
      { last: 45, unit: 'day' },
    ],
    ['the next …', () => filters.getByLabel('How many').fill('2'), { next: 2, unit: 'month' }],
    ['a year …', () => filters.getByLabel('Year').fill('2024'), { year: 2024 }],
    ['a fiscal year …', () => filters.getByLabel('Fiscal year').fill('2025'), { fiscal_year: 2025 }],
    [
      'a quarter …',
      () =>
        filters
          .getByLabel('Year')
          .fill('2024')
          .then(() => filters.getByLabel('Quarter').selectOption('Q2')),
      { quarter: '2024-Q2' },
    ],
    ['a month …', () => filters.getByLabel('Month').fill('2025-02'), { month: '2025-02' }],
    ['a day …', () => filters.getByLabel('Day').fill('2025-02-28'), { day: '2025-02-28' }],
    [
      'from … to …',
      () =>
        filters
          .getByLabel('To before')
          .fill('2031-01-01')
          .then(() => filters.getByLabel('From', { exact: true }).fill('2024-07-01')),
      { from: '2024-07-01', to: '2031-01-01' },
    ],
    ['since …', () => filters.getByLabel('Since').fill('2024-07-01'), { since: '2024-07-01' }],
    ['before …', () => filters.getByLabel('Before').fill('2024-07-01'), { before: '2024-07-01' }],
    ['this fiscal year', undefined, { this: 'fiscal_year' }],
  ]
  for (const [form, fill, wanted] of forms) {
    await period.selectOption({ label: form })
    await fill?.()
    await expect.poll(async () => (await definitionOf(page)).filters.all[0].value).toEqual(wanted)
    await expect.poll(() => page.locator('[aria-busy=false]').count()).toBe(1)
    expect(await page.getByRole('alert').count(), form).toBe(0)
  }
  expect(await violations(page)).toEqual([])
  expect(complaints).toEqual([])
}, 60_000)

test('on a small screen the result is one key away, and the way back leads to where the reader was', async () => {
  const { page, complaints } = await open('Campaigns', 360)
  const bar = page.getByRole('button', { name: /^Result: .*rows/ })
  await bar.waitFor()
  const add = part(page, 'filters').getByRole('button', { name: 'Add condition' })
  await add.focus()
  await bar.focus()
  await page.keyboard.press('Enter')
  const focused = () => page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.textContent')
  await expect.poll(focused).toBe('Result')
  const back = page.getByRole('button', { name: 'Back to the parts' })
  await back.waitFor()
  await page.locator('[aria-busy=false]').waitFor()
  expect(await violations(page)).toEqual([])
  await back.focus()
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('Add condition')
  await bar.waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  await page.setViewportSize({ width: 1280, height: 800 })
  expect(await bar.count()).toBe(0)
  expect(complaints).toEqual([])
}, 60_000)
