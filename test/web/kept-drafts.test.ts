// What is written in an editor and not saved yet belongs to its writer: a reload or a session that ends takes none of it,
// and nobody else is shown it.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { violations } from '../setup/axe.ts'
import { signIn } from '../setup/sign-in.ts'
import { webApp } from '../setup/web-app.ts'

const web = webApp()
const BACK = 'What you had not saved is back'

async function begin() {
  const { page } = await web.open()
  page.setDefaultTimeout(45_000)
  page.on('dialog', (dialog) => void dialog.accept())
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  return page
}

async function make(page: Page, kind: 'reports' | 'dashboards', data: object): Promise<string> {
  const made = await page.request.post(`${web.url}/api/v1/${kind}`, { data, headers: { Origin: web.url } })
  expect(made.ok(), await made.text()).toBe(true)
  const { id } = await made.json()
  return `${web.url}/${kind}/${id}`
}

const description = (page: Page) => page.getByLabel('Description')
const write = async (page: Page, text: string) => {
  await description(page).fill(text)
  await page.getByRole('button', { name: 'Drop changes' }).waitFor()
}

test('a report that is written is there again after a reload and after signing in anew, and is saved as it was typed', async () => {
  const page = await begin()
  const report = await make(page, 'reports', { name: 'To be written', items: [] })
  await page.goto(report)
  await write(page, 'Half a thought')
  await page.getByRole('button', { name: 'Add text' }).click()
  await page.getByRole('list', { name: 'Parts of the report' }).getByRole('textbox').fill('A whole paragraph')
  await page.reload()
  await page.getByText(BACK).waitFor()
  const text = page.getByRole('list', { name: 'Parts of the report' }).getByRole('textbox')
  expect([await description(page).inputValue(), await text.inputValue()]).toEqual([
    'Half a thought',
    'A whole paragraph',
  ])
  expect(await violations(page)).toEqual([])
  // The session ends, and the page is read anew while nobody is signed in.
  await page.context().clearCookies()
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in to open this report' }).waitFor()
  expect(await page.getByText('A whole paragraph').count()).toBe(0)
  await signIn(page, 'Jonas Weber')
  await page.getByText(BACK).waitFor()
  expect(await text.inputValue()).toBe('A whole paragraph')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
  await page.getByText('A whole paragraph').waitFor()
  // What was saved is no draft any more.
  await page.reload()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  expect(await page.getByText(BACK).count()).toBe(0)
}, 180_000)

test('a draft that is dropped or left behind on purpose does not come back', async () => {
  const page = await begin()
  const dashboard = await make(page, 'dashboards', { name: 'To be laid out' })
  await page.goto(dashboard)
  await write(page, 'Not for long')
  await page.reload()
  await page.getByText(BACK).waitFor()
  expect(await description(page).inputValue()).toBe('Not for long')
  await page.getByRole('button', { name: 'Drop changes' }).click()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  expect(await description(page).inputValue()).toBe('')
  await write(page, 'Left behind')
  await page.getByRole('link', { name: 'All dashboards' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click()
  await page.getByRole('link', { name: 'To be laid out' }).click()
  await page.getByRole('heading', { name: 'Edit this dashboard' }).waitFor()
  expect(await description(page).inputValue()).toBe('')
  await page.reload()
  await page.getByRole('heading', { name: 'Edit this dashboard' }).waitFor()
  expect(await page.getByText(BACK).count()).toBe(0)
}, 180_000)

test('a draft whose dashboard has moved on meanwhile says who changed it, also oneself elsewhere, and when, and its writer decides', async () => {
  const page = await begin()
  const dashboard = await make(page, 'dashboards', { name: 'On the move' })
  const api = dashboard.replace(web.url, `${web.url}/api/v1`)
  const change = async (version: number, name: string) => {
    const headers = { Origin: web.url, 'If-Match': `"${version}"` }
    const answer = await page.request.put(api, { headers, data: { name } })
    expect(answer.ok(), await answer.text()).toBe(true)
  }
  await page.goto(dashboard)
  await write(page, 'Mine')
  await change(1, 'Theirs')
  await page.reload()
  await page.getByText(BACK).waitFor()
  const note = page
    .getByRole('note')
    .filter({ hasText: 'You changed this dashboard in another tab or window after it was read here, on' })
  await note.waitFor()
  expect(await note.innerText()).not.toMatch(/\d{4}-\d\d|version/)
  expect(await description(page).inputValue()).toBe('Mine')
  expect(await violations(page)).toEqual([])
  await note.getByRole('button', { name: 'Drop this, see the other' }).click()
  await page.getByRole('heading', { level: 1, name: 'Theirs' }).waitFor()
  // What is read now is theirs, and nothing of what was dropped comes back.
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  expect(await description(page).inputValue()).toBe('')
  await write(page, 'Mine after all')
  await change(2, 'Theirs once more')
  await page.reload()
  await note.waitFor()
  await note.getByRole('button', { name: 'Save this over it' }).click()
  await page.getByRole('heading', { level: 1, name: 'Theirs', exact: true }).waitFor()
  const now = await (await page.request.get(api)).json()
  expect([now.name, now.description]).toEqual(['Theirs', 'Mine after all'])
}, 180_000)

test('nobody else in the same tab is shown a draft, and whoever signs out leaves none behind', async () => {
  const page = await begin()
  const report = await make(page, 'reports', { name: 'For two', items: [] })
  const kept = () => page.evaluate('JSON.stringify(sessionStorage)')
  await page.request.post(`${report.replace(web.url, `${web.url}/api/v1`)}/share`, {
    data: { visibility: 'ORG', orgPermission: 'edit' },
    headers: { Origin: web.url, 'If-Match': '"1"' },
  })
  await page.goto(report)
  await write(page, 'For my eyes')
  const endAndReload = async () => {
    await page.context().clearCookies()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in to open this report' }).waitFor()
  }
  await endAndReload()
  await signIn(page, 'Maya Chen')
  await description(page).waitFor()
  expect(await description(page).inputValue()).toBe('')
  expect(await page.getByText(BACK).count()).toBe(0)
  await endAndReload()
  await signIn(page, 'Jonas Weber')
  await page.getByText(BACK).waitFor()
  expect(await description(page).inputValue()).toBe('For my eyes')
  expect(await kept()).toContain('For my eyes')
  await page.getByRole('banner').getByRole('button', { name: 'Jonas Weber' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await kept()).not.toContain('For my eyes')
}, 180_000)
