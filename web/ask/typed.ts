// Words that were typed and not asked: there again after a look elsewhere or a reload. In: words. Out: those of before.
import { keptInTab } from '../api/kept-in-tab.ts'
import { currentOwner } from '../api/owner.ts'

const typed = keptInTab<string>('prompt', 1)
/** Of nobody yet: a page is typed into before it is known who does. A visitor's words are kept no longer than the page. */
let early = ''

export function readTyped(): string {
  if (currentOwner() === '') return early
  if (early !== '') keepTyped(early)
  return typed.read()[0] ?? ''
}

export function keepTyped(text: string): void {
  const known = currentOwner() !== ''
  early = known ? '' : text
  if (known) typed.write(text === '' ? [] : [text])
}
