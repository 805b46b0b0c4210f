// A JSON Schema as a person would write it down: names, types, what they mean. Named shapes are links.
import { escapeHtml } from '../lib/escape-html.ts'

type Json = Readonly<Record<string, unknown>>
const COMPONENTS = '#/components/schemas/'

/** HTML for inside `<pre>` or `<code>`. */
export function schemaHtml(schema: Json, indent = ''): string {
  const reference = schema.$ref
  if (typeof reference === 'string') {
    const name = reference.slice(COMPONENTS.length)
    // Parts without a name of their own are described where the whole is.
    return /^Part\d+$/.test(name) ? 'object' : `<a href="#shape-${escapeHtml(name)}">${escapeHtml(name)}</a>`
  }
  const union = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  if (union !== undefined) return union.map((part) => schemaHtml(part, indent)).join(' | ')
  const values = schema.const === undefined ? schema.enum : [schema.const]
  if (Array.isArray(values)) return values.map((value) => escapeHtml(JSON.stringify(value))).join(' | ')
  if (schema.type === 'array') return arrayHtml(schema.items as Json | undefined, indent)
  if (schema.properties !== undefined) return objectHtml(schema, indent)
  if (schema.type === 'object') {
    const inside = schema.additionalProperties
    return typeof inside === 'object' && inside !== null && Object.keys(inside).length > 0
      ? `{ [name]: ${schemaHtml(inside as Json, indent)} }`
      : 'object'
  }
  if (Array.isArray(schema.type)) return schema.type.map(String).map(escapeHtml).join(' | ')
  if (typeof schema.type !== 'string') return 'anything'
  return `${schema.type}${limits(schema)}`
}

function arrayHtml(items: Json | undefined, indent: string): string {
  const inside = schemaHtml(items ?? {}, indent)
  return inside.includes(' | ') && !inside.startsWith('{') ? `(${inside})[]` : `${inside}[]`
}

function objectHtml(schema: Json, indent: string): string {
  const required = (schema.required ?? []) as string[]
  const inner = `${indent}  `
  const lines = Object.entries(schema.properties as Record<string, Json>).map(([name, field]) => {
    const note = [
      field.description,
      field.default === undefined ? undefined : `${JSON.stringify(field.default)} if not given`,
    ]
      .filter((part) => part !== undefined)
      .join('; ')
    const comment = note === '' ? '' : `  <i>${escapeHtml(note)}</i>`
    return `${inner}${escapeHtml(name)}${required.includes(name) ? '' : '?'}: ${schemaHtml(field, inner)}${comment}`
  })
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`
}

function limits(schema: Json): string {
  if (typeof schema.format === 'string') return ` (${escapeHtml(schema.format)})`
  const { minimum, maximum, maxLength } = schema
  if (typeof minimum === 'number' && typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER) {
    return ` (${minimum} to ${maximum})`
  }
  if (typeof minimum === 'number' && minimum > Number.MIN_SAFE_INTEGER) return ` (from ${minimum})`
  return typeof maxLength === 'number' ? ` (up to ${maxLength} characters)` : ''
}
