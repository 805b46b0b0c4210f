// The ledger of a table over HTTP, and mails that are sent by hand. Each route is a few lines over a verb in src/delivery/.
import { z } from 'zod'
import { deliveryKinds, deliveryStates } from '../db/schema-deliveries.ts'
import { type DeliveryView, ListDeliveries, listDeliveries } from '../delivery/list-deliveries.ts'
import { SendTable, sendTable } from '../delivery/send-table.ts'
import { route } from './route.ts'
import { Instant } from './schemas.ts'

const Id = z.object({ id: z.string().max(100) })
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
    response: z.strictObject({ deliveries: z.array(Delivery), nextCursor: z.string().optional() }),
    async handle({ call, params, query }) {
      const { deliveries, ...rest } = await listDeliveries({ ...call, ...params, input: query })
      return { body: { deliveries: deliveries.map(dated), ...rest } }
    },
  }),
  sendTable: route({
    method: 'POST',
    path: '/tables/{id}/deliveries',
    action: 'tables.deliver',
    tag: 'Tables',
    summary: 'Mail a table now',
    description:
      'To yourself, to everybody on its schedule, or again to somebody who did not get it. Answers 202 as soon as it is queued; the list says what became of it.',
    params: Id,
    body: SendTable,
    response: z.strictObject({ deliveries: z.array(Delivery) }),
    ifMatch: 'optional',
    idempotent: true,
    async handle({ call, params, version, idempotencyKey, body }) {
      const sent = await sendTable({ ...call, ...params, version, idempotencyKey, input: body })
      return {
        status: 202,
        body: { deliveries: sent.deliveries.map(dated) },
        ...(sent.repeated && { headers: { 'Idempotency-Replayed': 'true' } }),
      }
    },
  }),
}

function dated(delivery: DeliveryView) {
  return {
    ...delivery,
    occurrence: delivery.occurrence.toISOString(),
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
    asOf: delivery.asOf?.toISOString() ?? null,
    createdAt: delivery.createdAt.toISOString(),
    finishedAt: delivery.finishedAt?.toISOString() ?? null,
  }
}
