// Which field a value, a bare number or a period is compared with. In: a condition. Out: candidates, the likeliest first.
import type { Catalog } from '../../../catalog/schema.ts'
import type { Period } from '../../../definition/schema.ts'
import type { Cond, Mention } from '../read/ast.ts'
import { type Candidate, nearest, prune } from './candidate.ts'
import { clockOf, entityIn, fieldIn, fieldWords, foreignKeys, isNumeric, isText, isTime } from './facts.ts'

export type ValueCond = Extract<Cond, { kind: 'value' }>

/** Fields that a text may be a value of, each with the value as it is stored. */
export function valueCandidates(catalog: Catalog, cond: ValueCond): Candidate[] {
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

/** Fields that a bare number may be compared with. */
export function numberCandidates(catalog: Catalog, cond: NumberCond): Candidate[] {
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

/** Fields whose time a period may be asked of. */
export function periodCandidates(
  catalog: Catalog,
  cond: PeriodCond,
  owners: readonly (Mention | undefined)[],
  ranked: string | undefined,
  away: (entity: string) => number,
): Candidate[] {
  const found: Candidate[] = []
  const clocks = new Set(
    owners
      .flatMap((owner) => owner?.chunk.links ?? [])
      .flatMap(({ target: { kind, entity }, score }) =>
        score >= 0.85 && (kind === 'entity' || kind === 'metric') ? (clockOf(catalog, entity)?.entity ?? []) : [],
      ),
  )
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
  const rank = ranked === undefined ? undefined : (clockOf(catalog, ranked)?.entity ?? ranked)
  for (const { entity, name, words, time, main, declared, numeric, text } of datableFields(catalog)) {
    const named = hints.get(`${entity}.${name}`) ?? 0
    const hint = named * (named >= 0.9 ? 0.9 : 0.6)
    const add = (cost: number) => found.push({ kind: 'field', entity, field: name, cost: cost - hint })
    // Where an entity says which date is meant, its other dates want to be named.
    if (time) add(main ? (entity === rank ? -2.2 : clocks.has(entity) ? -0.4 : 0.1) : declared ? 0.8 : 0.3)
    else if (year && words.includes('year') && (numeric || text)) add(0.15 + words.length * 0.03)
    else if (year && numeric && !words.some((word) => /^(date|time|day)$/.test(word))) add(0.35)
    else if (text && words.some((word) => /^(date|time|day)$/.test(word) || (year && word === 'year')))
      add(words.includes('date') || words.includes('year') ? 0.7 : 1.5)
  }
  return nearest(found, away, 24)
}

export function isYear(period: Period): boolean {
  return 'year' in period
}
