import type { Page } from 'playwright-core'

/** Signs in as one of the demo's people, and waits until everything of theirs has come. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('dialog').getByRole('button', { name }).click()
  await page.getByRole('banner').getByRole('button', { name }).waitFor()
  // Everything is asked for anew after signing in; what is typed before that has come may start afresh.
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.waitForLoadState('networkidle')
}
