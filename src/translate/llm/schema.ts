// A JSON Schema rewritten for what a vendor's strict mode takes.
// In: plain JSON Schema (as zod makes it) and a vendor's rules. Out: the same shape in that vendor's dialect.
// Never sent: a keyword outside the vendor's list. What is lost (bounds, patterns) is said in descriptions; the real
// schema is applied to every answer afterwards, so a looser dialect costs a repair, never a wrong definition.
import type { JsonSchema } from './port.ts'

export type SchemaRules = {
  /** Every keyword that may appear in the schema; `$schema`, `default` and the like are dropped silently. */
  readonly keywords: ReadonlySet<string>
  /** nullable: every key is required and an absent one is null. omit: optional keys stay optional. */
  readonly optional: 'nullable' | 'omit'
  /** `$defs` whose value is written as JSON text, because the mode takes no recursion or no more unions. */
  readonly asText: ReadonlySet<string>
  /** Optional text keys that become required, the empty text meaning absent: strict modes count optional keys. */
  readonly blank: ReadonlySet<string>
}

const COMMON = [
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'anyOf',
  'enum',
  'description',
  '$ref',
  '$defs',
]

/**
 * OpenAI's strict mode (and the servers that copy it): recursion through `$ref` is fine, every key is required,
 * no `oneOf`, `allOf` or `default`. Bounds and patterns are taken by some models only, so none are sent.
 */
export const openaiRules: SchemaRules = {
  keywords: new Set(COMMON),
  optional: 'nullable',
  asText: new Set(),
  blank: new Set(),
}

/**
 * Anthropic's structured outputs: no recursion, at most 24 optional keys and 16 unions in the whole schema, and a limit
 * on the compiled grammar. So what nests (filters, values) is written as JSON text.
 */
export const anthropicRules: SchemaRules = {
  keywords: new Set(COMMON),
  optional: 'omit',
  asText: new Set(['Filter', 'Calculation', 'Format']),
  blank: new Set(['title', 'label', 'filters', 'having']),
}

/** The schema in the vendor's dialect; the same input gives the same output, so that vendors can cache its grammar. */
export function adaptSchema(schema: JsonSchema, rules: SchemaRules): JsonSchema {
  const defs = objectOf(schema.$defs)
  const used = new Map<string, JsonSchema>()
  const context: Context = { rules, defs, used }
  const { $defs: _, ...root } = schema
  const adapted = adapt(root, context)
  return used.size === 0 ? adapted : { ...adapted, $defs: Object.fromEntries(used) }
}

type Context = { rules: SchemaRules; defs: JsonSchema; used: Map<string, JsonSchema> }

function adapt(schema: JsonSchema, context: Context): JsonSchema {
  if (typeof schema.$ref === 'string') return adaptRef(schema, schema.$ref, context)
  const union = schema.anyOf ?? schema.oneOf
  if (Array.isArray(union)) return withDescription({ anyOf: flatUnion(union, context) }, schema)
  if (schema.type === 'object') return adaptObject(schema, context)
  if (schema.type === 'array')
    return withDescription({ type: 'array', items: adapt(objectOf(schema.items), context) }, schema)
  const choices = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
  return withDescription(choices === undefined ? { type: schema.type } : { type: schema.type, enum: choices }, schema)
}

/** Objects and unions with a name stay references; plain texts, numbers and enums are written where they are used. */
function adaptRef(schema: JsonSchema, ref: string, context: Context): JsonSchema {
  const name = ref.replace(/^#\/\$defs\//, '')
  const target = objectOf(context.defs[name])
  if (context.rules.asText.has(name)) return { type: 'string', description: `JSON text of a ${name}, or empty.` }
  if (typeof target.$ref === 'string' || isFlat(target)) return adapt({ ...target, ...described(schema) }, context)
  if (context.rules.optional === 'omit') return adapt(target, context)
  if (!context.used.has(name)) {
    context.used.set(name, {})
    context.used.set(name, adapt(target, context))
  }
  return { $ref: `#/$defs/${name}` }
}

function isFlat(schema: JsonSchema): boolean {
  return typeof schema.type === 'string' && schema.type !== 'object' && schema.type !== 'array'
}

function adaptObject(schema: JsonSchema, context: Context): JsonSchema {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const properties: Record<string, JsonSchema> = {}
  const asked: string[] = []
  for (const [key, value] of Object.entries(objectOf(schema.properties))) {
    const part = objectOf(value)
    // A key with one possible value is not worth asking for; parsing fills it in.
    if ('const' in part && 'default' in part) continue
    const always = required.has(key) || 'default' in part
    const adapted = adapt(part, context)
    const blank = context.rules.blank.has(key) && adapted.type === 'string'
    if (always || blank || context.rules.optional === 'nullable') asked.push(key)
    if (blank) properties[key] = { description: 'Empty when there is none.', ...adapted }
    else properties[key] = !always && context.rules.optional === 'nullable' ? nullable(adapted) : adapted
  }
  return withDescription({ type: 'object', properties, required: asked, additionalProperties: false }, schema)
}

function nullable(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] }
  if (typeof schema.$ref === 'string') return { anyOf: [schema, { type: 'null' }] }
  const type = [schema.type, 'null']
  return Array.isArray(schema.enum) ? { ...schema, type, enum: [...schema.enum, null] } : { ...schema, type }
}

/** A union inside a union is the same union; some servers take one level only. */
function flatUnion(branches: readonly unknown[], context: Context): JsonSchema[] {
  return branches.flatMap((branch) => {
    const one = objectOf(branch)
    const name = typeof one.$ref === 'string' ? one.$ref.replace(/^#\/\$defs\//, '') : undefined
    const target = name === undefined ? one : objectOf(context.defs[name])
    const inner = target.anyOf ?? target.oneOf
    if (Array.isArray(inner) && (name === undefined || !context.rules.asText.has(name)))
      return flatUnion(inner, context)
    return [adapt(one, context)]
  })
}

function withDescription(adapted: JsonSchema, source: JsonSchema): JsonSchema {
  const said = [typeof source.description === 'string' ? source.description : '', boundsInWords(source)]
  const description = said.filter((one) => one !== '').join(' ')
  return description === '' ? adapted : { ...adapted, description }
}

/** Bounds that the dialect does not carry, in words: "At most 12." */
function boundsInWords(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, maxItems, pattern } = schema
  if (typeof pattern === 'string' && typeof schema.description !== 'string') return `Matches ${pattern}`
  if (typeof exclusiveMinimum === 'number') return `Above ${exclusiveMinimum}.`
  if (typeof minimum === 'number' && typeof maximum === 'number') return `From ${minimum} to ${maximum}.`
  return typeof maxItems === 'number' ? `At most ${maxItems} of them.` : ''
}

function described(schema: JsonSchema): JsonSchema {
  return typeof schema.description === 'string' ? { description: schema.description } : {}
}

function objectOf(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {}
}
