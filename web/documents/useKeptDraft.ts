import { useEffect, useState } from 'react'
import { currentOwner } from '../api/owner.ts'
import { dropDraft, type KeptDraft, keepDraft, sendDraft } from './kept-drafts.ts'

/** Keeps a draft for as long as it is not saved. `send` runs what saves it; `drop` gives it up. */
export function useKeptDraft<Document extends { id: string }, Draft extends object>(
  { base, draft }: KeptDraft<Document, Draft>,
  dirty: boolean,
) {
  // Whose editor this is, also while somebody else is being signed in.
  const [owner] = useState(currentOwner)
  const text = JSON.stringify(draft)
  useEffect(() => {
    if (dirty) keepDraft(owner, { base, draft: JSON.parse(text) as Draft })
    else dropDraft(owner, base.id)
  }, [owner, base, text, dirty])
  return {
    drop: () => dropDraft(owner, base.id),
    send: <T>(save: () => Promise<T>) => sendDraft(owner, base.id, save),
  }
}
