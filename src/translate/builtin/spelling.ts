// Words of a prompt that are one slip away from a word of the catalog: "donatoins by chanel".
// In: a prompt, the catalog, its stored values. Out: the prompt with those words as the catalog spells them, and what was changed.
// Refused: words that mean anything as they stand, names, and slips that could be of two words.
import { editDistance } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { plural } from '../../catalog/words.ts'
import type { ValueIndex } from '../types.ts'
import { GRAMMAR, STOP_WORDS } from './keywords.ts'
import { lexiconOf } from './lexicon.ts'
import { lemma } from './stem.ts'
import { relatives } from './synonyms.ts'
import { tokenise } from './tokens.ts'

/** Shorter words have too many neighbours. */
const MIN_LENGTH = 5
const LONG = 10

/** The prompt respelt, with a sentence for each word that was read as another. */
export function respelt(prompt: string, catalog: Catalog, values: ValueIndex): { prompt: string; notes: string[] } {
  const lexicon = lexiconOf(catalog)
  const notes: string[] = []
  let text = prompt
  let shift = 0
  for (const token of tokenise(prompt)) {
    const { kind, word, start, end, capital } = token
    if (kind !== 'word' || word.length < 3 || !/^[a-z]+$/.test(word) || (capital && start > 0)) continue
    if (GRAMMAR.has(word) || STOP_WORDS.has(word) || lexicon.known(word) || relatives(lemma(word)).size > 0) continue
    if (values.find(word, { max: 1 }).some(({ score }) => score >= 0.98)) continue
    const meant = swapped(word) ?? (word.length < MIN_LENGTH ? undefined : neighbour(word, wordsOf(catalog)))
    if (meant === undefined) continue
    text = text.slice(0, start + shift) + meant + text.slice(end + shift)
    shift += meant.length - (end - start)
    notes.push(`“${token.text}” read as “${meant}”`)
  }
  return { prompt: text, notes }
}

/** Words that every prompt may need, of which two letters are easily swapped. */
const COMMON: ReadonlySet<string> = new Set(
  'how many much who what which when this last year month quarter week from with the and for not never top per each total number list show average'.split(
    ' ',
  ),
)

/** The one common word that a word is but for two letters that changed places: "lsat", "thsi". */
function swapped(word: string): string | undefined {
  const found = [...word].flatMap((letter, at) => {
    const other = `${word.slice(0, at)}${word.charAt(at + 1)}${letter}${word.slice(at + 2)}`
    return other !== word && COMMON.has(other) ? [other] : []
  })
  return found.length === 1 ? found[0] : undefined
}

/** The one word nearest to a misspelt one; undefined where there is none or where two are as near. */
function neighbour(word: string, known: readonly string[]): string | undefined {
  const allowed = word.length >= LONG ? 2 : 1
  let least = allowed + 1
  let found: string[] = []
  for (const one of known) {
    if (one.charAt(0) !== word.charAt(0)) continue
    const away = editDistance(word, one, allowed)
    if (away > least || away > allowed) continue
    if (away < least) found = []
    least = away
    found.push(one)
  }
  const [first] = found
  return found.length > 0 && found.every((one) => lemma(one) === lemma(first ?? '')) ? first : undefined
}

const cache = new WeakMap<Catalog, readonly string[]>()

/** The words of labels and synonyms, and their plurals. */
function wordsOf(catalog: Catalog): readonly string[] {
  const known = cache.get(catalog)
  if (known !== undefined) return known
  const found = new Set<string>()
  const add = (...texts: (string | undefined)[]) => {
    for (const text of texts)
      for (const word of (text ?? '').toLowerCase().match(/[a-z]+/g) ?? [])
        if (word.length >= MIN_LENGTH && !STOP_WORDS.has(word)) found.add(word)
  }
  for (const { label, singular, synonyms, fields, metrics, relations } of Object.values(catalog.entities)) {
    add(label, singular, ...synonyms)
    for (const named of [...Object.values(fields), ...Object.values(metrics), ...Object.values(relations)])
      add(named.label, ...named.synonyms)
    for (const { values = [] } of Object.values(fields))
      for (const { value, label: shown, synonyms: others } of values) add(value, shown, ...others)
  }
  const made = [...new Set([...found, ...[...found].map(plural)])]
  cache.set(catalog, made)
  return made
}
