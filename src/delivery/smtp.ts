// One message to one recipient. In: the message, and a call that must succeed before its first byte goes out.
// Out: what is known afterwards: accepted, refused for good, to be tried again, or not known.
// A server accepts a message only by its answer to the end of it; so a connection lost before that end was written is
// harmless, and one lost after it may have delivered.
import { Readable } from 'node:stream'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'

export type Mail = { readonly from: string; readonly to: string; readonly message: Buffer }
export type Sent =
  | { readonly kind: 'accepted'; readonly answer: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly answer: string }
  | { readonly kind: 'again'; readonly reason: string; readonly answer: string | null }
  | { readonly kind: 'unknown'; readonly reason: string }
/** `begin` resolves false when the message must not go out after all. */
export type Send = (mail: Mail, begin: () => Promise<boolean>) => Promise<Sent>

const CONNECT_TIMEOUT_MS = 30_000
/** Of silence; a server may take long to look through a large message. */
const ANSWER_TIMEOUT_MS = 5 * 60_000
const CHUNK_BYTES = 16 * 1024

type Failure = { readonly message: string; readonly response?: unknown; readonly responseCode?: unknown }

/** A way to send through the server of an SMTP URL, a connection for each message. */
export function smtpSender(url: string, { answerTimeoutMs = ANSWER_TIMEOUT_MS } = {}): Send {
  const { auth, ...server } = parseConnectionUrl(url)
  return async (mail, begin) => {
    const connection = new SMTPConnection({
      ...server,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: answerTimeoutMs,
    })
    const lost = Promise.withResolvers<never>()
    lost.promise.catch(() => {})
    connection.on('error', lost.reject)
    connection.on('end', () => lost.reject(new Error('the mail server closed the connection')))
    const step = <T>(work: Promise<T>): Promise<T> => Promise.race([work, lost.promise])
    const stage = { mail: false, begun: false, ended: false }
    try {
      await step(called<unknown>((done) => connection.connect((error) => done(error ?? null))))
      if (auth !== undefined) await step(called<unknown>((done) => connection.login(auth, done)))
      stage.mail = true
      const message = Readable.from(content(mail.message, begin, stage))
      const envelope = { from: mail.from, to: mail.to, size: mail.message.length }
      const { response } = await step(called<{ response: string }>((done) => connection.send(envelope, message, done)))
      connection.quit()
      return { kind: 'accepted', answer: response }
    } catch (error) {
      connection.close()
      return outcomeOf(error as Failure, stage)
    }
  }
}

/** Read only once the server has said that it takes the text. */
async function* content(
  message: Buffer,
  begin: () => Promise<boolean>,
  stage: { begun: boolean; ended: boolean },
): AsyncGenerator<Buffer> {
  if (!(await begin())) throw new Error('another worker has taken over')
  stage.begun = true
  for (let at = 0; at < message.length; at += CHUNK_BYTES) yield message.subarray(at, at + CHUNK_BYTES)
  stage.ended = true
}

function outcomeOf(error: Failure, stage: { mail: boolean; ended: boolean }): Sent {
  const answer = typeof error.response === 'string' ? oneLine(error.response) : null
  const code = Number(error.responseCode ?? 0)
  // Before the envelope a refusal is about us, not about the recipient, and somebody may mend it.
  if (answer !== null && code >= 500 && code < 600 && stage.mail) {
    return { kind: 'refused', reason: `the mail server refused it: ${answer}`, answer }
  }
  if (answer !== null && code >= 400 && code < 600) {
    return { kind: 'again', reason: `the mail server did not take it now: ${answer}`, answer }
  }
  if (stage.ended) {
    return { kind: 'unknown', reason: 'the connection was lost before the mail server said whether it took the mail' }
  }
  return { kind: 'again', reason: `the mail server could not be reached: ${oneLine(error.message)}`, answer: null }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 500)

function called<T>(work: (done: (error: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((done, fail) => {
    work((error, result) => (error ? fail(error) : done(result as T)))
  })
}
