// Names in a prompt that nothing of the organization has: another organization, a person or a thing that is not there.
// In: what was made of the prompt, and the prompt with its catalog and stored values. Out: the name as it was typed.
// Left alone: places ("from Atlantis") and other words; what was not understood of them is named in a draft.
import type { TranslateInput, Translation } from '../types.ts'
import { GRAMMAR, STOP_WORDS } from './keywords.ts'
import { lexiconOf } from './lexicon.ts'
import { lemma } from './stem.ts'
import { relatives } from './synonyms.ts'
import { type Token, tokenise } from './tokens.ts'

const TIME =
  /^(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*$|^(?:mon|tues|wednes|thurs|fri|satur|sun)day$|^(?:to|yester)?day$|^(?:week|month|quarter|year|decade|tomorrow|tonight)$/
const ANYTHING = /^(?:every|any|some|no)(?:thing|one|body)$|^(?:rows?|records?|others?|rest)$/
/** A stored value this much like a name may be meant. */
const LIKE = 0.7

/** The name whose rows are asked for and that nothing has. */
export function unknownName(made: Translation, { prompt, catalog, values }: TranslateInput): string | undefined {
  const tokens = tokenise(prompt)
  const lexicon = lexiconOf(catalog)
  const means = ({ word }: Token) =>
    GRAMMAR.has(word) ||
    STOP_WORDS.has(word) ||
    TIME.test(word) ||
    ANYTHING.test(word) ||
    lexicon.find(word).length > 0 ||
    relatives(lemma(word)).size > 0
  const stored = (text: string) => values.find(text, { max: 1 }).some(({ score }) => score >= LIKE)
  const lost = new Set(made.kind === 'draft' ? made.notUnderstood.flatMap((text) => text.split(/\s+/)) : [])
  const strange = (token: Token) => !means(token) && !stored(token.text)
  const textOf = (name: readonly Token[]) => name.map(({ text }) => text).join(' ')
  const unknown = tokens
    .flatMap((_, at) => [
      ...owner(tokens, at).filter((name) => name.every(strange)),
      // The reader found no place for any of it.
      ...object(tokens, at, lost).filter((name) => name.some(strange)),
    ])
    .find((name) => !stored(textOf(name)))
  return unknown === undefined ? undefined : textOf(unknown)
}

/** "Harborlight's donors". */
function owner(tokens: readonly Token[], at: number): Token[][] {
  const [token, next] = [tokens[at], tokens[at + 1]]
  if (token?.kind !== 'word' || next === undefined || !/^['’]s?$/.test(next.text)) return []
  let from = at
  while (token.capital && tokens[from - 1]?.capital === true && from > 1) from -= 1
  return [tokens.slice(from, at + 1)]
}

/** "donors of Harborlight", and "donors of harborlight" where that ends the prompt. */
function object(tokens: readonly Token[], at: number, lost: ReadonlySet<string>): Token[][] {
  if (!/^(?:of|for|at)$/.test(tokens[at]?.word ?? '')) return []
  const from = tokens[at + 1]?.word === 'the' ? at + 2 : at + 1
  let to = from
  while (tokens[to]?.kind === 'word' && tokens[to]?.capital === true) to += 1
  const last = tokens[from]
  if (to === from && tokens[at]?.word === 'of' && last?.kind === 'word' && from === tokens.length - 1) to = from + 1
  const name = tokens.slice(from, to)
  return name.length > 0 && name.every(({ text }) => lost.has(text)) ? [name] : []
}
