import type { Answered } from '../api/call.ts'
import styles from './documents.module.css'

export type PlacedTable = Answered<'GET /dashboards/{id}'>['tiles'][number]['table']

/** What stands where a table has no rows to show. */
export function PlacedState({ table }: { table: PlacedTable }) {
  return (
    <div className={styles.placed}>
      <p>{WORDS[table.state]}</p>
      {table.issues?.map(({ message }) => (
        <p key={message}>{message}</p>
      ))}
    </div>
  )
}

const WORDS: Readonly<Record<PlacedTable['state'], string>> = {
  ok: '',
  hidden: 'It uses columns that your role may not see.',
  broken: 'It no longer fits the catalog.',
  deleted: 'This table was deleted.',
  not_shared: 'This table is not shared with you. Ask its owner.',
}

/** What a placed table is called where it has no title of its own. */
export function placedName({ name, state }: PlacedTable): string {
  return name ?? (state === 'not_shared' ? 'A table not shared with you' : 'Table')
}
