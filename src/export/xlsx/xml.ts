/** What a cell of a workbook can hold, in UTF-16 units. */
export const MAX_CELL_CHARS = 32_767

/** What XML 1.0 cannot hold, and the carriage return, which it does not keep. */
const UNHELD = String.raw`\u0000-\u0008\u000b-\u001f\ufffe\uffff`
const PLAIN = new RegExp(String.raw`^[^&<>"_\ud800-\udfff${UNHELD}]*$`)
const SPECIAL = new RegExp(`[&<>"${UNHELD}]|_(?=x[0-9A-Fa-f]{4}_)`, 'g')
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/**
 * Text as it stands in a workbook's XML. What XML cannot hold is written as _xHHHH_, which spreadsheets read back, and
 * so is the "_" of a text that looks like it; half a surrogate pair becomes U+FFFD.
 */
export function xmlText(text: string): string {
  if (PLAIN.test(text)) return text
  return text
    .toWellFormed()
    .replace(SPECIAL, (char) => NAMED[char] ?? `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
}

/** A text cut to what a cell can hold, never inside a character. */
export function cellText(text: string): string {
  if (text.length <= MAX_CELL_CHARS) return text
  const end = MAX_CELL_CHARS - 1
  const high = /[\ud800-\udbff]/.test(text.charAt(end - 1))
  return `${text.slice(0, high ? end - 1 : end)}…`
}

/** The letters of a column: 0 is A, 26 is AA. */
export function columnLetters(index: number): string {
  const before = index < 26 ? '' : columnLetters(Math.floor(index / 26) - 1)
  return before + String.fromCharCode(65 + (index % 26))
}
