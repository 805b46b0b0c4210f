import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AppContext } from '../../src/context.ts'
import { Definition } from '../../src/definition/schema.ts'
import { buildWeb, webRoot } from '../../src/server/build-web.ts'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'
import { violationsNow } from '../setup/axe.ts'
import { openPage, startBrowser } from '../setup/browser.ts'

const prompt = 'Money raised by channel'
const halfClear = Definition.parse({
  ...{ version: 1, dataSources: ['contacts'], aggregates: [{ id: 'people', fn: 'count' }] },
  filters: { field: 'state', op: 'eq', value: 'CA' },
})
/** What a translator may give beside an answer; the words stand for situations. */
const scripted: Record<string, Awaited<ReturnType<AppContext['ask']>>> = {
  'something half clear': {
    kind: 'draft',
    understood: ['donations, by month'],
    definition: halfClear,
    notUnderstood: ['“frobnicated”'],
    suggestions: [prompt],
    translator: 'builtin',
    notes: [],
  },
  'the weather tomorrow': {
    kind: 'refused',
    reason: 'The catalog has nothing about the weather',
    suggestions: [prompt],
    translator: 'builtin',
    notes: [],
  },
}

let browser: Browser
let demo: Awaited<ReturnType<typeof demoContext>>
let app: TestApp
const failing = { now: false }
const waiting: { release: () => void }[] = []
beforeAll(async () => {
  await buildWeb(() => {})
  ;[browser, demo] = await Promise.all([startBrowser(), demoContext()])
  const ctx: AppContext = {
    ...demo.ctx,
    suggestions: async () => [prompt, 'Number of donations by payment method'],
    ask: async (input) => {
      if (failing.now) throw new Error('a mistake of ours')
      if (input.prompt === 'something slow') await new Promise<void>((release) => waiting.push({ release }))
      return scripted[input.prompt] ?? demo.ctx.ask(input)
    },
  }
  app = await serveApp(ctx, { webRoot })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await demo?.close()
})
beforeEach(() => {
  failing.now = false
})

/** Opens the page, does the journey, and expects that the console stayed silent. */
async function journey(
  walk: (page: Page) => Promise<void>,
  options: Parameters<typeof openPage>[1] = {},
): Promise<void> {
  const { page, complaints } = await openPage(browser, options)
  await page.goto(app.url)
  await page.getByRole('heading', { name: 'What would you like to see?' }).waitFor()
  await walk(page)
  expect(complaints).toEqual([])
  await page.context().close()
}

async function ask(page: Page, words: string): Promise<void> {
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
}

const table = (page: Page) => page.getByRole('grid')

describe('asking on the page', { timeout: 180_000 }, () => {
  test('typing and Enter are all it takes: sentence, table, how it was read; and a follow-up refines it', async () => {
    await journey(async (page) => {
      await ask(page, prompt)
      await table(page).waitFor()
      expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe(prompt)
      expect(await page.getByText('Understood as').isVisible()).toBe(true)
      expect(await table(page).getByRole('columnheader').last().textContent()).toBe('Raised')
      expect(await table(page).getByRole('row').count()).toBeGreaterThan(3)
      expect(await page.getByText(/^\d+ rows$/).isVisible()).toBe(true)
      expect(await page.getByText(/Understood by the built-in translator, \d+% sure/).isVisible()).toBe(true)

      const sent = page.waitForRequest((request) => request.url().endsWith('/generate'))
      await ask(page, 'top 3')
      expect((await sent).postDataJSON()).toMatchObject({ prompt: 'top 3', base: { dataSources: expect.any(Array) } })
      await page.getByRole('article', { name: 'top 3', exact: true }).waitFor()
      await page.waitForSelector('[aria-busy=true]', { state: 'detached' })
      expect(await page.getByRole('article', { name: prompt }).first().isVisible()).toBe(true)
    })
  })

  test('numbers stand to the right in figures of one width, words to the left', async () => {
    await journey(async (page) => {
      await ask(page, prompt)
      const cells = table(page).locator('tbody tr').first().getByRole('gridcell')
      expect(await cells.last().evaluate((cell) => getComputedStyle(cell).textAlign)).toBe('right')
      expect(await cells.last().evaluate((cell) => getComputedStyle(cell).fontVariantNumeric)).toContain('tabular-nums')
      expect(await cells.first().evaluate((cell) => getComputedStyle(cell).textAlign)).toBe('left')
    })
  })

  test('a suggestion is one click', async () => {
    await journey(async (page) => {
      await page.getByRole('button', { name: prompt }).click()
      await table(page).waitFor()
    })
  })

  test('the definition and the SQL are one click away', async () => {
    await journey(async (page) => {
      await ask(page, prompt)
      await page.getByText('Definition', { exact: true }).click()
      expect(await page.getByRole('region', { name: 'definition' }).textContent()).toContain('"dataSources": ["')
      await page.getByText('SQL', { exact: true }).click()
      expect(await page.getByRole('region', { name: 'SQL' }).textContent()).toMatch(/^select [\s\S]*\nfrom /)
    })
  })

  test('what is half understood shows what was, what was not and what would work, and no table', async () => {
    await journey(async (page) => {
      await ask(page, 'something half clear')
      await page.getByRole('heading', { name: 'Part of this is clear, part is not' }).waitFor()
      expect(await page.getByText('“frobnicated”').isVisible()).toBe(true)
      expect(await table(page).count()).toBe(0)
      await page.getByRole('button', { name: 'Change the words' }).click()
      await expect.poll(() => page.getByRole('textbox').inputValue()).toBe('something half clear')
      await page.keyboard.press('ControlOrMeta+a')
      // Other words are a question of their own: nothing of what was half understood stays in it.
      await ask(page, 'Number of donations by payment method')
      await table(page).waitFor()
      await ask(page, 'something half clear')
      await page.getByRole('button', { name: 'Ask it as a new question' }).waitFor()
      // What is said to work does, whatever was asked before.
      await page.getByRole('button', { name: prompt }).click()
      await table(page).getByRole('columnheader', { name: 'Raised' }).waitFor()
      await page.getByText('Raised: Sum of completed donations', { exact: false }).waitFor()
      await page.getByText('By the days of America/New_York').waitFor()
    })
  })

  test('what cannot be answered says why and what can', async () => {
    await journey(async (page) => {
      await ask(page, 'the weather tomorrow')
      await page.getByText('The catalog has nothing about the weather').first().waitFor()
      expect(await page.getByRole('button', { name: prompt }).isVisible()).toBe(true)
    })
  })

  test('a failure is told with its request id, and trying again works', async () => {
    await journey(async (page) => {
      failing.now = true
      await ask(page, prompt)
      await page.getByRole('alert').waitFor()
      expect(await page.getByRole('alert').textContent()).toMatch(
        /Something went wrong on our side\..*Request [0-9a-f-]{36}/,
      )
      failing.now = false
      await page.getByRole('button', { name: 'Try again' }).click()
      await table(page).waitFor()
    })
  })

  test('a server that is gone is told in words', async () => {
    const { page } = await openPage(browser)
    await page.goto(app.url)
    await page.context().setOffline(true)
    await ask(page, prompt)
    await page.getByText('The server cannot be reached.').waitFor()
    await page.context().close()
  })

  test('Escape stops what takes too long, and the arrow key brings the words back', async () => {
    await journey(async (page) => {
      await ask(page, 'something slow')
      await page.getByText('Understanding', { exact: true }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByText('Stopped.').first().waitFor()
      await page.keyboard.press('ArrowUp')
      expect(await page.getByRole('textbox').inputValue()).toBe('something slow')
      for (const { release } of waiting) release()
    })
  })

  test('the other organization sees its own rows in a conversation of its own', async () => {
    await journey(async (page) => {
      await ask(page, prompt)
      const mine = await table(page).locator('tbody').textContent()
      await page.getByRole('combobox').selectOption({ label: 'Hillcrest Alliance' })
      await page.getByRole('heading', { name: 'What would you like to see?' }).waitFor()
      await page.getByRole('textbox').focus()
      await ask(page, prompt)
      expect(await table(page).locator('tbody').textContent()).not.toBe(mine)
    })
  })
})

describe('the page everywhere', { timeout: 180_000 }, () => {
  test.each([360, 768, 1280])('at %i pixels nothing but the table itself scrolls sideways', async (width) => {
    await journey(
      async (page) => {
        const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(await overflow()).toBeLessThanOrEqual(0)
        await ask(page, prompt)
        await table(page).waitFor()
        expect(await overflow()).toBeLessThanOrEqual(0)
      },
      { viewport: { width, height: 800 } },
    )
  })

  test("it follows the system into the dark, and a choice of one's own stays", async () => {
    await journey(
      async (page) => {
        const lightness = () =>
          page.evaluate(() =>
            Number(/oklch\(([\d.]+)/.exec(getComputedStyle(document.documentElement).backgroundColor)?.[1]),
          )
        expect(await lightness()).toBeLessThan(0.3)
        await page.getByRole('button', { name: 'Switch to the light theme' }).click()
        expect(await lightness()).toBeGreaterThan(0.9)
        await page.reload()
        expect(await lightness()).toBeGreaterThan(0.9)
      },
      { colorScheme: 'dark' },
    )
  })

  test('everything can be reached with the Tab key, and what has the focus shows it', async () => {
    await journey(async (page) => {
      await page.getByRole('button', { name: prompt }).waitFor()
      const seen: string[] = []
      for (let presses = 0; presses < 16; presses += 1) {
        await page.keyboard.press('Tab')
        const found = await page.evaluate(() => {
          const { activeElement: at } = document
          const shown = at?.closest('form') ?? at
          const style = shown ? getComputedStyle(shown) : undefined
          return {
            name: `${at?.tagName} ${at?.getAttribute('aria-label') ?? at?.textContent ?? ''}`,
            outline: style?.outlineStyle,
          }
        })
        if (!found.name.startsWith('BODY')) expect(found.outline, found.name).not.toBe('none')
        seen.push(found.name)
      }
      expect(seen.join('\n')).toContain(prompt)
      expect(seen.join('\n')).toContain('Skip to content')
      expect(seen.join('\n')).toContain('SELECT')
    })
  })

  test.each(['light', 'dark'] as const)(
    'no rule of accessibility is broken in the %s theme, whatever is shown',
    async (colorScheme) => {
      await journey(
        async (page) => {
          await page.getByRole('button', { name: prompt }).waitFor()
          expect(await violationsNow(page)).toEqual([])
          await ask(page, 'something half clear')
          await page.getByRole('heading', { level: 2 }).waitFor()
          expect(await violationsNow(page)).toEqual([])
          failing.now = true
          await ask(page, prompt)
          await page.getByRole('alert').waitFor()
          expect(await violationsNow(page)).toEqual([])
          failing.now = false
          await page.getByRole('button', { name: 'Try again' }).click()
          await table(page).waitFor()
          await page.getByText('SQL', { exact: true }).click()
          expect(await violationsNow(page)).toEqual([])
        },
        { colorScheme },
      )
    },
  )

  test('an address without a page says so and leads back', async () => {
    const { page } = await openPage(browser)
    await page.goto(`${app.url}/nowhere`)
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor()
    await page.getByRole('link', { name: 'Ask for a table' }).click()
    await page.getByRole('heading', { name: 'What would you like to see?' }).waitFor()
    await page.context().close()
  })
})
