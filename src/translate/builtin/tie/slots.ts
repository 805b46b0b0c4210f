// The open questions of a reading: which entity, field, metric or value each noun, quality and value stands for.
// In: an ask and the catalog. Out: slots in reading order, each with its candidates and what they cost.
// Refused: choosing; assign.ts weighs candidates against each other.
import type { Catalog } from '../../../catalog/schema.ts'
import type { Period } from '../../../definition/schema.ts'
import type { Chunk } from '../chunk.ts'
import type { Graph } from '../graph.ts'
import { DATE, type Dimension } from '../keywords.ts'
import type { Ask, Cond, Measure, Mention, Operand } from '../read/ast.ts'
import { holdsItself } from '../read/reader.ts'
import { lemma } from '../stem.ts'
import { arePeople, entityIn, fieldIn, fieldWords, foreignKeys, isNumeric, isText, isTime, namesOf } from './facts.ts'

export type Candidate =
  | {
      readonly kind: 'entity'
      readonly entity: string
      readonly cost: number
      readonly relation?: string
      readonly via?: string
    }
  | {
      readonly kind: 'field'
      readonly entity: string
      readonly field: string
      readonly cost: number
      readonly value?: string
      /** "name" of a row that is known by several fields: all of them. */
      readonly names?: true
    }
  | { readonly kind: 'metric'; readonly entity: string; readonly metric: string; readonly cost: number }

export type Slot = {
  /** The mention, measure or condition this slot decides. */
  readonly key: object
  readonly candidates: readonly Candidate[]
  /** The noun it belongs to: candidates far from that noun's entity cost more. */
  readonly owner?: object
  readonly ownerWeight: number
  /** Shown in explanations. */
  readonly text: string
  readonly weight: number
}

type Want =
  | 'any'
  | 'moment'
  | 'clock'
  | 'entity'
  | 'number'
  | 'ordered'
  | 'text'
  | 'time'
  | 'group'
  | 'owner'
  | 'count'
  /** A number of them is compared: "more than 5 gifts". */
  | 'counted'
  | 'select'

export type SlotInput = {
  readonly catalog: Catalog
  readonly graph: Graph
  readonly ask: Ask
  readonly chunks: readonly Chunk[]
}

/** All slots of an ask; owners come before what they own. */
export function slotsOf({ catalog, graph, ask, chunks }: SlotInput): Slot[] {
  const anchors = anchorsOf(chunks)
  const away = distanceTo(graph, anchors)
  const slots: Slot[] = []
  const seen = new Set<object>()
  const byWord = new Map<string, Mention>()
  const add = (slot: Slot) => {
    if (seen.has(slot.key)) return
    seen.add(slot.key)
    if (slot.candidates.length > 0) slots.push(slot)
  }
  const mention = (one: Mention | undefined, want: Want, near?: Mention) => {
    if (one === undefined || one.chunk.links.length === 0) return
    const owner = one.owner ?? (near !== undefined && near !== one ? near : undefined)
    if (one.owner !== undefined) mention(one.owner, 'owner', near !== one.owner ? near : undefined)
    else if (owner !== undefined && owner !== one) mention(owner, 'owner')
    // The same noun said twice means the same thing.
    byWord.set(one.chunk.word, byWord.get(one.chunk.word) ?? one)
    add({
      key: one,
      candidates: candidatesOf(catalog, one, want, owner, anchors, away, grouped, chunks),
      ...(owner === undefined ? {} : { owner }),
      ownerWeight: one.owner !== undefined ? 1 : 0.6,
      text: one.chunk.text,
      weight: one.soft ? 0.5 : 1,
    })
  }
  const subject = ask.subject
  const measured = measuredIn(ask)
  const grouped = ask.group.length > 0 && ask.top === undefined
  const measure = (one: Measure, want: Want, near: Mention | undefined) => {
    if (one.kind === 'noun') mention(one.of, want, near)
    else if (one.kind === 'agg')
      mention(
        one.of,
        one.fn === 'count' || one.fn === 'count_distinct'
          ? 'any'
          : one.fn === 'max' || one.fn === 'min'
            ? 'ordered'
            : 'number',
        near,
      )
    else if (one.kind === 'count') {
      mention(one.of, one.times === true ? 'entity' : 'count', near)
      for (const cond of one.where) condition(cond, one.of)
    } else if (one.kind === 'share') measure(one.of, want, near)
    else if (one.kind === 'all') mention(one.of, 'entity')
    else if (one.kind === 'dim') {
      mention(one.of, 'owner')
      add({
        key: one,
        candidates: dimensionCandidates(catalog, one.dims, want, away),
        ownerWeight: 1,
        text: one.dims[0] ?? '',
        weight: 1,
        ...ownerKey(one.of ?? near),
      })
    } else {
      const owner = one.word === 'who' ? one.of : near
      add({
        key: one,
        candidates: whCandidates(catalog, one.word, one.of, away),
        ownerWeight: 1,
        text: one.word,
        weight: 1,
        ...ownerKey(owner),
      })
    }
  }
  const withOwnName = (cond: ValueCond, near: Mention | undefined): ValueCond => {
    const noun = cond.field === undefined || !isName(cond.field) ? undefined : (cond.field.owner ?? near)
    // "the country of the airlines whose name …": the airlines'.
    const owned = noun?.owner !== undefined || / of /.test(noun?.chunk.word ?? '')
    return noun === undefined || owned || textOf(catalog, noun) === undefined ? cond : { ...cond, field: noun }
  }
  const condition = (cond: Cond, near: Mention | undefined): void => {
    switch (cond.kind) {
      case 'and':
      case 'or':
        for (const part of cond.parts) condition(part, near)
        return
      case 'not':
        condition(cond.part, near)
        return
      case 'has':
        mention(cond.of, cond.count === undefined ? 'entity' : 'counted', undefined)
        for (const inner of cond.where) condition(inner, cond.of)
        return
      case 'flag':
        mention(cond.of, 'any', near)
        return
      case 'empty':
      case 'common':
        mention(cond.field, 'any', near)
        return
      case 'unrelated':
        mention(cond.of, 'owner')
        return
      case 'extreme':
        measure(cond.left, 'ordered', near)
        return
      case 'compare':
        measure(cond.left, wantOf(cond.right, cond.op), near)
        if (cond.right.kind === 'percent') measure(cond.right.of, 'number', near)
        if (cond.right.kind === 'measure') {
          measure(cond.right.measure, 'any', undefined)
          const own = cond.right.measure
          const inner = 'of' in own && own.of !== undefined && 'chunk' in own.of ? (own.of.owner ?? own.of) : undefined
          for (const one of cond.right.where) condition(one, inner)
        }
        return
      case 'value':
        if (cond.near !== undefined) mention(cond.near, 'owner')
        add({
          key: cond,
          candidates: valueCandidates(catalog, withOwnName(cond, cond.near ?? near)),
          ownerWeight: cond.field === undefined ? 0.8 : 0.4,
          text: cond.chunk.text,
          weight: 1,
          ...ownerKey(cond.near ?? near),
        })
        return
      case 'number':
        if (cond.near !== undefined) mention(cond.near, 'owner')
        add({
          key: cond,
          candidates: numberCandidates(catalog, cond),
          ownerWeight: 0.8,
          text: cond.text,
          weight: 1,
          ...ownerKey(cond.field?.owner ?? cond.near ?? near ?? measured),
        })
        return
      case 'period':
        if (cond.near !== undefined) mention(cond.near, 'owner')
        if (cond.field !== undefined) mention(cond.field, 'time', near)
        add({
          key: cond,
          candidates: periodCandidates(catalog, cond, away),
          ownerWeight: 0.8,
          text: 'period',
          weight: 1,
          // "raised last quarter": the time of what is measured, not of whom it is measured for.
          ...ownerKey(cond.near ?? (near === (subject ?? shownIn(ask)) ? (measured ?? near) : near)),
        })
        return
    }
  }
  // A subject that is itself what is shown is read as that.
  if (!ask.select.some((one) => 'of' in one && one.of === subject)) mention(subject, 'owner')
  const [each] = ask.group
  // "the id and number of visits for each attraction": the attraction's id.
  for (const one of ask.select)
    measure(
      one,
      'select',
      one.kind === 'noun' && each?.of !== undefined && (each.each === true || isName(one.of)) ? each.of : subject,
    )
  for (const one of ask.group) mention(one.of, 'group', undefined)
  for (const cond of ask.where) condition(cond, subject ?? shownIn(ask))
  if (ask.top?.of !== undefined) mention(ask.top.of, 'owner')
  if (ask.top?.by !== undefined) measure(ask.top.by, 'ordered', ask.top.of ?? subject)
  for (const order of ask.order) if (typeof order.by !== 'string') measure(order.by, 'ordered', subject)
  return slots
}

function ownerKey(owner: Mention | undefined): { owner?: object } {
  return owner === undefined ? {} : { owner }
}

function wantOf(right: Operand, op: string): Want {
  if (right.kind === 'number') return op === 'eq' || op === 'ne' ? 'any' : 'number'
  if (right.kind === 'percent') return 'number'
  if (right.kind === 'period') return 'time'
  if (right.kind === 'range') return wantOf(right.min, op)
  if (right.kind === 'text') {
    if (/^\d\d?:\d\d(:\d\d)?$/.test(right.chunk.text)) return 'clock'
    return /^\d{4}-\d\d?-\d\d?\b/.test(right.chunk.text) ? 'moment' : 'any'
  }
  return 'ordered'
}

const MAX_CANDIDATES = 14

/** Entities the prompt names outright: what else is named is looked for near them. */
function anchorsOf(chunks: readonly Chunk[]): Set<string> {
  const found = new Set<string>()
  for (const chunk of chunks) {
    for (const link of chunk.links)
      if (link.score >= 0.85 && link.target.kind === 'entity') found.add(link.target.entity)
    const best = chunk.values[0]
    if (best !== undefined && best.score >= 0.9)
      for (const value of chunk.values) if (value.score >= best.score - 0.01) found.add(value.entity)
  }
  return found
}

function distanceTo(graph: Graph, anchors: ReadonlySet<string>): (entity: string) => number {
  const memory = new Map<string, number>()
  return (entity) => {
    const known = memory.get(entity)
    if (known !== undefined) return known
    let least = anchors.size === 0 ? 0 : 4
    for (const anchor of anchors) least = Math.min(least, graph.distance(anchor, entity))
    memory.set(entity, least)
    return least
  }
}

function candidatesOf(
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
  for (const { target, score } of mention.chunk.links) {
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
      const penalty = metricPenalty(catalog, target.entity, target.metric, want, mention, grouped)
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
    mention.chunk.links.some(
      (link) =>
        (link.target.kind === 'entity' || (link.target.kind === 'field' && link.score >= 0.99)) && link.score >= 0.9,
    ) ||
    // "lapsed donors" are such rows.
    mention.chunk.values.some((value) => value.entity === entity && value.score >= 0.9)
  return grouped || !rival ? 0 : counts ? 1.6 : 0.3
}

function meansRows(mention: Mention): boolean {
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

/** The noun of the first thing that is counted, summed or measured by a metric. */
function measuredIn(ask: Ask): Mention | undefined {
  for (const one of [...(ask.top?.by === undefined ? [] : [ask.top.by]), ...ask.select]) {
    const inner = one.kind === 'share' ? one.of : one
    if ((inner.kind === 'agg' || inner.kind === 'count') && inner.of !== undefined) return inner.of
    if (
      inner.kind === 'noun' &&
      inner.of.chunk.links.some((link) => link.target.kind === 'metric' && link.score >= 0.85) &&
      !((ask.top !== undefined || ask.group.length === 0) && meansRows(inner.of))
    )
      return inner.of
  }
  return undefined
}

/** The noun of the first thing that is shown: "the fee of X in 1996" is that year's fee. */
function shownIn(ask: Ask): Mention | undefined {
  const [first] = ask.select
  return first?.kind === 'noun' ? first.of : undefined
}

function fuller(mention: Mention, chunks: readonly Chunk[], want: Want): Chunk[] {
  const { word } = mention.chunk
  // "document type codes and … in each code": behind "each" a general word has a thing to stand for.
  const general = /^(names?|ids?|codes?|numbers?|types?|dates?|descriptions?|details?)$/.test(word)
  if (word.includes(' ') || (general && want !== 'group')) return []
  const same = lemma(word)
  return chunks.filter((one) => {
    const parts = one.word.split(' ')
    if (one === mention.chunk || one.kw !== undefined || parts.length < 2) return false
    return parts.includes(word) || (general && lemma(parts.at(-1) ?? '') === same)
  })
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

/** The text of rows that a noun is called by, where no rows are. */
function textOf(catalog: Catalog, noun: Mention | undefined): { entity: string; field: string } | undefined {
  const [best] = noun?.chunk.links ?? []
  const rows = noun?.chunk.links.some(({ target, score }) => target.kind === 'entity' && score >= 0.6) ?? false
  if (best === undefined || best.target.kind !== 'field' || best.score < 0.95 || rows) return undefined
  const { entity, field } = best.target
  return isText(fieldIn(catalog, entity, field)) && !foreignKeys(catalog, entity).has(field)
    ? { entity, field }
    : undefined
}

function isName({ chunk }: Mention): boolean {
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
  const shadow =
    (namesOf(catalog, entity).includes(name) || (isTime(field) && !/ed$/.test(mention.chunk.word))) &&
    mention.chunk.links.some(
      (link) => link.target.kind === 'entity' && link.target.entity === entity && link.score >= 0.99,
    )
      ? 0.25
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

function prune(found: readonly Candidate[], away: (entity: string) => number = () => 0): Candidate[] {
  const best = new Map<string, Candidate>()
  for (const one of found) {
    const key =
      one.kind === 'entity'
        ? `e ${one.entity} ${one.relation ?? ''}`
        : one.kind === 'field'
          ? `f ${one.entity} ${one.field} ${one.value ?? ''} ${one.names ?? ''}`
          : `m ${one.entity} ${one.metric}`
    const before = best.get(key)
    if (before === undefined || before.cost > one.cost) best.set(key, one)
  }
  const rank = (one: Candidate) => one.cost + 0.6 * Math.min(4, away(one.entity))
  return [...best.values()]
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MAX_CANDIDATES)
    .sort((a, b) => a.cost - b.cost)
}

/** Fields whose names hold a word of the quality, numbers and dates first. */
export function dimensionCandidates(
  catalog: Catalog,
  dims: Dimension,
  want: Want,
  away: (entity: string) => number,
): Candidate[] {
  const found: Candidate[] = []
  const dated = dims === DATE
  for (const [entity, one] of Object.entries(catalog.entities)) {
    for (const [name, field] of Object.entries(one.fields)) {
      if (field.type === 'boolean' || foreignKeys(catalog, entity).has(name) || field.type === 'id') continue
      const words = fieldWords(catalog, entity, name)
      const index = dims.findIndex((dim) => words.includes(dim.replace('-', '')))
      const fits = isNumeric(field) || isTime(field)
      const timeless = isTime(field) ? 0 : want === 'moment' ? (isText(field) ? 0.6 : 2.5) : want === 'time' ? 0.3 : 0
      // A time of day is kept as a text, and a date holds none.
      const clock = want !== 'clock' ? 0 : isText(field) && words.includes('time') ? -0.4 : 2.5
      const extra = words.length * 0.04 + (fits ? 0 : 0.4) + timeless + clock
      // "newest": by the date that rows have where none is named.
      const main = dated && one.defaultDate === name
      if (main) found.push({ kind: 'field', entity, field: name, cost: 0.2 })
      else if (index >= 0) found.push({ kind: 'field', entity, field: name, cost: 0.2 + index * 0.07 + extra })
      else if (dims.length === 0 && isNumeric(field))
        found.push({
          kind: 'field',
          entity,
          field: name,
          cost:
            (words.some((word) => word === 'amount' || word === 'total') ? 0.5 : field.type === 'money' ? 0.8 : 1.2) +
            extra,
        })
    }
  }
  return nearest(found, away, 30)
}

const PLACES = [
  'location',
  'place',
  'city',
  'address',
  'venue',
  'country',
  'headquarter',
  'headquarters',
  'hometown',
  'birthplace',
  'state',
  'county',
  'region',
  'street',
  'town',
]

function whCandidates(
  catalog: Catalog,
  word: 'who' | 'where' | 'when',
  verb: Mention | undefined,
  away: (entity: string) => number,
): Candidate[] {
  const found: Candidate[] = []
  if (word === 'who') {
    for (const entity of Object.keys(catalog.entities)) {
      const people = arePeople(catalog, entity)
      found.push({ kind: 'entity', entity, cost: 1.2 - people })
    }
    for (const [entity, one] of Object.entries(catalog.entities))
      for (const [name, field] of Object.entries(one.fields))
        if (
          isText(field) &&
          fieldWords(catalog, entity, name).some((part) =>
            /^(author|director|winner|nominee|artist|singer|writer|player|driver|coach|manager|owner|editor|journalist|leader|president|champion)$/.test(
              part,
            ),
          )
        )
          found.push({ kind: 'field', entity, field: name, cost: 0.8 })
    return nearest(found, away, 20)
  }
  const verbLinks = new Map(
    verb?.chunk.links.flatMap((link) =>
      link.target.kind === 'field' ? [[`${link.target.entity}.${link.target.field}`, link.score] as const] : [],
    ) ?? [],
  )
  for (const [entity, one] of Object.entries(catalog.entities))
    for (const [name, field] of Object.entries(one.fields)) {
      const words = fieldWords(catalog, entity, name)
      const bonus = (verbLinks.get(`${entity}.${name}`) ?? 0) * 0.8
      if (
        word === 'when' &&
        (isTime(field) || words.some((part) => part === 'date' || part === 'year' || part === 'time' || part === 'day'))
      )
        found.push({
          kind: 'field',
          entity,
          field: name,
          cost: (isTime(field) ? 0.5 : 0.7) - bonus + (foreignKeys(catalog, entity).has(name) ? 0.6 : 0),
        })
      const place = PLACES.findIndex((part) => words.includes(part))
      if (word === 'where' && place >= 0)
        found.push({
          kind: 'field',
          entity,
          field: name,
          cost: 0.4 + place * 0.05 - bonus + (foreignKeys(catalog, entity).has(name) ? 0.6 : 0),
        })
    }
  return nearest(found, away, 20)
}

type ValueCond = Extract<Cond, { kind: 'value' }>

function valueCandidates(catalog: Catalog, cond: ValueCond): Candidate[] {
  const found: Candidate[] = []
  const hints = new Map<string, number>()
  const entityHints = new Map<string, number>()
  // "gave to Spring Gala": a verb of rows says little of the fields that are called a little like it.
  const top = cond.field?.chunk.links[0]?.score ?? 0
  for (const link of cond.field?.chunk.links ?? []) {
    if (cond.field?.soft === true && link.score < top - 0.4) continue
    if (link.target.kind === 'field')
      hints.set(
        `${link.target.entity}.${link.target.field}`,
        Math.max(link.score, hints.get(`${link.target.entity}.${link.target.field}`) ?? 0),
      )
    else entityHints.set(link.target.kind === 'relation' ? link.target.to : link.target.entity, link.score)
  }
  for (const link of cond.near?.chunk.links ?? [])
    if (link.target.kind === 'entity' || link.target.kind === 'relation')
      entityHints.set(link.target.kind === 'relation' ? link.target.to : link.target.entity, link.score)
  const hasHint = hints.size > 0
  const textual = cond.op !== 'eq'
  for (const value of cond.chunk.values) {
    const hint = hints.get(`${value.entity}.${value.field}`) ?? 0
    const near = entityHints.get(value.entity) ?? 0
    const words = fieldWords(catalog, value.entity, value.field)
    const nameFit = cond.named === true && (words.includes('name') || words.includes('title')) ? 0.4 : 0
    const keyCost = foreignKeys(catalog, value.entity).has(value.field) ? 0.3 : 0
    const cost =
      (1 - value.score) * 2.4 +
      (hasHint ? 0.9 * (1 - hint) : 0) -
      nameFit -
      (near > 0 ? 0.25 * near : 0) +
      keyCost +
      0.1
    found.push({
      kind: 'field',
      entity: value.entity,
      field: value.field,
      value: value.value,
      cost: textual ? cost + 0.5 : cost,
    })
  }
  // A text that is stored nowhere: it is compared as it stands, in the field that was named.
  const literal = cond.chunk.text
  if (cond.chunk.quoted === true || textual || cond.named === true || found.length === 0) {
    const base = textual ? 0 : 1.1
    const code = /^[A-Z]{1,6}[-_]?\d+/.test(literal)
    for (const [name, score] of hints) {
      const [entity = '', field = ''] = name.split('.')
      const one = fieldIn(catalog, entity, field)
      if (one === undefined || (!isText(one) && one.type !== 'id' && (textual || !/^[\d.,-]+$/.test(literal)))) continue
      found.push({ kind: 'field', entity, field, value: literal, cost: base + (1 - score) * 1.5 })
    }
    if (!hasHint)
      for (const [entity, one] of Object.entries(catalog.entities))
        for (const [field, spec] of Object.entries(one.fields)) {
          if (!isText(spec) && !(code && spec.type === 'id')) continue
          const words = fieldWords(catalog, entity, field)
          const name = code
            ? words.some((word) => /^(code|id|number)$/.test(word))
            : words.includes('name') || words.includes('title') || one.displayField === field
          if (name)
            found.push({
              kind: 'field',
              entity,
              field,
              value: literal,
              cost: base + 0.4 + (one.displayField === field ? 0 : 0.1) - (entityHints.has(entity) ? 0.3 : 0),
            })
        }
  }
  return prune(found)
}

type NumberCond = Extract<Cond, { kind: 'number' }>

function numberCandidates(catalog: Catalog, cond: NumberCond): Candidate[] {
  const found: Candidate[] = []
  for (const link of cond.field?.chunk.links ?? []) {
    if (link.target.kind !== 'field') continue
    const field = fieldIn(catalog, link.target.entity, link.target.field)
    const fits = isNumeric(field) || field?.type === 'id' ? 0 : field?.type === 'text' ? 0.3 : 0.6
    found.push({
      kind: 'field',
      entity: link.target.entity,
      field: link.target.field,
      cost: (1 - link.score) * 2.4 + fits,
    })
  }
  const entities = new Set<string>()
  for (const link of [...(cond.near?.chunk.links ?? []), ...(cond.field?.chunk.links ?? [])])
    if (link.target.kind === 'entity' && link.score > 0.6) entities.add(link.target.entity)
  for (const entity of entities) {
    const one = entityIn(catalog, entity)
    for (const key of one?.primaryKey.length === 1 ? one.primaryKey : [])
      found.push({ kind: 'field', entity, field: key, cost: 0.5 })
    for (const [field, spec] of Object.entries(one?.fields ?? {}))
      if (
        fieldWords(catalog, entity, field).some((word) => word === 'number' || word === 'code' || word === 'level') &&
        spec.type !== 'boolean'
      )
        found.push({ kind: 'field', entity, field, cost: 0.7 })
  }
  return prune(found)
}

type PeriodCond = Extract<Cond, { kind: 'period' }>

type Datable = {
  readonly entity: string
  readonly name: string
  readonly words: readonly string[]
  readonly time: boolean
  readonly main: boolean
  readonly declared: boolean
  readonly numeric: boolean
  readonly text: boolean
}
const datables = new WeakMap<Catalog, readonly Datable[]>()
const DATE_WORD = /^(year|date|time|day|founded|founding|established|built|opened|opening)$/

/** Fields that may hold a time, found once per catalog. */
function datableFields(catalog: Catalog): readonly Datable[] {
  const known = datables.get(catalog)
  if (known !== undefined) return known
  const made = Object.entries(catalog.entities).flatMap(([entity, one]) =>
    Object.entries(one.fields).flatMap(([name, field]): Datable[] => {
      const words = fieldWords(catalog, entity, name)
      const time = isTime(field)
      if (!time && !words.some((word) => DATE_WORD.test(word))) return []
      return [
        {
          entity,
          name,
          words,
          time,
          main: one.defaultDate === name,
          declared: one.defaultDate !== undefined,
          numeric: isNumeric(field),
          text: isText(field),
        },
      ]
    }),
  )
  datables.set(catalog, made)
  return made
}

function periodCandidates(catalog: Catalog, cond: PeriodCond, away: (entity: string) => number): Candidate[] {
  const found: Candidate[] = []
  const hints = new Map<string, number>()
  for (const one of [cond.field, cond.near])
    for (const link of one?.chunk.links ?? []) {
      if (link.target.kind !== 'field') continue
      const { entity, field } = link.target
      hints.set(`${entity}.${field}`, link.score)
      if (link.score > 0.8 && isNumeric(fieldIn(catalog, entity, field)))
        found.push({ kind: 'field', entity, field, cost: 0.6 - link.score * 0.5 })
    }
  const year = isYear(cond.period)
  for (const { entity, name, words, time, main, declared, numeric, text } of datableFields(catalog)) {
    const named = hints.get(`${entity}.${name}`) ?? 0
    const hint = named * (named >= 0.9 ? 0.9 : 0.6)
    const add = (cost: number) => found.push({ kind: 'field', entity, field: name, cost: cost - hint })
    // Where an entity says which date is meant, its other dates want to be named.
    if (time) add(main ? 0.1 : declared ? 0.8 : 0.3)
    else if (year && words.includes('year') && (numeric || text)) add(0.15 + words.length * 0.03)
    else if (year && numeric && !words.some((word) => /^(date|time|day)$/.test(word))) add(0.35)
    else if (text && words.some((word) => /^(date|time|day)$/.test(word) || (year && word === 'year')))
      add(words.includes('date') || words.includes('year') ? 0.7 : 1.5)
  }
  return nearest(found, away, 24)
}

/** The candidates that are cheap and near what the prompt names; in a large catalog most are neither. */
function nearest(found: readonly Candidate[], away: (entity: string) => number, max: number): Candidate[] {
  const rank = (one: Candidate) => one.cost + 0.6 * Math.min(4, away(one.entity))
  return [...found]
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, max)
    .sort((a, b) => a.cost - b.cost)
}

export function isYear(period: Period): boolean {
  return 'year' in period
}
