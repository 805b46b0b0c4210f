/** JSON for people: whatever fits into `width` characters stands on one line, the rest is broken up and indented. */
export function foldedJson(value: unknown, width = 100, indent = ''): string {
  const flat = oneLine(value) ?? 'null'
  if (indent.length + flat.length <= width || typeof value !== 'object' || value === null) return flat
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => inner + foldedJson(item, width, inner)).join(',\n')}\n${indent}]`
  }
  const lines = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${inner}${JSON.stringify(key)}: ${foldedJson(item, width, inner)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}

/** One line with a space after each comma and colon and inside braces; line breaks inside texts are escaped by JSON itself. */
function oneLine(value: unknown): string | undefined {
  if (Array.isArray(value)) return `[${value.map((item) => oneLine(item) ?? 'null').join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`).join(', ')} }`
}
