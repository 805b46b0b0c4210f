// Turns of English in plainer words, before anything is read: "our biggest donor" is the top one of the donors.
// In: a prompt over a catalog that people wrote. Out: the same request in other words; what is no such turn stays as it is.
// Refused: words of any one catalog; what names rows or measures is asked of the lexicon.
import type { Catalog } from '../../catalog/schema.ts'
import { lexiconOf } from './lexicon.ts'
import { lemma } from './stem.ts'

/** The prompt as it is read. */
export function plainly(prompt: string, catalog: Catalog): string {
  const held = lexiconOf(catalog).known('held') ? 'were held' : 'were'
  const plain = prompt
    .replace(/\bcame (?:in )?(?=(by|through|via) )/i, '')
    .replace(/\bbest[- ]selling\b/i, 'top')
    .replace(/\btook place\b/i, held)
    .replace(/\b(takes?|taking) place\b/i, 'are')
    .replace(/\s+(?:right now|at the moment|as of (?:now|today))(?=[.?!]?$)/i, '')
    .replace(
      /[,;]?\s+(?:with )?(?:the )?(highest|largest|biggest|greatest|most|lowest|smallest|fewest|least) ((?!to\b)[\p{L} ]{2,40}?) (?:comes? )?first[.!]?$/iu,
      (_, most: string, what: string) =>
        ` sorted by ${what} ${/^(lo|sm|fe|le)/i.test(most) ? 'ascending' : 'descending'}`,
    )
  return fresh(ranked(tallied(plain, catalog), catalog), catalog)
}

/** "Contacts added this year by count": how many they are. */
function tallied(prompt: string, catalog: Catalog): string {
  const [found, rows = '', noun = ''] = /^((?:the )?([\p{L}-]+)\b.*?),? by (?:count|number)[.?!]?$/iu.exec(prompt) ?? []
  const isRows = lexiconOf(catalog).rowsCalled(noun.toLowerCase()).length > 0
  return found === undefined || !isRows || / by /i.test(rows) ? prompt : `number of ${rows}`
}

/** Other words for the whole prompt, for the case that nothing is made of it as it stands. */
export function otherwise(prompt: string, catalog: Catalog): string | undefined {
  const [, rows = '', what = '', number] =
    /^(?:which |what |the )?([\p{L}-]+) (?:with|has|have|had) the most ([\p{L} -]+?)(?:, (?:top |only )?(\d+))?[.?!]?$/iu.exec(
      prompt,
    ) ?? []
  const one = lemma(rows.toLowerCase()) === rows.toLowerCase()
  if (rows === '' || (number === undefined && !one) || !namesRows(rows, catalog)) return undefined
  return `top ${number ?? 1} ${rows} by number of ${what}`
}

const BIGGEST =
  /\b(?:(?:the|our|your) )?(?:(\d+|two|three|four|five|ten) )?(?:biggest|largest|greatest) (?:(\d+|two|three|four|five|ten) )?([\p{L}-]+)\b(.*)$/iu

/** "Our biggest donor", "the 5 largest campaigns by money raised": rows of a name, by what the words or the catalog say. */
function ranked(prompt: string, catalog: Catalog): string {
  const [found, first, second, rows = '', rest = ''] = BIGGEST.exec(prompt) ?? []
  const number = first ?? second
  const one = lemma(rows.toLowerCase()) === rows.toLowerCase()
  if (found === undefined || (number === undefined && !one) || !namesRows(rows, catalog)) return prompt
  const [, by = ''] = / by (?:the )?([\p{L} -]+?)(?: (?:this|last|in|since)\b.*)?[.?!]?$/iu.exec(rest) ?? []
  if (by === '' ? hasSize(rows, catalog) : !isMeasure(by, catalog)) return prompt
  return prompt.replace(found, `the top ${number ?? 1} ${rows}${rest}`)
}

/** Rows that have a name, so that they can be told apart when they are ranked. */
function namesRows(word: string, catalog: Catalog): boolean {
  const names = lexiconOf(catalog).rowsCalled(word.toLowerCase())
  return names.length > 0 && names.every((name) => catalog.entities[name]?.displayField !== undefined)
}

/** Whether rows hold a number by which they are large themselves: an event has its seats. */
function hasSize(word: string, catalog: Catalog): boolean {
  return lexiconOf(catalog)
    .rowsCalled(word.toLowerCase())
    .flatMap((name) => Object.values(catalog.entities[name]?.fields ?? {}))
    .some(
      ({ type, label, synonyms }) =>
        type === 'integer' && [label, ...synonyms].some((one) => /^(size|capacity)$/i.test(one)),
    )
}

function isMeasure(words: string, catalog: Catalog): boolean {
  if (/^(?:number|count) of /i.test(words)) return true
  const wanted = words.toLowerCase().split(/\s+/).map(lemma).join(' ')
  return lexiconOf(catalog).entries.some(
    ({ target, words: own }) => target.kind === 'metric' && own.map((one) => one.lemma).join(' ') === wanted,
  )
}

const WHEN = /\b(?:this|last|past|previous|since|today|yesterday|(?:in|during) (?:\d{4}|[\p{L}]+ \d{4}))\b/iu

/** "New contacts this month" are those of this month by the date that rows of that name have. */
function fresh(prompt: string, catalog: Catalog): string {
  const [found, noun = ''] = /\bnew ([\p{L}-]+)\b/iu.exec(prompt) ?? []
  const isOwn = Object.values(catalog.entities).some(
    ({ label, singular, defaultDate }) =>
      defaultDate !== undefined && [label, singular].some((name) => name?.toLowerCase() === noun.toLowerCase()),
  )
  return found !== undefined && isOwn && WHEN.test(prompt) ? prompt.replace(found, noun) : prompt
}
