import type { Page, Route } from 'playwright-core'
import { expect, test } from 'vitest'
import { violations } from '../setup/axe.ts'
import { signIn } from '../setup/sign-in.ts'
import { webApp } from '../setup/web-app.ts'

const web = webApp()

async function begin() {
  const { page } = await web.open()
  page.setDefaultTimeout(20_000)
  await page.goto(web.url)
  await signIn(page, 'Maya Chen')
  return page
}

async function post(page: Page, path: string, data: object): Promise<{ id: string }> {
  const response = await page.request.post(`${web.url}/api/v1${path}`, { data, headers: { Origin: web.url } })
  expect(response.ok(), await response.text()).toBe(true)
  return response.json()
}

const saved = (page: Page, name: string) =>
  post(page, '/tables', {
    name,
    createdVia: 'BUILDER',
    definition: {
      dataSources: ['donations'],
      groupBy: [{ field: 'status' }],
      aggregates: [{ id: 'gifts', fn: 'count' }],
    },
  })

type Fault = 'fails' | 'conflict' | 'offline' | 'works'
const answers: Record<Fault, (route: Route) => Promise<void>> = {
  fails: (route) => route.fulfill({ status: 500, body: 'no' }),
  conflict: (route) =>
    route.fulfill({
      status: 409,
      json: {
        error: { code: 'conflict', message: 'Jonas changed it meanwhile', fix: 'read it again', requestId: 'r' },
      },
    }),
  offline: (route) => route.abort('internetdisconnected'),
  works: (route) => route.continue(),
}

/** The next such request waits until it is let go, and then ends as is said. */
async function hold(page: Page, url: string, method: string, fault: Fault) {
  const gate = Promise.withResolvers<void>()
  let held = true
  await page.route(url, async (route) => {
    if (!held || route.request().method() !== method) return route.fallback()
    held = false
    await gate.promise
    await answers[fault](route)
  })
  return gate.resolve
}

const SAID: Record<Exclude<Fault, 'works'>, string> = {
  fails: 'The server answered 500',
  conflict: 'Jonas changed it meanwhile',
  offline: 'The server cannot be reached',
}
const faults = ['fails', 'conflict', 'offline'] as const

test('pausing shows before the answer, and is taken back and said after every kind of fault', async () => {
  const page = await begin()
  const { id } = await saved(page, 'Paused or not')
  const recipients = [{ user: 'demo_maya' }]
  await post(page, `/tables/${id}/schedule`, { frequency: 'weekly', recipients, format: 'csv' })
  await page.goto(`${web.url}/schedules`)
  for (const fault of faults) {
    const answer = await hold(page, `**/tables/${id}/schedule`, 'POST', fault)
    await page.getByRole('button', { name: 'Pause Paused or not' }).click()
    await page.getByText('Paused', { exact: true }).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    answer()
    await page.getByRole('alert').getByText(SAID[fault]).waitFor()
    await page.getByText('It is not paused, and is mailed as before.').waitFor()
    expect(await page.getByText('Paused', { exact: true }).count()).toBe(0)
  }
  expect(await violations(page)).toEqual([])
  // A late answer to the first of two changes does not undo the second.
  const first = await hold(page, `**/tables/${id}/schedule`, 'POST', 'works')
  await page.getByRole('button', { name: 'Pause Paused or not' }).click()
  await page.getByRole('button', { name: 'Resume Paused or not' }).click()
  await page.getByText('Resumed').waitFor()
  let seen = 0
  await page.exposeFunction('sawPaused', () => {
    seen += 1
  })
  await page.evaluate(`new MutationObserver(() => {
    if (document.querySelector('button[aria-label^="Resume"]')) void sawPaused()
  }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true })`)
  first()
  await page.getByText('Resumed').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Pause Paused or not' }).waitFor()
  expect(seen).toBe(0)
  const now = await (await page.request.get(`${web.url}/api/v1/tables/${id}`)).json()
  expect(now.scheduleConfig.paused).toBe(false)
}, 120_000)

test('a deleted table goes from its page and from lists at once, and comes back, said on whichever screen one is', async () => {
  const page = await begin()
  const { id } = await saved(page, 'Here again')
  await page.goto(`${web.url}/tables`)
  await page.getByRole('link', { name: 'Here again' }).click()
  for (const fault of faults) {
    const answer = await hold(page, `**/tables/${id}`, 'DELETE', fault)
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('This table is deleted.').waitFor()
    answer()
    await page.getByRole('alert').getByText(SAID[fault]).waitFor()
    expect(await page.getByText('This table is deleted.').count()).toBe(0)
  }
  const answer = await hold(page, `**/tables/${id}`, 'DELETE', 'fails')
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('link', { name: 'All tables' }).click()
  await page.getByRole('heading', { name: 'Tables', exact: true }).waitFor()
  await page.getByRole('link', { name: 'Here again' }).waitFor({ state: 'detached' })
  answer()
  await page.getByText('“Here again” could not be deleted and is back').waitFor()
  await page.getByRole('link', { name: 'Here again' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Dismiss' }).click()
  expect(await page.getByRole('alert').count()).toBe(0)
}, 120_000)

test('sharing closes at once and shows in the list; after a fault the dialog is back with the choice', async () => {
  const page = await begin()
  const { id } = await saved(page, 'For everybody')
  await page.goto(`${web.url}/tables`)
  await page.getByRole('link', { name: 'For everybody' }).click()
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Share' }).click()
  await dialog.getByRole('radio', { name: /Everybody in/ }).check()
  for (const fault of faults) {
    const answer = await hold(page, `**/tables/${id}/share`, 'POST', fault)
    await dialog.getByRole('button', { name: 'Share', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    answer()
    await dialog.getByText(SAID[fault]).waitFor()
    expect(await dialog.getByRole('radio', { name: /Everybody in/ }).isChecked()).toBe(true)
  }
  expect(await violations(page)).toEqual([])
  const answer = await hold(page, `**/tables/${id}/share`, 'POST', 'works')
  await dialog.getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByRole('link', { name: 'All tables' }).click()
  const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'For everybody' }) })
  await row.getByText('Everybody in the organization').waitFor()
  answer()
  await page.waitForLoadState('networkidle')
  await row.getByText('Everybody in the organization').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
}, 120_000)

test('vouching, and deleting and sharing a dashboard or report, are shown at once and taken back in words', async () => {
  const page = await begin()
  const { id: tableId } = await saved(page, 'Vouched')
  await page.request.post(`${web.url}/api/v1/tables/${tableId}/share`, {
    data: { visibility: 'ORG' },
    headers: { Origin: web.url },
  })
  await page.goto(`${web.url}/tables/${tableId}`)
  const dialog = page.getByRole('dialog')
  const vouch = await hold(page, `**/tables/${tableId}/verify`, 'POST', 'conflict')
  await page.getByRole('button', { name: 'Vouch for it' }).click()
  await dialog.getByLabel('Words that it answers').fill('gifts by status')
  await dialog.getByRole('button', { name: 'Vouch for it' }).click()
  await page.getByRole('button', { name: 'Verified' }).waitFor()
  vouch()
  await dialog.getByText(SAID.conflict).waitFor()
  expect(await dialog.getByLabel('Words that it answers').inputValue()).toBe('gifts by status')
  expect(await page.getByRole('button', { name: 'Verified' }).count()).toBe(0)
  expect(await violations(page)).toEqual([])

  const table = { id: 'til_onlyOneOfThem', tableId, showAs: 'table', x: 0, y: 0, width: 6, height: 4 }
  const made = [
    ['dashboards', await post(page, '/dashboards', { name: 'Our board', tiles: [table] })],
    ['reports', await post(page, '/reports', { name: 'Our report', items: [{ kind: 'table', tableId }] })],
  ] as const
  for (const [kind, { id }] of made) {
    await page.goto(`${web.url}/${kind}/${id}`)
    const remove = await hold(page, `**/${kind}/${id}`, 'DELETE', 'offline')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText(`This ${kind.slice(0, -1)} is deleted.`).waitFor()
    remove()
    await page.getByRole('alert').getByText(SAID.offline).waitFor()
    const share = await hold(page, `**/${kind}/${id}/share`, 'POST', 'fails')
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    await dialog.getByRole('radio', { name: /Everybody in/ }).check()
    await dialog.getByRole('button', { name: 'Share', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    share()
    await dialog.getByText(SAID.fails).waitFor()
    expect(await dialog.getByRole('radio', { name: /Everybody in/ }).isChecked()).toBe(true)
    expect(await violations(page)).toEqual([])
  }
}, 120_000)

test('a renamed dashboard reads so before the answer; after a fault what was typed is still there', async () => {
  const page = await begin()
  const { id: tableId } = await saved(page, 'Placed')
  const tile = { id: 'til_onlyOneOfThem2', tableId, showAs: 'table', x: 0, y: 0, width: 6, height: 4 }
  const { id } = await post(page, '/dashboards', { name: 'Old name', tiles: [tile] })
  await page.goto(`${web.url}/dashboards/${id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByLabel('Name', { exact: true }).fill('New name')
  for (const fault of [...faults, 'works'] as const) {
    const answer = await hold(page, `**/dashboards/${id}`, 'PUT', fault)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('heading', { name: 'New name' }).waitFor()
    answer()
    if (fault === 'works') continue
    await page.getByRole('alert').getByText(SAID[fault]).waitFor()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('New name')
  }
  await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
  await page.getByRole('heading', { name: 'New name' }).waitFor()
  expect(await violations(page)).toEqual([])
}, 120_000)

test('a table is renamed, and a report saved, before the answer; after a fault what was typed is still there', async () => {
  const page = await begin()
  const { id: tableId } = await saved(page, 'Called so far')
  await page.goto(`${web.url}/tables/${tableId}`)
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Rename' }).click()
  await dialog.getByLabel('Name', { exact: true }).fill('Called from now on')
  await dialog.getByLabel('What others should know of it').fill('Gifts of all years')
  for (const fault of [...faults, 'works'] as const) {
    const answer = await hold(page, `**/tables/${tableId}`, 'PUT', fault)
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Called from now on' }).waitFor()
    await page.getByText('Gifts of all years').waitFor()
    answer()
    if (fault === 'works') continue
    await dialog.getByText(SAID[fault]).waitFor()
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('Called from now on')
    expect(await page.getByRole('heading', { level: 1, includeHidden: true }).innerText()).toBe('Called so far')
  }
  await expect.poll(() => page.title()).toBe('Called from now on · Tablewright')
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Called from now on' }).waitFor()
  expect(await violations(page)).toEqual([])

  const { id } = await post(page, '/reports', { name: 'Old report', items: [{ kind: 'table', tableId }] })
  await page.goto(`${web.url}/reports/${id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByLabel('Name', { exact: true }).fill('New report')
  for (const fault of faults) {
    const answer = await hold(page, `**/reports/${id}`, 'PUT', fault)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('heading', { name: 'New report' }).waitFor()
    answer()
    await page.getByRole('alert').getByText(SAID[fault]).waitFor()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('New report')
  }
  // Its page is left before the fault: it is said elsewhere, and who comes back goes on with the draft.
  const answer = await hold(page, `**/reports/${id}`, 'PUT', 'offline')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('link', { name: 'All reports' }).click()
  await page.getByRole('heading', { name: 'Reports', exact: true }).waitFor()
  answer()
  await page.getByText('What you changed in “Old report” was not saved').waitFor()
  await page.getByRole('link', { name: 'Old report' }).click()
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('New report')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
  await page.getByRole('heading', { name: 'New report' }).waitFor()
}, 120_000)

test('a pinned table is said to be on its dashboard at once, and not to be there after a fault', async () => {
  const page = await begin()
  const { id: tableId } = await saved(page, 'To be pinned')
  const { id } = await post(page, '/dashboards', { name: 'Where it goes' })
  await page.goto(`${web.url}/tables/${tableId}`)
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Pin to dashboard' }).click()
  for (const fault of faults) {
    const answer = await hold(page, `**/dashboards/${id}`, 'PUT', fault)
    await dialog.getByRole('button', { name: 'Where it goes' }).click()
    await dialog.getByText('It is on Where it goes now.').waitFor()
    answer()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByRole('button', { name: 'Where it goes' }).waitFor()
    expect(await dialog.getByText('It is there already').count()).toBe(0)
  }
  const answer = await hold(page, `**/dashboards/${id}`, 'PUT', 'works')
  await dialog.getByRole('button', { name: 'Where it goes' }).click()
  await dialog.getByText('It is on Where it goes now.').waitFor()
  expect(await violations(page)).toEqual([])
  answer()
  await dialog.getByRole('link', { name: 'Where it goes' }).click()
  await page.getByRole('heading', { name: 'To be pinned' }).waitFor()
}, 120_000)
