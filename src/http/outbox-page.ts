// `/outbox`: a page with what would have been mailed, where no mail server is configured. For admins who are signed in.
// A mail is shown in a frame that may run nothing and reach nothing.

import type { Context } from 'hono'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Call } from '../context.ts'
import { listOutbox, readOutbox } from '../delivery/read-outbox.ts'
import type { HttpEnv } from './env.ts'
import { guard } from './guard.ts'

const READ = { method: 'GET', action: 'outbox.read' } as const

export const outboxRoutes = new Hono<HttpEnv>()
  .get('/outbox', async (c) => {
    const call = await asked(c, '/outbox')
    const mails = await listOutbox(call)
    const rows = mails.map(
      ({ id, recipient, subject, createdAt }) =>
        html`<tr>
          <td><a href="/outbox/${id}">${subject}</a></td>
          <td>${recipient}</td>
          <td>${createdAt.toISOString().slice(0, 16).replace('T', ' ')}</td>
        </tr>`,
    )
    const list =
      mails.length === 0
        ? html`<p>Nothing was mailed yet. Without a mail server (SMTP_URL) mails are kept here.</p>`
        : html`<table>
            <thead>
              <tr>
                <th>Subject</th>
                <th>To</th>
                <th>Kept (UTC)</th>
              </tr>
            </thead>
            <tbody>
              ${rows}
            </tbody>
          </table>`
    return c.html(shell('Outbox', html`<h1>Outbox</h1>${list}`))
  })
  .get('/outbox/:id', async (c) => {
    const call = await asked(c, '/outbox/{id}')
    const { id, subject, recipient } = await readOutbox({ ...call, id: c.req.param('id') })
    return c.html(
      shell(
        subject,
        html`<p><a href="/outbox">Outbox</a></p>
          <h1>${subject}</h1>
          <p>To ${recipient} · <a href="/outbox/${id}/message.eml">The whole mail, with its files</a></p>
          <iframe class="mail-frame" title="The mail" sandbox src="/outbox/${id}/body.html"></iframe>`,
      ),
      200,
      { 'Content-Security-Policy': "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'none'" },
    )
  })
  .get('/outbox/:id/body.html', async (c) => {
    const call = await asked(c, '/outbox/{id}/body.html')
    const { html: body } = await readOutbox({ ...call, id: c.req.param('id') })
    return c.html(body, 200, {
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'",
      'X-Frame-Options': 'SAMEORIGIN',
    })
  })
  .get('/outbox/:id/message.eml', async (c) => {
    const call = await asked(c, '/outbox/{id}/message.eml')
    const { message } = await readOutbox({ ...call, id: c.req.param('id') })
    return c.body(Buffer.from(message, 'latin1'), 200, {
      'Content-Type': 'message/rfc822',
      'Content-Disposition': 'attachment; filename="message.eml"',
    })
  })

async function asked(c: Context<HttpEnv>, route: string): Promise<Call> {
  c.set('route', route)
  c.header('Cache-Control', 'no-store')
  const caller = await guard(c, READ)
  if (caller.kind !== 'known') throw new Error('the guard let nobody through')
  return { ctx: c.get('ctx'), identity: caller.identity, requestId: c.get('requestId') }
}

const shell = (title: string, content: ReturnType<typeof html>) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/docs/reference.css" />
      </head>
      <body class="mail-page">
        <main>${content}</main>
      </body>
    </html>`
