// What mails link to, for whoever holds the mail: files that expire, and stopping the mails. No session, no cookie; the
// token in the address is all there is. Pages are plain, with nothing to run in them.
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { openLink } from '../delivery/kept-files.ts'
import { readSubscription, setSubscribed } from '../delivery/subscriptions.ts'
import { byteStream } from '../export/byte-stream.ts'
import { readForm } from './body.ts'
import { clientAddress } from './client-address.ts'
import type { HttpEnv } from './env.ts'
import { attachment } from './export.ts'
import { type Limit, tooMany } from './rate-limit.ts'

/** Tokens cannot be guessed; this only keeps somebody from trying. */
const LIMIT: Limit = { perMinute: 60, burst: 60 }

const PAGE = {
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
}

export const mailRoutes = new Hono<HttpEnv>()
  .use('/files/*', limited)
  .use('/unsubscribe/*', limited)
  .get('/files/:token', async (c) => {
    c.set('route', '/files/{token}')
    const { db, now, log } = c.get('ctx')
    const file = await openLink(db, c.req.param('token'), now())
    const requestId = c.get('requestId')
    const stream = byteStream(file.bytes, async (failure) => {
      if (failure !== undefined) log.error({ requestId, err: failure }, 'a kept file ended early')
    })
    return new Response(stream, {
      headers: {
        'Content-Type': file.contentType,
        'Content-Length': String(file.size),
        'Content-Disposition': attachment(file.name),
        'Cache-Control': 'no-store',
        'X-Robots-Tag': 'noindex',
      },
    })
  })
  .get('/unsubscribe/:token', async (c) => {
    c.set('route', '/unsubscribe/{token}')
    return c.html(await page(c.get('ctx').db, c.req.param('token')), 200, PAGE)
  })
  // Mail programs post `List-Unsubscribe=One-Click` here, the page posts the same or `subscribe=1`.
  .post('/unsubscribe/:token', async (c) => {
    c.set('route', '/unsubscribe/{token}')
    const { db, now } = c.get('ctx')
    const token = c.req.param('token')
    const form = await readForm(c)
    await setSubscribed(db, token, form.has('subscribe'), now())
    return c.html(await page(db, token), 200, PAGE)
  })

async function limited(c: Context<HttpEnv>, next: () => Promise<void>): Promise<void> {
  const { limiter } = c.get('settings')
  const { waitMs } = limiter(`mail ${clientAddress(c)}`, LIMIT)
  if (waitMs > 0) throw tooMany(waitMs)
  await next()
}

async function page(db: Parameters<typeof readSubscription>[0], token: string) {
  const { address, subject, unsubscribed } = await readSubscription(db, token)
  const title = unsubscribed ? 'You no longer get these mails' : 'Stop these mails?'
  const about = unsubscribed
    ? html`Nothing of “${subject.name}” is mailed to <b>${address}</b> any more.`
    : html`“${subject.name}” is mailed to <b>${address}</b> when it comes due.`
  const [name, label] = unsubscribed ? ['subscribe', 'Get them again'] : ['List-Unsubscribe', 'Stop them']
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/docs/reference.css" />
      </head>
      <body class="mail-page">
        <main>
          <h1>${title}</h1>
          <p>${about}</p>
          <form method="post"><button name="${name}" value="1">${label}</button></form>
        </main>
      </body>
    </html>`
}
