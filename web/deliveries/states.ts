// What became of a mail, in words, with a colour and a shape, so that none of the three has to be seen.
import type { Delivery } from '../schedules/subject.ts'

export const stateWords = {
  queued: { label: 'Waiting', icon: 'clock', tone: 'open' },
  running: { label: 'Being made', icon: 'clock', tone: 'open' },
  sending: { label: 'Being sent', icon: 'mail', tone: 'open' },
  sent: { label: 'Sent', icon: 'check', tone: 'good' },
  outbox: { label: 'Kept in the outbox', icon: 'inbox', tone: 'warn' },
  failed: { label: 'Failed', icon: 'cross', tone: 'bad' },
  skipped: { label: 'Skipped', icon: 'skip', tone: 'calm' },
  unknown: { label: 'May have arrived', icon: 'question', tone: 'warn' },
} as const satisfies Record<Delivery['state'], unknown>
export type State = keyof typeof stateWords
export const states = Object.keys(stateWords) as State[]

export const kindWords = {
  scheduled: 'Scheduled',
  now: 'Sent by hand',
  test: 'Test',
  notice: 'Notice to the owner',
} as const satisfies Record<Delivery['kind'], string>

export const isUnderWay = ({ state }: Pick<Delivery, 'state'>): boolean =>
  state === 'queued' || state === 'running' || state === 'sending'
