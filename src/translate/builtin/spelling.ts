// Words of a prompt that are one slip away from a word of the catalog, or from one that every question has: "donatoins ths
// year". In: a prompt, the catalog, its stored values. Out: the prompt with those words as they are spelt, and what was changed.
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
/** Words of every question that are none of the catalog. */
const PLAIN = 'this last next year years month months week weeks quarter quarters money average number total'.split(' ')
const AFTER_HOW = ['many', 'much']

type Respelt = {
  readonly prompt: string
  readonly notes: readonly string[]
  /** Each word as it was typed, by the word that it was read as. */
  readonly typed: ReadonlyMap<string, string>
}

/** The prompt respelt, with a sentence for each word that was read as another. */
export function respelt(prompt: string, catalog: Catalog, values: ValueIndex): Respelt {
  const lexicon = lexiconOf(catalog)
  const notes: string[] = []
  const typed = new Map<string, string>()
  let before = ''
  let text = prompt
  let shift = 0
  for (const token of tokenise(prompt)) {
    const { kind, word, start, end, capital } = token
    const plain = before === 'how' ? AFTER_HOW : PLAIN
    before = word
    if (kind !== 'word' || word.length < 3 || !/^[a-z]+$/.test(word) || (capital && start > 0)) continue
    if (
      GRAMMAR.has(word) ||
      STOP_WORDS.has(word) ||
      PLAIN.includes(word) ||
      lexicon.known(word) ||
      relatives(lemma(word)).size > 0
    )
      continue
    if (values.find(word, { max: 1 }).some(({ score }) => score >= 0.98)) continue
    const named = word.length < MIN_LENGTH ? undefined : neighbour(word, wordsOf(catalog))
    const meant = swapped(word) ?? named ?? plain.find((one) => isSlip(word, one))
    if (meant === undefined) continue
    text = text.slice(0, start + shift) + meant + text.slice(end + shift)
    shift += meant.length - (end - start)
    typed.set(meant, token.text)
    notes.push(`“${token.text}” read as “${meant}”`)
  }
  return { prompt: text, notes, typed }
}

/** A letter left out or doubled, never another one: a mouth is no month. Three letters with a vowel may be anything. */
function isSlip(word: string, one: string): boolean {
  if (word.length === 3 && /[aeiouy]/.test(word)) return false
  // What "lasts" is not the last.
  if (lemma(word) === one) return false
  return word.charAt(0) === one.charAt(0) && word.length !== one.length && editDistance(word, one, 1) <= 1
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
