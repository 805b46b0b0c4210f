import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { newId } from '../../src/lib/id.ts'
import { call } from '../api/call.ts'
import { useOptimistic } from '../api/optimistic.ts'
import documents from '../documents/documents.module.css'
import type { KeptDraft } from '../documents/kept-drafts.ts'
import { SaveBar } from '../documents/SaveBar.tsx'
import { type PickedTable, TablePicker } from '../documents/TablePicker.tsx'
import { useKeptDraft } from '../documents/useKeptDraft.ts'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { Nothing } from '../ui/Nothing.tsx'
import { ItemEditor } from './ItemEditor.tsx'
import { ReportBody, type ReportItem } from './ReportBody.tsx'
import type { Report } from './ReportScreen.tsx'
import styles from './reports.module.css'

const MAX_ITEMS = 100
/** A part of the draft; parts have no names of their own, so each gets a key for as long as it is edited. */
export type DraftItem = { readonly key: string; readonly item: ReportItem }
export type ReportDraft = Pick<Report, 'name' | 'description' | 'items'>
type Props = {
  report: Report
  /** A draft that was not saved, to go on from. */
  unsaved: KeptDraft<Report, ReportDraft> | undefined
  onChanged: (next: Report) => void
  onDone: () => void
  /** Whether what was saved is shown already, while the server has not answered. */
  sent: boolean
  onSent: (sent: boolean) => void
}

/** A report while it is changed: a draft of its own, until it is saved. */
export function ReportEditor({ report, unsaved, onChanged, onDone, sent, onSent }: Props) {
  const [base] = useState(unsaved?.base ?? report)
  const [begun] = useState<ReportDraft>(unsaved?.draft ?? base)
  const [name, setName] = useState(begun.name)
  const [description, setDescription] = useState(begun.description)
  const [parts, setParts] = useState<readonly DraftItem[]>(() => begun.items.map(draftOf))
  const [picking, setPicking] = useState(false)
  const [preview, setPreview] = useState(false)
  const [said, setSaid] = useState('')
  const params = { id: base.id }
  const items = parts.map(({ item }) => item)
  const dirty =
    JSON.stringify({ name, description, items }) !==
    JSON.stringify({ name: base.name, description: base.description, items: base.items })
  const save = useOptimistic({ kinds: ['reports'], id: base.id, version: base.version })
  const kept = useKeptDraft({ base, draft: { name, description, items } }, dirty)
  const send = (over: boolean) => {
    const draft = { name: name.trim(), description, items }
    onSent(!over)
    save.mutate(
      {
        patch: over ? {} : draft,
        run: () =>
          kept.send(async () => {
            const version = over ? (await call('GET /reports/{id}', { params })).version : base.version
            return call('PUT /reports/{id}', { params, version, body: { ...draft, items: items.map(withoutTable) } })
          }),
        failed: `What you changed in “${base.name}” was not saved; it is still there to go on with`,
      },
      { onSuccess: onDone, onError: () => onSent(false) },
    )
  }
  const drop = useMutation({
    mutationFn: async () => (save.error ? call('GET /reports/{id}', { params }) : report),
    onSuccess: (next) => {
      kept.drop()
      onChanged(next)
      onDone()
    },
  })
  const add = (item: ReportItem) => setParts((before) => [...before, draftOf(item)])
  const addTable = ({ id: tableId, name: tableName, access }: PickedTable) => {
    add({ kind: 'table', tableId, table: { tableId, access, state: 'ok', name: tableName, sentence: null } })
    setPicking(false)
  }
  const move = (at: number, by: -1 | 1) => {
    setParts((before) => {
      const next = [...before]
      next.splice(at + by, 0, ...next.splice(at, 1))
      return next
    })
    setSaid(`Now part ${at + by + 1} of ${parts.length}`)
  }
  const filled = items.every((item) => item.kind === 'table' || item.text.trim() !== '')
  return (
    <div className={styles.editor} style={sent ? { display: 'none' } : undefined}>
      <h1 className="visually-hidden">Edit this report</h1>
      <label className={`${forms.field} ${styles.name}`}>
        Name
        <input
          className={forms.input}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className={`${forms.field} ${styles.name}`}>
        Description
        <input
          className={forms.input}
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
      </label>
      <div className={styles.editBar}>
        <Button aria-pressed={preview} onClick={() => setPreview(!preview)}>
          Preview
        </Button>
        <SaveBar
          one="report"
          dirty={dirty && !sent}
          saving={save.isPending || drop.isPending}
          error={save.error ?? drop.error}
          valid={name.trim() !== '' && filled}
          onSave={() => (dirty ? send(false) : onDone())}
          onOverwrite={() => send(true)}
          onDrop={() => drop.mutate()}
          onLeave={kept.drop}
          restored={unsaved !== undefined}
          newer={report.version === base.version ? undefined : report}
        />
        {!filled && <span className={documents.saving}>A text is empty: write it, or remove it.</span>}
      </div>
      <p role="status" className="visually-hidden">
        {said}
      </p>
      {preview ? (
        <ReportBody items={items.filter((item) => item.kind === 'table' || item.text.trim() !== '')} />
      ) : (
        <>
          {parts.length === 0 && (
            <Nothing title="Nothing here yet.">
              <p>Begin with a heading or a table.</p>
            </Nothing>
          )}
          <ol className={styles.items} aria-label="Parts of the report">
            {parts.map(({ key, item }, at) => (
              <ItemEditor
                key={key}
                item={item}
                place={`part ${at + 1}`}
                onChange={(next) =>
                  setParts((before) => before.map((one) => (one.key === key ? { key, item: next } : one)))
                }
                onUp={at === 0 ? undefined : () => move(at, -1)}
                onDown={at === parts.length - 1 ? undefined : () => move(at, 1)}
                onRemove={() => {
                  setParts((before) => before.filter((one) => one.key !== key))
                  setSaid(`Part ${at + 1} is removed`)
                }}
              />
            ))}
          </ol>
          {parts.length < MAX_ITEMS && (
            <div className={forms.actions}>
              <Button onClick={() => add({ kind: 'text', style: 'heading', text: '' })}>Add heading</Button>
              <Button onClick={() => add({ kind: 'text', style: 'paragraph', text: '' })}>Add text</Button>
              <Button onClick={() => setPicking(true)}>Add table</Button>
            </div>
          )}
        </>
      )}
      {picking && <TablePicker title="Add a table" onPick={addTable} onClose={() => setPicking(false)} />}
    </div>
  )
}

const draftOf = (item: ReportItem): DraftItem => ({ key: newId('key'), item })

/** The server says itself what each table is; only where it stands is sent. */
function withoutTable(item: ReportItem) {
  if (item.kind === 'text') return item
  const { table: _table, ...rest } = item
  return rest
}
