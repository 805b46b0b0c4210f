import { type ReactNode, useState } from 'react'
import styles from './Tabs.module.css'

/** Links to the parts of one thing. They stand above all parts, so that nothing which is still loading moves them. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className={styles.tabs}>
      {children}
    </nav>
  )
}

/** A part that is made when it is first looked at, and kept as it is while another one is shown. */
export function KeptPart({
  shown,
  className,
  children,
}: {
  shown: boolean
  className?: string | undefined
  children: ReactNode
}) {
  const [seen, setSeen] = useState(shown)
  if (shown && !seen) setSeen(true)
  if (!seen) return null
  return (
    <div hidden={!shown} {...(shown && className && { className })}>
      {children}
    </div>
  )
}

/** Which part an address names. */
export function readShow<const Part extends string>(parts: readonly Part[], search: Record<string, unknown>) {
  const show = parts.find((part) => part === search.show)
  return show === undefined ? {} : { show }
}
