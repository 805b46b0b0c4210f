// JSON out of a model's text: bare, in a code fence, or after a sentence of prose.

/** Each try may read the whole rest of the text. */
const MAX_TRIES = 20

/** The first complete JSON object in a text, or undefined. */
export function jsonFromText(text: string): unknown {
  const whole = parse(text.trim())
  if (isObject(whole)) return whole
  let start = text.indexOf('{')
  for (let tries = 0; start >= 0 && tries < MAX_TRIES; tries += 1, start = text.indexOf('{', start + 1)) {
    const end = closingBrace(text, start)
    if (end < 0) return undefined
    const found = parse(text.slice(start, end + 1))
    if (isObject(found)) return found
  }
  return undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where the object that opens at `start` closes; braces inside strings do not count; -1 when it never does. */
function closingBrace(text: string, start: number): number {
  let depth = 0
  let quoted = false
  for (let i = start; i < text.length; i += 1) {
    const char = text[i]
    if (quoted) {
      if (char === '\\') i += 1
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{') depth += 1
    else if (char === '}') {
      depth -= 1
      if (depth === 0) return i
    }
  }
  return -1
}
