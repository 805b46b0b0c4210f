// The screens that `npm run screens` takes, and what stands on them. In: a page that is signed in. Out: addresses, and what
// is done there before the picture is taken.
import type { Page } from 'playwright-core'

export type Api = (
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  data?: object,
  headers?: Record<string, string>,
) => Promise<{ id: string; version: number }>

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
export async function fill(api: Api, admin: string) {
  const table = (name: string, definition: object) =>
    api('POST', '/tables', { name, definition, visibility: 'ORG', createdVia: 'BUILDER' })
  const [a, b, c, d] = [
    await table('Raised by channel', raised),
    await table('Raised by month', monthly),
    await table(long, list),
    await table('Raised in all', total),
  ]
  const name300 = await table('Unbroken'.repeat(25), raised)
  const gone = await table('Raised long ago', total)
  await api('DELETE', `/tables/${gone.id}`, undefined, { 'If-Match': `"${gone.version}"` })
  const tile = (id: string, tableId: string, showAs: string, x: number, y: number, width: number, height: number) => ({
    ...{ id, tableId, showAs, x, y, width, height },
  })
  const board = await api('POST', '/dashboards', {
    name: 'Fundraising',
    visibility: 'ORG',
    tiles: [
      tile('til_a', d.id, 'number', 0, 0, 4, 3),
      tile('til_b', b.id, 'chart', 4, 0, 8, 6),
      tile('til_c', a.id, 'table', 0, 3, 4, 7),
      tile('til_d', c.id, 'table', 4, 6, 8, 6),
      tile('til_e', name300.id, 'table', 0, 12, 4, 6),
    ],
    filters: [
      { id: 'flt_a', label: 'Received', field: 'date', op: 'in_period' },
      { id: 'flt_b', label: 'Payment method', field: { entity: 'donations', field: 'payment_method' }, op: 'in' },
    ],
  })
  const report = await api('POST', '/reports', {
    name: 'For the board',
    visibility: 'ORG',
    items: [
      { kind: 'text', text: 'What came in, and by which way.' },
      { kind: 'table', tableId: a.id },
      { kind: 'table', tableId: b.id },
    ],
  })
  await api('POST', '/views', { section: 'Board', tableId: a.id }).catch(() => undefined)
  await api('POST', `/tables/${a.id}/schedule`, {
    frequency: 'weekly',
    recipients: [{ user: admin }],
    format: 'excel',
    timezone: 'America/New_York',
  })
  const asked = await api('POST', '/tables/generate', {
    prompt: 'Money raised by payment method',
    conversationId: 'new',
    timezone: 'UTC',
  })
  const { conversationId } = asked as unknown as { conversationId: string }
  return { a, b, c, name300, gone, board, report, conversationId }
}

export type Filled = Awaited<ReturnType<typeof fill>>
export type Screen = {
  readonly name: string
  readonly path: (filled: Filled) => string
  readonly signedOut?: true
  /** Requests that find no server once the page has begun. */
  readonly away?: string | RegExp
  readonly print?: true
  readonly act?: (page: Page) => Promise<unknown>
}
const NARROW = 960
const say = async (page: Page, prompt: string) => {
  await page.getByRole('textbox').fill(prompt)
  await page.keyboard.press('Enter')
}
const ask = (prompt: string) => async (page: Page) => {
  await say(page, prompt)
  await page.getByRole('heading', { level: 2 }).first().waitFor()
}
const click = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click()
const first = (page: Page, name: RegExp) => page.getByRole('button', { name }).first().click()
const isNarrow = (page: Page) => (page.viewportSize()?.width ?? 0) <= NARROW
const more = async (page: Page) => {
  if (isNarrow(page)) await click('More')(page)
}
/** On narrow screens it stands in a menu. */
const lessOften = async (page: Page, name: string) => {
  await more(page)
  await page.getByRole(isNarrow(page) ? 'menuitem' : 'button', { name, exact: true }).click()
}
const openMenu = (page: Page) =>
  page
    .getByRole('button', { name: /^(Menu|More)$/ })
    .first()
    .click()
/** As they are before anything was made. */
export const emptyScreens: readonly Screen[] = [
  ...[
    '',
    'tables',
    'dashboards',
    'reports',
    'views',
    'schedules',
    'deliveries',
    'exports',
    'conversations',
    'deleted',
  ].map((name) => ({ name: `empty-${name || 'ask'}`, path: () => `/${name}` })),
]
export const screens: readonly Screen[] = [
  { name: 'ask-visitor', path: () => '/', signedOut: true },
  { name: 'ask', path: () => '/' },
  { name: 'ask-answer', path: () => '/', act: ask('Money raised by month this year') },
  { name: 'ask-question', path: () => '/', act: ask('top 5 donors by money raised') },
  { name: 'ask-draft', path: () => '/', act: ask('money raised by frobnicated zorbs') },
  { name: 'ask-refused', path: () => '/', act: ask('delete all donations') },
  {
    name: 'ask-save',
    path: () => '/',
    act: async (page) => {
      await ask('Money raised by month this year')(page)
      await click('Save')(page)
    },
  },
  { name: 'ask-away', path: () => '/', away: '**/tables/generate', act: (page) => say(page, 'Money raised by month') },
  { name: 'ask-menu', path: () => '/', act: openMenu },
  { name: 'conversation', path: ({ conversationId }) => `/?conversation=${conversationId}` },
  { name: 'conversations', path: () => '/conversations' },
  { name: 'conversations-delete', path: () => '/conversations', act: (page) => first(page, /^Delete /) },
  { name: 'build', path: () => '/build' },
  { name: 'build-table', path: ({ a }) => `/build?table=${a.id}` },
  { name: 'tables', path: () => '/tables' },
  { name: 'tables-signed-out', path: () => '/tables', signedOut: true },
  { name: 'tables-away', path: () => '/tables', away: /\/api\/v1\/tables(\?|$)/ },
  { name: 'tables-found-none', path: () => '/tables?find=zebra' },
  { name: 'deleted', path: () => '/deleted' },
  { name: 'table-signed-out', path: ({ a }) => `/tables/${a.id}`, signedOut: true },
  { name: 'table-away', path: ({ a }) => `/tables/${a.id}`, away: '**/api/v1/tables/*' },
  { name: 'table-rows-away', path: ({ a }) => `/tables/${a.id}`, away: '**/rows?*' },
  { name: 'table-deleted', path: ({ gone }) => `/tables/${gone.id}` },
  { name: 'table-unbroken', path: ({ name300 }) => `/tables/${name300.id}` },
  { name: 'table-more', path: ({ a }) => `/tables/${a.id}`, act: more },
  { name: 'table-pin', path: ({ a }) => `/tables/${a.id}`, act: (page) => lessOften(page, 'Pin to dashboard') },
  { name: 'table-rename', path: ({ a }) => `/tables/${a.id}`, act: (page) => lessOften(page, 'Rename') },
  { name: 'table-vouch', path: ({ a }) => `/tables/${a.id}`, act: (page) => lessOften(page, 'Vouch for it') },
  { name: 'table-columns', path: ({ a }) => `/tables/${a.id}`, act: click('Columns') },
  { name: 'table-column', path: ({ a }) => `/tables/${a.id}`, act: (page) => first(page, /^Menu of /) },
  { name: 'table-deliveries', path: ({ a }) => `/tables/${a.id}?show=deliveries` },
  { name: 'table-print', path: ({ a }) => `/tables/${a.id}`, print: true },
  { name: 'table-long-print', path: ({ c }) => `/tables/${c.id}`, print: true },
  {
    name: 'taken-back',
    path: ({ a }) => `/tables/${a.id}`,
    act: async (page) => {
      await page.route('**/api/v1/tables/*', (route) =>
        route.request().method() === 'DELETE' ? setTimeout(() => void route.abort(), 1500) : route.continue(),
      )
      await lessOften(page, 'Delete')
      await page.getByRole('link', { name: 'All tables' }).click()
      await page.getByRole('button', { name: 'Dismiss' }).waitFor()
    },
  },
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
  { name: 'dashboard-away', path: ({ board }) => `/dashboards/${board.id}`, away: '**/tiles/**' },
  { name: 'dashboard-share', path: ({ board }) => `/dashboards/${board.id}`, act: click('Share') },
  { name: 'dashboard-unknown', path: () => '/dashboards/das_none' },
  {
    name: 'dashboard-adjust',
    path: ({ board }) => `/dashboards/${board.id}`,
    act: async (page) => {
      await click('Edit')(page)
      await first(page, /^Adjust/)
    },
  },
  { name: 'dashboard-print', path: ({ board }) => `/dashboards/${board.id}`, print: true },
  { name: 'dashboards-new', path: () => '/dashboards', act: click('New dashboard') },
  { name: 'reports', path: () => '/reports' },
  { name: 'report-edit', path: ({ report }) => `/reports/${report.id}`, act: click('Edit') },
  { name: 'report-schedule', path: ({ report }) => `/reports/${report.id}`, act: click('Schedule') },
  { name: 'report-print', path: ({ report }) => `/reports/${report.id}`, print: true },
  { name: 'report', path: ({ report }) => `/reports/${report.id}` },
  { name: 'views', path: () => '/views' },
  { name: 'schedules', path: () => '/schedules' },
  { name: 'deliveries', path: () => '/deliveries' },
  { name: 'exports', path: () => '/exports' },
  ...['members', 'teams', 'keys', 'catalog', 'usage', 'audit'].map((section) => ({
    name: `settings-${section}`,
    path: () => `/settings/${section}`,
  })),
  { name: 'settings-entity', path: () => '/settings/catalog?entity=donations' },
  { name: 'settings-signed-out', path: () => '/settings/members', signedOut: true },
  { name: 'settings-invite', path: () => '/settings/members', act: click('Invite somebody') },
  { name: 'settings-team', path: () => '/settings/teams', act: click('Make a team') },
  { name: 'settings-key', path: () => '/settings/keys', act: click('Make a key') },
  { name: 'join', path: () => '/join/nothing', signedOut: true as const },
  { name: 'not-found', path: () => '/nowhere' },
]
