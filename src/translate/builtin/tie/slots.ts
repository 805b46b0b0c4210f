// The open questions of a reading: which entity, field, metric or value each noun, quality and value stands for.
// In: an ask and the catalog. Out: slots in reading order, each with its candidates and what they cost.
// Refused: choosing; assign.ts weighs candidates against each other.
import type { Catalog } from '../../../catalog/schema.ts'
import type { Chunk } from '../chunk.ts'
import type { Graph } from '../graph.ts'
import type { Ask, Cond, Measure, Mention, Operand } from '../read/ast.ts'
import type { Candidate, Want } from './candidate.ts'
import { usualRank } from './measures.ts'
import { candidatesOf, isName, meansRows, textOf } from './noun-candidates.ts'
import { dimensionCandidates, whCandidates } from './quality-candidates.ts'
import { numberCandidates, periodCandidates, type ValueCond, valueCandidates } from './value-candidates.ts'

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
    // A noun that many conditions are about has its candidates once.
    if (seen.has(one)) return
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
      case 'period': {
        if (cond.near !== undefined) mention(cond.near, 'owner')
        if (cond.field !== undefined) mention(cond.field, 'time', near)
        // "raised last quarter": the time of what is measured, not of whom it is measured for.
        const key = measured !== undefined && ask.group.some(({ of }) => of !== undefined && of === cond.near)
        const owner = (key ? measured : cond.near) ?? (near === (subject ?? shownIn(ask)) ? (measured ?? near) : near)
        add({
          key: cond,
          candidates: periodCandidates(catalog, cond, [owner, measured], rankedIn(catalog, ask), away),
          ownerWeight: 0.8,
          text: 'period',
          weight: 1,
          ...ownerKey(owner),
        })
        return
      }
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

/** Where the number comes from that rows are ranked by when none is named: "top products this year" by what was sold of them then. */
function rankedIn(catalog: Catalog, { top }: Ask): string | undefined {
  const rows = top?.by === undefined ? top?.of?.chunk.links.find(({ score }) => score >= 0.98)?.target : undefined
  const rank = rows?.kind === 'entity' ? usualRank(catalog, rows.entity) : undefined
  return rank?.entity === rows?.entity ? undefined : rank?.entity
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
