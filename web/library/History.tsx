import { useQuery } from '@tanstack/react-query'
import { type Answered, call } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { readerLocale } from '../api/locale.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { ChangeFailure } from './ChangeFailure.tsx'
import styles from './library.module.css'
import { useTableChange } from './useTableChange.ts'

/** Earlier versions, and the way back to each. */
export function History({ table }: { table: Answered<'GET /tables/{id}'> }) {
  const params = { id: table.id }
  const change = useTableChange()
  const history = useQuery({
    queryKey: ['table', table.id, table.version, 'history'],
    queryFn: () => call('GET /tables/{id}/history', { params }),
  })
  return (
    <>
      {history.error && <Notice tone="danger" title={asFailure(history.error).message} />}
      {change.error && <ChangeFailure error={change.error} />}
      <ul className={styles.list}>
        {history.data?.versions.map(({ version, name, changedAt, changedBy }) => (
          <li key={version}>
            <span>
              Version {version}: {name}, {changedBy.name}, {new Date(changedAt).toLocaleString(readerLocale)}
            </span>
            {version !== table.version && table.access !== 'view' && (
              <Button
                disabled={change.isPending}
                onClick={() =>
                  change.mutate(() =>
                    call('POST /tables/{id}/revert', { params, version: table.version, body: { to: version } }),
                  )
                }
              >
                Go back to this version
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
