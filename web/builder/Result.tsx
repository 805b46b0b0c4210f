import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import { foldedJson } from '../../src/lib/folded-json.ts'
import { prettySql } from '../../src/sql/pretty.ts'
import { call } from '../api/call.ts'
import { asFailure, type Failure } from '../api/failure.ts'
import { readerLocale, readerTimezone } from '../api/locale.ts'
import { MeaningLine } from '../ask/Meanings.tsx'
import { ResultTable, type Shown } from '../ask/ResultTable.tsx'
import { DownloadAnswer } from '../exports/DownloadAnswer.tsx'
import { ChangeFailure } from '../library/ChangeFailure.tsx'
import { SaveTable } from '../library/SaveTable.tsx'
import { useTableChange } from '../library/useTableChange.ts'
import { ViewersTake } from '../library/ViewersTake.tsx'
import { Button } from '../ui/Button.tsx'
import { Code } from '../ui/Code.tsx'
import { Disclosure } from '../ui/Disclosure.tsx'
import { Notice } from '../ui/Notice.tsx'
import { rowCount } from '../ui/words.ts'
import styles from './builder.module.css'
import type { Work } from './handover.ts'
import type { Preview } from './usePreview.ts'

type Props = {
  work: Work
  preview: { rows?: Preview; failure?: Failure; busy: boolean; again: () => void }
  onChange: (definition: Definition) => void
  /** Of the saved table that is being changed, its version of now. */
  onSaved: (table?: Work['table']) => void
  /** Whether the saved table may be changed by this reader. */
  mayChange: boolean
}

/** What has been built so far: its sentence, its rows, and ways to keep it. */
export function Result({ work, preview, onChange, onSaved, mayChange }: Props) {
  const { rows, failure, busy } = preview
  const loose = failure?.issues === undefined ? failure : undefined
  return (
    <section tabIndex={-1} className={styles.result} aria-label="Result" aria-busy={busy}>
      {rows !== undefined && <p className={styles.sentence}>{rows.sentence}</p>}
      <MeaningLine definition={work.definition} />
      {failure !== undefined && (
        <Notice tone="danger" title={failure.message}>
          {failure.fix && <p>{failure.fix}</p>}
          {loose && <Button onClick={preview.again}>Try again</Button>}
          {loose === undefined && (
            <ul>
              {failure.issues?.map(({ message }) => (
                <li key={message}>{message}</li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      {rows === undefined && failure === undefined && <p role="status">Reading the rows…</p>}
      {rows !== undefined && (
        <div className={`${styles.rows} ${failure !== undefined ? styles.stale : busy ? styles.busy : ''}`}>
          {failure !== undefined && (
            <p className={styles.hint}>
              {loose ? 'The rows that were read last:' : 'The rows from before this mistake:'}
            </p>
          )}
          <ResultTable
            table={rows as Shown}
            label="The table so far"
            partial={rows.truncated}
            // What is built is shown with each of its parts.
            everyKey
            edit={{ definition: work.definition, onEdit: onChange }}
          />
          <p className={styles.hint}>
            {rows.truncated
              ? `The first ${rows.rows.length.toLocaleString(readerLocale)} rows`
              : rowCount(rows.rows.length)}
          </p>
          <p className={styles.hint}>By the days of {readerTimezone}</p>
        </div>
      )}
      {failure === undefined && rows !== undefined && (
        <div className={styles.row}>
          <Save {...{ work, onSaved, mayChange }} />
          <DownloadAnswer definition={work.definition} title={titleOf(work)} />
          <ViewersTake />
        </div>
      )}
      <Disclosure label="Definition">
        <Code label="definition" text={foldedJson(work.definition, 80)} />
      </Disclosure>
      {rows !== undefined && (
        <Disclosure label="SQL">
          <Code label="SQL" text={rows.statements.map(({ text }) => prettySql(text)).join('\n\n')} />
        </Disclosure>
      )}
      <Disclosure label="Import SQL or a definition">
        <Import onImported={onChange} />
      </Disclosure>
    </section>
  )
}

const titleOf = ({ definition, table }: Work): string => table?.name ?? definition.title ?? 'My table'

function Save({ work, onSaved, mayChange }: Pick<Props, 'work' | 'onSaved' | 'mayChange'>) {
  const { definition, table, prompt } = work
  const change = useTableChange()
  if (table === undefined || !mayChange)
    return (
      <SaveTable
        // What is changed after it was saved can be saved as well.
        key={JSON.stringify(definition)}
        prompt={prompt}
        title={table ? `${table.name} (mine)` : titleOf(work)}
        definition={definition}
        onSaved={onSaved}
        {...(table && { label: 'Save as my own copy' })}
      />
    )
  const save = async (over: boolean) => {
    const params = { id: table.id }
    const version = over ? (await call('GET /tables/{id}', { params })).version : table.version
    const saved = await call('PUT /tables/{id}', { params, version, body: { definition } })
    onSaved({ ...params, version: saved.version, name: saved.name })
  }
  return (
    <>
      <div className={styles.row}>
        <Button kind="primary" disabled={change.isPending} onClick={() => change.mutate(() => save(false))}>
          Save changes
        </Button>
        <Link to="/tables/$id" params={{ id: table.id }}>
          Open the table
        </Link>
        {change.isSuccess && <span role="status">Saved</span>}
      </div>
      {change.error && (
        <>
          <ChangeFailure error={change.error} onOverwrite={() => change.mutate(() => save(true))} />
          <SaveTable
            prompt={prompt}
            title={`${table.name} (mine)`}
            definition={definition}
            label="Save mine as another table"
            kind="outline"
          />
        </>
      )}
    </>
  )
}

function Import({ onImported }: { onImported: (definition: Definition) => void }) {
  const [text, setText] = useState('')
  const run = useMutation({
    mutationFn: () => {
      const isJson = text.trim().startsWith('{')
      return call('POST /tables/import', { body: isJson ? { definition: JSON.parse(text) as unknown } : { sql: text } })
    },
    onSuccess: ({ definition }) => onImported(definition),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    run.mutate()
  }
  const failure =
    run.error && (run.error instanceof SyntaxError ? { message: 'This is not JSON' } : asFailure(run.error))
  return (
    <form onSubmit={submit} className={styles.controls}>
      <label className={styles.controls}>
        One SELECT, or a definition as JSON
        <textarea
          className={styles.area}
          value={text}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
        />
      </label>
      {failure && (
        <Notice tone="danger" title={failure.message}>
          <ul>
            {'issues' in failure &&
              failure.issues?.map(({ message, path }) => <li key={`${path.join('.')} ${message}`}>{message}</li>)}
          </ul>
        </Notice>
      )}
      {run.data?.notes.map((note) => (
        <p key={note} className={styles.hint}>
          {note}
        </p>
      ))}
      <div className={styles.row}>
        <Button type="submit" disabled={run.isPending || text.trim() === ''}>
          Import
        </Button>
      </div>
    </form>
  )
}
