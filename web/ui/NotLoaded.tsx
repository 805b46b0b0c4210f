import type { ReactNode } from 'react'
import { asFailure } from '../api/failure.ts'
import { Button } from './Button.tsx'
import { Failed } from './Failed.tsx'
import { useTitle } from './useTitle.ts'

type Props = {
  error: unknown
  /** Such as "table". */
  one: string
  onRetry: () => void
  /** Where one may go instead. */
  children?: ReactNode
}

/** In place of one thing: that there is none, which trying again does not change, or why it could not be read. */
export function NotLoaded({ error, one, onRetry, children }: Props) {
  const absent = asFailure(error).code === 'not_found'
  const title = absent ? `No such ${one}` : `This ${one} could not be read`
  useTitle(title)
  return (
    <>
      <h1>{title}</h1>
      {absent ? (
        <>
          <p>It was deleted, the link is wrong, or it is not shared with you; then its owner can share it.</p>
          {children}
        </>
      ) : (
        <Failed error={error}>
          <Button onClick={onRetry}>Try again</Button>
        </Failed>
      )}
    </>
  )
}
