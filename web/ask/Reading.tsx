import type { ReactNode } from 'react'
import styles from './Reading.module.css'

/** The table's title and the one sentence that says exactly what is in it. */
export function Reading({
  title,
  sentence,
  assumptions = [],
  children,
}: {
  title: string
  sentence: string
  assumptions?: readonly string[]
  children?: ReactNode
}) {
  return (
    <div className={styles.reading}>
      <h2 className={styles.title}>{title}</h2>
      <dl className={styles.lines}>
        <div>
          <dt>Understood as</dt>
          <dd className={styles.sentence}>{sentence}</dd>
        </div>
        {assumptions.length > 0 && (
          <div>
            <dt>Assumed</dt>
            <dd>
              <ul className={styles.assumptions}>
                {assumptions.map((assumption) => (
                  <li key={assumption}>{assumption}</li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        {children}
      </dl>
    </div>
  )
}
