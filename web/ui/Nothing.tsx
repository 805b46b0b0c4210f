import type { ReactNode } from 'react'
import styles from './Nothing.module.css'

/** That there is nothing here, and what would bring something. */
export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.nothing}>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  )
}
