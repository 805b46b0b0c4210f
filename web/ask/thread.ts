// The conversation on the page: turns of prompt and outcome. In: what happened. Out: the next state. No requests here.
import { pathTo } from '../../src/conversations/path.ts'
import type { Definition } from '../../src/definition/schema.ts'
import type { TableResult } from '../../src/rows/result.ts'
import type { Answer, Draft, Question, Refused } from '../../src/tables/generate.ts'
import type { Answered as ApiAnswer } from '../api/call.ts'
import type { Failure } from '../api/failure.ts'
import type { GenerateEvent } from '../api/generate.ts'

export type Stage = 'understanding' | 'checking' | 'running'
export type Working = {
  readonly kind: 'working'
  readonly stage: Stage
  readonly title?: string
  readonly sentence?: string
  readonly table?: TableResult
}
export type Answered = Answer & { readonly table: TableResult }
/** A turn of before, read again: its rows are asked for anew when it is looked at. */
export type Kept = { readonly kind: 'kept'; readonly view: TurnView }
type TurnView = Conversation['turnList'][number]
export type Conversation = ApiAnswer<'GET /conversations/{id}'>
export type Outcome =
  | Working
  | Answered
  | Draft
  | Refused
  | Question
  | Kept
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'stopped' }
/** A table that was made from the one before by hand, and what was done to it. */
export type ByHand = { readonly reading: Definition; readonly did: string }
export type Turn = {
  readonly id: number
  readonly prompt: string
  /** What was done by hand instead of asking. */
  readonly byHand?: ByHand
  /** Its number in the kept conversation. */
  readonly number?: number
  /** The definition this prompt refines. */
  readonly base?: Definition
  /** A question of its own, whatever was asked before. */
  readonly fresh?: true
  readonly outcome: Outcome
}
export type Thread = readonly Turn[]

export type Action =
  | ({ readonly type: 'ask' } & Pick<Turn, 'id' | 'prompt' | 'base' | 'fresh' | 'byHand'>)
  | { readonly type: 'event'; readonly id: number; readonly event: GenerateEvent }
  | { readonly type: 'fail'; readonly id: number; readonly failure: Failure }
  | { readonly type: 'stop'; readonly id: number }
  /** Back to a turn: those after it are left. */
  | { readonly type: 'back'; readonly id: number }
  | { readonly type: 'clear' }

/** The next thread; a turn that is asked again (same id) begins anew and drops what came after it. */
export function nextThread(thread: Thread, action: Action): Thread {
  if (action.type === 'clear') return []
  if (action.type === 'back') return thread.filter(({ id }) => id <= action.id)
  if (action.type === 'ask') {
    const { type: _type, ...asked } = action
    const turn: Turn = { ...asked, outcome: { kind: 'working', stage: 'understanding' } }
    return [...thread.filter((other) => other.id < asked.id), turn]
  }
  const number = action.type === 'event' && action.event.event === 'done' ? action.event.outcome.turn : undefined
  return thread.map((turn) =>
    turn.id === action.id
      ? { ...turn, ...(number !== undefined && { number }), outcome: nextOutcome(turn.outcome, action) }
      : turn,
  )
}

function nextOutcome(outcome: Outcome, action: Exclude<Action, { type: 'ask' | 'clear' | 'back' }>): Outcome {
  if (outcome.kind !== 'working') return outcome
  if (action.type === 'fail') return { kind: 'failed', failure: action.failure }
  if (action.type === 'stop') return { kind: 'stopped' }
  const { event } = action
  switch (event.event) {
    case 'understanding':
    case 'checking':
      return { ...outcome, stage: event.event }
    case 'running':
      return { ...outcome, stage: 'running', title: event.title, sentence: event.sentence }
    case 'comparing':
      return { ...outcome, stage: 'running' }
    case 'rows':
      return { ...outcome, table: event.table }
    case 'done':
      return finished(outcome, event.outcome)
  }
}

function finished(working: Working, outcome: Answer | Draft | Refused | Question): Outcome {
  if (outcome.kind !== 'answer') return outcome
  if (working.table === undefined) {
    return { kind: 'failed', failure: { message: 'The table arrived without its rows', fix: 'Try again' } }
  }
  return { ...outcome, table: working.table }
}

/** The turn that a follow-up refines, with its definition: the last one that has a table. */
export function refined(thread: Thread): { turn: Turn; definition: Definition } | undefined {
  for (const turn of thread.toReversed()) {
    const definition = definitionOf(turn.outcome)
    if (definition !== undefined) return { turn, definition }
  }
  return undefined
}

/** What stands over a turn: what was asked, or what was done instead. */
export function nameOf({ prompt, byHand, outcome }: Turn): string {
  const told = outcome.kind === 'kept' ? outcome.view.answer.did : undefined
  return byHand?.did ?? (typeof told === 'string' ? told : prompt)
}

/** The table of a turn that has one, to be saved or gone on from. */
export function tableOf({ prompt, outcome }: Turn): { title: string; definition: Definition } | undefined {
  if (outcome.kind === 'answer') return { title: outcome.title, definition: outcome.definition }
  if (outcome.kind !== 'kept' || outcome.view.definition === null || outcome.view.kind !== 'answer') return undefined
  const { answer, definition } = outcome.view
  return { title: typeof answer.title === 'string' ? answer.title : (definition.title ?? prompt), definition }
}

function definitionOf(outcome: Outcome): Definition | undefined {
  if (outcome.kind === 'answer') return outcome.definition
  // What was understood in part is no table yet: who says it in other words begins anew.
  if (outcome.kind === 'draft') return outcome.notUnderstood.length === 0 ? outcome.definition : undefined
  return outcome.kind === 'kept' ? (outcome.view.definition ?? undefined) : undefined
}

/** What a thread is about: its latest table, or what was asked first. */
export function titleOf(thread: Thread): string | undefined {
  return refined(thread)?.definition.title ?? thread[0]?.prompt
}

/** A conversation of before as a thread to go on with: the turns that lead to where it is. */
export function threadOf({ turnList, place }: Conversation): Thread {
  return pathTo(turnList, place).map((view) => ({
    id: view.number,
    number: view.number,
    prompt: view.prompt,
    outcome: { kind: 'kept', view },
  }))
}

/** The tables of a conversation that a thread left: where each way that was left ends. */
export function leftTurns({ turnList }: Conversation, shown: readonly number[]): readonly TurnView[] {
  const tables = turnList.filter(({ definition }) => definition !== null)
  const parents = new Set(tables.map(({ parent }) => parent))
  return tables.filter(({ number }) => !shown.includes(number) && !parents.has(number))
}
