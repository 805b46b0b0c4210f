import type { Answered } from '../api/call.ts'
import { useCatalog } from '../api/client.ts'
import { whenText } from '../api/locale.ts'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { type ChangeLine, changeLines } from './change-words.ts'
import styles from './History.module.css'

export type Version = Answered<'GET /tables/{id}/history'>['versions'][number]
type Props = {
  version: Version
  /** The one before it; absent: it is the first, or not read yet. */
  earlier?: Version | undefined
  newest: boolean
  /** Absent: this reader may not go back. */
  onRevert?: (version: Version) => void
}
const SIGNS = { '+': 'Added', '−': 'Removed', '~': 'Changed' } as const

/** One version: who made it, what is different from the one before, and above it what else was changed since. */
export function VersionView({ version, earlier, newest, onRevert }: Props) {
  const { data: catalog } = useCatalog()
  const source = version.definition?.dataSources[0] ?? ''
  const lines = [...namings(version, earlier), ...changeLines(version.changes ?? [], { catalog, source })]
  return (
    <>
      {version.since.map((one) => (
        <li key={one.version} className={`${styles.beside} ${forms.about}`}>
          Version {one.version}: {BESIDE[one.action] ?? 'changed beside what it shows'} by {one.changedBy.name},{' '}
          <time dateTime={one.changedAt}>{whenText(one.changedAt)}</time>
        </li>
      ))}
      <li className={styles.version}>
        <div className={styles.head}>
          <p>
            <strong>Version {version.version}</strong>
            {newest && <span className={styles.now}>what it is now</span>}{' '}
            <span className={forms.about}>
              {kindWords(version)} {version.changedBy.name},{' '}
              <time dateTime={version.changedAt}>{whenText(version.changedAt)}</time>
            </span>
          </p>
          {!newest && version.state === 'ok' && onRevert && (
            <Button onClick={() => onRevert(version)}>Go back to version {version.version}</Button>
          )}
        </div>
        {version.state === 'hidden' && <p className={forms.about}>It uses columns that your role may not see.</p>}
        {version.state === 'broken' && <p className={forms.about}>It does not fit the catalog of today.</p>}
        {lines.length > 0 && (
          <ul className={styles.changes}>
            {lines.map(({ sign, text }) => (
              <li key={`${sign} ${text}`} data-sign={sign}>
                <span aria-hidden="true" className={styles.sign}>
                  {sign}
                </span>
                <span>
                  <span className="visually-hidden">{SIGNS[sign]}: </span>
                  {text}
                </span>
              </li>
            ))}
          </ul>
        )}
        {(version.kind === 'created' || lines.length === 0) && version.sentence && (
          <p className={styles.sentence}>{version.sentence}</p>
        )}
      </li>
    </>
  )
}

/** What counts a number up and leaves name, description and definition as they are. */
const BESIDE: Readonly<Record<string, string>> = {
  'tables.share': 'sharing changed',
  'tables.transfer': 'handed to somebody else',
  'tables.schedule': 'schedule changed',
  'tables.unschedule': 'schedule ended',
  'tables.delete': 'deleted',
  'tables.restore': 'restored',
  'tables.verify': 'verified mark changed',
  'tables.update': 'put elsewhere',
}

function kindWords({ kind, revertedTo }: Version): string {
  if (kind === 'created') return 'made by'
  return kind === 'reverted' ? `back to version ${revertedTo ?? '?'}, by` : 'changed by'
}

function namings(version: Version, earlier: Version | undefined): readonly ChangeLine[] {
  if (earlier === undefined) return []
  return (['name', 'description'] as const).flatMap((part): ChangeLine[] => {
    const [was, is] = [earlier[part], version[part]]
    if (was === is) return []
    const what = part === 'name' ? 'Name' : 'Description'
    return [{ sign: '~', text: `${what}: ${was === '' ? 'none' : `“${was}”`}, now ${is === '' ? 'none' : `“${is}”`}` }]
  })
}
