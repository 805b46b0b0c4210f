// What a noun may stand for: rows, a field, a relation or a metric, by its words and by what is wanted of it.
// In: a mention with its links. Out: candidates, the likeliest first.
import type { Catalog, Metric } from '../../../catalog/schema.ts'
import type { Chunk } from '../chunk.ts'
import type { Mention } from '../read/ast.ts'
import { holdsItself } from '../read/reader.ts'
import { lemma } from '../stem.ts'
import { type Candidate, prune, type Want } from './candidate.ts'
import { entityIn, fieldIn, fieldWords, foreignKeys, isNumeric, isText, isTime, namesOf } from './facts.ts'

/** What a mention may stand for, the cheapest first. */
export function candidatesOf(
  catalog: Catalog,
  mention: Mention,
  want: Want,
  owner: Mention | undefined,
  anchors: ReadonlySet<string>,
  away: (entity: string) => number,
  grouped: boolean,
  chunks: readonly Chunk[],
): Candidate[] {
  const found: Candidate[] = []
  const miss = mention.soft ? 1.6 : 2.6
  // Where one thing is named exactly, a thing named in part is hardly meant.
  const top = mention.chunk.links[0]?.score ?? 1
  // "classes" are the rows of that name before they are a field of other rows.
  const rows = mention.chunk.links.find(({ target, score }) => target.kind === 'entity' && score >= 0.98)?.target.entity
  // "by sales" is the metric of that name, not the sales rep.
  const metric = mention.chunk.links.some(({ target, score }) => target.kind === 'metric' && score >= 0.98)
  // "hours worked" to the letter is that number, before it is the rows of work hours.
  const called = calledNumber(catalog, mention) && !/^(entity|owner|group)$/.test(want)
  for (const { target, score } of mention.chunk.links) {
    if (metric && target.kind === 'field' && score < 0.6) continue
    const base = (1 - score) * miss + (mention.soft ? 0 : Math.max(0, top - score - 0.12) * 1.6)
    if (target.kind === 'entity') {
      const penalty =
        want === 'number' || want === 'ordered' || want === 'time'
          ? 1.2
          : want === 'group'
            ? 0.05
            : want === 'select'
              ? 0.1
              : 0
      found.push({
        kind: 'entity',
        entity: target.entity,
        cost:
          base +
          penalty +
          (called ? 0.5 : 0) +
          (want === 'count' && top >= 0.98 && hasMetric(mention) ? 0.15 : 0) +
          // A table of how many degrees there were each year holds that number.
          (want === 'count' && holdsItself(mention.chunk, target.entity) ? 0.6 : 0) +
          (want === 'count' && mention.distinct === true && hasOwnField(catalog, mention, target.entity, score)
            ? 0.5
            : 0),
      })
    } else if (target.kind === 'relation') {
      // A relation that is called as the rows it starts from says nothing that they do not.
      const itself = mention.chunk.links.some(
        (link) => link.target.kind === 'entity' && link.target.entity === target.entity && link.score >= 0.98,
      )
      const penalty =
        (want === 'entity' || want === 'owner' || want === 'count' || want === 'counted' ? 0.15 : 0.5) +
        (itself ? 1 : 0)
      found.push({
        kind: 'entity',
        entity: target.to,
        cost: base + penalty,
        relation: target.relation,
        via: target.entity,
      })
    } else if (target.kind === 'metric') {
      const whole =
        (want === 'count' || want === 'select') &&
        isWholeName(catalog, target.entity, target.metric, mention.chunk, chunks)
      const penalty =
        metricPenalty(catalog, target.entity, target.metric, want, mention, grouped) -
        (whole ? WHOLE_NAME : 0) +
        (otherForm(catalog, target.entity, target.metric, mention.chunk) ? OTHER_FORM : 0)
      found.push({ kind: 'metric', entity: target.entity, metric: target.metric, cost: base + penalty })
    } else if (target.kind === 'field') {
      found.push({
        kind: 'field',
        entity: target.entity,
        field: target.field,
        cost:
          base +
          fieldPenalty(catalog, target.entity, target.field, want, mention) +
          (want === 'count' && rows !== undefined && rows !== target.entity ? 0.4 : 0) +
          (grouped && hasMetric(mention) ? 0.15 : 0),
      })
    }
  }
  // "the highest rental rate … and the rate": the short form of what was named in full.
  for (const full of fuller(mention, chunks, want))
    for (const link of full.links)
      if (link.target.kind === 'field' && link.score >= 0.95)
        found.push({
          kind: 'field',
          entity: link.target.entity,
          field: link.target.field,
          cost: fieldPenalty(catalog, link.target.entity, link.target.field, want, mention),
        })
  // "the color code and description": of the color as well.
  const shared = sharedWords(mention.chunk, chunks)
  if (shared.length > 0)
    for (const { target, score } of mention.chunk.links) {
      if (target.kind !== 'field' || score < 0.3) continue
      const own = fieldWords(catalog, target.entity, target.field)
      if (!shared.every((word) => own.includes(word)) || !own.includes(lemma(mention.chunk.word))) continue
      const cost = 0.1 + fieldPenalty(catalog, target.entity, target.field, want, mention)
      found.push({ kind: 'field', entity: target.entity, field: target.field, cost })
    }
  if (isName(mention)) {
    found.push(...nameCandidates(catalog, owner, anchors))
    return prune(ownNames(catalog, owner, found), away)
  }
  return prune(found, away)
}

/** What a metric is preferred by whose name is said with "number of" or "how many". */
const WHOLE_NAME = 0.4

const OTHER_FORM = 0.3

/** "Refunds" are counted by the metric of just that name, and not summed by one that is called "refunded". */
function otherForm(catalog: Catalog, entity: string, metric: string, { word, links }: Chunk): boolean {
  const metrics = entityIn(catalog, entity)?.metrics ?? {}
  return (
    !named(metrics[metric], word) &&
    links.some(
      ({ target }) => target.kind === 'metric' && target.entity === entity && named(metrics[target.metric], word),
    )
  )
}

/** "Number of donors", where the catalog says what that number is. */
function isWholeName(
  catalog: Catalog,
  entity: string,
  metric: string,
  chunk: Chunk,
  chunks: readonly Chunk[],
): boolean {
  const before = chunks[chunks.indexOf(chunk) - 1]
  const counts = before?.kw?.k === 'count' || before?.kw?.k === 'howmany'
  const said = counts ? `${before.word} ${chunk.word}` : chunk.word
  if (!/^(number|count) of |^how many /.test(said)) return false
  return entityIn(catalog, entity)?.metrics[metric]?.synonyms.some((name) => name.toLowerCase() === said) ?? false
}

/** A metric is what is meant where something is counted or grouped; in a list its words name rows or columns. */
function metricPenalty(
  catalog: Catalog,
  entity: string,
  metric: string,
  want: Want,
  mention: Mention,
  grouped: boolean,
): number {
  if (want === 'entity' || want === 'owner' || want === 'group') return 1.5
  const fn = entityIn(catalog, entity)?.metrics[metric]?.aggregate.fn
  const counts = fn === 'count' || fn === 'count_distinct'
  if (want === 'counted') return counts ? -0.05 : 1.5
  if (want === 'count') return counts ? 0 : 0.6
  // Ranked by "attendance": how many came, not the rows of who signed up.
  if (want === 'ordered' && counts) return 0
  const rival =
    !calledNumber(catalog, mention) &&
    (mention.chunk.links.some(
      (link) =>
        (link.target.kind === 'entity' || (link.target.kind === 'field' && link.score >= 0.99)) && link.score >= 0.9,
    ) ||
      // "lapsed donors" are such rows.
      mention.chunk.values.some((value) => value.entity === entity && value.score >= 0.9))
  // "pledges by campaign" are pledges, and not only the sum that is called "pledged".
  const rows =
    mention.chunk.plural &&
    mention.chunk.links.some(
      ({ target, score }) => target.kind === 'entity' && target.entity === entity && score >= 0.99,
    )
  if (grouped && rows && !named(entityIn(catalog, entity)?.metrics[metric], mention.chunk.word)) return 0.3
  // "Spending on printing": what there is so much of is a sum before it is a row.
  const mass = !counts && !mention.chunk.plural && named(entityIn(catalog, entity)?.metrics[metric], mention.chunk.word)
  return grouped || !rival ? 0 : counts ? 1.6 : mass ? 0.12 : 0.3
}

function named(metric: Metric | undefined, word: string): boolean {
  return metric !== undefined && [metric.label, ...metric.synonyms].some((name) => name.toLowerCase() === word)
}

export function meansRows(mention: Mention): boolean {
  return mention.chunk.links.some((link) => link.target.kind === 'entity' && link.score >= 0.9)
}

/** Whether a metric goes by exactly these words. */
function hasMetric(mention: Mention): boolean {
  return mention.chunk.links.some((link) => link.target.kind === 'metric' && link.score >= 0.98)
}

/** Whether a field of the entity goes by the same words: "different allergy types" are its values, not its rows. */
function hasOwnField(catalog: Catalog, mention: Mention, entity: string, score: number): boolean {
  const names = namesOf(catalog, entity)
  return mention.chunk.links.some(
    ({ target, score: own }) =>
      target.kind === 'field' && target.entity === entity && own >= score && !names.includes(target.field),
  )
}

function fuller(mention: Mention, chunks: readonly Chunk[], want: Want): Chunk[] {
  const { word } = mention.chunk
  // "document type codes and … in each code": behind "each" a general word has a thing to stand for.
  const general = /^(names?|ids?|codes?|numbers?|types?|dates?|descriptions?|details?)$/.test(word)
  if (word.includes(' ') || (general && want !== 'group')) return []
  const same = lemma(word)
  return fullNames(chunks)
    .filter(
      ({ chunk, parts }) =>
        chunk !== mention.chunk && (parts.includes(word) || (general && lemma(parts.at(-1) ?? '') === same)),
    )
    .map(({ chunk }) => chunk)
}

type FullName = { readonly chunk: Chunk; readonly parts: readonly string[] }
const namesIn = new WeakMap<readonly Chunk[], readonly FullName[]>()

/** The chunks of several words, looked for once. */
function fullNames(chunks: readonly Chunk[]): readonly FullName[] {
  const known = namesIn.get(chunks)
  if (known !== undefined) return known
  const made = chunks
    .filter(({ kw, word }) => kw === undefined && word.includes(' '))
    .map((chunk) => ({ chunk, parts: chunk.word.split(' ') }))
  namesIn.set(chunks, made)
  return made
}

/** The words that a noun behind "and" or a comma shares with the one before: those of "color code" but the last. */
function sharedWords(chunk: Chunk, chunks: readonly Chunk[]): string[] {
  let at = chunks.indexOf(chunk) - 1
  if (chunk.word.includes(' ') || (chunks[at]?.kw?.k !== 'and' && chunks[at]?.kw?.k !== 'comma')) return []
  while (chunks[at]?.kw?.k === 'and' || chunks[at]?.kw?.k === 'comma') at -= 1
  const before = chunks[at]
  const parts = before?.word.split(' ') ?? []
  if (before?.links.length === 0 || before?.kw !== undefined || parts.some((part) => /^(of|the)$/.test(part))) return []
  return parts.slice(0, -1).map(lemma)
}

/** "the name of every city", "publishers whose name …", where a city is a text of its rows: that text, not the rows' name. */
function ownNames(catalog: Catalog, owner: Mention | undefined, found: readonly Candidate[]): Candidate[] {
  const own = textOf(catalog, owner)
  if (own === undefined) return [...found]
  return found.map((one) => {
    if (one.kind !== 'field') return one
    return one.entity === own.entity && one.field === own.field ? { ...one, cost: 0 } : { ...one, cost: one.cost + 0.4 }
  })
}

export function isName({ chunk }: Mention): boolean {
  return /^(full |whole )?names?$/.test(chunk.word)
}

/** "name" of rows known by first and last name, or by a field that is not called so; "country name" of a field country. */
function nameCandidates(catalog: Catalog, owner: Mention | undefined, anchors: ReadonlySet<string>): Candidate[] {
  const found: Candidate[] = []
  const entities = new Map<string, number>()
  for (const anchor of anchors) entities.set(anchor, 0.2)
  const known = owner !== undefined && meansRows(owner)
  for (const { target, score } of owner?.chunk.links ?? []) {
    if (target.kind === 'entity' && score > 0.6) entities.set(target.entity, 0.05 + (1 - score))
    if (target.kind === 'field' && score > 0.7 && isText(fieldIn(catalog, target.entity, target.field)))
      found.push({
        kind: 'field',
        entity: target.entity,
        field: target.field,
        cost: (known ? 0.9 : 0.3) + (1 - score) * 2.6,
      })
  }
  for (const [entity, cost] of entities) {
    const names = namesOf(catalog, entity)
    const [first] = names
    if (first === undefined || !isText(fieldIn(catalog, entity, first))) continue
    if (names.length > 1) found.push({ kind: 'field', entity, field: first, names: true, cost })
    else if (!fieldWords(catalog, entity, first).includes('name'))
      found.push({ kind: 'field', entity, field: first, cost: cost + 0.6 })
  }
  return found
}

function fieldPenalty(catalog: Catalog, entity: string, name: string, want: Want, mention: Mention): number {
  const field = fieldIn(catalog, entity, name)
  const key = field?.type === 'id' || foreignKeys(catalog, entity).has(name)
  // A key stands for a noun only when the prompt says "id", "code" or "number".
  const says = /\b(id|ids|code|codes|number|numbers|no|key|identifier|identifiers|identification)\b/.test(
    mention.chunk.word,
  )
  // "campaigns" are campaigns, though their name field is called so too; "pledges" are no dates of them.
  const dated = isTime(field) && !/ed$/.test(mention.chunk.word)
  const shadow =
    (namesOf(catalog, entity).includes(name) || dated) &&
    mention.chunk.links.some(
      (link) => link.target.kind === 'entity' && link.target.entity === entity && link.score >= 0.99,
    )
      ? dated
        ? 0.6
        : 0.25
      : 0
  // "ids of order items" are their own keys, not those of the orders they belong to.
  const own = entityIn(catalog, entity)?.primaryKey ?? []
  const others =
    /^(ids?|identifiers?)$/.test(mention.chunk.word) &&
    own.length === 1 &&
    own[0] !== name &&
    mention.owner?.chunk.links.some(({ target }) => target.kind === 'entity' && target.entity === entity) === true
      ? 0.5
      : 0
  const keyCost = others + shadow + (key && !says ? 0.35 : foreignKeys(catalog, entity).has(name) ? 0.06 : 0)
  switch (want) {
    case 'entity':
    case 'counted':
      return 0.9 + keyCost
    case 'owner':
      return 0.35 + keyCost
    case 'count':
      return 0.25 + keyCost
    case 'number':
      return isNumeric(field) ? 0 : isTime(field) ? 0.6 : key ? 1.6 : 1.3
    case 'ordered':
      return isNumeric(field) || isTime(field) ? 0 : 0.35 + keyCost
    case 'time':
      return isTime(field) ? 0 : /year|date|time/.test(name) ? 0.2 : 1
    case 'group':
      return keyCost * 0.7
    default:
      return keyCost
  }
}

/** The text of rows that a noun is called by, where no rows are. */
export function textOf(catalog: Catalog, noun: Mention | undefined): { entity: string; field: string } | undefined {
  const [best] = noun?.chunk.links ?? []
  const rows = noun?.chunk.links.some(({ target, score }) => target.kind === 'entity' && score >= 0.6) ?? false
  if (best === undefined || best.target.kind !== 'field' || best.score < 0.95 || rows) return undefined
  const { entity, field } = best.target
  return isText(fieldIn(catalog, entity, field)) && !foreignKeys(catalog, entity).has(field)
    ? { entity, field }
    : undefined
}

/** Whether a metric goes by these very words and no rows do. */
function calledNumber(catalog: Catalog, { chunk }: Mention): boolean {
  const says = (names: readonly (string | undefined)[]) => names.some((name) => name?.toLowerCase() === chunk.word)
  const rows = chunk.links.some(({ target }) => {
    const { label, singular, synonyms = [] } = entityIn(catalog, target.entity) ?? {}
    return target.kind === 'entity' && says([label, singular, ...synonyms])
  })
  // "lapsed donors" are such rows as well as their number.
  const kinds = chunk.values.some(({ score }) => score >= 0.9)
  return (
    !rows &&
    !kinds &&
    chunk.word.includes(' ') &&
    chunk.links.some(({ target }) => {
      if (target.kind !== 'metric') return false
      const { label, synonyms = [] } = entityIn(catalog, target.entity)?.metrics[target.metric] ?? {}
      return says([label, ...synonyms])
    })
  )
}
