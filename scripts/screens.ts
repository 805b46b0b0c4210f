// `npm run screens`: every screen of the web application as a picture, in light and dark and three widths, for people to
// look at. In: the demo. Out: files under screens/, which are not committed. Run: npm run screens
// [-- --only '^dashboard' --width 360 --theme dark]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { buildWeb, webRoot } from '../src/server/build-web.ts'
import { demoContext, serveApp } from '../test/setup/app.ts'
import { startBrowser } from '../test/setup/browser.ts'
import { type Api, emptyScreens, type Filled, fill, type Screen, screens } from './screen-list.ts'

const { values: given } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    width: { type: 'string', default: '' },
    theme: { type: 'string', default: '' },
    out: { type: 'string', default: 'screens' },
  },
})
const WIDTHS = [360, 820, 1280]
const THEMES = ['light', 'dark'] as const
const PEOPLE = { admin: 'demo_maya', editor: 'demo_jonas', viewer: 'demo_priya' }

await buildWeb(() => {})
const demo = await demoContext('2026-11-23')
const app = await serveApp(demo.ctx, { webRoot })
const browser = await startBrowser()
mkdirSync(given.out, { recursive: true })

const apiOf =
  (page: Page): Api =>
  async (method, path, data, headers = {}) => {
    const response = await page.request.fetch(`${app.url}/api/v1${path}`, {
      method,
      ...(data && { data }),
      headers: { Origin: app.url, ...headers },
    })
    if (!response.ok()) throw new Error(`${method} ${path}: ${await response.text()}`)
    return (await response.json()) as { id: string; version: number }
  }

const failures: string[] = []
let made = 0
const first = await browser.newContext()
const admin = await first.newPage()
await admin.request.fetch(`${app.url}/api/v1/session/demo`, {
  method: 'POST',
  data: { person: PEOPLE.admin },
  headers: { Origin: app.url },
})
const signedIn = await first.storageState()
const nothing = { id: '', version: 1 }
const empty: Filled = {
  ...{ a: nothing, b: nothing, c: nothing, name300: nothing, gone: nothing, board: nothing, report: nothing },
  conversationId: '',
}
await takeAll(emptyScreens, empty)
await takeAll(screens, await fill(apiOf(admin), PEOPLE.admin))
await first.close()
console.log(`${made} pictures in ${given.out}/`)
for (const failure of failures) console.log(failure)
await browser.close()
await app.close().catch((error: unknown) => failures.push(String(error)))
await demo.close()
process.exit(failures.length === 0 ? 0 : 1)

async function takeAll(list: readonly Screen[], filled: Filled): Promise<void> {
  const wanted = list.filter(({ name }) => new RegExp(given.only).test(name))
  for (const theme of THEMES.filter((one) => given.theme === '' || given.theme === one))
    for (const width of WIDTHS.filter((one) => given.width === '' || given.width === String(one)))
      for (const screen of wanted) {
        // On paper there is neither a dark theme nor another width.
        if (!screen.print || (theme === 'light' && width === 820)) await picture(browser, screen, filled, theme, width)
      }
}

async function picture(
  from: Browser,
  screen: Screen,
  filled: Filled,
  theme: (typeof THEMES)[number],
  width: number,
): Promise<void> {
  const context = await from.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(screen.signedOut ? {} : { storageState: signedIn }),
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  // The day of the demo, so that “in 3 days” is true.
  await page.clock.setFixedTime(demo.ctx.now())
  if (screen.away) await page.route(screen.away, (route) => route.abort())
  if (screen.print) await page.emulateMedia({ media: 'print' })
  const name = `${screen.name}-${width}-${theme}`
  try {
    await page.goto(`${app.url}${screen.path(filled)}`)
    await page.waitForLoadState('networkidle')
    await screen.act?.(page)
    await page.waitForLoadState('networkidle')
    if (screen.away) await page.getByRole('alert').first().waitFor()
    await page.getByText('Drawing the table…').waitFor({ state: 'detached' })
    if (screen.print) await page.pdf({ path: join(given.out, `${name}.pdf`), format: 'A4' })
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wider > 0) failures.push(`${name}: ${wider} pixels wider than the screen`)
    await page.screenshot({ path: join(given.out, `${name}.png`), fullPage: !screen.print })
    made += 1
  } catch (error) {
    failures.push(`${name}: ${String(error).split('\n')[0]}`)
  }
  await context.close()
}
