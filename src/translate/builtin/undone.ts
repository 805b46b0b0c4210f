// "Loans not yet returned", "unpaid invoices": rows whose day of that deed is missing, where they have such a day.
// In: a prompt, the catalog. Out: the prompt with the missing day named; what is no such turn stays as it is.
// Refused: deeds with a time behind them ("not returned in May"), and words that the catalog knows by themselves.
import type { Catalog } from '../../catalog/schema.ts'
import { lexiconOf } from './lexicon.ts'

/** The deed of a field that says when it was done: "returned" of "Returned at". */
const DONE_AT = /^([\p{L}]{3,}) (?:at|on|date|time|datetime)$/iu
const NOT =
  "(?:(?:that|which|who) )?(?:(?:have|has|had|are|is|were|was|did|do)(?:n['’]?t| not)|not|never)(?: yet)?(?: been)? (?:yet )?"
const TIME_BEHIND = '(?! (?:in|on|by|before|after|within|for|since|until|during|to|at|this|last)\\b)'

/** The prompt as it is read. */
export function undone(prompt: string, catalog: Catalog): string {
  const { known, rowsCalled } = lexiconOf(catalog)
  const words = [...prompt.toLowerCase().matchAll(/[\p{L}-]+/gu)].map(([word]) => word)
  const named = new Set(words.flatMap((word) => rowsCalled(word)))
  for (const name of named)
    for (const { label, type } of Object.values(catalog.entities[name]?.fields ?? {})) {
      const deed = type === 'date' || type === 'timestamp' ? DONE_AT.exec(label)?.[1]?.toLowerCase() : undefined
      if (deed === undefined) continue
      const without = `without ${label.toLowerCase()}`
      const plain = prompt.replace(new RegExp(`\\b${NOT}${deed}\\b(?: yet)?${TIME_BEHIND}`, 'iu'), without)
      if (plain !== prompt) return plain
      // "Unpaid" may be a status of its own.
      if (known(`un${deed}`)) continue
      const before = new RegExp(`\\bun${deed} ([\\p{L}-]+)`, 'iu').exec(prompt)
      if (before !== null && rowsCalled(before[1]?.toLowerCase() ?? '').includes(name))
        return prompt.replace(before[0], `${before[1]} ${without}`)
    }
  return prompt
}
