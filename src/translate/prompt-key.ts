// Prompts as they are compared. In: what somebody typed. Out: the same text for the same words.

/** Without what makes no difference: case, spaces, quotes' shape, signs at the end. */
export function promptKey(prompt: string): string {
  return prompt
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\s.?!]+$/, '')
}

/** How much two prompts say the same, 0 to 1: the words that both have, of all. */
export function likeness(a: string, b: string): number {
  const [one, two] = [wordsOf(a), wordsOf(b)]
  const shared = [...one].filter((word) => two.has(word)).length
  const all = one.size + two.size - shared
  return all === 0 ? 0 : shared / all
}

const EVERYDAY = new Set(
  'a an and are as by for from in is it me my of on or our show that the their to us we what which who with'.split(' '),
)

function wordsOf(prompt: string): Set<string> {
  const words = promptKey(prompt).match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(words.filter((word) => !EVERYDAY.has(word)).map((word) => word.replace(/(?<=..)(?:ies|es|s)$/, '')))
}
