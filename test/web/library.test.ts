import { expect, test } from 'vitest'
import { violations } from '../setup/axe.ts'
import { signIn } from '../setup/sign-in.ts'
import { webApp } from '../setup/web-app.ts'

const web = webApp()

test('the parts of a table stand still while its rows are on their way, keep their place in the address, and go back', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  const definition = {
    dataSources: ['donations'],
    groupBy: [{ field: 'status' }],
    aggregates: [{ id: 'gifts', fn: 'count' }],
  }
  const made = await page.request.post(`${web.url}/api/v1/tables`, {
    headers: { Origin: web.url },
    data: { name: 'Standing still', createdVia: 'BUILDER', definition },
  })
  expect(made.status()).toBe(201)
  const { id } = await made.json()
  const held = Promise.withResolvers<void>()
  await page.route('**/rows?*', async (route) => {
    await held.promise
    await route.continue()
  })
  await page.goto(`${web.url}/tables/${id}`)
  const tab = page.getByRole('navigation', { name: 'Parts of this table' }).getByText('Deliveries')
  await page.getByText('Reading the rows…').waitFor()
  const before = await tab.boundingBox()
  held.resolve()
  await page.getByRole('grid').waitFor()
  await page.waitForLoadState('networkidle')
  expect(await tab.boundingBox()).toEqual(before)
  await tab.click()
  await page.waitForURL(`**/tables/${id}?show=deliveries`)
  await page.getByText('Nothing was mailed yet.').waitFor()
  expect(await page.getByRole('grid').isVisible()).toBe(false)
  expect(await violations(page)).toEqual([])
  await page.reload()
  await page.getByText('Nothing was mailed yet.').waitFor()
  await page.goBack()
  await page.getByRole('grid').waitFor()
  expect(complaints).toEqual([])
}, 90_000)

test('an answer is saved, found, shared, and then seen by somebody else; deleting can be undone', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  await page.getByRole('textbox').fill('Money raised by channel')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  expect(await violations(page)).toEqual([])
  await page.getByLabel('Name').fill('Channels of ours')
  await page.getByRole('button', { name: 'Save table' }).click()
  await page.getByText('Saved as').waitFor()

  await page.getByRole('link', { name: 'Tables', exact: true }).click()
  await page.getByRole('link', { name: 'Channels of ours' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Channels of ours' }).click()
  await page.getByRole('grid').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Export' }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('Channels of ours.csv')
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

  const other = await web.open()
  other.page.setDefaultTimeout(45_000)
  await other.page.goto(`${web.url}/tables`)
  await signIn(other.page, 'Priya Nair')
  await other.page.getByText('No tables yet.').waitFor()
  // A viewer is not told to save.
  await other.page.getByText('What others share with you stands here.').waitFor()

  // Who sees it stands on its page, and is the way to change that for whoever may.
  await page.getByText('Seen by: only you').waitFor()
  await page.getByRole('button', { name: 'only you' }).click()
  await page.getByRole('radio', { name: /Everybody in/ }).check()
  expect(await violations(page)).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: 'Share' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByText('Seen by: everybody in Riverbend Action Fund').waitFor()
  await other.page.reload()
  await other.page.getByRole('link', { name: 'Channels of ours' }).click()
  await other.page.getByRole('grid').waitFor()
  await other.page.getByText('Owner: Jonas Weber · Seen by: everybody in Riverbend Action Fund').waitFor()
  expect(await other.page.getByRole('button', { name: 'everybody in' }).count()).toBe(0)
  expect(await other.page.getByRole('button', { name: 'Delete' }).count()).toBe(0)

  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('grid').waitFor()
  expect([...complaints, ...other.complaints]).toEqual([])
}, 120_000)

test('what was deleted is listed with who did it and until when, and can be restored', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  const made = await page.request.post(`${web.url}/api/v1/tables`, {
    headers: { Origin: web.url },
    data: { name: 'Gone for a while', createdVia: 'BUILDER', definition: { dataSources: ['campaigns'] } },
  })
  const { id } = await made.json()
  await page.goto(`${web.url}/tables`)
  await page.getByRole('link', { name: 'What was deleted' }).click()
  await page.getByText('Nothing is deleted.').waitFor()
  expect(await violations(page)).toEqual([])
  await page.request.delete(`${web.url}/api/v1/tables/${id}`, { headers: { Origin: web.url } })
  await page.reload()
  await page.getByText(/^Table · deleted by you on .* · kept until /).waitFor()
  await page.setViewportSize({ width: 360, height: 700 })
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Restore Gone for a while' }).click()
  await page.getByText('Nothing is deleted.').waitFor()
  await page.goto(`${web.url}/tables`)
  await page.getByRole('link', { name: 'Gone for a while' }).waitFor()
  expect(complaints).toEqual([])
}, 90_000)

test('what is not there is said so, with another way on, and not as a fault that trying again could mend', async () => {
  const { page } = await web.open()
  page.setDefaultTimeout(20_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  for (const [path, one] of [
    ['/tables/tbl_nobody', 'table'],
    ['/dashboards/dsh_nobody', 'dashboard'],
    ['/reports/rep_nobody', 'report'],
  ]) {
    await page.goto(`${web.url}${path}`)
    await page.getByRole('heading', { level: 1, name: `No such ${one}` }).waitFor()
    expect(await page.title()).toBe(`No such ${one} · Tablewright`)
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    expect(await violations(page)).toEqual([])
  }
}, 60_000)
