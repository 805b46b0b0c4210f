import { asFailure } from '../api/failure.ts'
import { dismiss, useTakenBack } from '../api/optimistic.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'

/** Changes that failed after their screen was left: said on whichever screen one is. */
export function TakenBackNotices() {
  return useTakenBack().map((one) => {
    const { message, fix } = asFailure(one.error)
    return (
      <Notice key={`${one.failed} ${message}`} tone="danger" title={one.failed}>
        <p>
          {message}. {fix && `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`}
        </p>
        <Button onClick={() => dismiss(one)}>Dismiss</Button>
      </Notice>
    )
  })
}
