// The ledger of a table over HTTP, and mails that are sent by hand. Each route is a few lines over a verb in src/delivery/.
import { z } from 'zod'
import { deliveryKinds, deliveryStates } from '../db/schema-deliveries.ts'
import { AllDeliveries, allDeliveries } from '../delivery/all-deliveries.ts'
import { type DeliveryView, ListDeliveries, listDeliveries } from '../delivery/list-deliveries.ts'
import { SendTable, sendTable } from '../delivery/send-table.ts'
import { UserError } from '../errors.ts'
import { scheduleReport, unscheduleReport } from '../reports/schedule-report.ts'
import { ScheduleConfig } from '../schedules/config.ts'
import { previewSchedule } from '../schedules/preview.ts'
import { ReportShape, shownReport } from './documents.ts'
import { route } from './route.ts'
import { Instant } from './schemas.ts'
import { Id } from './versioned.ts'

const Delivery = z
  .strictObject({
    id: z.string(),
    kind: z
      .enum(deliveryKinds)
      .describe('scheduled; now or test: sent by hand; notice: tells the owner why nothing was sent'),
    state: z
      .enum(deliveryStates)
      .describe(
        'sent: the mail server took it; outbox: kept, not mailed, because no mail server is configured; unknown: it may have arrived or not, and is not sent again by itself',
      ),
    occurrence: Instant.describe('When it came due'),
    recipient: z.string(),
    reason: z.string().nullable().describe('Why it failed, was skipped, is not known or waits'),
    answer: z.string().nullable().describe('Of the mail server'),
    messageId: z.string().nullable(),
    missed: z.int().describe('Earlier occurrences that nobody was there to send'),
    attempts: z.int(),
    nextAttemptAt: Instant.nullable(),
    asOf: Instant.nullable(),
    rowCount: z.int().nullable(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Delivery' })

const List = z.strictObject({ deliveries: z.array(Delivery), nextCursor: z.string().optional() })
const Sent = z.strictObject({ deliveries: z.array(Delivery) })
const SEND =
  'To yourself, to everybody on its schedule, or again to somebody who did not get it; or takes one that waits out of the queue. Answers 202 as soon as it is queued; the list says what became of it.'

type ListCall = Parameters<typeof listDeliveries>[0]
async function listed(call: ListCall) {
  const { deliveries, ...rest } = await listDeliveries(call)
  return { body: { deliveries: deliveries.map(dated), ...rest } }
}
async function sent(call: Parameters<typeof sendTable>[0]) {
  const { deliveries, repeated } = await sendTable(call)
  return {
    status: 202 as const,
    body: { deliveries: deliveries.map(dated) },
    ...(repeated && { headers: { 'Idempotency-Replayed': 'true' } }),
  }
}

export const deliveryRoutes = {
  listDeliveries: route({
    method: 'GET',
    path: '/tables/{id}/deliveries',
    action: 'tables.deliveries',
    tag: 'Tables',
    summary: 'See what was mailed of a table',
    description: 'One line for each recipient of each occurrence; the newest first.',
    params: Id,
    query: ListDeliveries,
    response: List,
    handle: ({ call, params, query }) => listed({ ...call, ...params, input: query }),
  }),
  sendTable: route({
    method: 'POST',
    path: '/tables/{id}/deliveries',
    action: 'tables.deliver',
    tag: 'Tables',
    summary: 'Mail a table now',
    description: SEND,
    params: Id,
    body: SendTable,
    response: Sent,
    otherStatuses: [202],
    ifMatch: 'optional',
    idempotent: true,
    handle: ({ call, params, version, idempotencyKey, body }) =>
      sent({ ...call, ...params, version, idempotencyKey, input: body }),
  }),
  listReportDeliveries: route({
    method: 'GET',
    path: '/reports/{id}/deliveries',
    action: 'reports.deliveries',
    tag: 'Reports',
    summary: 'See what was mailed of a report',
    params: Id,
    query: ListDeliveries,
    response: List,
    handle: ({ call, params, query }) => listed({ ...call, ...params, of: 'report', input: query }),
  }),
  sendReport: route({
    method: 'POST',
    path: '/reports/{id}/deliveries',
    action: 'reports.deliver',
    tag: 'Reports',
    summary: 'Mail a report now',
    description: SEND,
    params: Id,
    body: SendTable,
    response: Sent,
    otherStatuses: [202],
    ifMatch: 'optional',
    idempotent: true,
    handle: ({ call, params, version, idempotencyKey, body }) =>
      sent({ ...call, ...params, of: 'report', version, idempotencyKey, input: body }),
  }),
  listAllDeliveries: route({
    method: 'GET',
    path: '/deliveries',
    action: 'deliveries.list',
    tag: 'Tables',
    summary: 'See all deliveries of the organization',
    description: 'For admins: what is under way, what failed and why. Names of private tables stay private.',
    query: AllDeliveries,
    response: z.strictObject({
      deliveries: z.array(Delivery.extend({ subjectId: z.string(), subjectName: z.string().nullable() })),
      states: z.record(z.string(), z.int()).describe('How many there were of each state'),
      nextCursor: z.string().optional(),
    }),
    async handle({ call, query }) {
      const { deliveries, ...rest } = await allDeliveries({ ...call, input: query })
      return { body: { deliveries: deliveries.map(dated), ...rest } }
    },
  }),
  previewSchedule: route({
    method: 'POST',
    path: '/schedules/preview',
    action: 'schedules.preview',
    tag: 'Tables',
    summary: 'See when a schedule would come due',
    body: ScheduleConfig,
    response: z.strictObject({
      sentence: z.string(),
      runs: z
        .array(z.strictObject({ at: Instant, local: z.string() }))
        .describe('The next five, on the clock of its time zone'),
      recipients: z.array(z.string()).describe('The addresses as they are now'),
      dropped: z.array(z.strictObject({ who: z.string(), why: z.string() })),
    }),
    handle: async ({ call, body }) => ({ body: await previewSchedule({ ...call, input: body }) }),
  }),
  previewMail: route({
    method: 'POST',
    path: '/schedules/preview/mail',
    action: 'schedules.preview',
    tag: 'Tables',
    summary: 'See the mail of a schedule',
    description: 'As you would get it now. Nothing is sent, and nothing is kept.',
    body: z.strictObject({
      subjectId: z.string().min(1).max(100).describe('A table or a report'),
      schedule: ScheduleConfig,
    }),
    response: z.strictObject({
      subject: z.string(),
      text: z.string(),
      html: z.string(),
      attachment: z.strictObject({ name: z.string(), bytes: z.int() }).nullable(),
      tooLargeToAttach: z.boolean().describe('It goes as a link, or is left out'),
    }),
    async handle({ call, body }) {
      if (call.ctx.previewMail === undefined) {
        throw new UserError('not_here', 'Cannot write the mail here: this server runs without the parts for it', {
          fix: 'send a test to yourself instead',
        })
      }
      return { body: await call.ctx.previewMail({ ...call, input: body }) }
    },
  }),
  scheduleReport: route({
    method: 'POST',
    path: '/reports/{id}/schedule',
    action: 'reports.schedule',
    tag: 'Reports',
    summary: 'Schedule a report',
    description: 'It is mailed as one file.',
    params: Id,
    body: ScheduleConfig,
    response: ReportShape,
    ifMatch: 'optional',
    handle: async ({ call, params, version, body }) =>
      shownReport(await scheduleReport({ ...call, ...params, version, input: body })),
  }),
  unscheduleReport: route({
    method: 'DELETE',
    path: '/reports/{id}/schedule',
    action: 'reports.unschedule',
    tag: 'Reports',
    summary: "End a report's schedule",
    params: Id,
    response: ReportShape,
    ifMatch: 'optional',
    handle: async ({ call, params, version }) => shownReport(await unscheduleReport({ ...call, ...params, version })),
  }),
}

function dated<T extends DeliveryView>(delivery: T) {
  return {
    ...delivery,
    occurrence: delivery.occurrence.toISOString(),
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
    asOf: delivery.asOf?.toISOString() ?? null,
    createdAt: delivery.createdAt.toISOString(),
    finishedAt: delivery.finishedAt?.toISOString() ?? null,
  }
}
