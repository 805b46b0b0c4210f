// What the vendors' strict modes say about a schema, written from their documentation and apart from our own adapter,
// and what a model bound by such a schema would write.
type Json = { [key: string]: unknown }

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

type Visit = { schema: Json; at: string; depth: number }

/** Every schema inside a schema (not through references), with how many objects it lies in. */
function* schemasIn(schema: unknown, at = '#', depth = 0): Generator<Visit> {
  if (!isObject(schema)) return
  yield { schema, at, depth }
  const inner = schema.type === 'object' ? depth + 1 : depth
  for (const [key, part] of Object.entries(isObject(schema.properties) ? schema.properties : {}))
    yield* schemasIn(part, `${at}/${key}`, inner)
  for (const [key, part] of Object.entries(isObject(schema.$defs) ? schema.$defs : {}))
    yield* schemasIn(part, `#/$defs/${key}`, 0)
  for (const [index, part] of list(schema.anyOf).entries()) yield* schemasIn(part, `${at}/anyOf/${index}`, depth)
  if (schema.items !== undefined) yield* schemasIn(schema.items, `${at}/items`, depth)
}

function closedObjects({ schema, at }: Visit): string[] {
  if (schema.type !== 'object') return []
  return schema.additionalProperties === false ? [] : [`${at}: additionalProperties must be false`]
}

function unknownKeywords(allowed: readonly string[]) {
  return ({ schema, at }: Visit): string[] =>
    Object.keys(schema)
      .filter((key) => !allowed.includes(key))
      .map((key) => `${at}: "${key}" is not permitted`)
}

const TYPES = ['string', 'number', 'boolean', 'integer', 'object', 'array', 'null']
function knownTypes({ schema, at }: Visit): string[] {
  const given = Array.isArray(schema.type) ? schema.type : [schema.type]
  if (schema.type === undefined)
    return ['$ref', 'anyOf', 'enum'].some((key) => key in schema) ? [] : [`${at}: has no type`]
  return given.every((type) => TYPES.includes(String(type))) ? [] : [`${at}: type ${String(schema.type)}`]
}

function references(root: Json) {
  return ({ schema, at }: Visit): string[] => {
    if (schema.$ref === undefined) return []
    return resolve(root, schema.$ref) === undefined ? [`${at}: reference ${String(schema.$ref)} was not found`] : []
  }
}

function resolve(root: Json, ref: unknown): Json | undefined {
  if (ref === '#') return root
  const name = String(ref).replace(/^#\/\$defs\//, '')
  const found = isObject(root.$defs) ? root.$defs[name] : undefined
  return isObject(found) ? found : undefined
}

/** What OpenAI's strict mode has against a schema; empty when it takes it. */
export function openaiProblems(root: unknown): string[] {
  if (!isObject(root)) return ['schema must be an object']
  const allowed =
    'type properties required additionalProperties items anyOf enum const description title $ref $defs pattern format multipleOf maximum exclusiveMaximum minimum exclusiveMinimum minItems maxItems'
  const all = [...schemasIn(root)]
  const properties = all.flatMap(({ schema }) => Object.keys(isObject(schema.properties) ? schema.properties : {}))
  const choices = all.flatMap(({ schema }) => list(schema.enum))
  const defs = Object.keys(isObject(root.$defs) ? root.$defs : {})
  return [
    ...(root.type === 'object' && root.anyOf === undefined ? [] : ['#: the root must be an object and no union']),
    ...all.flatMap(unknownKeywords(allowed.split(' '))),
    ...all.flatMap(closedObjects),
    ...all.flatMap(knownTypes),
    ...all.flatMap(references(root)),
    ...all.flatMap(everyKeyRequired),
    ...all.flatMap(firstKeysDiffer),
    ...all.filter(({ depth }) => depth > 10).map(({ at }) => `${at}: nested deeper than 10`),
    ...(properties.length > 5000 ? [`${properties.length} properties, at most 5000`] : []),
    ...(choices.length > 1000 ? [`${choices.length} enum values, at most 1000`] : []),
    ...([...properties, ...defs, ...choices].join('').length > 120_000 ? ['names are longer than 120,000'] : []),
  ]
}

function everyKeyRequired({ schema, at }: Visit): string[] {
  const required = list(schema.required)
  return Object.keys(isObject(schema.properties) ? schema.properties : {})
    .filter((key) => !required.includes(key))
    .map((key) => `${at}: "${key}" must be required`)
}

function firstKeysDiffer({ schema, at }: Visit): string[] {
  const first = list(schema.anyOf).flatMap((one) =>
    isObject(one) && isObject(one.properties) ? Object.keys(one.properties).slice(0, 1) : [],
  )
  return new Set(first).size === first.length ? [] : [`${at}: objects of an anyOf share their first key`]
}

/** What Anthropic's structured outputs have against a schema; empty when they take it. */
export function anthropicProblems(root: unknown): string[] {
  if (!isObject(root)) return ['schema must be an object']
  const allowed = 'type properties required additionalProperties items anyOf enum const description title $ref $defs'
  const all = [...schemasIn(root)]
  const optional = all.flatMap(({ schema }) =>
    Object.keys(isObject(schema.properties) ? schema.properties : {}).filter(
      (key) => !list(schema.required).includes(key),
    ),
  )
  const unions = all.filter(({ schema }) => schema.anyOf !== undefined || Array.isArray(schema.type))
  return [
    ...all.flatMap(unknownKeywords(allowed.split(' '))),
    ...all.flatMap(closedObjects),
    ...all.flatMap(knownTypes),
    ...all.flatMap(references(root)),
    ...(isRecursive(root) ? ['recursive schemas are not supported'] : []),
    ...(optional.length > 24 ? [`${optional.length} optional parameters, at most 24`] : []),
    ...(unions.length > 16 ? [`${unions.length} parameters with union types, at most 16`] : []),
    // The limit on the compiled grammar is not published; schemas from about 7 kB on were refused in public reports.
    ...(JSON.stringify(root).length > 6500 ? ['The compiled grammar is too large'] : []),
  ]
}

function isRecursive(root: Json): boolean {
  const visits = (schema: Json, open: readonly string[]): boolean =>
    [...schemasIn(schema)].some(({ schema: { $ref } }) => {
      if ($ref === undefined) return false
      const target = resolve(root, $ref)
      return open.includes(String($ref)) || (target !== undefined && visits(target, [...open, String($ref)]))
    })
  const { $defs: _, ...body } = root
  return visits(body, ['#'])
}

/** Whether a value is one that the schema allows (types, enums, keys, references, unions). */
export function accepts(schema: unknown, value: unknown, root: unknown = schema): boolean {
  if (!isObject(schema) || !isObject(root)) return false
  if (schema.$ref !== undefined) return accepts(resolve(root, schema.$ref), value, root)
  if (schema.anyOf !== undefined) return list(schema.anyOf).some((one) => accepts(one, value, root))
  if (schema.enum !== undefined) return list(schema.enum).includes(value)
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  return types.some((type) => acceptsType(String(type), schema, value, root))
}

function acceptsType(type: string, schema: Json, value: unknown, root: Json): boolean {
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value) && value.every((one) => accepts(schema.items, one, root))
  if (type !== 'object') return typeof value === type
  if (!isObject(value)) return false
  const properties = isObject(schema.properties) ? schema.properties : {}
  return (
    list(schema.required).every((key) => Object.hasOwn(value, String(key))) &&
    Object.entries(value).every(([key, part]) => Object.hasOwn(properties, key) && accepts(properties[key], part, root))
  )
}

/** The value as a model bound by the schema would have to write it: absent keys null or empty, closed parts as JSON text. */
export function conform(schema: unknown, value: unknown, root: unknown = schema): unknown {
  if (!isObject(schema) || !isObject(root)) return value
  if (schema.$ref !== undefined) return conform(resolve(root, schema.$ref), value, root)
  if (schema.anyOf !== undefined) {
    if (value === undefined) return null
    const branches = list(schema.anyOf).filter(
      (one) => typeof value !== 'object' || !isObject(one) || one.type !== 'string',
    )
    for (const branch of branches) {
      const written = conform(branch, value, root)
      if (accepts(branch, written, root) && sameKeys(written, value)) return written
    }
    return value
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  if (value === undefined) return absent(types, schema.enum)
  if (types.includes('string') && typeof value === 'object' && value !== null) return JSON.stringify(value)
  if (Array.isArray(value)) return value.map((one) => conform(schema.items, one, root))
  if (!isObject(value) || !isObject(schema.properties)) return value
  return conformObject(schema, schema.properties, value, root)
}

function absent(types: readonly unknown[], choices: unknown): unknown {
  if (types.includes('null')) return null
  if (Array.isArray(choices)) return choices[0]
  if (types.includes('array')) return []
  return types.includes('boolean') ? false : types.includes('string') ? '' : undefined
}

function conformObject(schema: Json, properties: Json, value: Json, root: Json): Json {
  const written: Json = {}
  for (const [key, part] of Object.entries(properties)) {
    const required = list(schema.required).includes(key)
    if (!required && value[key] === undefined) continue
    written[key] = conform(part, value[key], root)
  }
  return written
}

/** No key of the value was lost on the way, but the one that is always the same. */
function sameKeys(written: unknown, value: unknown): boolean {
  if (!isObject(value) || !isObject(written)) return true
  return Object.keys(value).every((key) => key === 'version' || value[key] === undefined || Object.hasOwn(written, key))
}
