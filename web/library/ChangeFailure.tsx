import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { refreshTables } from './useTableChange.ts'

type Props = { error: unknown /** Once the newest version was read. */; onRefreshed?: () => void }

/** A change that was not made; the newest version is one click away, and what was chosen stays. */
export function ChangeFailure({ error, onRefreshed }: Props) {
  return (
    <Failed error={error}>
      <div>
        <Button onClick={() => void refreshTables().then(onRefreshed)}>Read the newest version</Button>
      </div>
    </Failed>
  )
}
