// The web app as people have it: built, served over a small demo, and opened in a real browser.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { buildWeb, webRoot } from '../../src/server/build-web.ts'
import { demoContext, serveApp, type TestApp } from './app.ts'
import { openPage, startBrowser } from './browser.ts'

type OpenPage = (options?: Parameters<typeof openPage>[1]) => ReturnType<typeof openPage>

/** One app and one browser for all tests of a file; each `open` is a person with a browser window of their own. */
export function webApp(): { readonly url: string; readonly open: OpenPage } {
  let browser: Browser | undefined
  let demo: Awaited<ReturnType<typeof demoContext>> | undefined
  let app: TestApp | undefined
  beforeAll(async () => {
    await buildWeb(() => {})
    ;[browser, demo] = await Promise.all([startBrowser(), demoContext()])
    app = await serveApp(demo.ctx, { webRoot })
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    await demo?.close()
  })
  return {
    get url() {
      return app?.url ?? ''
    },
    open: (options) => {
      if (browser === undefined) throw new Error('no browser was started')
      return openPage(browser, options)
    },
  }
}
