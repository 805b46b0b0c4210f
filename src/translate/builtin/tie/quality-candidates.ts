// What a quality ("oldest", "expensive") or a question word ("who", "where") may stand for.
// In: a catalog and how far each entity is from what the prompt names. Out: candidates, the likeliest first.
import type { Catalog } from '../../../catalog/schema.ts'
import { DATE, type Dimension } from '../keywords.ts'
import type { Mention } from '../read/ast.ts'
import { type Candidate, nearest, type Want } from './candidate.ts'
import { arePeople, fieldWords, foreignKeys, isNumeric, isText, isTime } from './facts.ts'

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

/** Rows and fields that answer "who", "where" or "when". */
export function whCandidates(
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
