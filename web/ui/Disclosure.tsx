import type { ReactNode } from 'react'
import styles from './Disclosure.module.css'
import { Icon } from './Icon.tsx'

/** Something that most readers do not need, one click away. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className={styles.disclosure}>
      <summary className={styles.summary}>
        <span className={styles.chevron}>
          <Icon name="chevron" size={16} />
        </span>
        {label}
      </summary>
      <div className={styles.body}>{children}</div>
    </details>
  )
}
