// What is wrong with the shape of a catalog, in words that tell a person what to do.
// In: data and zod's issues about it. Out: findings (path, sentence, fix), and the data without its broken parts.
// Refused: nothing here; references between parts are looked at in references.ts.
import type { z } from 'zod'
import { closest } from './find.ts'
import { Catalog, Entity, EnumValue, Field, Metric, Relation } from './schema.ts'
import type { Path } from './source.ts'

/** A problem before it has a line number; `key` points at a key inside `path`. */
export type Finding = {
  readonly path: Path
  readonly key?: string
  readonly message: string
  readonly fix?: string
}

const KEYS = {
  catalog: Object.keys(Catalog.shape),
  entity: Object.keys(Entity.shape),
  field: Object.keys(Field.shape),
  relation: Object.keys(Relation.shape),
  metric: Object.keys(Metric.shape),
  value: Object.keys(EnumValue.shape),
  join: ['from', 'to'],
} as const
const MEMBERS: Readonly<Record<string, 'field' | 'relation' | 'metric'>> = {
  fields: 'field',
  relations: 'relation',
  metrics: 'metric',
}

type Owner = { readonly kind: keyof typeof KEYS; readonly text: string; readonly depth: number }

/** The named thing that a path lies in, such as `field "amount" of entity "donations"`. */
export function ownerOf(path: Path): Owner {
  if (path[0] !== 'entities' || path.length < 2) return { kind: 'catalog', text: 'the catalog', depth: 0 }
  const entity = `entity "${path[1]}"`
  const member = MEMBERS[String(path[2])]
  if (member === undefined || path.length < 4) return { kind: 'entity', text: entity, depth: 2 }
  const text = `${member} "${path[3]}" of ${entity}`
  if (member === 'field' && path[4] === 'values' && path.length > 5)
    return { kind: 'value', text: `value ${Number(path[5]) + 1} of ${text}`, depth: 6 }
  if (member === 'relation' && path[4] === 'on' && path.length > 5)
    return { kind: 'join', text: `join ${Number(path[5]) + 1} of ${text}`, depth: 6 }
  return { kind: member, text, depth: 4 }
}

/** The fix that names the closest of the known names, or lists them when there are few. */
export function didYouMean(name: string, known: Iterable<string>): { fix: string } | Record<string, never> {
  const names = [...known]
  const near = closest(name, names, { max: 2 })
  if (near.length > 0) return { fix: `did you mean ${near.map((one) => `"${one}"`).join(' or ')}` }
  return names.length > 0 && names.length <= 20 ? { fix: `use one of ${names.join(', ')}` } : {}
}

/** One finding per issue, and one per unknown key. */
export function shapeFindings(data: unknown, issues: readonly z.core.$ZodIssue[]): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    const owner = ownerOf(path)
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...path, key],
        key,
        message: `Cannot read key "${key}" of ${owner.text}: there is no such key`,
        ...didYouMean(key, KEYS[owner.kind]),
      }))
    if (issue.code === 'invalid_key') {
      const name = String(path.at(-1))
      const kind = path[0] === 'entities' && path.length === 2 ? 'entity' : (MEMBERS[String(path.at(-2))] ?? 'key')
      const suggestion = name
        .replace(/[^A-Za-z0-9_]+/g, '_')
        .replace(/^(?=\d)/, '_')
        .slice(0, 63)
      return [
        {
          path,
          key: name,
          message: `Cannot name a${kind === 'entity' ? 'n' : ''} ${kind} "${name}": ${issue.issues[0]?.message ?? 'the name is not valid'}`,
          ...(/[A-Za-z]/.test(suggestion) ? { fix: `call it "${suggestion}" and put "${name}" into its label` } : {}),
        },
      ]
    }
    return [{ path, ...sentenceFor(issue, owner, path, valueAt(data, path)) }]
  })
}

function sentenceFor(
  issue: z.core.$ZodIssue,
  owner: Owner,
  path: Path,
  value: unknown,
): { message: string; fix?: string } {
  const part = path.slice(owner.depth).join('.')
  const of = part === '' ? owner.text : `"${part}" of ${owner.text}`
  if (value === null || (value === undefined && part === ''))
    return { message: `Cannot read ${of}: nothing is written there`, fix: 'fill it in, or remove the key' }
  if (value === undefined) return { message: `Cannot read ${owner.text}: "${part}" is missing`, fix: `add "${part}"` }
  const shown =
    typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'a map') : `"${String(value).slice(0, 60)}"`
  if (issue.code === 'invalid_value')
    return {
      message: `Cannot read ${of}: ${shown} is not one of ${issue.values.map(String).join(', ')}`,
      ...(typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : {}),
    }
  if (issue.code === 'invalid_type') {
    const wanted = WANTED[issue.expected] ?? issue.expected
    const quoted =
      issue.expected === 'string' && typeof value !== 'object' ? { fix: `put it in quotes: "${value}"` } : {}
    return { message: `Cannot read ${of}: ${shown} stands where ${wanted} is wanted`, ...quoted }
  }
  const text = issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
  return { message: `Cannot read ${of}: ${shown} does not fit, ${text}` }
}

const WANTED: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
}

/** The data with a stand-in for each broken part, so that what refers to it and to the rest can be looked at too. */
export function withStandIns(data: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy: unknown = structuredClone(data)
  for (const issue of issues) {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(copy, [...path, key])
    else if (issue.code === 'invalid_key') remove(copy, path)
    else if (MEMBERS[String(path[2])] !== undefined && path.length >= 4)
      put(copy, path.slice(0, 4), standIn(path, valueAt(data, path.slice(0, 4))))
    else if (path.length === 3 && (path[2] === 'label' || path[2] === 'table')) put(copy, path, '?')
    else if (path.length === 3 && path[2] === 'fields') put(copy, path, {})
    else if (path.length === 1 && path[0] === 'version') put(copy, path, 1)
    else remove(copy, path.slice(0, 3))
  }
  return copy
}

function standIn(path: Path, written: unknown): unknown {
  if (path[2] === 'fields') return { column: '?', type: 'date', label: '?' }
  if (path[2] === 'metrics') return { label: '?', aggregate: { fn: 'count' } }
  const to = valueAt(written, ['to'])
  return { to: typeof to === 'string' ? to : path[1], kind: 'to_one', on: [{ from: '?', to: '?' }], label: '?' }
}

/** What stands at a path of plain data, or undefined. */
export function valueAt(data: unknown, path: Path): unknown {
  let here = data
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined
    here = (here as Record<string | number, unknown>)[part]
  }
  return here
}

function remove(data: unknown, path: Path): void {
  const parent = valueAt(data, path.slice(0, -1))
  const last = path.at(-1)
  if (typeof parent === 'object' && parent !== null && last !== undefined)
    delete (parent as Record<string | number, unknown>)[last]
}

function put(data: unknown, path: Path, value: unknown): void {
  const parent = valueAt(data, path.slice(0, -1))
  const last = path.at(-1)
  if (typeof parent === 'object' && parent !== null && last !== undefined)
    (parent as Record<string | number, unknown>)[last] = value
}
