import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { useReader } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { ChangeFailure } from './ChangeFailure.tsx'
import styles from './History.module.css'
import { useTableChange } from './useTableChange.ts'
import { type Version, VersionView } from './VersionView.tsx'

type Table = Answered<'GET /tables/{id}'>
const MOST = 20

/** What a table was: each version with what changed in it, and the way back to each. */
export function History({ table }: { table: Table }) {
  const { key, mayWrite } = useReader()
  const [chosen, setChosen] = useState<Version>()
  const mayChange = table.access !== 'view' && mayWrite
  const history = useInfiniteQuery({
    queryKey: ['table', ...key, table.id, table.version, 'history'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before }) => {
      const query = { limit: MOST, ...(before && { before }) }
      return call('GET /tables/{id}/history', { params: { id: table.id }, query })
    },
    getNextPageParam: (page) => page.nextBefore,
  })
  const versions = history.data?.pages.flatMap((page) => page.versions) ?? []
  return (
    <div className={styles.history}>
      {history.isLoading && <p role="status">Looking for earlier versions…</p>}
      <Failed error={history.error}>
        <Button onClick={() => void history.refetch()}>Try again</Button>
      </Failed>
      <ol className={styles.versions} aria-label="Versions">
        {versions.map((version, index) => (
          <VersionView
            key={version.version}
            version={version}
            {...(versions[index + 1] && { earlier: versions[index + 1] })}
            newest={index === 0}
            {...(mayChange && { onRevert: setChosen })}
          />
        ))}
      </ol>
      {history.hasNextPage && (
        <div>
          <Button disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
            Older versions
          </Button>
        </div>
      )}
      {!mayChange && versions.length > 1 && (
        <p className={forms.about}>Only those who may change the table can go back to a version.</p>
      )}
      {chosen && <Revert table={table} to={chosen} onClose={() => setChosen(undefined)} />}
    </div>
  )
}

function Revert({ table, to, onClose }: { table: Table; to: Version; onClose: () => void }) {
  const change = useTableChange()
  const { id, version } = table
  const revert = () => call('POST /tables/{id}/revert', { params: { id }, version, body: { to: to.version } })
  return (
    <Dialog title={`Go back to version ${to.version}?`} onClose={onClose}>
      <div className={forms.form}>
        {change.error && <ChangeFailure error={change.error} onRefreshed={() => change.reset()} />}
        <p>The table becomes what it was then:</p>
        <p className={styles.was}>
          <strong>{to.name}</strong>
          <br />
          {to.sentence}
        </p>
        <p className={forms.about}>
          Nothing is lost: this makes a new version, and you can come back. Sharing and schedule stay as they are.
        </p>
        <div className={forms.actions}>
          <Button
            kind="primary"
            disabled={change.isPending}
            onClick={() => change.mutate(revert, { onSuccess: onClose })}
          >
            Go back
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
