// Accessibility as axe sees it. In: a page. Out: what breaks its rules, in both themes, as one line each.
import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** All that a theme can change; the rest of a page is the same in both. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block']
/** A list of choices is the browser's own, and a builder has thousands of them. */
const WITHOUT_CHOICES = { exclude: [['option'], ['optgroup']] }

export async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const [colorScheme, rules] of [
    ['light', undefined],
    ['dark', OF_COLOUR],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    // Pages of the tests move nothing, so that the other colours are there with the next frame.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    found.push(...(await violationsNow(page, rules)).map((line) => `${colorScheme} ${line}`))
  }
  return found
}

/** Resolves when nothing has been asked for anew for a while: what is stands back meanwhile, and its colours with it. */
export async function calm(page: Page): Promise<void> {
  await page.evaluate(`new Promise((done) => {
    let looks = 0
    const look = () => {
      looks = document.querySelector('[aria-busy=true]') === null ? looks + 1 : 0
      if (looks === 8) done()
      else setTimeout(look, 100)
    }
    look()
  })`)
}

/** The same in the theme that is shown. */
export async function violationsNow(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(axe.source)
  const options = rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } }
  const run = `axe.run(${JSON.stringify(WITHOUT_CHOICES)}, ${JSON.stringify(options)})`
  const results = (await page.evaluate(run)) as axe.AxeResults
  return results.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  )
}
