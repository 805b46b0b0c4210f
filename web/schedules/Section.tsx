import type { Draft, Part, Problems } from './draft.ts'
import styles from './schedules.module.css'

/** What every part of the form is given; `problems` are only those that should be shown by now. */
export type Section = {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly problems: Problems
}

export function Problem({ part, problems }: { part: Part; problems: Problems }) {
  const text = problems[part]
  if (text === undefined) return null
  return (
    <span id={`problem-${part}`} className={styles.problem}>
      {text}
    </span>
  )
}
