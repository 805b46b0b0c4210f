// How mails leave. Without a mail server they are kept in the outbox instead, and the ledger says so.
import type { Config } from '../config.ts'
import { UserError } from '../errors.ts'
import { type Send, smtpSender } from './smtp.ts'

export type Mailer = {
  readonly from: string
  readonly appUrl?: string
  /** Absent: nothing is mailed. */
  readonly send?: Send
}

/** The mailer of a configuration. Throws `UserError` invalid_configuration. */
export function makeMailer({ smtpUrl, mailFrom, appUrl }: Config): Mailer {
  const link = appUrl !== undefined && { appUrl }
  if (smtpUrl === undefined) return { from: mailFrom ?? 'Tablewright <tablewright@localhost>', ...link }
  if (mailFrom === undefined) {
    throw new UserError('invalid_configuration', 'Cannot send mails with SMTP_URL: MAIL_FROM is not set', {
      fix: 'set MAIL_FROM to the sender of the mails, such as tables@example.org',
    })
  }
  return { from: mailFrom, ...link, send: smtpSender(smtpUrl) }
}

/** The bare address of a sender such as `Tables <tables@example.org>`. */
export function addressIn(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim()
}
