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
  ;[browser, demo] = await Promise.all([startBrowser(), demoContext()])
  app = await serveApp(demo.ctx, { webRoot })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await demo?.close()
})

async function openAs(name: string, path: string): Promise<{ page: Page; complaints: string[] }> {
  const opened = await openPage(browser)
  const { page } = opened
  page.setDefaultTimeout(45_000)
  await page.goto(`${app.url}${path}`)
  await signIn(page, name)
  return opened
}

const narrow = async (page: Page) => {
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  await page.setViewportSize({ width: 1280, height: 900 })
}

test('an admin makes a team and invites by a link; whoever opens it joins, and is removed again', async () => {
  const { page, complaints } = await openAs('Maya Chen', '/settings')
  await page.getByRole('heading', { name: 'Members' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/settings/members')
  await page.getByText('Priya Nair').waitFor()
  expect(await violations(page)).toEqual([])
  await narrow(page)

  const nav = page.getByRole('navigation', { name: 'Settings' })
  const dialog = page.getByRole('dialog')
  await nav.getByRole('link', { name: 'Teams' }).click()
  await page.getByRole('button', { name: 'Make a team' }).click()
  await dialog.getByLabel('Name').fill('Field')
  await dialog.getByLabel(/Jonas Weber/).check()
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('button', { name: 'Change Field' }).click()
  await dialog.getByLabel('Name').fill('finance')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText(/another team has that name/).waitFor()
  await dialog.getByLabel('Name').fill('Field work')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Field work').waitFor()

  await nav.getByRole('link', { name: 'Members' }).click()
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await dialog.getByLabel('E-mail').fill('new@riverbend.example')
  await dialog.getByRole('radio', { name: /Editor/ }).check()
  await dialog.getByLabel('Field work').check()
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = (await dialog.locator('pre').innerText()).trim()
  expect(link).toContain('/join/twi_')
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByText('new@riverbend.example').waitFor()

  const guest = await openPage(browser)
  guest.page.setDefaultTimeout(45_000)
  await guest.page.goto(link)
  await guest.page.getByRole('heading', { name: 'Join Riverbend Action Fund' }).waitFor()
  expect(await violations(guest.page)).toEqual([])
  await narrow(guest.page)
  await guest.page.getByLabel('Your name').fill('Nia Okafor')
  expect(await guest.page.getByLabel('E-mail').inputValue()).toBe('new@riverbend.example')
  await guest.page.getByLabel('Password').fill('a long enough password')
  await guest.page.getByRole('button', { name: 'Join', exact: true }).click()
  await guest.page.getByText('No tables yet.').waitFor()
  await guest.page.getByRole('banner').getByRole('button', { name: 'Nia Okafor' }).waitFor()
  expect(guest.complaints).toEqual([])
  await guest.page.goto(link)
  await guest.page.getByText(/it is used, expired, or was taken back/).waitFor()

  await page.reload()
  await page.getByText('None is open.').waitFor()
  await page.getByRole('button', { name: 'Change Nia Okafor' }).click()
  await dialog.getByRole('radio', { name: /Viewer/ }).check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Remove Nia Okafor' }).click()
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Remove Nia Okafor' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await page.getByRole('button', { name: 'Change Nia Okafor' }).count()).toBe(0)

  await page.getByRole('button', { name: 'Change Maya Chen' }).click()
  await dialog.getByRole('radio', { name: /Viewer/ }).check()
  await dialog.getByText('You take your own admin rights away').waitFor()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText(/Cannot take the last admin away/).waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await nav.getByRole('link', { name: 'Audit' }).click()
  await page.getByText('Maya Chen made the team Field').waitFor()
  expect(await violations(page)).toEqual([])
  await narrow(page)
  await page.getByRole('combobox', { name: 'What', exact: true }).selectOption('member')
  await page.getByText('Maya Chen removed the member').waitFor()
  expect(await page.getByText('made the team').count()).toBe(0)
  expect(new URL(page.url()).search).toBe('?kind=member')
  expect(complaints.filter((text) => !text.includes('409'))).toEqual([])
}, 120_000)

test('keys are shown once; what a role may not do is not offered, and said why', async () => {
  const { page, complaints } = await openAs('Priya Nair', '/settings/keys')
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Make a key' }).click()
  await dialog.getByLabel('Name').fill('Nightly copy')
  expect(await dialog.getByLabel(/Write.*not for viewers/).isDisabled()).toBe(true)
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const key = (await dialog.locator('pre').innerText()).trim()
  const { person } = await fetch(`${app.url}/api/v1/session`, { headers: { Authorization: `Bearer ${key}` } }).then(
    (answer) => answer.json(),
  )
  expect(person.name).toBe('Priya Nair')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByText('Nightly copy').waitFor()
  expect((await page.content()).includes(key)).toBe(false)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Revoke Nightly copy' }).click()
  await dialog.getByRole('button', { name: 'Revoke it' }).click()
  await page.getByText('There is no key yet.').waitFor()

  await page.getByRole('link', { name: 'Members' }).click()
  await page.getByText('Inviting, removing and changing roles is for admins').waitFor()
  expect(await page.getByRole('button', { name: /Change|Remove|Invite/ }).count()).toBe(0)
  expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0)
  await page.goto(`${app.url}/settings/usage`)
  await page.getByText('Ask Maya Chen.').waitFor()
  expect(await violations(page)).toEqual([])
  expect(complaints).toEqual([])
}, 120_000)

test('the catalog is read as a map and searched; usage adds up what was asked', async () => {
  const { page, complaints } = await openAs('Maya Chen', '/settings/catalog')
  await page.getByRole('link', { name: 'Donations', exact: true }).first().waitFor()
  expect(await violations(page)).toEqual([])
  await narrow(page)
  await page.getByLabel('Search the catalog').fill('birth')
  await page.getByText('Has Date of birth').waitFor()
  expect(await page.getByRole('list', { name: 'Entities' }).getByRole('listitem').count()).toBe(1)
  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.getByRole('region', { name: 'Fields' }).getByText('date_of_birth').waitFor()
  expect(await violations(page)).toEqual([])
  await narrow(page)
  await page.getByRole('region', { name: 'Leads to' }).getByRole('link', { name: 'Donations' }).first().click()
  await page.getByRole('heading', { name: 'Donations' }).waitFor()

  await page.goto(app.url)
  await page.getByRole('textbox').fill('Money raised by channel')
  await page.keyboard.press('Enter')
  await page.getByRole('grid').waitFor()
  await page.goto(`${app.url}/settings/usage`)
  await page.getByRole('region', { name: 'Usage by day' }).getByText('Built-in').waitFor()
  await page.getByText('Nobody has vouched for a table yet.', { exact: false }).waitFor()
  expect(await violations(page)).toEqual([])
  await narrow(page)
  expect(complaints).toEqual([])
}, 120_000)
