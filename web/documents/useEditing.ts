import { useState } from 'react'
import { currentOwner } from '../api/owner.ts'
import { useReader } from '../api/session.ts'
import { readDraft } from './kept-drafts.ts'

type Document = { readonly id: string; readonly access: string; readonly deletedAt: string | null }

/** Whether a dashboard or report is read or changed, and the draft that was not saved before. */
export function useEditing<D extends Document, Draft extends object>(document: D, isEmpty: boolean) {
  const { mayWrite } = useReader()
  const mayEdit = mayWrite && document.access !== 'view' && document.deletedAt === null
  const [unsaved, setUnsaved] = useState(() => readDraft<D, Draft>(currentOwner(), document))
  // One with nothing on it has nothing to read.
  const [wanted, setWanted] = useState(mayEdit && (unsaved !== undefined || isEmpty))
  // The editor stays behind what was saved, with all that was typed, until the server has it.
  const [sent, setSent] = useState(false)
  return {
    editing: wanted && mayEdit,
    onEdit: mayEdit ? () => setWanted(true) : undefined,
    editor: {
      unsaved,
      sent,
      onSent: setSent,
      onDone: () => {
        setWanted(false)
        setSent(false)
        setUnsaved(undefined)
      },
    },
  }
}
