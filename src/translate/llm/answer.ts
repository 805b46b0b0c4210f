// What a model fills in, and how its answer is read.
// In: JSON as a vendor's strict mode or a free-hand model writes it (nulls for absent keys, parts as JSON text).
// Out: the answer with the definition in its plain form, still unchecked: parse.ts and check.ts decide about it.
import { z } from 'zod'
import * as definition from '../../definition/schema.ts'
import type { JsonSchema } from './port.ts'

/** The envelope around the definition; keys are written in this order, so that the model reads the question first. */
const Answer = z.strictObject({
  reading: z.string(),
  outcome: z.enum(['table', 'partly', 'cannot']),
  definition: definition.Definition.nullable(),
  assumptions: z.array(z.string()),
  confidence: z.number(),
  notUnderstood: z.array(z.string()),
  reason: z.string(),
  suggestions: z.array(z.string()),
})

/** What a model says is shown and kept: no longer than a person would read. */
const MAX_TEXT = 1000
const MAX_TEXTS = 20
const short = (text: string): string => text.trim().slice(0, MAX_TEXT).toWellFormed()
const LooseText = z.string().catch('').transform(short)

const LooseTexts = z.array(z.unknown()).catch([]).default([]).transform(texts)
const LooseAnswer = z.object({
  reading: LooseText,
  outcome: z.enum(['table', 'partly', 'cannot']).optional().catch(undefined),
  definition: z.unknown().optional(),
  assumptions: LooseTexts,
  confidence: z.number().min(0).max(1).catch(0.5),
  notUnderstood: LooseTexts,
  reason: LooseText,
  suggestions: LooseTexts,
})

/** A model's answer in one shape; `definition` is plain JSON in the definition's own form, not yet parsed. */
export type ModelAnswer = {
  readonly outcome: 'table' | 'partly' | 'cannot'
  readonly definition: unknown
  readonly assumptions: readonly string[]
  /** What the model thinks its chance of being right is, 0 to 1. */
  readonly confidence: number
  readonly notUnderstood: readonly string[]
  readonly reason: string
  readonly suggestions: readonly string[]
}

/** The envelope's JSON Schema with the definition in it, named parts under `$defs`. */
export function answerJsonSchema(): JsonSchema {
  const names = z.registry<{ id?: string; description?: string }>()
  for (const [id, schema] of Object.entries(definition))
    if (schema instanceof z.ZodType) names.add(schema, { id, ...described(DEFINITIONS, id) })
  for (const [key, schema] of Object.entries(Answer.shape)) names.add(schema, described(ENVELOPE, key))
  return z.toJSONSchema(Answer, { io: 'input', reused: 'ref', metadata: names }) as JsonSchema
}

function described(from: Readonly<Record<string, string>>, key: string): { description?: string } {
  const description = from[key]
  return description === undefined ? {} : { description }
}

const ENVELOPE: Readonly<Record<string, string>> = {
  reading: 'One or two sentences: what is asked, which entity its rows are, what is counted or shown, which filters.',
  outcome:
    'table: all of it is in the definition. partly: the definition leaves something out. cannot: there is no definition.',
  definition: 'null when the outcome is cannot.',
  assumptions: 'What was taken for granted, one short sentence each; empty when nothing was.',
  confidence: 'From 0 to 1: the chance that a careful colleague would accept this table as the answer.',
  notUnderstood: 'Parts of the question that are not in the definition, in its own words.',
  reason: 'With cannot: one sentence for the asker that says why. Otherwise empty.',
  suggestions: 'With partly or cannot: up to three complete questions that this catalog can answer. Otherwise empty.',
}
const DEFINITIONS: Readonly<Record<string, string>> = {
  Path: 'A path, or the id of a column.',
}

/** Reads an answer, forgiving in form; undefined when it is no answer at all. */
export function readAnswer(json: unknown): ModelAnswer | undefined {
  const read = LooseAnswer.safeParse(json)
  if (!read.success) return undefined
  const { outcome, definition: written, ...rest } = read.data
  // A model without a schema sometimes answers with the bare definition.
  const bare = written === undefined && typeof json === 'object' && json !== null && 'dataSources' in json
  const plain = plainDefinition(bare ? json : written)
  if (outcome === undefined && plain === undefined && rest.reason === '') return undefined
  return { ...rest, outcome: outcome ?? (plain === undefined ? 'cannot' : 'table'), definition: plain }
}

function texts(list: readonly unknown[]): string[] {
  const said = list.filter((one): one is string => typeof one === 'string' && one.trim() !== '')
  return said.slice(0, MAX_TEXTS).map(short)
}

/** Keys that hold an object or a list of objects, so that a text there can only be its JSON. */
const HOLDS_OBJECT: ReadonlySet<string> = new Set([
  'definition',
  'filters',
  'having',
  'where',
  'not',
  'all',
  'any',
  'aggregate',
  'format',
  'columns',
  'groupBy',
  'aggregates',
  'calculations',
  'sortBy',
  'limitPer',
  'pivot',
  'compare',
])
/** Keys in which the empty text means that there is nothing. */
const BLANK_IS_ABSENT: ReadonlySet<string> = new Set([
  ...HOLDS_OBJECT,
  'title',
  'label',
  'id',
  'field',
  'formula',
  'metric',
  'per',
  'by',
  'grain',
  'nulls',
])

/** A definition as models write it → its plain form: nulls and blanks gone, JSON texts opened; undefined when absent. */
function plainDefinition(written: unknown): unknown {
  return plain(written, 'definition') ?? undefined
}

function plain(written: unknown, key: string): unknown {
  const value = meantObject(typeof written === 'string' && HOLDS_OBJECT.has(key) ? opened(written) : written, key)
  if (Array.isArray(value)) return value.map((item) => plain(item, key))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(([name, part]) => !(part === '' && BLANK_IS_ABSENT.has(name)))
    .map(([name, part]) => [name, plain(part, name)] as const)
  return Object.fromEntries(entries.filter(([, part]) => part !== null && part !== undefined))
}

const LISTS_PATHS: ReadonlySet<string> = new Set(['columns', 'groupBy', 'sortBy'])

/** Short forms that can mean one thing only: a list of filters is `all` of them, a bare path in a list its field. */
function meantObject(value: unknown, key: string): unknown {
  if (Array.isArray(value) && (key === 'filters' || key === 'having' || key === 'where')) {
    if (value.length === 0) return null
    return value.length === 1 ? value[0] : { all: value }
  }
  if (typeof value !== 'string') return value
  return LISTS_PATHS.has(key) ? { field: value } : value
}

function opened(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
