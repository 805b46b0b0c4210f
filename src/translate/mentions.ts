// Which stored values a question names. In: the question and a value index. Out: pieces of the question with what they
// may mean, the longest pieces first. Left out: everyday words that happen to be near some value.
import type { ValueIndex, ValueMatch } from './types.ts'

export type Mention = { readonly text: string; readonly matches: readonly ValueMatch[] }

const MAX_WORDS = 5
const MAX_PROMPT = 2000
const MATCHES_EACH = 6

/** Values named in a question, at most `max` pieces (default 20). */
export function mentionsIn(prompt: string, values: ValueIndex, max = 20): Mention[] {
  const text = prompt.slice(0, MAX_PROMPT)
  const taken: { start: number; end: number }[] = []
  const found: Mention[] = []
  for (const span of [...quotedSpans(text), ...wordSpans(text)]) {
    if (found.length >= max) break
    if (taken.some(({ start, end }) => span.start < end && start < span.end)) continue
    const matches = values
      .find(span.text, { max: MATCHES_EACH })
      .filter(({ score }) => score >= (span.sure ? 0.5 : span.named ? 0.72 : 0.94))
    if (matches.length === 0) continue
    taken.push(span)
    found.push({ text: span.text, matches })
  }
  return found
}

/** `sure`: in quotes. `named`: capitalised inside a sentence or with a digit, as names are. */
type Span = { text: string; start: number; end: number; sure: boolean; named: boolean }

function quotedSpans(text: string): Span[] {
  const quoted = /"([^"]{1,120})"|“([^”]{1,120})”|(?<![\p{L}\p{N}])['‘]([^'’]{1,120})['’](?![\p{L}\p{N}])/gu
  return [...text.matchAll(quoted)].map((match) => ({
    text: match[1] ?? match[2] ?? match[3] ?? '',
    start: match.index,
    end: match.index + match[0].length,
    sure: true,
    named: true,
  }))
}

/** Runs of one to five words, long ones first; those of common words alone are left out. */
function wordSpans(text: string): Span[] {
  const found = [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}.&'’-]*/gu)]
  const spans: Span[] = []
  for (let size = Math.min(MAX_WORDS, found.length); size >= 1; size -= 1)
    for (let first = 0; first + size <= found.length; first += 1) {
      const part = found.slice(first, first + size)
      const start = part[0]?.index ?? 0
      const last = part.at(-1)
      const end = (last?.index ?? 0) + (last?.[0].length ?? 0)
      const edges = [part[0]?.[0] ?? '', last?.[0] ?? '']
      if (edges.some((word) => COMMON.has(word.toLowerCase()))) continue
      const named = part.some(([word], at) => /\d/.test(word) || (/^\p{Lu}/u.test(word) && first + at > 0))
      spans.push({ text: text.slice(start, end).replace(/['’]s$/u, ''), start, end, sure: false, named })
    }
  return spans
}

/** Words that carry the form of a question; a value that is one of them has to be put in quotes. */
export const COMMON: ReadonlySet<string> = new Set(
  (
    'a an and any are as ask at be been but by can did do does each every for from get give had has have how i if in is it ' +
    'its list many me more most much my no not of on only or our per please s show than that the their them then there ' +
    'these they this those to top was we were what when where which who whom whose why will with without you your find ' +
    'return tell all both also between over under above below number count total sum average different distinct least ' +
    'less other same such order sorted sort descending ascending alphabetical alphabetically display table whether'
  ).split(' '),
)
