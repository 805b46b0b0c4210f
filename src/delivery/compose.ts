// The mail. In: what ran, or why it did not. Out: a message (RFC 5322) as bytes. Whatever comes from data or people is
// escaped in HTML and never gets into a header with a line break.
import MailComposer from 'nodemailer/lib/mail-composer'
import { escapeHtml } from '../lib/escape-html.ts'
import { EMPTY_KEY, formatCell, isNumeric } from '../rows/format.ts'
import type { ScheduleConfig } from '../schedules/config.ts'
import { LINK_DAYS } from './kept-files.ts'
import type { DeliveryRow } from './ledger.ts'
import { isAttached, type Prepared } from './prepare.ts'

const LOCALE = 'en-US'

export type Composed = {
  readonly message: Buffer
  readonly subject: string
  readonly html: string
  readonly text: string
}

export type Letter = {
  readonly row: Pick<DeliveryRow, 'id' | 'subjectId' | 'kind' | 'occurrence' | 'recipient' | 'missed'>
  readonly config: ScheduleConfig
  readonly kind: 'table' | 'report'
  readonly from: string
  /** Of the recipient's subscription. */
  readonly token: string
  /** Where people reach the application. */
  readonly appUrl?: string | undefined
  readonly now: Date
}

/** The same for every attempt, so that a mailbox that knows it drops a second copy. */
export function messageIdOf(id: string, from: string): string {
  const [, domain = 'localhost'] = /@([a-z0-9.-]+)/i.exec(from) ?? []
  return `<${id}@${domain.toLowerCase()}>`
}

/** The mail with a table in it. */
export async function composeTable(letter: Letter, table: Prepared, fileToken?: string): Promise<Composed> {
  const { config, row } = letter
  const file = fileLink(letter, fileToken)
  const notes = notesOf(letter, table, file !== undefined)
  const text = [
    ...[config.message, table.title, table.sentence, ...notes],
    file === undefined ? '' : `Download the file (for ${LINK_DAYS} days): ${file}`,
    ...[textRows(table, config), linkText(letter), unsubscribeText(letter)],
  ]
  const html = [
    ...paragraphs(config.message),
    `<h2 style="margin:0 0 4px">${escapeHtml(table.title)}</h2>`,
    ...[table.sentence, ...notes].flatMap(paragraphs),
    file === undefined
      ? ''
      : `<p><a href="${escapeHtml(file)}">Download the file</a> <span style="opacity:.7">(for ${LINK_DAYS} days)</span></p>`,
    htmlRows(table, config),
    linkHtml(letter),
    unsubscribeHtml(letter),
  ]
  const test = row.kind === 'test' ? 'Test: ' : ''
  return composed(letter, {
    subject: `${test}${config.subject ?? table.title}`,
    text: text.filter(Boolean).join('\n\n'),
    html: page(html),
    ...(table.file &&
      isAttached(table.file, config) && {
        attachments: [
          { filename: table.file.name, contentType: table.file.contentType, content: table.file.bytes, path: false },
        ],
      }),
  })
}

/** The mail to a table's owner that says why nobody got it. */
export async function composeNotice(letter: Letter, about: { name: string; reason: string }): Promise<Composed> {
  const { config, row } = letter
  const when = `It was due at ${shownTime(row.occurrence, config.timezone)}.`
  const lines = [`“${about.name}” was not mailed to its recipients.`, `${about.reason}.`, when]
  return composed(letter, {
    subject: `Not sent: ${about.name}`,
    text: [...lines, linkText(letter)].filter(Boolean).join('\n\n'),
    html: page([...lines.flatMap(paragraphs), linkHtml(letter)]),
  })
}

async function composed(
  letter: Letter,
  mail: MailComposer.Options & { readonly html: string; readonly text: string },
): Promise<Composed> {
  const { row, from, now } = letter
  const subject = oneLine(mail.subject ?? '')
  const stop = unsubscribeLink(letter)
  const composer = new MailComposer({
    ...mail,
    subject,
    from,
    to: { name: '', address: row.recipient },
    messageId: messageIdOf(row.id, from),
    date: now,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      // One click, without a page (RFC 8058); a notice to the owner is not a subscription.
      ...(stop !== undefined &&
        row.kind !== 'notice' && {
          'List-Unsubscribe': `<${stop}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return { message: await composer.compile().build(), subject, html: mail.html, text: mail.text }
}

function notesOf({ row, config, now }: Letter, table: Prepared, linked: boolean): string[] {
  const rows = table.rowCount === 1 ? '1 row' : `${table.rowCount.toLocaleString(LOCALE)} rows`
  const lateMs = now.getTime() - row.occurrence.getTime()
  const earlier = row.missed === 1 ? '1 earlier mail' : `${row.missed} earlier mails`
  return [
    `As of ${shownTime(table.asOf, config.timezone)}: ${rows}${table.truncated ? ', cut at the limit of the file' : ''}.`,
    ...(row.kind === 'scheduled' && lateMs > LATE_MS
      ? [`Late: due at ${shownTime(row.occurrence, config.timezone)}.`]
      : []),
    ...(row.missed > 0 ? [`Stands also for ${earlier} that could not be sent.`] : []),
    ...(leftOut(table, config, linked) ? ['The file is too large to be mailed; open the table to download it.'] : []),
  ]
}

/** Neither attached nor behind a link. */
function leftOut(table: Prepared, config: ScheduleConfig, linked: boolean): boolean {
  if (config.format === 'table' || linked) return false
  return table.tooLarge || table.file === undefined || !isAttached(table.file, config)
}

/** Later than this a mail says that it is late. */
const LATE_MS = 30 * 60_000

function textRows(table: Prepared, config: ScheduleConfig): string {
  const lines = table.firstRows.map((row) => cellsOf(table, row, config).join(' | '))
  if (lines.length === 0) return ''
  return [table.columns.map(({ label }) => label).join(' | '), ...lines, more(table)].filter(Boolean).join('\n')
}

function htmlRows(table: Prepared, config: ScheduleConfig): string {
  if (table.firstRows.length === 0) return ''
  const align = table.columns.map((column) => (isNumeric(column) ? 'right' : 'left'))
  const style = (index: number) => `padding:4px 10px;border-bottom:1px solid #8885;text-align:${align[index]}`
  const cell = (tag: string, text: string, index: number) =>
    `<${tag} style="${style(index)}">${escapeHtml(text)}</${tag}>`
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text, index) => cell(tag, text, index)).join('')}</tr>`
  const labels = table.columns.map(({ label }) => label)
  const rows = table.firstRows.map((row) => line('td', cellsOf(table, row, config)))
  return `<table style="border-collapse:collapse">${line('th', labels)}${rows.join('')}</table>${paragraphs(more(table)).join('')}`
}

function cellsOf({ columns }: Prepared, row: Prepared['firstRows'][number], { timezone }: ScheduleConfig): string[] {
  return columns.map((column, index) => {
    const text = formatCell(row[index] ?? null, column, { locale: LOCALE, timezone })
    return text === EMPTY_KEY ? text : text.replace(/[\r\n]+/g, ' ')
  })
}

function more({ rowCount, firstRows, file }: Prepared): string {
  const inFile = file !== undefined
  const rest = rowCount - firstRows.length
  if (rest <= 0) return ''
  const where = inFile ? 'in the file' : 'in the table'
  return `… and ${rest.toLocaleString(LOCALE)} more ${rest === 1 ? 'row' : 'rows'} ${where}.`
}

const baseOf = ({ appUrl }: Letter): string | undefined => appUrl?.replace(/\/+$/, '')

function linkOf(letter: Letter): string | undefined {
  const base = baseOf(letter)
  return base === undefined ? undefined : `${base}/${letter.kind}s/${letter.row.subjectId}`
}

function fileLink(letter: Letter, token: string | undefined): string | undefined {
  const base = baseOf(letter)
  return base === undefined || token === undefined ? undefined : `${base}/files/${token}`
}

function unsubscribeLink(letter: Letter): string | undefined {
  const base = baseOf(letter)
  return base === undefined ? undefined : `${base}/unsubscribe/${letter.token}`
}

function unsubscribeText(letter: Letter): string {
  const link = unsubscribeLink(letter)
  return link === undefined ? '' : `Stop these mails: ${link}`
}

function unsubscribeHtml(letter: Letter): string {
  const link = unsubscribeLink(letter)
  const style = 'font-size:12px;opacity:.7;margin-top:24px'
  return link === undefined
    ? ''
    : `<p style="${style}"><a href="${escapeHtml(link)}" style="color:inherit">Stop these mails</a></p>`
}

function linkText(letter: Letter): string {
  const link = linkOf(letter)
  return link === undefined ? '' : `Open the ${letter.kind}: ${link}`
}

function linkHtml(letter: Letter): string {
  const link = linkOf(letter)
  return link === undefined ? '' : `<p><a href="${escapeHtml(link)}">Open the ${letter.kind}</a></p>`
}

function paragraphs(text: string | undefined): string[] {
  return text ? [`<p style="margin:0 0 10px">${escapeHtml(text).replace(/\r?\n/g, '<br>')}</p>`] : []
}

function page(parts: readonly string[]): string {
  const style = 'font:14px/1.45 system-ui,sans-serif'
  // No colours of our own: a client that is dark shows light text.
  const schemes =
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">${schemes}</head><body style="${style}">${parts.join('')}</body></html>`
}

export function shownTime(at: Date, timeZone: string): string {
  const options = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const
  return `${new Intl.DateTimeFormat(LOCALE, options).format(at)} (${timeZone})`
}

const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
