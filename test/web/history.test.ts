import { expect, test } from 'vitest'
import { diffDefinitions } from '../../src/definition/patch.ts'
import { Definition } from '../../src/definition/schema.ts'
import { changeLines } from '../../web/library/change-words.ts'
import { violations } from '../setup/axe.ts'
import { signIn } from '../setup/sign-in.ts'
import { webApp } from '../setup/web-app.ts'

const web = webApp()

test('the history says in words what changed, and goes back; a conflict keeps what was chosen', async () => {
  const { page, complaints } = await web.open()
  page.setDefaultTimeout(45_000)
  await page.goto(web.url)
  await signIn(page, 'Jonas Weber')
  const api = `${web.url}/api/v1/tables`
  const before = {
    dataSources: ['donations'],
    columns: [{ field: 'amount' }, { field: 'campaign.channel' }],
    sortBy: [{ field: 'amount', direction: 'desc' }],
    limit: 20,
  }
  const after = {
    ...{ dataSources: ['donations'], limit: null },
    columns: [{ field: 'amount' }, { field: 'received_at' }],
    filters: { all: [{ field: 'status', op: 'eq', value: 'completed' }] },
  }
  const headers = { Origin: web.url }
  const made = await page.request.post(api, {
    headers,
    data: { name: 'Gifts', createdVia: 'BUILDER', definition: before },
  })
  expect(made.status()).toBe(201)
  const { id } = await made.json()
  const change = async (version: number, data: object) => {
    const answer = await page.request.put(`${api}/${id}`, { headers: { ...headers, 'If-Match': `"${version}"` }, data })
    expect(answer.status()).toBe(200)
  }
  await change(1, { name: 'Latest gifts', definition: after })

  const shared = await page.request.post(`${api}/${id}/share`, {
    headers: { ...headers, 'If-Match': '"2"' },
    data: { visibility: 'ORG' },
  })
  expect(shared.status()).toBe(200)

  await page.goto(`${web.url}/tables/${id}`)
  await page.getByText('Version history').click()
  const versions = page.getByRole('list', { name: 'Versions' })
  await versions.getByText('Name: “Gifts”, now “Latest gifts”').waitFor()
  await versions.getByText(/^Version 3: sharing changed by Jonas Weber, /).waitFor()
  await versions.getByText('Column Received').waitFor()
  await versions.getByText('Column Campaign › Channel').waitFor()
  await versions.getByText('Rows at most: 20, now all').waitFor()
  await versions
    .getByText(/Status is Completed/)
    .first()
    .waitFor()
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  await page.setViewportSize({ width: 1280, height: 900 })

  await page.getByRole('button', { name: 'Go back to version 1' }).click()
  expect(await violations(page)).toEqual([])
  await change(3, { description: 'Looked over' })
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Go back', exact: true }).click()
  const conflict = await dialog.getByRole('alert').innerText()
  // In the reader's own time, and without what only programs need.
  expect(conflict).toMatch(
    /You changed it in another tab or window after it was read here, on \w+ \d+, \d{4}, \d+:\d\d\s[AP]M/,
  )
  expect(conflict).not.toMatch(/version \d|\d{4}-\d\d/)
  await dialog.getByRole('button', { name: 'Read the newest version' }).click()
  await dialog.getByRole('alert').waitFor({ state: 'detached' })
  await dialog.getByRole('button', { name: 'Go back', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'Gifts', exact: true }).waitFor()
  await versions.getByText('back to version 1, by').waitFor()
  expect(await page.getByRole('button', { name: 'Go back to version 5' }).count()).toBe(0)
  expect(complaints.filter((text) => !text.includes('412'))).toEqual([])
}, 120_000)

test('changes of every kind have words', () => {
  const from = Definition.parse({
    dataSources: ['donations'],
    groupBy: [{ field: 'received_at', grain: 'month' }],
    aggregates: [{ id: 'raised', metric: 'raised' }],
    sortBy: [{ field: 'raised', direction: 'desc' }],
  })
  const to = Definition.parse({
    dataSources: ['donations'],
    groupBy: [{ field: 'received_at', grain: 'year' }, { field: 'status' }],
    aggregates: [{ id: 'raised', metric: 'raised', label: 'Money' }],
    filters: {
      all: [
        { field: 'received_at', op: 'in_period', value: { last: 2, unit: 'year' } },
        {
          any: [
            { field: 'amount', op: 'gt', value: 5 },
            { field: 'note', op: 'is_empty' },
          ],
        },
      ],
    },
    totals: true,
    compare: { to: 'previous_year' },
  })
  const lines = changeLines(diffDefinitions(from, to) as Parameters<typeof changeLines>[0], {
    catalog: undefined,
    source: 'donations',
  })
  expect(lines.map(({ sign, text }) => `${sign} ${text}`)).toEqual([
    '~ Group by received at, by month, now Group by received at, by year',
    '+ Group by status',
    '~ Number raised, now Number “Money” (raised)',
    '− Order by raised, falling',
    '~ Totals: no, now yes',
    '~ Compared with: none, now the year before',
    '+ Only where received at is in the last 2 years',
    '+ Only where amount is above 5 or note is empty',
  ])
})
