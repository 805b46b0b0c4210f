// A real mail server on 127.0.0.1 that does with each recipient what their address says, and writes down what it took.
// In: nothing, or a plan. Out: an address, the mails it accepted, a way to stop.
import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** fine: 250. The rest is what goes wrong, and at which moment. */
export type Behaviour =
  | 'fine'
  | 'rcpt 450'
  | 'rcpt 550'
  | 'mail 421'
  | 'drop at rcpt'
  | 'data 451'
  | 'data 554'
  | 'drop in data'
  | 'take and drop'
  /** Says nothing any more, before it has taken the mail. */
  | 'hang'

export type Taken = { readonly to: string; readonly messageId: string; readonly raw: string }
export type MailServer = {
  readonly url: string
  /** What the server has taken responsibility for, in order. */
  readonly taken: readonly Taken[]
  readonly parsed: () => Promise<readonly ParsedMail[]>
  readonly close: () => Promise<void>
}

/** Starts the server; `plan` says what happens to a recipient at their next attempt (each counted from 1). */
export async function mailServer(
  plan: (to: string, attempt: number) => Behaviour = () => 'fine',
  { answerAfterMs = 0, port: wanted = 0 }: { answerAfterMs?: number; port?: number } = {},
): Promise<MailServer> {
  const taken: Taken[] = []
  const attempts = new Map<string, number>()
  const sockets = new Map<string, Socket>()
  const behaviours = new Map<string, Behaviour>()
  const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code })
  const drop = (remotePort: number) => sockets.get(String(remotePort))?.destroy()
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo({ address }, session, done) {
      const attempt = (attempts.get(address) ?? 0) + 1
      attempts.set(address, attempt)
      const behaviour = plan(address, attempt)
      behaviours.set(session.id, behaviour)
      if (behaviour === 'rcpt 450') return done(refusal(450, 'Mailbox busy'))
      if (behaviour === 'rcpt 550') return done(refusal(550, 'No such mailbox'))
      if (behaviour === 'mail 421') return done(refusal(421, 'Shutting down'))
      if (behaviour === 'drop at rcpt') return void drop(session.remotePort)
      done()
    },
    onData(stream, session, done) {
      const behaviour = behaviours.get(session.id) ?? 'fine'
      const [to = ''] = session.envelope.rcptTo.map(({ address }) => address)
      const parts: Buffer[] = []
      if (behaviour === 'drop in data') stream.once('data', () => drop(session.remotePort))
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (behaviour === 'data 451') return done(refusal(451, 'Try later'))
        if (behaviour === 'data 554') return done(refusal(554, 'Not wanted'))
        if (behaviour === 'drop in data' || behaviour === 'hang') return
        const raw = Buffer.concat(parts).toString('latin1')
        const [, messageId = ''] = /^message-id: *(\S+)/im.exec(raw) ?? []
        taken.push({ to, messageId, raw })
        if (behaviour === 'take and drop') return void drop(session.remotePort)
        setTimeout(() => done(null, `2.0.0 Ok: queued as ${taken.length}`), answerAfterMs)
      })
    },
  })
  server.on('error', () => {})
  server.server.on('connection', (socket) => {
    sockets.set(String(socket.remotePort), socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((done) => server.listen(wanted, '127.0.0.1', done))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    parsed: () => Promise.all(taken.map(({ raw }) => simpleParser(Buffer.from(raw, 'latin1')))),
    close: () =>
      new Promise((done) => {
        for (const socket of sockets.values()) socket.destroy()
        server.close(() => done())
      }),
  }
}
