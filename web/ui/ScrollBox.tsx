import type { ReactNode } from 'react'
import styles from './ScrollBox.module.css'

/** A box that scrolls inside itself, reachable by keyboard and named for those who do not see it. */
export function ScrollBox({
  label,
  className,
  children,
}: {
  label: string
  className?: string | undefined
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop the keyboard could not scroll it
    <section className={`${styles.fading} ${className ?? ''}`} tabIndex={0} aria-label={label}>
      {children}
    </section>
  )
}
