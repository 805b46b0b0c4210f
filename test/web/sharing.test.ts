import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sharingWords } from '../../web/sharing/words.ts'
import { violations } from '../setup/axe.ts'
import { signIn } from '../setup/sign-in.ts'
import { webApp } from '../setup/web-app.ts'

const web = webApp()

async function saveTable(page: Page, name: string): Promise<void> {
  await page.goto(web.url)
  await page.getByRole('textbox').fill('Money raised by channel')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Save table' }).click()
  await page.getByRole('link', { name }).click()
  await page.getByRole('grid').waitFor()
}

test('a table is shared by name, and said in words with whom; a conflict keeps the choice; it is handed on', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  await saveTable(page, 'Ours')
  const id = page.url().split('/').at(-1) ?? ''

  await page.getByRole('button', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Only you see it.').waitFor()
  expect(await dialog.getByRole('button', { name: 'Share', exact: true }).isDisabled()).toBe(true)
  await dialog.getByRole('radio', { name: /Teams and people/ }).check()
  await dialog.getByLabel('Find a team or person').fill('fin')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Enter')
  await dialog.getByLabel('What Finance may do').selectOption('edit')
  await dialog.getByLabel('Find a team or person').fill('priya')
  await dialog.getByRole('button', { name: /Priya Nair/ }).click()
  await dialog.getByText('You, Priya Nair and the team Finance see it: 3 of 3 people').waitFor()
  await dialog.getByText('You and Maya Chen may change it.').waitFor()
  expect(await dialog.getByLabel('What Priya Nair may do').locator('option:disabled').innerText()).toBe('Edit')
  expect(await violations(page)).toEqual([])

  // Somebody with a newer page changes it in between.
  const other = await page.context().newPage()
  await other.goto(`${web.url}/tables/${id}`)
  await other.getByRole('button', { name: 'Share' }).click()
  await other.getByRole('radio', { name: /Everybody in/ }).check()
  await other.getByRole('dialog').getByRole('button', { name: 'Share', exact: true }).click()
  await other.getByRole('dialog').waitFor({ state: 'detached' })
  await other.close()

  await dialog.getByRole('button', { name: 'Share', exact: true }).click()
  await dialog.getByText(/You changed it in another tab or window/).waitFor()
  await dialog.getByRole('button', { name: 'Read the newest version' }).click()
  await dialog.getByText('As it is now: Everybody in Riverbend Action Fund sees it: 3 people.').waitFor()
  expect(await dialog.getByLabel('What Finance may do').inputValue()).toBe('edit')
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 360, height: 760 })
  await expect
    .poll(() => page.evaluate('document.documentElement.scrollWidth'), { timeout: 15_000 })
    .toBeLessThanOrEqual(360)
  await page.setViewportSize({ width: 1280, height: 900 })
  await dialog.getByRole('button', { name: 'Share', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Share' }).click()
  await dialog.getByText('Hand it to somebody else').click()
  await dialog.getByLabel('New owner').selectOption({ label: 'Maya Chen, admin' })
  await dialog.getByRole('button', { name: 'Hand it over' }).click()
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => page.getByRole('button', { name: 'Share' }).count(), { timeout: 15_000 }).toBe(0)
  await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
  expect(complaints.filter((text) => !text.includes('412'))).toEqual([])
}, 120_000)

test('another organization is seen with one click, in this tab only; nothing of the reader before stays', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(`${web.url}/tables`)
  await signIn(page, 'Priya Nair')
  await page.getByRole('link', { name: 'Ours' }).click()
  await page.getByRole('grid').waitFor()

  const second = await page.context().newPage()
  second.setDefaultTimeout(45_000)
  await second.goto(`${web.url}/tables`)
  await second.getByRole('link', { name: 'Ours' }).waitFor()
  await second.getByRole('button', { name: 'Priya Nair' }).click()
  expect(await violations(second)).toEqual([])
  await second
    .getByRole('dialog')
    .getByRole('button', { name: /Hillcrest/ })
    .click()
  await second.getByText('No tables yet.').waitFor()
  expect(await second.getByRole('link', { name: 'Ours' }).count()).toBe(0)
  await second.getByRole('banner').getByText('Hillcrest Alliance').waitFor()

  // The first tab goes on as the organization that it shows.
  await page.getByRole('link', { name: 'All tables' }).click()
  await page.getByRole('link', { name: 'Ours' }).click()
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.getByRole('grid').waitFor()

  await page.goto(web.url)
  await page.getByRole('textbox').fill('Money raised by channel')
  await page.keyboard.press('Enter')
  await page.getByRole('grid').waitFor()
  await page.getByRole('button', { name: 'Priya Nair' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  await page.getByText('What would you like to see?').first().waitFor()
  expect(await page.getByRole('grid').count()).toBe(0)
  await page.getByRole('link', { name: 'Tables', exact: true }).click()
  await page.getByText('Sign in to see your tables.').waitFor()
  expect(await page.getByRole('link', { name: 'Ours' }).count()).toBe(0)
  expect(await page.evaluate("sessionStorage.getItem('tablewright-builder')")).toBe(null)
  // The other tab notices once it is come back to.
  await second.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
  await second.getByText('Sign in to see your tables.').waitFor()
  expect(complaints).toEqual([])
}, 120_000)

test('a viewer is offered what they may do in place of saving; somebody who was taken out sees what is left to them', async () => {
  const { page } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Priya Nair')
  await page.getByRole('textbox').fill('Money raised by channel')
  await page.keyboard.press('Enter')
  const instead = page.getByText('Viewers do not save tables: take it as a file, or ask an admin of Riverbend')
  await instead.waitFor()
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Edit in builder' }).click()
  await instead.waitFor()
  await page.getByRole('button', { name: 'Download' }).waitFor()
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
  await page.goto(web.url)
  const admin = await web.open()
  await admin.page.goto(web.url)
  await signIn(admin.page, 'Maya Chen')
  const gone = await admin.page.request.delete(`${web.url}/api/v1/members/demo_priya`, { headers: { Origin: web.url } })
  expect(gone.status()).toBe(200)
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
  await page.getByText('What would you like to see?').first().waitFor()
  await page.getByRole('button', { name: 'Priya Nair' }).click()
  await page.getByRole('dialog').getByText('You are an editor; this is what you see now').waitFor()
  expect(await page.getByRole('dialog').getByText('Riverbend').count()).toBe(0)
}, 120_000)

test('whoever may only read a table makes a copy of their own, on its page and in the builder', async () => {
  const { page: owner } = await web.open()
  await owner.goto(web.url)
  await signIn(owner, 'Maya Chen')
  const definition = {
    dataSources: ['donations'],
    groupBy: [{ field: 'status' }],
    aggregates: [{ id: 'n', fn: 'count' }],
  }
  const data = { name: 'By status', createdVia: 'BUILDER', visibility: 'ORG', definition }
  const made = await owner.request.post(`${web.url}/api/v1/tables`, { headers: { Origin: web.url }, data })
  const { id } = await made.json()
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  await page.goto(`${web.url}/build?table=${id}`)
  await page.getByRole('heading', { name: 'From “By status”' }).waitFor()
  await page.getByRole('button', { name: 'Save as my own copy' }).click()
  expect(await page.getByRole('button', { name: 'Save changes' }).count()).toBe(0)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Save table' }).click()
  await page.getByRole('link', { name: 'By status (mine)' }).waitFor()

  await page.goto(`${web.url}/tables/${id}`)
  await page.getByRole('grid').waitFor()
  expect(await page.getByRole('button', { name: 'Edit', exact: true }).count()).toBe(0)
  await page.getByRole('button', { name: 'Make my own copy' }).click()
  await page.getByText('Seen by: only you').waitFor()
  await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
  expect(complaints).toEqual([])
}, 120_000)

const person = (id: string, role: 'viewer' | 'editor' | 'admin', teamIds: string[] = []) => ({
  ...{ id, role, teamIds, name: id, email: null, columnRoles: [] },
})
const around = {
  known: {
    people: [
      person('Ann', 'editor'),
      person('Bob', 'viewer', ['t']),
      person('Cy', 'admin', ['t']),
      person('Di', 'editor'),
    ],
    teams: [{ id: 't', name: 'Tea' }],
  },
  owner: { id: 'Ann', name: 'Ann' },
  me: 'Ann',
  organization: 'Acme',
}
const none = { orgPermission: 'view' as const, sharedWithTeams: [], sharedWithUsers: [] }

test('who sees a thing is said as the server decides it', () => {
  const words = (sharing: Parameters<typeof sharingWords>[0], me = 'Ann') =>
    Object.values(sharingWords(sharing, { ...around, me })).join(' ')
  expect(words({ ...none, visibility: 'PRIVATE' })).toBe('Only you see it. Only you may change it.')
  expect(words({ ...none, visibility: 'PRIVATE' }, 'Cy')).toBe('Only Ann, its owner, sees it. Only Ann may change it.')
  expect(words({ ...none, visibility: 'TEAM', sharedWithTeams: [{ id: 't', permission: 'edit' }] })).toBe(
    'You and the team Tea see it: 3 of 4 people in Acme. You and Cy may change it.',
  )
  expect(words({ ...none, visibility: 'TEAM', sharedWithUsers: [{ id: 'Bob', permission: 'edit' }] })).toBe(
    'You and Bob see it: 2 of 4 people in Acme. Only you may change it.',
  )
  expect(words({ ...none, visibility: 'ORG' })).toBe('Everybody in Acme sees it: 4 people. You and Cy may change it.')
  expect(words({ ...none, visibility: 'ORG', orgPermission: 'edit' })).toBe(
    'Everybody in Acme sees it: 4 people. You, Cy and Di may change it.',
  )
})
