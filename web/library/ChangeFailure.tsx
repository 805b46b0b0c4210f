import { asFailure } from '../api/failure.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { refreshTables } from './useTableChange.ts'

type Props = { error: unknown /** Once the newest version was read. */; onRefreshed?: () => void }

/** A change that was not made; the newest version is one click away, and what was chosen stays. */
export function ChangeFailure({ error, onRefreshed }: Props) {
  const { message, fix, issues } = asFailure(error)
  return (
    <Notice tone="danger" title={message}>
      {fix && <p>{fix}</p>}
      {issues?.map((issue) => (
        <p key={issue.message}>{issue.message}</p>
      ))}
      <Button onClick={() => void refreshTables().then(onRefreshed)}>Read the newest version</Button>
    </Notice>
  )
}
