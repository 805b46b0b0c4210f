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
export type Turn = {
  readonly id: number
  readonly prompt: string
  /** Its number in the kept conversation. */
  readonly number?: number
  /** The definition this prompt refines. */
  readonly base?: Definition
  readonly outcome: Outcome
}
export type Thread = readonly Turn[]

export type Action =
  | { readonly type: 'ask'; readonly id: number; readonly prompt: string; readonly base?: Definition }
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
    const { id, prompt, base } = action
    const turn: Turn = { id, prompt, ...(base && { base }), outcome: { kind: 'working', stage: 'understanding' } }
    return [...thread.filter((other) => other.id < id), turn]
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

function definitionOf(outcome: Outcome): Definition | undefined {
  if (outcome.kind === 'answer') return outcome.definition
  if (outcome.kind === 'draft') return outcome.definition
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
