import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { violations } from '../setup/axe.ts'
import { signIn } from '../setup/sign-in.ts'
import { webApp } from '../setup/web-app.ts'

const web = webApp()
const part = (page: Page, name: string) => page.locator(`[data-part=${name}]`)
const prompt = 'Money raised by channel'

async function open() {
  const { page } = await web.open()
  page.setDefaultTimeout(45_000)
  return page
}

async function ask(page: Page) {
  await page.goto(web.url)
  await page.getByRole('textbox').fill(prompt)
  await page.keyboard.press('Enter')
  await page.getByRole('grid').waitFor()
}

/** Builds campaigns by status. */
async function build(page: Page) {
  await page.goto(`${web.url}/build`)
  await page.getByLabel('Source').selectOption({ label: 'Campaigns' })
  await page.getByRole('radio', { name: 'Grouped and counted' }).click()
  await page.getByLabel('Add a group').selectOption({ label: 'Status' })
  await page.getByRole('columnheader', { name: 'Status' }).waitFor()
  await page.locator('[aria-busy=false]').waitFor()
}

test('what was being built waits while an answer is edited, and comes back with its steps', async () => {
  const page = await open()
  await build(page)
  await ask(page)
  await page.getByRole('button', { name: 'Edit in builder' }).click()
  const note = page.getByRole('note').filter({ hasText: 'You were building' })
  await note.waitFor()
  expect(await note.innerText()).toContain('“Campaigns by status”')
  expect(await violations(page)).toEqual([])
  await part(page, 'groupBy').getByLabel('Group', { exact: true }).waitFor()
  expect(await part(page, 'groupBy').getByLabel('Group', { exact: true }).inputValue()).toContain('channel')
  // An answer that is taken in and not touched is not worth coming back to.
  await note.getByRole('button', { name: 'Bring it back' }).click()
  await page.getByRole('columnheader', { name: 'Status' }).waitFor()
  expect(await page.getByRole('button', { name: 'Undo' }).isEnabled()).toBe(true)
  expect(await page.getByText('You were building').count()).toBe(0)

  await page.getByRole('button', { name: 'Start anew' }).click()
  await page.getByText('You were building “Campaigns by status”').waitFor()
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await page.getByRole('columnheader', { name: 'Status' }).waitFor()
}, 180_000)

test('steps can be undone after a reload', async () => {
  const page = await open()
  await build(page)
  await page.reload()
  await page.getByRole('columnheader', { name: 'Status' }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('columnheader', { name: 'Status' }).waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('button', { name: 'Redo' }).click()
  await page.getByRole('columnheader', { name: 'Status' }).waitFor()
}, 180_000)

test('building begins anew after a saved table was changed, and that change is offered back', async () => {
  const page = await open()
  await ask(page)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Jonas Weber' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByLabel('Name', { exact: true }).fill('By channel')
  await page.getByRole('button', { name: 'Save table' }).click()
  await page.getByRole('link', { name: 'By channel' }).click()
  await page.getByRole('grid').waitFor()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('heading', { name: 'Change “By channel”' }).waitFor()
  await page.getByLabel('Add a number').selectOption({ index: 1 })
  await page.locator('[aria-busy=false]').waitFor()
  await page.getByRole('link', { name: 'Build', exact: true }).click()
  await page.getByRole('heading', { name: 'Build a table' }).waitFor()
  await page.getByText('You were building “By channel”').waitFor()
  expect(await part(page, 'groupBy').count()).toBe(0)
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await page.getByRole('heading', { name: 'Change “By channel”' }).waitFor()
  expect(await page.getByRole('button', { name: 'Undo' }).isEnabled()).toBe(true)
}, 180_000)

test('a table that somebody else changed meanwhile is said so in words, and can be saved over theirs', async () => {
  const page = await open()
  await page.goto(web.url)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Jonas Weber' }).click()
  await page.getByRole('banner').getByRole('button', { name: 'Jonas Weber' }).waitFor()
  const api = `${web.url}/api/v1/tables`
  const headers = { Origin: web.url }
  const definition = { dataSources: ['donations'], columns: [{ field: 'amount' }] }
  const made = await page.request.post(api, { headers, data: { name: 'Ours', createdVia: 'BUILDER', definition } })
  const { id } = await made.json()
  await page.goto(`${web.url}/build?table=${id}`)
  await page.getByRole('spinbutton', { name: /At most/ }).fill('7')
  await page.getByText('the first 7 rows', { exact: false }).first().waitFor()
  const theirs = await page.request.put(`${api}/${id}`, {
    headers: { ...headers, 'If-Match': '"1"' },
    data: { definition: { ...definition, limit: 3 } },
  })
  expect(theirs.status()).toBe(200)
  await page.getByRole('button', { name: 'Save changes' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'You changed it in another tab or window' })
  await alert.waitFor()
  expect(await alert.innerText()).not.toMatch(/version \d|\d{4}-\d\d/)
  expect(await violations(page)).toEqual([])
  await alert.getByRole('button', { name: 'Save this over it' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  const now = await (await page.request.get(`${api}/${id}`)).json()
  expect(now.definition.limit).toBe(7)
}, 120_000)

test('what is wrong with a formula is read above what is offered, once, and the rows are there after a reload too', async () => {
  const page = await open()
  await build(page)
  const calculations = part(page, 'calculations')
  await page.getByLabel('Add a number').selectOption({ index: 1 })
  await calculations.getByRole('button', { name: 'Add a formula' }).click()
  const formula = calculations.getByRole('combobox', { name: 'Formula of Formula' })
  await formula.fill('countra')
  const alert = calculations.getByRole('alert').first()
  await alert.waitFor()
  expect(await alert.innerText()).toMatch(/did you mean "count"$/)
  await formula.fill('count +')
  const message = calculations.locator('[data-issue]').filter({ hasText: 'where a value is expected' })
  await message.waitFor()
  const [list, box] = [await page.getByRole('listbox').boundingBox(), await message.boundingBox()]
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(list?.y ?? 0)
  expect(await violations(page)).toEqual([])
  await page.reload()
  await page.getByText('The rows from before this mistake:').waitFor()
  await page.getByRole('columnheader', { name: 'Status' }).waitFor()
}, 180_000)

test('a table of a hundred columns does not fill a hundred lists; each has its choices once it is reached', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  const columns = Array.from({ length: 100 }, (_, at) => ({ field: at % 2 ? 'amount' : 'status', id: `c${at}` }))
  const made = await page.request.post(`${web.url}/api/v1/tables`, {
    headers: { Origin: web.url },
    data: { name: 'Wide', createdVia: 'BUILDER', definition: { dataSources: ['donations'], columns } },
  })
  await page.goto(`${web.url}/build?table=${(await made.json()).id}`)
  await page.getByRole('grid').waitFor()
  const list = page.getByRole('combobox', { name: 'Column', exact: true }).first()
  expect(await list.locator('option').count()).toBe(1)
  expect(await page.locator('option').count()).toBeLessThan(1000)
  await list.focus()
  await list.selectOption({ label: 'Fee' })
  await page.getByRole('columnheader', { name: /^Fee/ }).waitFor()
  expect(complaints).toEqual([])
}, 90_000)
