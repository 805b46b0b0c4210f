// "Loans not yet returned", "unpaid invoices": rows whose day of that deed is missing, where they have such a day; and
// "inactive clients", where rows are active or not.
// In: a prompt, the catalog. Out: the prompt with what is missing or not named; what is no such turn stays as it is.
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
      if (type === 'boolean') {
        const word = /^(?:is |has )?(\p{L}+)$/u.exec(label.toLowerCase())?.[1]
        const opposite =
          word === undefined ? null : new RegExp(`\\b((?:in|un|non-?)${word}) ([\\p{L}-]+)`, 'iu').exec(prompt)
        const [found = '', one = '', rows = ''] = opposite ?? []
        if (opposite !== null && rowsCalled(rows.toLowerCase()).includes(name) && !known(one.toLowerCase()))
          return placed(prompt.replace(found, rows), `that are not ${word}`)
      }
      const deed = type === 'date' || type === 'timestamp' ? DONE_AT.exec(label)?.[1]?.toLowerCase() : undefined
      if (deed === undefined) continue
      const without = `without ${label.toLowerCase()}`
      const plain = prompt.replace(new RegExp(`\\b${NOT}${deed}\\b(?: yet)?${TIME_BEHIND}`, 'iu'), without)
      if (plain !== prompt) return plain
      // "Unpaid" may be a status of its own.
      if (known(`un${deed}`)) continue
      const before = new RegExp(`\\bun${deed} ([\\p{L}-]+)`, 'iu').exec(prompt)
      if (before !== null && rowsCalled(before[1]?.toLowerCase() ?? '').includes(name))
        return placed(prompt.replace(before[0], before[1] ?? ''), without)
    }
  return prompt
}

/** A condition behind the rows and before what orders or groups them. */
function placed(prompt: string, condition: string): string {
  const [rest] = /[,;]? (?:by|per|for each|sorted|ordered|in order)\b.*$/i.exec(prompt) ?? ['']
  const end = /[?.!]*$/.exec(prompt)?.[0] ?? ''
  const head = rest === '' ? prompt.slice(0, prompt.length - end.length) : prompt.slice(0, prompt.length - rest.length)
  return `${head} ${condition}${rest === '' ? end : rest}`
}
