import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useReader } from '../api/session.ts'
import { SignIn } from '../session/SignIn.tsx'
import { Icon } from '../ui/Icon.tsx'
import { NotLoaded } from '../ui/NotLoaded.tsx'
import { useTitle } from '../ui/useTitle.ts'
import styles from './documents.module.css'

/** What is around one dashboard or report: signing in, waiting, what went wrong, and the way back to all of them. */
export function DocumentPage<T extends { name: string }>({
  kind,
  found,
  children,
}: {
  kind: 'dashboards' | 'reports'
  found: UseQueryResult<T>
  children: (document: T) => ReactNode
}) {
  const { signedOut } = useReader()
  const one = kind.slice(0, -1)
  useTitle(found.data?.name)
  return (
    <div className={styles.page}>
      <p className={styles.back}>
        <Link to={`/${kind}`}>
          <Icon name="arrowLeft" size={16} />
          All {kind}
        </Link>
      </p>
      {signedOut && (
        <>
          <h1>Sign in to open this {one}</h1>
          <SignIn />
        </>
      )}
      {found.isLoading && <p role="status">Opening the {one}…</p>}
      {found.data === undefined && found.error && (
        <NotLoaded error={found.error} one={one} onRetry={() => void found.refetch()} />
      )}
      {found.data !== undefined && children(found.data)}
    </div>
  )
}
