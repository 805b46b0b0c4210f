import { Link } from '@tanstack/react-router'
import { useTitle } from '../ui/useTitle.ts'
import styles from './NotFound.module.css'

export function NotFound() {
  useTitle('Nothing here')
  return (
    <div className={styles.page}>
      <h1>There is nothing at this address</h1>
      <p>
        <Link to="/">Ask for a table</Link>, or look at <Link to="/tables">those that were saved</Link>.
      </p>
    </div>
  )
}
