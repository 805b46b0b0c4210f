import { useEffect } from 'react'
import { Icon } from '../ui/Icon.tsx'
import { Reading } from './Reading.tsx'
import { prepareTable } from './ResultTable.tsx'
import type { Stage, Working } from './thread.ts'
import styles from './WorkingView.module.css'

const STAGES: readonly { stage: Stage; now: string; done: string }[] = [
  { stage: 'understanding', now: 'Understanding', done: 'Understood' },
  { stage: 'checking', now: 'Checking', done: 'Checked' },
  { stage: 'running', now: 'Reading the rows', done: 'Read' },
]

/** What is going on, and the shape of what will come. */
export function WorkingView({ working }: { working: Working }) {
  useEffect(prepareTable, [])
  const current = STAGES.findIndex(({ stage }) => stage === working.stage)
  return (
    <div className={styles.working} aria-busy="true">
      <ol className={styles.stages}>
        {STAGES.map(({ stage, now, done }, index) => (
          <li key={stage} className={index < current ? styles.done : index === current ? styles.now : styles.ahead}>
            <span className={styles.mark}>
              {index < current ? <Icon name="check" size={14} /> : <span className={styles.dot} />}
            </span>
            {index < current ? done : now}
          </li>
        ))}
      </ol>
      {working.sentence !== undefined && <Reading title={working.title ?? ''} sentence={working.sentence} />}
      <div className={styles.skeleton} aria-hidden="true">
        {[0, 1, 2, 3, 4, 5].map((line) => (
          <div key={line} className={styles.line}>
            <span className={styles.word} />
            <span className={styles.number} />
            <span className={styles.number} />
          </div>
        ))}
      </div>
    </div>
  )
}
