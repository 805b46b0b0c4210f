// What people do in a catalog: rows of theirs with a day, by which they are first-time donors or have not been seen since 2024.
// In: a catalog. Out: each such pair of people and rows, with the ways between them and the names of what is done.
// Refused: rows that have no day, or that do not say whose they are.
import type { Catalog } from '../../../catalog/schema.ts'
import { type Filter, Filter as FilterSchema } from '../../../definition/schema.ts'
import { isPast, lemma } from '../stem.ts'
import { arePeople, backTo, countMetric } from '../tie/facts.ts'
import { ownKey } from '../tie/place.ts'

export type Deed = {
  readonly people: string
  readonly rows: string
  /** From the people to the rows, and back. */
  readonly relation: string
  readonly back: string
  /** The field of the rows that says whose they are. */
  readonly owner: string
  /** The day of the rows. */
  readonly date: string
  /** What the catalog's count of the rows counts; all of them where it is absent. */
  readonly counts?: Filter
  /** What people are called who have such rows: "donors", where a metric counts them. */
  readonly doers: readonly string[]
  /** What they did: "gave". */
  readonly verbs: readonly string[]
}

const cache = new WeakMap<Catalog, readonly Deed[]>()

/** The deeds of a catalog, looked for once. */
export function deedsOf(catalog: Catalog): readonly Deed[] {
  const known = cache.get(catalog)
  if (known !== undefined) return known
  const made = findDeeds(catalog)
  cache.set(catalog, made)
  return made
}

function findDeeds(catalog: Catalog): readonly Deed[] {
  return Object.entries(catalog.entities).flatMap(([people, { relations }]) => {
    if (arePeople(catalog, people) <= 0.5) return []
    return Object.entries(relations).flatMap(([relation, { to: rows, kind, label, synonyms }]): Deed[] => {
      const entity = catalog.entities[rows]
      const date = entity?.defaultDate
      const back = kind === 'to_many' ? backTo(catalog, people, relation) : undefined
      const [key = ''] = catalog.entities[people]?.primaryKey ?? []
      const owner = back === undefined ? undefined : ownKey(catalog, { from: rows, to: people, relation: back }, key)
      if (entity === undefined || date === undefined || back === undefined || owner === undefined) return []
      const count = countMetric(catalog, rows)
      const { data: counts } = FilterSchema.safeParse(entity.metrics[count ?? '']?.aggregate.where)
      const doers = Object.values(entity.metrics)
        .filter(({ aggregate }) => aggregate.fn === 'count_distinct' && aggregate.field === owner)
        .flatMap((metric) => [metric.label, ...metric.synonyms])
        .map((name) => name.toLowerCase())
      const verbs = [label, ...synonyms].map((name) => name.toLowerCase()).filter((name) => isPast(name))
      return [{ people, rows, relation, back, owner, date, ...(counts && { counts }), doers, verbs }]
    })
  })
}

/** Whether people are called so for what they did, not for being in the data. */
export function isDoer({ doers }: Deed, word: string): boolean {
  return doers.some((name) => lemma(name) === lemma(word.toLowerCase()))
}

/** The day of the first or last of somebody's rows, seen from the people: by the catalog's name for it, if it has one. */
export function edgeOf(deed: Deed, fn: 'min' | 'max', catalog: Catalog): { readonly metric: string } | undefined {
  const found = Object.entries(catalog.entities[deed.rows]?.metrics ?? {}).find(
    ([, { aggregate }]) => aggregate.fn === fn && aggregate.field === deed.date,
  )
  return found === undefined ? undefined : { metric: found[0] }
}
