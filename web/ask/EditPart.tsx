import { useEffect, useRef, useState } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import { useCatalog } from '../api/client.ts'
import { Issues, Only } from '../builder/Part.tsx'
import { Parts } from '../builder/Parts.tsx'
import { usePreview } from '../builder/usePreview.ts'
import { Words } from '../builder/words.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'
import { type Piece, pathOf } from './take-out.ts'

/** Parts that may hold what is told in the server's words, which a preview brings. */
const WORDED: ReadonlySet<string> = new Set(['filters', 'having', 'aggregates'])

type Props = {
  piece: Piece
  definition: Definition
  onClose: () => void
  onEdit: (definition: Definition) => void
}

/** One part of a table, changed in place, beginning at the piece that was chosen; what it would say stands below before it is shown. */
export function EditPart({ piece, definition, onClose, onEdit }: Props) {
  const { part } = piece
  const box = useRef<HTMLDivElement>(null)
  const [draft, setDraft] = useState(definition)
  const catalog = useCatalog()
  const changed = draft !== definition
  const ready = catalog.data !== undefined
  const at = pathOf(definition, piece)
  useEffect(() => {
    const entry = ready ? box.current?.querySelector(`[data-path="${CSS.escape(at)}"]`) : undefined
    const control = entry?.querySelector<HTMLElement>('input, select, textarea') ?? entry?.querySelector('button')
    control?.focus()
    entry?.scrollIntoView({ block: 'center' })
  }, [ready, at])
  const preview = usePreview(draft, changed || WORDED.has(part))
  const sound = changed && !preview.busy && preview.failure === undefined
  return (
    <Dialog title="Change this part" onClose={onClose}>
      <div ref={box} className={forms.form}>
        {catalog.data === undefined ? (
          <p role="status">Opening…</p>
        ) : (
          <Issues value={preview.failure?.issues ?? []}>
            <Only value={[part]}>
              <Words value={preview.words}>
                <Parts catalog={catalog.data} definition={draft} onChange={setDraft} />
              </Words>
            </Only>
          </Issues>
        )}
        {preview.failure && preview.failure.issues === undefined && (
          <Notice tone="danger" title={preview.failure.message} />
        )}
        {sound && preview.rows && (
          <p className={forms.about} role="status">
            {preview.rows.sentence}
          </p>
        )}
        <div className={forms.actions}>
          <Button
            kind="primary"
            disabled={!sound}
            onClick={() => {
              onEdit(draft)
              onClose()
            }}
          >
            Show this table
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
