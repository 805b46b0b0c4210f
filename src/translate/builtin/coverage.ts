// How well a definition and its prompt cover each other: words that no part of the table answers to, parts that no word asked for.
// In: the prompt's tokens, a definition, the catalog. Out: named numbers, 0 left out.
// Refused: features of one database; words are only compared, never looked up in a list of a domain.
import { resolvePath } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { Definition } from '../../definition/schema.ts'
import { GRAMMAR, STOP_WORDS } from './keywords.ts'
import { lemma, stem } from './stem.ts'
import type { Token } from './tokens.ts'

type Node = { readonly [key: string]: unknown }
type Part = {
  readonly place: 'column' | 'key' | 'aggregate' | 'sort' | 'filter'
  readonly words: readonly string[]
  readonly owner: readonly string[]
  readonly id: boolean
}

const CAP = 4

const rootsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 0 && !STOP_WORDS.has(word))
    .map((word) => stem(lemma(word)))

/** Whether two stems are the same word, or one is cut short: "dept" is not found, "max" and "maximum" are. */
const alike = (a: string, b: string): boolean =>
  a === b || (a.length > 2 && b.length > 2 && (a.startsWith(b) || b.startsWith(a)))

/** Named numbers on what a prompt says that its table does not, and the other way round. */
export function coverageOf(input: {
  readonly prompt: readonly Token[]
  readonly definition: Definition
  readonly catalog: Catalog
}): Record<string, number> {
  const { prompt, definition, catalog } = input
  const { parts, entities, values } = partsOf(definition, catalog)
  const text = prompt.map(({ text }) => text.toLowerCase()).join(' ')
  const typed = prompt.filter(({ kind, word }) => kind === 'word' && !STOP_WORDS.has(word))
  const asked = typed.map((token) => ({ token, root: stem(lemma(token.word)), grammar: GRAMMAR.has(token.word) }))
  const found: Record<string, number> = {}
  const add = (name: string, value = 1) => {
    if (value > 0) found[name] = Math.min(CAP, (found[name] ?? 0) + value)
  }

  const entityWords = [...entities].flatMap((name) => {
    const { label = name, singular = '', synonyms = [] } = catalog.entities[name] ?? {}
    return rootsOf([label, singular, ...synonyms].join(' '))
  })
  const known = [...parts.flatMap(({ words }) => words), ...entityWords, ...values.flatMap(rootsOf)]
  for (const { token, root, grammar } of asked) {
    if (grammar || known.some((word) => alike(word, root))) continue
    const elsewhere = labelsOf(catalog).some((word) => word === root)
    add('cover.missed')
    if (elsewhere) add('cover.missed.known')
    else if (token.capital && token.start > 0) add('cover.missed.name')
    else if (/(ed|ing)$/.test(token.word)) add('cover.missed.verb')
  }
  if (asked.length > 0) add('cover.missed.share', (found['cover.missed'] ?? 0) / asked.length)
  const json = values.join('\u0001').toLowerCase()
  for (const { kind, text } of prompt)
    if (kind === 'quoted' && !json.includes(text.toLowerCase())) add('cover.missed.quoted')

  const roots = asked.map(({ root }) => root)
  const says = (word: string) => roots.some((root) => alike(word, root))
  for (const { place, words, owner, id } of parts) {
    const hit = words.filter(says).length
    const own = owner.some(says)
    if (words.length === 0) continue
    if (hit === 0) add(`cover.unasked.${place}`)
    else if (hit < words.length) add(`cover.partly.${place}`, 1 - hit / words.length)
    else add(`cover.asked.${place}`)
    if (!own && hit === 0) add(`cover.strange.${place}`)
    if (id) add(`cover.id.${place}`)
  }
  const root = catalog.entities[definition.dataSources[0] ?? '']
  if (root !== undefined && !rootsOf(`${root.label} ${root.singular ?? ''} ${root.synonyms.join(' ')}`).some(says))
    add('cover.root.unasked')
  for (const name of entities) {
    const entity = catalog.entities[name]
    if (entity !== undefined && !entity.junction && !rootsOf(`${entity.label} ${entity.synonyms.join(' ')}`).some(says))
      add('cover.entity.unasked')
  }
  add('cover.entities', entities.size - 1)
  namedEntities(roots, entities, catalog, add)
  rivalFields(parts, roots, definition, catalog, add)
  shapeFeatures(text, definition, add)
  return found
}

type Add = (name: string, value?: number) => void

type Named = { readonly name: string; readonly junction: boolean; readonly words: readonly string[] }
const named = new WeakMap<Catalog, readonly Named[]>()

function namesOf(catalog: Catalog): readonly Named[] {
  const known = named.get(catalog)
  if (known !== undefined) return known
  const made = Object.entries(catalog.entities).map(([name, { label, junction }]) => {
    return { name, junction: junction === true, words: rootsOf(label) }
  })
  named.set(catalog, made)
  return made
}

/** Entities that are named with every word of their label and are not read. */
function namedEntities(roots: readonly string[], entities: ReadonlySet<string>, catalog: Catalog, add: Add): void {
  for (const { name, junction, words } of namesOf(catalog)) {
    if (entities.has(name) || words.length === 0 || !words.every((word) => roots.includes(word))) continue
    add(junction ? 'cover.missed.junction' : 'cover.missed.entity')
  }
}

/** Fields of the read entities that are named with every word of their label and are not read. */
function rivalFields(
  parts: readonly Part[],
  roots: readonly string[],
  definition: Definition,
  catalog: Catalog,
  add: Add,
): void {
  const used = new Set(parts.map(({ words }) => words.join(' ')))
  const entity = catalog.entities[definition.dataSources[0] ?? '']
  for (const { label } of Object.values(entity?.fields ?? {})) {
    const words = rootsOf(label)
    if (words.length === 0 || used.has(words.join(' ')) || !words.every((word) => roots.includes(word))) continue
    if (words.length > 1) add('cover.missed.field.long')
    else if (![...used].some((one) => one.split(' ').includes(words[0] ?? ''))) add('cover.missed.field')
  }
}

/** Words that ask for a shape, beside the shape there is. */
function shapeFeatures(text: string, definition: Definition, add: Add): void {
  const { columns, groupBy, aggregates, sortBy, limit, filters, having, distinct } = definition
  const json = JSON.stringify({ filters, having, aggregates })
  const outputs = columns.length + groupBy.length + aggregates.filter(({ hidden }) => hidden !== true).length
  const head = text.split(/ (?:whose|who|where|that|which|with|sorted|ordered|for each|in|from) /)[0] ?? text
  const listed = head.split(/ and | , /).length
  if (listed > outputs) add('shape.lessThanListed', listed - outputs)
  if (listed < outputs) add('shape.moreThanListed', outputs - listed)
  add('shape.outputs', outputs)
  const supers =
    /\b(most|least|fewest|largest|smallest|highest|lowest|oldest|youngest|longest|shortest|latest|earliest|best|worst|newest|biggest|cheapest|\w+est)\b/
  if (supers.test(text) && limit === null && !/"fn":"(max|min)"/.test(json) && sortBy.length === 0)
    add('shape.noSuperlative')
  if (limit !== null && sortBy.length === 0) add('shape.limitUnsorted')
  if (limit !== null && groupBy.length > 1) add('shape.limitKeys')
  if (limit !== null && aggregates.some(({ fn }) => fn === 'count')) add('shape.limitCount')
  if (limit !== null && columns.length > 0) add('shape.limitList')
  if (
    /\b(each|every|per|for all|for different|of different|by)\b/.test(text) &&
    groupBy.length === 0 &&
    aggregates.length > 0
  )
    add('shape.notGrouped')
  if (
    groupBy.length > 0 &&
    !/\b(each|every|per|by|most|least|fewest|more than|less than|at least|different|distinct|all|only|number)\b/.test(
      text,
    )
  )
    add('shape.groupedUnasked')
  if (/\bhow many|number of|count\b/.test(text) && !json.includes('count')) add('shape.noCount')
  if (
    aggregates.length > 0 &&
    !/\b(how many|number|count|average|mean|total|sum|max\w*|min\w*|most|least|fewest|how much|\w+est|percent\w*|rate|common|popular|often)\b/.test(
      text,
    )
  )
    add('shape.aggregateUnasked')
  if (aggregates.some(({ fn }) => fn === 'count_distinct')) add('shape.countDistinct')
  if (aggregates.some(({ per }) => per !== undefined)) add('shape.per')
  if (/\b(total|sum)\b/.test(text) && !json.includes('"fn":"sum"')) add('shape.noSum')
  if (/\baverage|mean\b/.test(text) && !json.includes('"fn":"avg"')) add('shape.noAverage')
  if (/\b(not|no|never|without|except|n't|nor|neither)\b/.test(text)) add('shape.negated')
  if (/\b(both|and also)\b/.test(text)) add('shape.both')
  if (/\b(either|or)\b/.test(text)) add('shape.or')
  if (
    /\bdifferent|distinct|unique\b/.test(text) &&
    !distinct &&
    groupBy.length === 0 &&
    !json.includes('count_distinct')
  )
    add('shape.noDistinct')
  if (/\b(more|less|greater|older|younger|higher|lower|larger|smaller) .*than (the |any |all |some |every )/.test(text))
    add('shape.comparedWith')
  if (columns.length > 0 && columns.every(({ field }) => field?.includes('.'))) add('shape.allElsewhere')
  if (filters !== undefined && /"match":"some"\}/.test(json)) add('shape.bareRelation')
  if (/"op":"(contains|starts_with|ends_with)"/.test(json)) add('shape.pattern')
  if (having !== undefined) add('shape.having')
  const numbers = text.match(/\b\d+(\.\d+)?\b/g) ?? []
  const stated = new Set(JSON.stringify(definition).match(/\d+(\.\d+)?/g) ?? [])
  add('shape.lostNumber', numbers.filter((one) => !stated.has(one)).length)
  add('shape.numbers', numbers.length)
  if (/ \? .*\w|\. \w.*\w/.test(text)) add('shape.sentences')
}

const labels = new WeakMap<Catalog, readonly string[]>()

/** The stems of all words of the catalog's labels. */
function labelsOf(catalog: Catalog): readonly string[] {
  const known = labels.get(catalog)
  if (known !== undefined) return known
  const made = [
    ...new Set(
      Object.values(catalog.entities).flatMap(({ label, fields }) => [
        ...rootsOf(label),
        ...Object.values(fields).flatMap((field) => rootsOf(field.label)),
      ]),
    ),
  ]
  labels.set(catalog, made)
  return made
}

/** The fields that a definition reads, each with where it stands; the entities; the values. */
function partsOf(definition: Definition, catalog: Catalog): { parts: Part[]; entities: Set<string>; values: string[] } {
  const parts: Part[] = []
  const entities = new Set<string>()
  const values: string[] = []
  const follow = (root: string, path: string, place: Part['place'] | undefined): string => {
    const found = resolvePath(catalog, root, path)
    if (!found.ok) return root
    for (const { to } of found.hops) entities.add(to)
    const owner = catalog.entities[found.entityName]
    if (found.field !== undefined && place !== undefined) {
      const words = rootsOf([found.field.label, ...found.field.synonyms].join(' '))
      const key = path.split('.').at(-1) ?? ''
      const id = found.field.type === 'id' || owner?.primaryKey.includes(key) === true
      parts.push({ place, words, owner: rootsOf(owner?.label ?? ''), id })
    }
    return found.entityName
  }
  const visit = (value: unknown, root: string, place: Part['place']): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, root, place)
    else if (typeof value === 'object' && value !== null) visitNode(value as Node, root, place)
    else if (typeof value === 'string' || typeof value === 'number') values.push(String(value))
  }
  const visitNode = (node: Node, root: string, place: Part['place']): void => {
    if (Array.isArray(node.dataSources)) {
      visitDefinition(node as unknown as Definition, true)
      return
    }
    const path = [node.relation, node.field, node.per].find((one) => typeof one === 'string')
    const inside = typeof node.of === 'string' ? node.of : root
    const owner = path === undefined || path === 'source_rows' ? inside : follow(inside, path as string, place)
    for (const [key, child] of Object.entries(node)) {
      if (key === 'where') visit(child, owner, 'filter')
      else if (key === 'value') visit(child, root, 'filter')
      else if (['all', 'any', 'not', 'aggregate', 'definition'].includes(key)) visit(child, root, place)
    }
  }
  const visitDefinition = (one: Definition, inner = false): void => {
    const root = one.dataSources[0] ?? ''
    entities.add(root)
    visit(one.columns, root, inner ? 'filter' : 'column')
    visit(one.groupBy, root, inner ? 'filter' : 'key')
    visit(one.aggregates, root, inner ? 'filter' : 'aggregate')
    visit(one.filters, root, 'filter')
    for (const { field } of one.sortBy) {
      const listed =
        one.columns.some((column) => column.field === field) || one.groupBy.some((key) => key.field === field)
      follow(root, field, listed ? undefined : 'sort')
    }
  }
  visitDefinition(definition)
  return { parts, entities, values }
}
