import type { Answered } from '../api/call.ts'
import { asOfText } from '../api/locale.ts'
import { useReader } from '../api/session.ts'
import { ResultTable } from '../ask/ResultTable.tsx'
import { useBuilder } from '../builder/EditInBuilder.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { countOf } from '../ui/words.ts'
import styles from './library.module.css'
import type { TableRowsRead } from './useTableRows.ts'

type Props = { table: Answered<'GET /tables/{id}'>; rows: TableRowsRead }

/** The rows that were read so far, how many there are, and a way to the rest. */
export function TableRows({ table, rows }: Props) {
  const { first, table: read } = rows
  const build = useBuilder()
  const { key: reader, mayWrite } = useReader()
  if (first === undefined || read === undefined) return null
  const { id, version, name, definition, access } = table
  const keep = [...reader, id].join(' ')
  const partial = read.rows.length < first.rowCount || first.truncated
  const edit = definition && {
    definition,
    onEdit: (changed: typeof definition) =>
      build({ definition: changed, ...(access !== 'view' && mayWrite && { table: { id, version, name } }) }),
    // The rows behind are another table, which this one is not to become.
    onDrill: (found: typeof definition) => build({ definition: found }),
  }
  return (
    <>
      <ResultTable
        key={keep}
        table={read}
        label={name}
        rowCount={first.rowCount}
        partial={partial}
        truncated={first.truncated}
        keep={keep}
        readRest={rows.readAll}
        edit={edit ?? undefined}
        onNearEnd={rows.readMore}
      />
      <div className={styles.bar}>
        <p className={forms.about}>
          {countOf(read.rows.length, first.rowCount)}, {asOfText(first.asOf)}
        </p>
        {read.rows.length < first.rowCount && !first.truncated && (
          <Button disabled={rows.isReadingMore} onClick={rows.readAll}>
            {rows.isReadingMore ? 'Reading…' : 'Read all of them'}
          </Button>
        )}
      </div>
      {rows.laterError && (
        <Failed error={rows.laterError}>
          <Button onClick={rows.again}>Read the rows again</Button>
        </Failed>
      )}
    </>
  )
}
