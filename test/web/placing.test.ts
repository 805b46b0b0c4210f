// Dashboards, reports and views on the page: made, arranged by pointer and by keyboard, filtered, shared, downloaded.
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { violations } from '../setup/axe.ts'
import { signIn } from '../setup/sign-in.ts'
import { webApp } from '../setup/web-app.ts'

const byChannel = {
  version: 1,
  dataSources: ['donations'],
  groupBy: [{ field: 'campaign.channel' }],
  aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
}
const inAll = { version: 1, dataSources: ['donations'], aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }] }

const web = webApp()

async function openAs(name: string, path: string): Promise<{ page: Page; complaints: string[] }> {
  const opened = await web.open()
  const { page } = opened
  page.setDefaultTimeout(45_000)
  await page.goto(`${web.url}${path}`)
  await signIn(page, name)
  return opened
}

type Body = { id: string; version: number; name: string }
/** A request of whoever is signed in on the page. */
const ask = (page: Page, method: string, path: string, body: object, version?: number): Promise<Body> =>
  page.evaluate(
    async ([method, path, body, version]) => {
      const headers = {
        'Content-Type': 'application/json',
        ...(version !== undefined && { 'If-Match': `"${version}"` }),
      }
      const response = await fetch(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
      if (!response.ok) throw new Error(await response.text())
      return response.json()
    },
    [method, path, body, version] as const,
  )

const save = (page: Page, name: string, definition: object, visibility = 'ORG') =>
  ask(page, 'POST', '/tables', { name, definition, visibility, createdVia: 'BUILDER' })
const tile = (page: Page, name: string) => page.getByRole('article', { name, exact: true })

async function boxOf(part: Locator) {
  const box = await part.boundingBox()
  if (box === null) throw new Error('it is not shown')
  return { x: Math.round(box.x), y: Math.round(box.y), width: Math.round(box.width), height: Math.round(box.height) }
}

async function addTable(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a table' }).first().click()
  await page.getByRole('dialog').getByRole('searchbox').fill(name.slice(0, 12))
  await page.getByRole('dialog').getByRole('button', { name }).click()
  await tile(page, name).waitFor()
}

async function drag(page: Page, handle: Locator, by: { x: number; y: number }): Promise<void> {
  const { x, y, width, height } = await boxOf(handle)
  await page.mouse.move(x + width / 2, y + height / 2)
  await page.mouse.down()
  await page.mouse.move(x + width / 2 + by.x / 2, y + height / 2 + by.y / 2, { steps: 4 })
  await page.mouse.move(x + width / 2 + by.x, y + height / 2 + by.y, { steps: 4 })
  await page.mouse.up()
}

test('a dashboard is made, and tables added to it are shown as what says most of each', async () => {
  const { page, complaints } = await openAs('Jonas Weber', '/dashboards')
  const byMonth = { ...byChannel, groupBy: [{ field: 'received_at', grain: 'month' }] }
  const byName = { ...byChannel, groupBy: [{ field: 'contact.full_name' }] }
  await save(page, 'Sum of gifts', inAll)
  await save(page, 'Channels of gifts', byChannel)
  await save(page, 'Months of gifts', byMonth)
  await save(page, 'Donors of gifts', byName)
  await page.getByText('No dashboards yet.').waitFor()
  await page.getByRole('button', { name: 'New dashboard' }).click()
  expect(await violations(page)).toEqual([])
  await page.getByRole('dialog').getByLabel('Name').fill('Gifts')
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByText('Nothing here yet').waitFor()
  await addTable(page, 'Sum of gifts')
  const sum = tile(page, 'Sum of gifts')
  await sum.getByText('Total amount', { exact: true }).waitFor()
  expect(await sum.getByRole('table').count()).toBe(0)
  await addTable(page, 'Months of gifts')
  const months = tile(page, 'Months of gifts')
  await months.getByRole('img', { name: /^Lines: Months of gifts/ }).waitFor()
  await addTable(page, 'Channels of gifts')
  await tile(page, 'Channels of gifts')
    .getByRole('img', { name: /^Bars: Channels of gifts/ })
    .waitFor()
  await addTable(page, 'Donors of gifts')
  const donors = tile(page, 'Donors of gifts')
  await donors.getByRole('table').waitFor()
  const [small, large] = [await boxOf(sum), await boxOf(months)]
  expect([small.width < large.width, small.height < large.height]).toEqual([true, true])
  // A chart that is wanted anyway says what it leaves out.
  await page.getByRole('button', { name: 'Adjust Donors of gifts' }).click()
  await donors.getByLabel('Show as').selectOption({ label: 'Chart' })
  await page.getByRole('button', { name: 'Close Donors of gifts' }).click()
  await donors.getByText(/^The first 30 of [\d,]+ rows\.$/).waitFor()
  expect(await donors.locator('svg rect').count()).toBe(30)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
  await page.reload()
  await months.getByRole('img', { name: /^Lines: Months of gifts/ }).waitFor()
  expect(await boxOf(months)).toMatchObject({ width: large.width, height: large.height })
  await page.setViewportSize({ width: 360, height: 740 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  expect(complaints).toEqual([])
}, 120_000)

test('a dashboard is arranged by keys, pointer and buttons, saved, and read by others as they may', async () => {
  const { page, complaints } = await openAs('Jonas Weber', '/dashboards')
  const half = { showAs: 'table', y: 0, width: 6, height: 8 }
  const tiles = [
    { id: 'left', tableId: (await save(page, 'Raised by channel', byChannel)).id, x: 0, ...half },
    { id: 'right', tableId: (await save(page, 'Raised in all', inAll, 'PRIVATE')).id, x: 6, ...half },
  ]
  const made = await ask(page, 'POST', '/dashboards', { name: 'Money', tiles })
  await page.goto(`${web.url}/dashboards/${made.id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await tile(page, 'Raised in all').getByText('$').first().waitFor()
  // High enough that no drag comes near the edge, where it scrolls.
  await page.setViewportSize({ width: 1280, height: 1600 })

  const [channel, all] = [tile(page, 'Raised by channel'), tile(page, 'Raised in all')]
  const [left, right] = [await boxOf(channel), await boxOf(all)]
  expect(right.y).toBe(left.y)
  expect(right.x).toBeGreaterThan(left.x + left.width)
  // By keys: one column to the right pushes the neighbour below.
  await page.getByRole('button', { name: 'Move Raised by channel' }).press('ArrowRight')
  await expect.poll(async () => (await boxOf(all)).y).toBeGreaterThan(left.y + left.height)
  await page.getByText('Raised by channel: column 2, row 1, 6 wide, 8 high').waitFor()
  await page.keyboard.press('ArrowLeft')
  // Past the other one and back, with the focus staying where it is.
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await page.getByText('Raised by channel: column 2, row 9, 6 wide, 8 high').waitFor()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowLeft')
  await page.getByText('Raised by channel: column 1, row 1, 6 wide, 8 high').waitFor()
  // By pointer: to the left half, above the other one.
  await drag(page, page.getByRole('button', { name: 'Move Raised in all' }), { x: -620, y: -40 })
  await expect.poll(async () => (await boxOf(all)).x).toBe(left.x)
  expect((await boxOf(all)).y).toBe(left.y)
  await drag(page, page.getByRole('button', { name: 'Move Raised in all' }), { x: 0, y: 460 })
  await expect.poll(async () => (await boxOf(channel)).y).toBe(left.y)
  await drag(page, page.getByRole('button', { name: 'Move Raised in all' }), { x: 0, y: -440 })
  await expect.poll(async () => (await boxOf(all)).y).toBe(left.y)
  await drag(page, page.getByRole('button', { name: 'Resize Raised in all' }), { x: 0, y: -210 })
  await expect.poll(async () => (await boxOf(all)).height).toBeLessThan(left.height - 150)
  // By buttons.
  await page.getByRole('button', { name: 'Adjust Raised in all' }).click()
  await all.getByLabel('Show as').selectOption({ label: 'One number' })
  await all.getByLabel('Title').fill('All of it')
  const named = tile(page, 'All of it')
  await named.getByRole('button', { name: 'Narrower' }).click()
  await expect.poll(async () => (await boxOf(named)).width).toBeLessThan(left.width)
  await page.getByRole('button', { name: 'Close All of it' }).click()

  await page.getByText('Shared filters').click()
  await page.getByLabel('Add a filter').selectOption({ label: 'Date of each table' })
  await page.getByLabel('Name of the filter').fill('Period')
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 900 })
  const arranged = await boxOf(named)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Money' }).waitFor()
  await page.reload()
  await named.getByText('$').waitFor()
  const kept = await boxOf(named)
  expect([kept.x, kept.width, kept.height]).toEqual([arranged.x, arranged.width, arranged.height])
  expect(await violations(page)).toEqual([])

  const amount = () => named.getByText('$').innerText()
  const before = await amount()
  await page.getByLabel('Period').selectOption({ label: 'this year' })
  await expect.poll(amount).not.toBe(before)
  // What is set is a part of the address: a link shows the same, and so does reading anew.
  const filtered = await amount()
  await page.reload()
  await named.getByText('$').waitFor()
  await expect.poll(amount).toBe(filtered)
  expect(await page.getByLabel('Period').locator('option:checked').innerText()).toBe('this year')
  await page.getByLabel('Period').selectOption({ label: 'the last …' })
  await page.getByLabel('How many').fill('2')
  await page.getByLabel('Unit').selectOption('year')
  await expect.poll(amount).not.toBe(filtered)
  expect(await violations(page)).toEqual([])
  // On paper the filters say what is filtered, and nothing that only a screen can do is there.
  const filters = page.getByRole('region', { name: 'Filters' })
  const onPaper = filters.getByText('Period: the last 2 years before the current one', { exact: true })
  expect(await onPaper.isVisible()).toBe(false)
  await page.emulateMedia({ media: 'print' })
  expect(await onPaper.isVisible()).toBe(true)
  expect(await filters.locator('select:visible, input:visible, button:visible').count()).toBe(0)
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect.poll(amount).toBe(before)
  await page.getByRole('button', { name: 'Refresh all' }).click()
  await page.getByRole('button', { name: 'Refresh all' }).waitFor()
  await page.getByRole('button', { name: 'Full screen' }).click()
  await page.getByRole('button', { name: 'Leave full screen' }).click()

  await page.setViewportSize({ width: 360, height: 740 })
  const [first, second] = [await boxOf(named), await boxOf(channel)]
  expect(first.x).toBe(second.x)
  expect(first.width).toBe(second.width)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 900 })

  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('radio', { name: /Everybody in/ }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Share' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const other = await openAs('Priya Nair', '/dashboards')
  await page.getByText('Seen by: everybody in Riverbend Action Fund').waitFor()
  await other.page.getByRole('link', { name: 'Money' }).click()
  await other.page.getByText('Owner: Jonas Weber · Seen by: everybody in Riverbend Action Fund').waitFor()
  await tile(other.page, 'Raised by channel').getByText('$').first().waitFor()
  await tile(other.page, 'All of it').getByText('not shared with you').waitFor()
  expect(await other.page.getByRole('button', { name: 'Edit' }).count()).toBe(0)
  expect([...complaints, ...other.complaints]).toEqual([])
}, 120_000)

test('where a table was deleted, who may change the dashboard takes its tile off, and who owns the table restores it', async () => {
  const { page, complaints } = await openAs('Jonas Weber', '/dashboards')
  const own = await save(page, 'Own and gone', byChannel)
  const maya = await openAs('Maya Chen', '/dashboards')
  const foreign = await save(maya.page, 'Foreign and gone', inAll)
  const at = (id: string, tableId: string, y: number) => ({
    id,
    tableId,
    showAs: 'table',
    x: 0,
    y,
    width: 6,
    height: 4,
  })
  const tiles = [at('til_own', own.id, 0), at('til_foreign', foreign.id, 4)]
  const { id } = await ask(page, 'POST', '/dashboards', { name: 'With gaps', visibility: 'ORG', tiles })
  await page.request.delete(`${web.url}/api/v1/tables/${own.id}`, { headers: { Origin: web.url } })
  // Nobody but an admin with whom it is shared, or its owner, restores a table.
  await maya.page.request.delete(`${web.url}/api/v1/tables/${foreign.id}`, { headers: { Origin: web.url } })
  const other = await openAs('Priya Nair', `/dashboards/${id}`)
  await tile(other.page, 'Own and gone').getByText('This table was deleted.').waitFor()
  expect(await other.page.getByRole('article').getByRole('button').count()).toBe(0)

  await page.goto(`${web.url}/dashboards/${id}`)
  const [mine, theirs] = [tile(page, 'Own and gone'), tile(page, 'Foreign and gone')]
  await theirs.getByRole('button', { name: 'Remove tile' }).waitFor()
  expect(await violations(page)).toEqual([])
  expect(await theirs.getByRole('button', { name: 'Restore the table' }).count()).toBe(0)
  await theirs.getByRole('button', { name: 'Remove tile' }).click()
  await theirs.waitFor({ state: 'detached' })
  await mine.getByRole('button', { name: 'Restore the table' }).click()
  await mine.getByText('$').first().waitFor()
  await page.reload()
  await mine.getByText('$').first().waitFor()
  expect(await page.getByRole('article').count()).toBe(1)

  await page.request.delete(`${web.url}/api/v1/tables/${own.id}`, { headers: { Origin: web.url } })
  await page.reload()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await mine.getByRole('button', { name: 'Restore the table' }).click()
  await mine.getByText('$').first().waitFor()
  expect([...complaints, ...other.complaints, ...maya.complaints]).toEqual([])
}, 120_000)

test('when somebody else was faster, nothing typed is lost, and one decides whose stays', async () => {
  const { page, complaints } = await openAs('Jonas Weber', '/dashboards')
  const { id, version } = await ask(page, 'POST', '/dashboards', { name: 'Contested' })
  await page.goto(`${web.url}/dashboards/${id}`)
  await page.getByLabel('Name').fill('Mine')
  await ask(page, 'PUT', `/dashboards/${id}`, { name: 'Theirs' }, version)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page
    .getByText(
      /^You changed this dashboard in another tab or window after it was read here, on \w+ \d+, \d{4}, \d+:\d\d\s[AP]M$/,
    )
    .waitFor()
  expect(await page.getByLabel('Name').inputValue()).toBe('Mine')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Drop this, see the other' }).click()
  await page.getByRole('heading', { level: 1, name: 'Theirs' }).waitFor()

  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Name').fill('Mine again')
  await page.getByRole('link', { name: 'All dashboards' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click()
  await ask(page, 'PUT', `/dashboards/${id}`, { name: 'Theirs again' }, version + 1)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Save this over it' }).click()
  await page.getByRole('heading', { level: 1, name: 'Mine again' }).waitFor()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Edit' }).waitFor()
  expect(complaints.filter((text) => !text.includes('409') && !text.includes('412'))).toEqual([])
}, 120_000)

test('a report is written, put in order, looked at, saved and downloaded', async () => {
  const { page, complaints } = await openAs('Jonas Weber', '/reports')
  await save(page, 'Channels of the letter', byChannel)
  await page.getByRole('button', { name: 'New report' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Letter')
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('button', { name: 'Add table' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Channels of the letter' }).click()
  await page.getByRole('button', { name: 'Add heading' }).click()
  expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true)
  await page.getByLabel('Heading, part 2').fill('How we did')
  await page.getByRole('button', { name: 'Add text' }).click()
  await page.getByLabel('Text, part 3').fill('Well.')
  await page.getByRole('button', { name: 'Move part 2 up' }).click()
  // At the top there is no way further up: the focus goes to the way down.
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe('Move part 1 down')
  await page.getByLabel('Title of part 2').fill('By channel')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Remove part 3' }).click()
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByRole('grid').waitFor()
  expect(await page.getByRole('heading').allInnerTexts()).toEqual(['Edit this report', 'How we did', 'By channel'])
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Letter' }).waitFor()
  await page.getByRole('grid').waitFor()
  expect(await violations(page)).toEqual([])
  for (const [label, extension] of [
    ['PDF', 'pdf'],
    ['Excel', 'xlsx'],
    ['Zip of CSV', 'zip'],
  ] as const) {
    const button = page.getByRole('button', { name: `Download as ${label}` })
    const [file] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(file.suggestedFilename()).toBe(`Letter.${extension}`)
  }
  await page.setViewportSize({ width: 360, height: 740 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  expect(complaints).toEqual([])
}, 120_000)

test('a table is pinned from its page, and put into the navigation, also behind the menu of a narrow window', async () => {
  const { page, complaints } = await openAs('Jonas Weber', '/views')
  const table = await save(page, 'Channels to pin', byChannel)
  await page.getByRole('button', { name: 'New view' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Channels to pin' }).click()
  await page.getByLabel('Label').fill('Channels')
  await page.getByLabel('Section').fill('Fundraising')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('region', { name: 'Fundraising' }).getByRole('link', { name: 'Channels' }).waitFor()
  expect(await violations(page)).toEqual([])

  await page.setViewportSize({ width: 360, height: 740 })
  await page.getByRole('button', { name: 'Menu' }).click()
  expect(await violations(page)).toEqual([])
  await page.getByRole('navigation').getByRole('link', { name: 'Channels', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Channels to pin' }).waitFor()
  expect(page.url()).toContain(table.id)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('button', { name: 'Pin to dashboard' }).click()
  await page.getByLabel('A new dashboard').fill('Pinned here')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Make it and pin' }).click()
  await page.getByRole('link', { name: 'Pinned here' }).click()
  await tile(page, 'Channels to pin')
    .getByRole('img', { name: /^Bars: / })
    .waitFor()

  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('link', { name: 'All views' }).click()
  await page.getByRole('button', { name: 'Remove Channels' }).click()
  await page.getByText('No tables in the navigation yet.').waitFor()
  expect(complaints).toEqual([])
}, 120_000)
