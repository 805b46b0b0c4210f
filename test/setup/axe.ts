// Accessibility as axe sees it. In: a page. Out: what breaks its rules, in both themes, as one line each.
import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Long enough for colours to fade from one theme to the other. */
const FADE_MS = 300

export async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.waitForTimeout(FADE_MS)
    found.push(...(await violationsNow(page)).map((line) => `${colorScheme} ${line}`))
  }
  return found
}

/** The same in the theme that is shown. */
export async function violationsNow(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const results = (await page.evaluate('axe.run()')) as axe.AxeResults
  return results.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  )
}
