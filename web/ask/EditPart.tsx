import { useState } from 'react'
import type { SentencePart } from '../../src/definition/read-back.ts'
import type { Definition } from '../../src/definition/schema.ts'
import { useCatalog } from '../api/client.ts'
import { setCompare, setHaving } from '../builder/edits.ts'
import { Issues, Only } from '../builder/Part.tsx'
import { Parts } from '../builder/Parts.tsx'
import { usePreview } from '../builder/usePreview.ts'
import { Words } from '../builder/words.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'

/** Parts that a table can do without altogether: they can be taken out here too. */
const REMOVABLE: ReadonlySet<string> = new Set([
  'having',
  'compare',
  'pivot',
  'limit',
  'limitPer',
  'totals',
  'distinct',
])

/** Parts that may hold what is told in the server's words, which a preview brings. */
const WORDED: ReadonlySet<string> = new Set(['filters', 'having', 'aggregates'])

type Props = {
  part: SentencePart['part']
  definition: Definition
  onClose: () => void
  onEdit: (definition: Definition) => void
}

/** One part of a table, changed in place; what it would say stands below before it is shown. */
export function EditPart({ part, definition, onClose, onEdit }: Props) {
  const [draft, setDraft] = useState(definition)
  const catalog = useCatalog()
  const changed = draft !== definition
  const preview = usePreview(draft, changed || WORDED.has(part))
  const sound = changed && !preview.busy && preview.failure === undefined
  return (
    <Dialog title="Change this part" onClose={onClose}>
      <div className={forms.form}>
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
        {REMOVABLE.has(part) && draft === definition && (
          <div>
            <Button onClick={() => setDraft(without(definition, part))}>Take it out</Button>
          </div>
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

function without(definition: Definition, part: SentencePart['part']): Definition {
  if (part === 'having') return setHaving(definition, undefined)
  if (part === 'compare') return setCompare(definition, null)
  if (part === 'totals' || part === 'distinct') return { ...definition, [part]: false }
  return { ...definition, [part]: null }
}
