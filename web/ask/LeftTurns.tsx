import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { call } from '../api/call.ts'
import { useReader } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import styles from './LeftTurns.module.css'
import { leftTurns, type Thread } from './thread.ts'

type Props = {
  readonly id: string
  readonly thread: Thread
  /** How many turns it had when it was opened. */
  readonly turns: number
  readonly onReturn: () => void
}

/** Turns that were left by going back: they stay, and can be gone on from. */
export function LeftTurns({ id, thread, turns, onReturn }: Props) {
  const { key } = useReader()
  const numbers = thread.flatMap(({ number }) => number ?? [])
  // Turns are numbered through: where all that were ever seen are shown, none was left.
  const last = useRef(turns)
  last.current = Math.max(last.current, ...numbers)
  const found = useQuery({
    enabled: last.current > numbers.length,
    queryKey: ['conversation turns', ...key, id, numbers.join(' ')],
    queryFn: () => call('GET /conversations/{id}', { params: { id } }),
  })
  const go = useMutation({
    mutationFn: (turn: number) => call('PUT /conversations/{id}/place', { params: { id }, body: { turn } }),
    onSuccess: onReturn,
  })
  const left = found.data === undefined ? [] : leftTurns(found.data, numbers)
  if (left.length === 0) return null
  return (
    <details className={styles.left}>
      <summary>{left.length === 1 ? '1 turn was left' : `${left.length} turns were left`}</summary>
      <Failed error={go.error} />
      <ul>
        {left.map(({ number, prompt, sentence }) => (
          <li key={number}>
            <span className={styles.what}>
              <span>{prompt}</span>
              {sentence && <span className={styles.sentence}>{sentence}</span>}
            </span>
            <Button aria-label={`Return to this: ${prompt}`} disabled={go.isPending} onClick={() => go.mutate(number)}>
              Return to this
            </Button>
          </li>
        ))}
      </ul>
    </details>
  )
}
