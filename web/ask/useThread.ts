import { useCallback, useEffect, useReducer, useRef } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import { asFailure } from '../api/failure.ts'
import { generate } from '../api/generate.ts'
import { nextThread, refinedBase, type Thread, type Turn } from './thread.ts'

export type ThreadActions = {
  readonly ask: (prompt: string) => void
  /** Asks a turn's prompt again, as it was. */
  readonly retry: (turn: Turn) => void
  /** Runs the reading that was chosen of a turn's question, in its place. */
  readonly choose: (turn: Turn, reading: Definition) => void
  readonly stop: () => void
  readonly clear: () => void
}

/** The conversation and what can be done to it; one request at a time. */
export function useThread(): { readonly thread: Thread; readonly busy: boolean } & ThreadActions {
  const [thread, dispatch] = useReducer(nextThread, [])
  const running = useRef<{ id: number; controller: AbortController } | undefined>(undefined)

  const run = useCallback(async (turn: Pick<Turn, 'id' | 'prompt' | 'base'>, reading?: Definition) => {
    const { id, prompt, base } = turn
    running.current?.controller.abort()
    const controller = new AbortController()
    running.current = { id, controller }
    dispatch({ type: 'ask', id, prompt, ...(base && { base }) })
    try {
      for await (const event of generate({
        prompt,
        ...(base && { base }),
        ...(reading && { reading }),
        signal: controller.signal,
      })) {
        dispatch({ type: 'event', id, event })
      }
    } catch (error) {
      dispatch(controller.signal.aborted ? { type: 'stop', id } : { type: 'fail', id, failure: asFailure(error) })
    }
    if (running.current?.controller === controller) running.current = undefined
  }, [])

  const stop = useCallback(() => running.current?.controller.abort(), [])
  useEffect(() => stop, [stop])

  return {
    thread,
    busy: thread.at(-1)?.outcome.kind === 'working',
    ask: (prompt) => {
      const base = refinedBase(thread)
      void run({ id: (thread.at(-1)?.id ?? 0) + 1, prompt, ...(base && { base }) })
    },
    retry: (turn) => void run(turn),
    choose: (turn, reading) => void run(turn, reading),
    stop,
    clear: () => {
      stop()
      dispatch({ type: 'clear' })
    },
  }
}
