// Small facts about a catalog that reading needs often: what a field can do, what names an entity, who is a person.
// In: a catalog and names out of it. Out: answers; unknown names give the harmless answer.
// Refused: guesses about data; only names and types are looked at.
import type { Catalog, Entity, Field } from '../../../catalog/schema.ts'
import { nameWords } from '../lexicon.ts'
import { lemma } from '../stem.ts'
import { meansPeople } from '../world.ts'

const EMPTY: ReadonlySet<string> = new Set()

export function entityIn(catalog: Catalog, name: string): Entity | undefined {
  return Object.hasOwn(catalog.entities, name) ? catalog.entities[name] : undefined
}

export function fieldIn(catalog: Catalog, entity: string, field: string): Field | undefined {
  const found = entityIn(catalog, entity)
  return found !== undefined && Object.hasOwn(found.fields, field) ? found.fields[field] : undefined
}

export function isNumeric(field: Field | undefined): boolean {
  return field?.type === 'integer' || field?.type === 'number' || field?.type === 'money'
}

export function isTime(field: Field | undefined): boolean {
  return field?.type === 'date' || field?.type === 'timestamp'
}

export function isText(field: Field | undefined): boolean {
  return field?.type === 'text' || field?.type === 'enum'
}

type Notes = {
  clocks: Map<string, Clock | undefined>
  words: Map<string, readonly string[]>
  names: Map<string, readonly string[]>
  keys: Map<string, ReadonlySet<string>>
}
const cache = new WeakMap<Catalog, Notes>()

function notesOf(catalog: Catalog): Notes {
  const known = cache.get(catalog) ?? { words: new Map(), names: new Map(), keys: new Map(), clocks: new Map() }
  cache.set(catalog, known)
  return known
}

/** Lemmas of a field's name and label. */
export function fieldWords(catalog: Catalog, entity: string, field: string): readonly string[] {
  const { words } = notesOf(catalog)
  const key = `${entity}.${field}`
  const known = words.get(key)
  if (known !== undefined) return known
  const one = fieldIn(catalog, entity, field)
  const made = [...new Set([...nameWords(field, EMPTY), ...nameWords(one?.label ?? '', EMPTY)].map(lemma))]
  words.set(key, made)
  return made
}

/** Columns that join this entity to others by to-one relations. */
export function foreignKeys(catalog: Catalog, entity: string): ReadonlySet<string> {
  const { keys } = notesOf(catalog)
  const known = keys.get(entity)
  if (known !== undefined) return known
  const one = entityIn(catalog, entity)
  const columns = new Set(
    Object.values(one?.relations ?? {}).flatMap((relation) =>
      relation.kind === 'to_one' ? relation.on.map((pair) => pair.from) : [],
    ),
  )
  const made = new Set(
    Object.entries(one?.fields ?? {}).flatMap(([name, field]) => (columns.has(field.column) ? [name] : [])),
  )
  keys.set(entity, made)
  return made
}

/** The fields people know a row by: the display field, or first and last name; the key when there is nothing better. */
export function namesOf(catalog: Catalog, entity: string): readonly string[] {
  const { names } = notesOf(catalog)
  const known = names.get(entity)
  if (known !== undefined) return known
  const made = findNames(catalog, entity)
  names.set(entity, made)
  return made
}

function findNames(catalog: Catalog, entity: string): string[] {
  const one = entityIn(catalog, entity)
  if (one === undefined) return []
  const fields = Object.keys(one.fields)
  const has = (field: string, word: string) => fieldWords(catalog, entity, field).includes(word)
  const text = (field: string) => isText(one.fields[field])
  const first = fields.find((field) => text(field) && has(field, 'first') && has(field, 'name'))
  const last = fields.find((field) => text(field) && has(field, 'last') && has(field, 'name'))
  const display = one.displayField
  if (
    first !== undefined &&
    last !== undefined &&
    (display === undefined || display === first || display === last || !has(display, 'name'))
  )
    return [first, last]
  if (
    display !== undefined &&
    (text(display) ||
      !fields.some((field) => text(field) && (has(field, 'name') || has(field, 'title') || has(field, 'detail'))))
  )
    return [display]
  const named = fields.filter((field) => text(field) && (has(field, 'name') || has(field, 'title')))
  const own = named.find((field) => fieldWords(catalog, entity, field).length === 1) ?? named[0]
  if (own !== undefined) return [own]
  const keys = foreignKeys(catalog, entity)
  const told = fields.find(
    (field) => text(field) && !keys.has(field) && (has(field, 'detail') || has(field, 'description')),
  )
  if (told !== undefined) return [told]
  return one.primaryKey.slice(0, 1)
}

/** Whether rows of the entity are people, judged by its words and fields. */
export function arePeople(catalog: Catalog, entity: string): number {
  const one = entityIn(catalog, entity)
  if (one === undefined) return 0
  const words = [...nameWords(entity, EMPTY), ...nameWords(one.label, EMPTY)].map(lemma)
  if (words.length > 0 && meansPeople(words.at(-1) ?? '')) return 1
  if (words.some(meansPeople)) return 0.7
  const fields = Object.keys(one.fields).flatMap((field) => fieldWords(catalog, entity, field))
  if (fields.includes('first') && fields.includes('last')) return 0.8
  if (fields.includes('birth') || fields.includes('gender') || fields.includes('sex') || fields.includes('nationality'))
    return 0.6
  return 0
}

/** The metric that counts the rows which the entity's sums are of, where the catalog leaves some out. */
export function countMetric(catalog: Catalog, entity: string): string | undefined {
  const metrics = Object.entries(entityIn(catalog, entity)?.metrics ?? {})
  const where = (fn: string) => metrics.find(([, { aggregate }]) => aggregate.fn === fn)?.[1].aggregate.where
  const limit = where('sum')
  if (limit === undefined)
    return metrics.some(([, one]) => one.aggregate.fn === 'sum') ? undefined : namedCount(catalog, entity)
  return metrics.find(
    ([, { aggregate }]) => aggregate.fn === 'count' && JSON.stringify(aggregate.where) === JSON.stringify(limit),
  )?.[0]
}

/** The metric that is called the number of the rows, where it leaves some out. */
function namedCount(catalog: Catalog, entity: string): string | undefined {
  const { label = '', singular = label, metrics = {} } = entityIn(catalog, entity) ?? {}
  const names = [`number of ${label}`, `how many ${label}`, `${singular} count`, label].map((one) => one.toLowerCase())
  return Object.entries(metrics).find(
    ([, one]) =>
      one.aggregate.fn === 'count' &&
      one.aggregate.where !== undefined &&
      [one.label, ...one.synonyms].some((name) => names.includes(name.toLowerCase())),
  )?.[0]
}

/** The relation that leads the way of another back, by the same columns. */
export function backTo(catalog: Catalog, entity: string, relation: string): string | undefined {
  const { to = '', on: there = [] } = entityIn(catalog, entity)?.relations[relation] ?? {}
  return Object.entries(entityIn(catalog, to)?.relations ?? {}).find(
    ([, one]) =>
      one.to === entity &&
      one.kind === 'to_one' &&
      one.on.length === there.length &&
      one.on.every(({ from, to: key }) => there.some((pair) => pair.from === key && pair.to === from)),
  )?.[0]
}

/** Rows that another entity's rows take their time from, and the relation that leads there. */
export type Clock = { readonly relation: string; readonly entity: string }

/** Whose date is that of rows without one: an order's lines are of its day, not of the day their product was launched. */
export function clockOf(catalog: Catalog, entity: string): Clock | undefined {
  const { clocks } = notesOf(catalog)
  if (!clocks.has(entity)) clocks.set(entity, findClock(catalog, entity))
  return clocks.get(entity)
}

function findClock(catalog: Catalog, entity: string): Clock | undefined {
  const one = entityIn(catalog, entity)
  if (one === undefined || Object.values(one.fields).some(isTime)) return undefined
  const dated = Object.entries(one.relations).flatMap(([relation, { to, kind }]) =>
    kind === 'to_one' && entityIn(catalog, to)?.defaultDate !== undefined ? [{ relation, entity: to }] : [],
  )
  if (dated.length < 2) return dated[0]
  // The rows that its metrics ask about first, or those of which these are a part by their name.
  const asked = JSON.stringify(Object.values(one.metrics).map(({ aggregate }) => aggregate.where ?? null))
  const [spoken, another] = dated.filter(({ relation }) => asked.includes(`"field":"${relation}.`))
  if (spoken !== undefined && another === undefined) return spoken
  const [first = ''] = nameWords(entity, EMPTY).map(lemma)
  return dated.find((other) => nameWords(other.entity, EMPTY).map(lemma).at(-1) === first)
}
