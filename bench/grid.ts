// How smoothly a long table scrolls on the page: 100,000 rows of 30 columns in a real browser, frame by frame.
// In: nothing. Out: one line a way of scrolling, in milliseconds. `node bench/grid.ts`
// Beside the time between frames stands the work of the page's thread a frame, which a busy machine does not change.
import type { Page } from 'playwright-core'
import { buildWeb, webRoot } from '../src/server/build-web.ts'
import { demoContext, serveApp } from '../test/setup/app.ts'
import { openPage, startBrowser } from '../test/setup/browser.ts'

const ROWS = 100_000
const COLUMNS = 30
const FRAMES = 120

const types = ['text', 'integer', 'money', 'date', 'enum'] as const
const columns = Array.from({ length: COLUMNS }, (_, n) => ({
  id: `c${n}`,
  label: `Column ${n + 1}`,
  type: types[n % types.length],
  role: 'column',
}))
function cell(row: number, col: number): string | number | null {
  const mixed = (row * 7919 + col * 104_729) % 100_003
  if (mixed % 50 === 0) return null
  switch (types[col % types.length]) {
    case 'integer':
      return mixed
    case 'money':
      return (mixed / 100).toFixed(2)
    case 'date':
      return new Date(Date.UTC(2024, 0, 1 + (mixed % 700))).toISOString().slice(0, 10)
    case 'enum':
      return ['email', 'phone', 'event', 'web'][mixed % 4] ?? 'web'
    default:
      return `Row ${row + 1} of ${mixed}`
  }
}

/** Scrolls a little in every frame; gives how long each frame took. */
const scroll = (page: Page, step: { x: number; y: number }): Promise<number[]> =>
  page.evaluate(
    ({ x, y, frames }) =>
      new Promise<number[]>((done) => {
        const box = document.querySelector('table')?.parentElement
        const times: number[] = []
        let last = performance.now()
        const frame = (now: number) => {
          times.push(now - last)
          last = now
          box?.scrollBy(x, y)
          if (times.length < frames) requestAnimationFrame(frame)
          else done(times.slice(1))
        }
        requestAnimationFrame(frame)
      }),
    { ...step, frames: FRAMES },
  )

async function report(name: string, work: () => Promise<number[]>): Promise<void> {
  const before = await busySeconds()
  const times = await work()
  const busy = ((await busySeconds()) - before) * 1000
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1).padStart(6)
  const each = (busy / times.length).toFixed(1).padStart(5)
  console.log(`${name.padEnd(31)} work ${each}  between frames: median ${at(0.5)}  p95 ${at(0.95)}  worst ${at(1)}`)
}

await buildWeb(() => {})
const [browser, demo] = await Promise.all([startBrowser(), demoContext()])
const app = await serveApp(demo.ctx, { webRoot })
const { page } = await openPage(browser)
const session = await page.context().newCDPSession(page)
await session.send('Performance.enable', { timeDomain: 'threadTicks' })
async function busySeconds(): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
}
const rows = Array.from({ length: ROWS }, (_, row) => columns.map((_one, col) => cell(row, col)))
const body = JSON.stringify({
  ...{ title: 'Long', sentence: 'A long table', columns, rows, truncated: false, maxRows: ROWS, elapsedMs: 1 },
  ...{ statements: [], definition: {}, words: [], parts: [] },
})
await page.route('**/tables/preview', (route) => route.fulfill({ contentType: 'application/json', body }))
await page.goto(`${app.url}/build`)
await page.getByRole('grid').waitFor({ timeout: 60_000 })
await page.waitForTimeout(1000)
const drawn = await page.evaluate(() => document.querySelectorAll('td').length)
console.log(`${ROWS.toLocaleString('en')} rows × ${COLUMNS} columns, ${drawn} cells drawn`)
await report('down, 100 px a frame', () => scroll(page, { x: 0, y: 100 }))
await report('down, a screen a frame', () => scroll(page, { x: 0, y: 700 }))
await report('down, 10,000 px a frame', () => scroll(page, { x: 0, y: 10_000 }))
await report('across, 20 px a frame', () => scroll(page, { x: 20, y: 0 }))
await page.evaluate(() => document.querySelector('table')?.parentElement?.scrollTo(0, 0))
await page.waitForTimeout(500)
for (const [name, what] of [
  ['Column 1', 'words'],
  ['Column 3', 'amounts'],
] as const) {
  const before = await busySeconds()
  const took = await page.evaluate(async (label) => {
    const heading = [...document.querySelectorAll('th')].find((one) => one.textContent === label)
    const begun = performance.now()
    heading?.click()
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    return performance.now() - begun
  }, name)
  const work = Math.round(((await busySeconds()) - before) * 1000)
  console.log(`sorting by ${what}: ${Math.round(took)} ms, of them work ${work} ms`)
}
await browser.close()
await app.close()
await demo.close()
