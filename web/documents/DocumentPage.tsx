import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { asFailure } from '../api/failure.ts'
import { useReader } from '../api/session.ts'
import { SignIn } from '../session/SignIn.tsx'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Notice } from '../ui/Notice.tsx'
import styles from './documents.module.css'

/** What is around one dashboard or report: signing in, waiting, what went wrong, and the way back to all of them. */
export function DocumentPage<T>({
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
        <Notice tone="danger" title={asFailure(found.error).message}>
          <Button onClick={() => void found.refetch()}>Try again</Button>
        </Notice>
      )}
      {found.data !== undefined && children(found.data)}
    </div>
  )
}
