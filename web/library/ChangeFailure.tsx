import { asFailure } from '../api/failure.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { refreshTables } from './useTableChange.ts'

/** A change that was not made; the newest version is one click away, and what was chosen stays. */
export function ChangeFailure({ error }: { error: unknown }) {
  const { message, fix } = asFailure(error)
  return (
    <Notice tone="danger" title={message}>
      {fix && <p>{fix}</p>}
      <Button onClick={() => void refreshTables()}>Read the newest version</Button>
    </Notice>
  )
}
