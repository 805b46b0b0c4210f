// The parser counts bytes of UTF-8; people and editors count characters.

export type Position = { readonly line: number; readonly column: number; readonly offset: number }

/** A function from byte offset (UTF-8) to character offset (UTF-16 units) of one text. */
export function byteToCharacter(text: string): (byteOffset: number) => number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return (byteOffset) => clamp(byteOffset, text.length)
  const starts: number[] = []
  let offset = 0
  for (const character of text) {
    const bytes = byteLength(character.codePointAt(0) ?? 0)
    for (let i = 0; i < bytes; i += 1) starts.push(offset)
    offset += character.length
  }
  return (byteOffset) => starts[Math.max(0, byteOffset)] ?? text.length
}

function byteLength(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}

/** Line and column (both from 1) of a character offset (from 0). */
export function positionAt(text: string, offset: number): Position {
  const end = clamp(offset, text.length)
  const before = text.slice(0, end)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: end - lineStart + 1, offset: end }
}

function clamp(offset: number, length: number): number {
  return Math.min(Math.max(0, offset), length)
}
