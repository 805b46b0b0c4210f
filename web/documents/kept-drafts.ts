// Drafts whose saving failed after their page was left: their writer finds them there, as long as the page is not reloaded.
import { whenForgotten } from '../api/session.ts'

const kept = new Map<string, unknown>()
whenForgotten(() => kept.clear())

/** A draft, and what it was begun from. */
export type KeptDraft<Document, Draft> = { readonly base: Document; readonly draft: Draft }

export function keepDraft<Document extends { id: string }, Draft>(one: KeptDraft<Document, Draft>): void {
  kept.set(one.base.id, one)
}

/** The draft of a document, once. */
export function takeDraft<Document extends { id: string }, Draft>({ id }: Document) {
  const found = kept.get(id) as KeptDraft<Document, Draft> | undefined
  kept.delete(id)
  return found
}
