import { may } from '../access/rules.ts'
import type { Call, MailPreview } from '../context.ts'
import { UserError } from '../errors.ts'
import { ScheduleConfig } from '../schedules/config.ts'
import { composeTable } from './compose.ts'
import { isAttached, prepare } from './prepare.ts'
import { addressOf } from './run-as.ts'
import { kindOf, subjectOf } from './subject.ts'

/** The mail as one would get it oneself now. Nothing is sent and nothing kept. Throws `UserError` not_found and others. */
export async function previewMail(
  call: Call & { readonly input: { readonly subjectId: string; readonly schedule: unknown } },
): Promise<MailPreview> {
  const { ctx, identity, input } = call
  const { subjectId } = input
  const config = ScheduleConfig.parse(input.schedule)
  may(identity, 'schedules.preview')
  const signal = call.signal ?? new AbortController().signal
  const run = await prepare({ ctx, identity, roles: identity.roles, subjectId, config, signal })
  const subject = await subjectOf(ctx.db, identity.organizationId, subjectId)
  if (subject === undefined) throw new UserError('not_found', `Cannot find "${subjectId.slice(0, 100)}"`)
  const recipient = (await addressOf(ctx.db, identity.userId)) ?? 'you@example.invalid'
  const now = ctx.now()
  const row = { id: 'preview', subjectId, kind: 'now', occurrence: now, recipient, missed: 0 } as const
  const letter = { row, config, kind: kindOf(subjectId), from: 'preview@example.invalid', token: '', now }
  const mail = await composeTable(letter, run)
  const { file } = run
  const attached = file !== undefined && isAttached(file, config)
  return {
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    attachment: attached ? { name: file.name, bytes: file.bytes.length } : null,
    tooLargeToAttach: config.format !== 'table' && !attached,
  }
}
