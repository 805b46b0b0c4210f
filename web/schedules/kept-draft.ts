// What was typed into a schedule and not saved: Escape and a reload lose none of it. In: the subject. Out: its draft.
import type { ScheduleConfig } from '../../src/schedules/config.ts'
import { keptInTab } from '../api/kept-in-tab.ts'
import type { Draft } from './draft.ts'

type KeptDraft = {
  readonly id: string
  readonly draft: Draft
  /** The schedule that was changed. */
  readonly opened: ScheduleConfig | null
}
const drafts = keptInTab<KeptDraft>('schedules', 10)

/** What was left of this subject's schedule. */
export const keptDraft = (id: string): KeptDraft | undefined => drafts.read().find((one) => one.id === id)

export function keepDraft(kept: KeptDraft): void {
  drafts.write([kept, ...drafts.read().filter((one) => one.id !== kept.id)])
}

export function forgetDraft(id: string): void {
  const all = drafts.read()
  if (all.some((one) => one.id === id)) drafts.write(all.filter((one) => one.id !== id))
}
