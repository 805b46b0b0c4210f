// `npm run screens`: every screen of the web application as a picture, in light and dark and three widths, for people to
// look at. In: the demo. Out: files under screens/, which are not committed. Run: npm run screens [-- --only dashboards]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { buildWeb, webRoot } from '../src/server/build-web.ts'
import { demoContext, serveApp } from '../test/setup/app.ts'
import { startBrowser } from '../test/setup/browser.ts'

const { values: given } = parseArgs({
  options: { only: { type: 'string', default: '' }, out: { type: 'string', default: 'screens' } },
})
const WIDTHS = [360, 820, 1280]
const THEMES = ['light', 'dark'] as const
const PEOPLE = { admin: 'demo_maya', editor: 'demo_jonas', viewer: 'demo_priya' }

await buildWeb(() => {})
const demo = await demoContext('2026-11-23')
const app = await serveApp(demo.ctx, { webRoot })
const browser = await startBrowser()
mkdirSync(given.out, { recursive: true })

const api = async (page: Page, method: 'POST' | 'PUT', path: string, data: object, headers = {}) => {
  const response = await page.request.fetch(`${app.url}/api/v1${path}`, {
    method,
    data,
    headers: { Origin: app.url, ...headers },
  })
  if (!response.ok()) throw new Error(`${method} ${path}: ${await response.text()}`)
  return (await response.json()) as { id: string; version: number }
}

const raised = {
  version: 1,
  dataSources: ['donations', 'campaign'],
  groupBy: [{ field: 'campaign.channel' }],
  aggregates: [
    { id: 'raised', metric: 'raised' },
    { id: 'gifts', fn: 'count' },
  ],
  sortBy: [{ field: 'raised', direction: 'desc' }],
  totals: true,
}
const monthly = {
  version: 1,
  dataSources: ['donations'],
  groupBy: [{ field: 'received_at', grain: 'month' }],
  aggregates: [{ id: 'raised', metric: 'raised' }],
}
const list = { version: 1, dataSources: ['donations'] }
const total = { version: 1, dataSources: ['donations'], aggregates: [{ id: 'raised', metric: 'raised' }] }
const long =
  'A table whose name goes on and on, as names that people give in a hurry sometimes do, until nobody reads it'

/** Something of everything, so that no screen is empty. */
async function fill(page: Page) {
  await page.request.fetch(`${app.url}/api/v1/session/demo`, {
    method: 'POST',
    data: { person: PEOPLE.admin },
    headers: { Origin: app.url },
  })
  const table = (name: string, definition: object) =>
    api(page, 'POST', '/tables', { name, definition, visibility: 'ORG', createdVia: 'BUILDER' })
  const [a, b, c, d] = [
    await table('Raised by channel', raised),
    await table('Raised by month', monthly),
    await table(long, list),
    await table('Raised in all', total),
  ]
  const tile = (id: string, tableId: string, showAs: string, x: number, y: number, width: number, height: number) => ({
    ...{ id, tableId, showAs, x, y, width, height },
  })
  const board = await api(page, 'POST', '/dashboards', {
    name: 'Fundraising',
    visibility: 'ORG',
    tiles: [
      tile('til_a', d.id, 'number', 0, 0, 4, 3),
      tile('til_b', b.id, 'chart', 4, 0, 8, 6),
      tile('til_c', a.id, 'table', 0, 3, 4, 7),
      tile('til_d', c.id, 'table', 4, 6, 8, 6),
    ],
  })
  const report = await api(page, 'POST', '/reports', {
    name: 'For the board',
    visibility: 'ORG',
    items: [
      { kind: 'text', text: 'What came in, and by which way.' },
      { kind: 'table', tableId: a.id },
      { kind: 'table', tableId: b.id },
    ],
  })
  await api(page, 'POST', '/views', { section: 'Board', tableId: a.id }).catch(() => undefined)
  await api(page, 'POST', `/tables/${a.id}/schedule`, {
    frequency: 'weekly',
    recipients: [{ user: PEOPLE.admin }],
    format: 'excel',
    timezone: 'America/New_York',
  })
  const asked = await api(page, 'POST', '/tables/generate', {
    prompt: 'Money raised by payment method',
    conversationId: 'new',
    timezone: 'UTC',
  })
  const { conversationId } = asked as unknown as { conversationId: string }
  return { a, b, c, board, report, conversationId }
}

type Filled = Awaited<ReturnType<typeof fill>>
type Screen = {
  readonly name: string
  readonly path: (filled: Filled) => string
  readonly signedOut?: true
  readonly act?: (page: Page) => Promise<unknown>
}
const ask = (prompt: string) => async (page: Page) => {
  await page.getByRole('textbox').fill(prompt)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 2 }).first().waitFor()
}
const click = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click()
const screens: readonly Screen[] = [
  { name: 'ask-visitor', path: () => '/', signedOut: true },
  { name: 'ask', path: () => '/' },
  { name: 'ask-answer', path: () => '/', act: ask('Money raised by month this year') },
  { name: 'ask-question', path: () => '/', act: ask('top 5 donors by money raised') },
  { name: 'ask-draft', path: () => '/', act: ask('money raised by frobnicated zorbs') },
  { name: 'ask-refused', path: () => '/', act: ask('delete all donations') },
  { name: 'conversation', path: ({ conversationId }) => `/?conversation=${conversationId}` },
  { name: 'conversations', path: () => '/conversations' },
  { name: 'build', path: () => '/build' },
  { name: 'tables', path: () => '/tables' },
  { name: 'tables-signed-out', path: () => '/tables', signedOut: true },
  { name: 'table', path: ({ a }) => `/tables/${a.id}` },
  { name: 'table-line', path: ({ b }) => `/tables/${b.id}` },
  { name: 'table-long', path: ({ c }) => `/tables/${c.id}` },
  { name: 'table-unknown', path: () => '/tables/tbl_none' },
  { name: 'table-share', path: ({ a }) => `/tables/${a.id}`, act: click('Share') },
  { name: 'table-export', path: ({ a }) => `/tables/${a.id}`, act: click('Export') },
  { name: 'table-schedule', path: ({ a }) => `/tables/${a.id}?schedule=true` },
  {
    name: 'table-history',
    path: ({ a }) => `/tables/${a.id}`,
    act: (page) => page.getByText('Version history', { exact: true }).click(),
  },
  { name: 'dashboards', path: () => '/dashboards' },
  { name: 'dashboard', path: ({ board }) => `/dashboards/${board.id}` },
  { name: 'dashboard-edit', path: ({ board }) => `/dashboards/${board.id}`, act: click('Edit') },
  { name: 'reports', path: () => '/reports' },
  { name: 'report', path: ({ report }) => `/reports/${report.id}` },
  { name: 'views', path: () => '/views' },
  { name: 'schedules', path: () => '/schedules' },
  { name: 'deliveries', path: () => '/deliveries' },
  { name: 'exports', path: () => '/exports' },
  ...['members', 'teams', 'keys', 'catalog', 'usage', 'audit'].map((section) => ({
    name: `settings-${section}`,
    path: () => `/settings/${section}`,
  })),
  { name: 'join', path: () => '/join/nothing', signedOut: true as const },
  { name: 'not-found', path: () => '/nowhere' },
]

const first = await browser.newContext()
const filled = await fill(await first.newPage())
const signedIn = await first.storageState()
await first.close()
const failures: string[] = []
let made = 0
for (const theme of THEMES)
  for (const width of WIDTHS)
    for (const screen of screens.filter(({ name }) => name.startsWith(given.only)))
      await picture(browser, screen, theme, width)
console.log(`${made} pictures in ${given.out}/`)
for (const failure of failures) console.log(failure)
await browser.close()
await app.close().catch((error: unknown) => failures.push(String(error)))
await demo.close()
process.exit(failures.length === 0 ? 0 : 1)

async function picture(from: Browser, screen: Screen, theme: (typeof THEMES)[number], width: number): Promise<void> {
  const context = await from.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(screen.signedOut ? {} : { storageState: signedIn }),
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const name = `${screen.name}-${width}-${theme}`
  try {
    await page.goto(`${app.url}${screen.path(filled)}`)
    await page.waitForLoadState('networkidle')
    await screen.act?.(page)
    await page.waitForLoadState('networkidle')
    await page.getByText('Drawing the table…').waitFor({ state: 'detached' })
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wider > 0) failures.push(`${name}: ${wider} pixels wider than the screen`)
    await page.screenshot({ path: join(given.out, `${name}.png`), fullPage: true })
    made += 1
  } catch (error) {
    failures.push(`${name}: ${String(error).split('\n')[0]}`)
  }
  await context.close()
}
