// Texts that belong to the program itself: instructions for models, a style sheet, its own package.json.
// A bundle, which has no files beside it, brings them along in a module that stands in place of this one.
import { readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)

/** A file of the program by its path from the root. */
export function ownFile(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}
