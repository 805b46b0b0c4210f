import type { ReactNode } from 'react'
import { asFailure } from '../api/failure.ts'
import { Notice } from './Notice.tsx'
import { asSentence } from './words.ts'

/** What a request failed with, what to do, and every single thing that was wrong with it. */
export function Failed({ error, children }: { error: unknown; children?: ReactNode }) {
  if (error === null || error === undefined) return null
  const { message, fix, issues } = asFailure(error)
  return (
    <Notice tone="danger" title={message}>
      {fix && <p>{asSentence(fix)}</p>}
      {issues?.map((issue) => (
        <p key={`${issue.path.join('.')} ${issue.message}`}>{issue.message}</p>
      ))}
      {children}
    </Notice>
  )
}
