// What can be mailed: a saved table, or a report as one file. The same words for both, so that screens need not ask.
import { type Answered, call } from '../api/call.ts'
import { queryClient } from '../api/query-client.ts'
import type { testOf } from './draft.ts'

type Table = Answered<'GET /tables/{id}'>
type Report = Answered<'GET /reports/{id}'>
export type SubjectKind = 'table' | 'report'
export type Subject = { readonly kind: SubjectKind } & Pick<
  Table,
  'id' | 'name' | 'version' | 'access' | 'scheduleConfig' | 'schedule' | 'nextScheduledRun'
>
export type Delivery = Answered<'GET /tables/{id}/deliveries'>['deliveries'][number]
export type Mailing =
  | ({ readonly kind: 'test' } & ReturnType<typeof testOf>)
  | { readonly kind: 'now' }
  | { readonly kind: 'again' | 'skip'; readonly deliveryId: string }

export const ofTable = (table: Table): Subject => ({ ...table, kind: 'table' })
export const ofReport = (report: Report): Subject => ({ ...report, kind: 'report' })
export const kindOf = (id: string): SubjectKind => (id.startsWith('rep_') ? 'report' : 'table')

type Named = Pick<Subject, 'kind' | 'id'>
type Versioned = Pick<Subject, 'kind' | 'id' | 'version'>

export async function saveSchedule({ kind, id, version }: Versioned, body: unknown): Promise<Table | Report> {
  const input = { params: { id }, version, body }
  return kind === 'report' ? call('POST /reports/{id}/schedule', input) : call('POST /tables/{id}/schedule', input)
}

export async function removeSchedule({ kind, id, version }: Versioned): Promise<void> {
  const input = { params: { id }, version }
  await (kind === 'report' ? call('DELETE /reports/{id}/schedule', input) : call('DELETE /tables/{id}/schedule', input))
}

/** Puts mails into the queue, or takes one out; the same key makes nothing twice. */
export async function mail({ kind, id }: Named, body: Mailing, idempotencyKey: string): Promise<readonly Delivery[]> {
  const input = { params: { id }, body, idempotencyKey }
  const answer =
    kind === 'report'
      ? await call('POST /reports/{id}/deliveries', input)
      : await call('POST /tables/{id}/deliveries', input)
  return answer.deliveries
}

type Query = { readonly state?: Delivery['state']; readonly cursor?: string; readonly limit?: number }
export function deliveriesOf({ kind, id }: Named, query: Query, signal: AbortSignal) {
  const input = { params: { id }, query, signal }
  return kind === 'report' ? call('GET /reports/{id}/deliveries', input) : call('GET /tables/{id}/deliveries', input)
}

/** Of what shows schedules or mails. */
export const KINDS = ['tables', 'table', 'reports', 'report', 'deliveries']

/** Reads anew whatever shows schedules or mails. */
export async function refreshSubjects(): Promise<void> {
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => KINDS.includes(String(queryKey[0])) })
}

/** A key for one wish; a new one for the next. */
export const newKey = (): string => Array.from(crypto.getRandomValues(new Uint32Array(4)), String).join('-')
