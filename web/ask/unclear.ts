/** The parts that were not understood, as they stand in the prompt: in its order, neighbours in one, none inside another. */
export function unclearParts(prompt: string, parts: readonly string[]): readonly string[] {
  const spans = parts
    .flatMap((part) => {
      const from = placeOf(part.toLowerCase(), prompt.toLowerCase())
      return from < 0 ? [] : [{ part, from, to: from + part.length }]
    })
    .sort((a, b) => a.from - b.from || b.to - a.to)
  const joined: { from: number; to: number }[] = []
  for (const { from, to } of spans) {
    const last = joined.at(-1)
    if (last && prompt.slice(last.to, from).trim() === '') last.to = Math.max(last.to, to)
    else joined.push({ from, to })
  }
  const found = new Set(spans.map(({ part }) => part))
  return [...joined.map(({ from, to }) => prompt.slice(from, to)), ...parts.filter((part) => !found.has(part))]
}

/** Where a part stands as words of their own; −1 where it does not. */
function placeOf(part: string, prompt: string): number {
  const isLetter = (at: number) => /[\p{L}\p{N}]/u.test(prompt.charAt(at))
  let at = prompt.indexOf(part)
  while (at >= 0 && (isLetter(at - 1) || isLetter(at + part.length))) at = prompt.indexOf(part, at + 1)
  return at
}
