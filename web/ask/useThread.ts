import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import { call } from '../api/call.ts'
import { asFailure, type Failure } from '../api/failure.ts'
import { generate } from '../api/generate.ts'
import { type ByHand, nextThread, refined, type Thread, type Turn } from './thread.ts'

export type ThreadActions = {
  readonly ask: (prompt: string) => void
  /** Asks a question of its own, which is no change of the table before. */
  readonly askFresh: (prompt: string) => void
  /** Asks a turn's prompt again, as it was. */
  readonly retry: (turn: Turn) => void
  /** Runs the reading that was chosen of a turn's question, in its place. */
  readonly choose: (turn: Turn, reading: Definition) => void
  /** Runs a turn's table as somebody changed it by hand, as the next turn. */
  readonly edit: (turn: Turn, byHand: ByHand) => void
  /** Goes on from an earlier turn. */
  readonly back: (turn: Turn) => void
  readonly stop: () => void
  readonly clear: () => void
}

type Options = {
  readonly initial?: Thread
  /** Whether turns are kept: only those of somebody who is signed in. */
  readonly kept: boolean
  readonly conversationId?: string | undefined
  readonly onConversation: (id: string) => void
}

/** The conversation and what can be done to it; one request at a time. */
export function useThread(
  options: Options,
): { readonly thread: Thread; readonly busy: boolean; readonly notKept: Failure | undefined } & ThreadActions {
  const [thread, dispatch] = useReducer(nextThread, options.initial ?? [])
  const running = useRef<{ id: number; controller: AbortController } | undefined>(undefined)
  const conversation = useRef(options.conversationId)
  const [notKept, setNotKept] = useState<Failure>()
  const placed = useRef<Promise<void>>(undefined)
  const { kept, onConversation } = options

  const run = useCallback(
    async (
      turn: Pick<Turn, 'id' | 'prompt' | 'base' | 'fresh' | 'byHand'>,
      after: Turn | undefined,
      chosen?: Definition,
    ) => {
      const { id, prompt, base, fresh, byHand } = turn
      const reading = chosen ?? byHand?.reading
      running.current?.controller.abort()
      const controller = new AbortController()
      running.current = { id, controller }
      dispatch({ type: 'ask', id, prompt, ...(base && { base }), ...(fresh && { fresh }), ...(byHand && { byHand }) })
      const conversationId = conversation.current ?? (kept ? 'new' : undefined)
      // A turn that is kept is named; of any other the definition itself is sent.
      const from =
        conversation.current !== undefined && (base === undefined || after?.number !== undefined)
          ? { afterTurn: after?.number ?? 0 }
          : base && { base }
      try {
        // What goes on from a place comes after it was kept, or it would be gone back from again.
        await placed.current
        const { signal } = controller
        const asked = {
          prompt,
          ...from,
          ...(reading && { reading }),
          ...(byHand && { did: byHand.did }),
          ...(conversationId && { conversationId }),
          signal,
        }
        for await (const event of generate(asked)) {
          dispatch({ type: 'event', id, event })
          if (event.event !== 'done') continue
          const { conversationId: made, turn: number } = event.outcome
          if (made !== undefined && number !== undefined && made !== conversation.current) {
            conversation.current = made
            onConversation(made)
          }
        }
      } catch (error) {
        dispatch(controller.signal.aborted ? { type: 'stop', id } : { type: 'fail', id, failure: asFailure(error) })
      }
      if (running.current?.controller === controller) running.current = undefined
    },
    [kept, onConversation],
  )

  const stop = useCallback(() => running.current?.controller.abort(), [])
  useEffect(() => stop, [stop])
  const next = (thread.at(-1)?.id ?? 0) + 1
  const before = (turn: Turn) => thread.filter(({ id }) => id < turn.id)
  const again = (turn: Turn, reading?: Definition) => {
    const { base: _base, ...rest } = turn
    const from = turn.fresh ? undefined : refined(before(turn))
    void run({ ...rest, ...(from && { base: from.definition }) }, from?.turn, reading)
  }

  return {
    thread,
    notKept,
    busy: thread.at(-1)?.outcome.kind === 'working',
    ask: (prompt) => {
      const from = refined(thread)
      void run({ id: next, prompt, ...(from && { base: from.definition }) }, from?.turn)
    },
    askFresh: (prompt) => void run({ id: next, prompt, fresh: true }, undefined),
    retry: (turn) => again(turn),
    choose: (turn, reading) => again(turn, reading),
    edit: (turn, byHand) => {
      const from = refined(thread.filter(({ id }) => id <= turn.id))
      void run({ id: next, prompt: turn.prompt, byHand, ...(from && { base: from.definition }) }, from?.turn)
    },
    back: ({ id, number }) => {
      dispatch({ type: 'back', id })
      setNotKept(undefined)
      if (conversation.current === undefined || number === undefined) return
      const params = { id: conversation.current }
      placed.current = call('PUT /conversations/{id}/place', { params, body: { turn: number } }).then(
        () => {},
        (error: unknown) => setNotKept(asFailure(error)),
      )
    },
    stop,
    clear: () => {
      stop()
      conversation.current = undefined
      dispatch({ type: 'clear' })
    },
  }
}
