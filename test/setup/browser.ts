// The browser of the tests: Chromium from the npm package, with the libraries and fonts that come along in it.
// In: nothing. Out: a browser that runs where no browser was ever installed.
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core'

const manifest = new URL('../package.json', import.meta.resolve('@sparticuz/chromium'))

/** Unpacks the browser (once a machine; seconds) and starts it. */
export async function startBrowser(): Promise<Browser> {
  const folder = await unpacked()
  return playwright.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--no-zygote', '--font-render-hinting=none', '--in-process-gpu'],
    headless: true,
    env: {
      ...definedEnvironment(),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
      HOME: folder,
    },
  })
}

/** The package unpacks into the temporary folder; so it gets one of its own, which appears only when it is complete. */
async function unpacked(): Promise<string> {
  const { default: chromium } = await import('@sparticuz/chromium')
  const { version } = JSON.parse(await readFile(manifest, 'utf8'))
  const folder = join(tmpdir(), `tablewright-chromium-${version}`)
  if (existsSync(folder)) return folder
  const fresh = await mkdtemp(join(tmpdir(), 'tablewright-chromium-'))
  // The second variable makes it unpack its own libraries too, so that nothing depends on the machine.
  await withEnvironment({ TMPDIR: fresh, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' }, () => chromium.executablePath())
  const fonts = `<fontconfig><dir>${folder}/fonts/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>`
  await writeFile(join(fresh, 'fonts', 'fonts.conf'), fonts)
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }))
  return folder
}

async function withEnvironment(values: Record<string, string>, work: () => Promise<unknown>): Promise<void> {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, values)
  await work()
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** A page in a browser of its own, and what its console complained about. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-US',
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}
