// Drafts of dashboards and reports that are nowhere else yet, kept for this tab: there again after a reload, a session
// that ended or a save that failed, for whoever wrote them and nobody else.
import { keptInTab } from '../api/kept-in-tab.ts'

/** A draft, and the document with the version that it was begun from. */
export type KeptDraft<Document, Draft> = { readonly base: Document; readonly draft: Draft }
type Kept = KeptDraft<{ readonly id: string }, object>

const MAX_DRAFTS = 6
const drafts = keptInTab<Kept>('drafts', MAX_DRAFTS)
/** Those on their way to the server. */
const sent = new Set<string>()

const others = (owner: string, id: string) => drafts.read(owner).filter(({ base }) => base.id !== id)

/** Keeps a draft as the newest. Where there is no room for all, the older ones go; without storage it goes with the page. */
export function keepDraft(owner: string, kept: Kept): void {
  if (!drafts.write([kept, ...others(owner, kept.base.id)], owner)) drafts.write([kept], owner)
}

export function dropDraft(owner: string, id: string): void {
  const rest = others(owner, id)
  if (rest.length < drafts.read(owner).length) drafts.write(rest, owner)
}

/** Runs what saves a draft: once it is saved it is a draft no more, and until then nobody is asked to go on with it. */
export async function sendDraft<T>(owner: string, id: string, save: () => Promise<T>): Promise<T> {
  sent.add(id)
  try {
    const saved = await save()
    dropDraft(owner, id)
    return saved
  } finally {
    sent.delete(id)
  }
}

/** What its owner had not saved of a document; nothing where it has become what is saved. */
export function readDraft<Document extends { id: string }, Draft extends object>(owner: string, document: Document) {
  const kept = drafts.read(owner).find(({ base }) => base.id === document.id)
  if (kept === undefined || sent.has(document.id)) return undefined
  const said = document as Readonly<Record<string, unknown>>
  const isSaved = Object.entries(kept.draft).every(([key, part]) => sameText(part) === sameText(said[key]))
  return isSaved ? undefined : (kept as KeptDraft<Document, Draft>)
}

/** As text without what only the server says of a table. */
const sameText = (part: unknown): string =>
  JSON.stringify(part, (key, value: unknown) => (key === 'table' ? undefined : value))
