// An index of stored values by text: exact, by words, and within a few typing errors; no database.
import { editDistance } from '../catalog/find.ts'
import { singular, words } from '../catalog/words.ts'
import type { ValueIndex, ValueMatch } from './types.ts'

/** A stored value and one text under which people know it; `trust` is the score of that very text. */
export type StoredValue = { entity: string; field: string; value: string; text: string; trust: number }

/** Candidates looked at for one question, so that cost is bounded for any index. */
const MAX_CANDIDATES = 2000

type Entry = { text: string; tokens: readonly string[]; places: StoredValue[] }

/** Makes the index; `find` takes well under a millisecond with 100,000 values. */
export function indexValues(values: readonly StoredValue[]): ValueIndex & { readonly size: number } {
  const entries: Entry[] = []
  const byText = new Map<string, number>()
  const byToken = new Map<string, number[]>()
  const byGram = new Map<string, number[]>()
  for (const value of values) {
    const text = normalText(value.text)
    if (text === '') continue
    const known = byText.get(text)
    if (known !== undefined) {
      entries[known]?.places.push(value)
      continue
    }
    const id = entries.push({ text, tokens: tokensOf(text), places: [value] }) - 1
    byText.set(text, id)
    for (const token of new Set(entries[id]?.tokens)) push(byToken, token, id)
    for (const gram of gramsOf(text)) push(byGram, gram, id)
  }

  return {
    size: values.length,
    find(text, { max = 10 } = {}) {
      const wanted = normalText(text)
      const scores = new Map<number, number>()
      if (wanted === '') return []
      const exact = byText.get(wanted)
      if (exact !== undefined) scores.set(exact, 1)
      byWords(wanted, scores)
      byTypos(wanted, scores)
      return matches(scores, max)
    },
  }

  /** Values that hold all words of the text, or whose words the text holds all. */
  function byWords(wanted: string, scores: Map<number, number>): void {
    const tokens = tokensOf(wanted)
    for (const id of candidates(tokens.map((token) => byToken.get(token) ?? []))) {
      const entry = entries[id]
      if (entry === undefined || scores.has(id)) continue
      if (tokens.every((token) => entry.tokens.includes(token)))
        scores.set(id, 0.55 + 0.4 * (length(tokens) / Math.max(1, length(entry.tokens))))
      else if (entry.tokens.every((token) => tokens.includes(token)))
        scores.set(id, 0.4 + 0.4 * (length(entry.tokens) / length(tokens)))
    }
  }

  /** Values within a few typing errors: of texts with d errors at least one of any 3d+1 trigrams is the same. */
  function byTypos(wanted: string, scores: Map<number, number>): void {
    const allowed = wanted.length < 4 ? 0 : wanted.length < 7 ? 1 : wanted.length < 12 ? 2 : 3
    if (allowed === 0) return
    const lists = gramsOf(wanted).map((gram) => byGram.get(gram) ?? [])
    const rarest = lists.sort((a, b) => a.length - b.length).slice(0, 3 * allowed + 1)
    for (const id of candidates(rarest)) {
      const entry = entries[id]
      if (entry === undefined || Math.abs(entry.text.length - wanted.length) > allowed) continue
      const edits = editDistance(wanted, entry.text, allowed)
      if (edits === 0 || edits > allowed) continue
      scores.set(id, Math.max(scores.get(id) ?? 0, 0.97 - edits / wanted.length))
    }
  }

  function matches(scores: ReadonlyMap<number, number>, max: number): ValueMatch[] {
    const lengthOf = (id: number) => entries[id]?.text.length ?? 0
    const ranked = [...scores].sort((a, b) => b[1] - a[1] || lengthOf(a[0]) - lengthOf(b[0]) || a[0] - b[0])
    const best = new Map<string, ValueMatch>()
    for (const [id, score] of ranked.slice(0, max))
      for (const { entity, field, value, trust } of entries[id]?.places ?? []) {
        const key = `${entity}\u0000${field}\u0000${value}`
        const found = { entity, field, value, score: score * trust }
        if ((best.get(key)?.score ?? 0) < found.score) best.set(key, found)
      }
    return [...best.values()].sort((a, b) => b.score - a.score).slice(0, max)
  }
}

/** Ids of several lists, the shortest lists first, as many as are worth looking at. */
function candidates(lists: readonly (readonly number[])[]): Set<number> {
  const found = new Set<number>()
  for (const list of [...lists].sort((a, b) => a.length - b.length))
    for (const id of list) {
      if (found.size >= MAX_CANDIDATES) return found
      found.add(id)
    }
  return found
}

/** Lower case, accents off, punctuation and runs of space as one space. */
export function normalText(text: string): string {
  return text
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function tokensOf(normal: string): string[] {
  return words(normal).map(singular)
}

function gramsOf(normal: string): string[] {
  const padded = `  ${normal.slice(0, 60)} `
  const grams = new Set<string>()
  for (let i = 0; i + 3 <= padded.length; i += 1) grams.add(padded.slice(i, i + 3))
  return [...grams]
}

function length(tokens: readonly string[]): number {
  return tokens.reduce((sum, token) => sum + token.length, 0)
}

function push(lists: Map<string, number[]>, key: string, id: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [id])
  else list.push(id)
}
