import { asFailure } from '../api/failure.ts'
import { isOwner } from '../api/owner.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { refreshTables } from './useTableChange.ts'

type Props = {
  error: unknown
  /** Once the newest version was read. */
  onRefreshed?: () => void
  /** Makes the change all the same, over what somebody else did meanwhile. */
  onOverwrite?: () => void
}

/** A change that was not made; the newest version is one click away, and what was chosen stays. */
export function ChangeFailure({ error, onRefreshed, onOverwrite }: Props) {
  const { code, changed } = asFailure(error)
  return (
    <Failed error={error}>
      <div className={forms.actions}>
        {onOverwrite && code === 'version_conflict' && (
          <Button onClick={onOverwrite}>
            {isOwner(changed?.byId) ? 'Save this over it' : 'Save mine over theirs'}
          </Button>
        )}
        <Button onClick={() => void refreshTables().then(onRefreshed)}>Read the newest version</Button>
      </div>
    </Failed>
  )
}
