import { useCallback, useEffect, useRef, useState } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import { type Answered, call } from '../api/call.ts'
import { asFailure, type Failure } from '../api/failure.ts'
import { readerOptions } from '../api/generate.ts'
import { learned, type WordsOf } from './words.ts'

export type Preview = Answered<'POST /tables/preview'>
const WAIT_MS = 350
const FIRST_RETRY_MS = 2000
const MAX_RETRY_MS = 30_000
const ROWS = 200

/** The rows of a definition while it changes: a newer one stops the one before, and the last good rows stay meanwhile.
 * `before` is read where there are none yet and the definition has a mistake; `sound` is what was read. */
export function usePreview(
  definition: Definition,
  ready: boolean,
  before?: Definition,
): {
  rows?: Preview
  failure?: Failure
  busy: boolean
  words: WordsOf
  sound: Definition | undefined
  again: () => void
} {
  const [sound, setSound] = useState(before)
  // Once there are rows, they stay.
  const fallback = useRef(before)
  const [rows, setRows] = useState<Preview>()
  const [failure, setFailure] = useState<Failure>()
  const [busy, setBusy] = useState(false)
  const [words, setWords] = useState<ReadonlyMap<string, string>>(new Map())
  const running = useRef<AbortController>(undefined)
  const [tries, setTries] = useState(0)
  const pause = useRef(FIRST_RETRY_MS)
  const again = useCallback(() => setTries((before) => before + 1), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try reads the same anew
  useEffect(() => {
    running.current?.abort()
    if (!ready) return
    const controller = new AbortController()
    running.current = controller
    setBusy(true)
    const timer = setTimeout(async () => {
      const { signal } = controller
      const read = async (one: Definition) => {
        const body = { definition: one, timezone: readerOptions.timezone, maxRows: ROWS }
        const found = await call('POST /tables/preview', { body, signal })
        fallback.current = undefined
        setRows(found)
        setSound(one)
        setWords((known) => learned(known, one, found.words))
      }
      try {
        await read(definition)
        setFailure(undefined)
        pause.current = FIRST_RETRY_MS
      } catch (error) {
        if (signal.aborted) return
        setFailure(asFailure(error))
        if (fallback.current !== undefined) await read(fallback.current).catch(() => {})
      }
      if (!signal.aborted) setBusy(false)
    }, WAIT_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [definition, ready, tries])
  // A mistake stays one until it is mended; anything else may be over in a while.
  useEffect(() => {
    if (failure === undefined || failure.issues !== undefined || busy) return
    const timer = setTimeout(() => {
      pause.current = Math.min(pause.current * 2, MAX_RETRY_MS)
      again()
    }, pause.current)
    addEventListener('online', again)
    return () => {
      clearTimeout(timer)
      removeEventListener('online', again)
    }
  }, [failure, busy, again])
  const wordsOf = useCallback((part: object) => words.get(JSON.stringify(part)), [words])
  return { ...(rows && { rows }), ...(failure && { failure }), busy, words: wordsOf, sound, again }
}
