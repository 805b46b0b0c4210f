// What every step after binding shares: the catalog, and the notes for the person who pasted the SQL.
import type { Catalog } from '../../catalog/schema.ts'

export type Session = {
  readonly catalog: Catalog
  /** Differences from the SQL that a person should know, in order, without repeats. */
  readonly notes: string[]
}

/** Adds a note once. */
export function note(session: Session, text: string): void {
  if (!session.notes.includes(text)) session.notes.push(text)
}

/** Runs one way of importing; if it is refused, its notes are forgotten. */
export function attempt<T>(session: Session, step: () => T): () => T {
  return () => {
    const kept = session.notes.length
    try {
      return step()
    } catch (error) {
      session.notes.length = kept
      throw error
    }
  }
}
