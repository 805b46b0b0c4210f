import styles from './Logo.module.css'

/** A table whose header row and middle column make a T. */
export function Logo() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" className={styles.logo} aria-hidden="true">
      <rect x="4" y="5" width="24" height="7" rx="2" />
      <rect x="4" y="15" width="7" height="12" rx="2" opacity="0.4" />
      <rect x="13.5" y="15" width="5" height="12" rx="2" />
      <rect x="21" y="15" width="7" height="12" rx="2" opacity="0.4" />
    </svg>
  )
}
