// What holds for the web application's files wherever they are served from.
import type { Context } from 'hono'

/** Names with a hash in them are good for ever; everything else is asked for anew. */
export function cacheControl(path: string): string {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
}

/** Whether a path without a file is one that a person opened, so that the page answers. */
export function isForPage(c: Context): boolean {
  const forPeople = c.req.header('accept')?.includes('text/html') === true
  return forPeople && !/^\/(?:api|health|assets)(?:\/|$)/.test(c.req.path)
}
