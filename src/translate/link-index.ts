// How well each entity and field of a catalog fits the words of a question.
// In: a catalog (indexed once) and a question. Out: entities ranked, and scores of fields; no names are invented.
import type { Catalog, Entity } from '../catalog/schema.ts'
import { words } from '../catalog/words.ts'
import { lemma, stem } from './builtin/stem.ts'
import { relatives } from './builtin/synonyms.ts'
import { COMMON, type Mention } from './mentions.ts'
import { indexValues } from './value-index.ts'

/** One text under which a thing is known: its words and how much the text is worth. */
type Phrase = {
  readonly entity: number
  readonly part?: string
  readonly lemmas: readonly string[]
  readonly worth: number
}

export type CatalogIndex = {
  readonly names: readonly string[]
  readonly phrases: readonly Phrase[]
  /** Phrases by each of their words. */
  readonly byLemma: ReadonlyMap<string, readonly number[]>
  /** Lemmas by their rough stem. */
  readonly byStem: ReadonlyMap<string, readonly string[]>
  /** How rare a word is among the entities. */
  readonly rarity: ReadonlyMap<string, number>
  /** Entities one relation away. */
  readonly neighbours: readonly (readonly number[])[]
  readonly typos: (word: string) => readonly string[]
}

export type Scores = {
  /** All entities, the best first. */
  readonly ranked: readonly string[]
  /** Of each entity, its fields and metrics by name (and what it is called itself, under ""). */
  readonly parts: ReadonlyMap<string, ReadonlyMap<string, number>>
}

const made = new WeakMap<Catalog, CatalogIndex>()

/** The index of a catalog, made once. */
export function indexOf(catalog: Catalog): CatalogIndex {
  const known = made.get(catalog)
  if (known !== undefined) return known
  const index = makeIndex(catalog)
  made.set(catalog, index)
  return index
}

function makeIndex(catalog: Catalog): CatalogIndex {
  const names = Object.keys(catalog.entities)
  const place = new Map(names.map((name, index) => [name, index]))
  const phrases = names.flatMap((name, index) => phrasesOf(name, catalog.entities[name], index))
  const byLemma = new Map<string, number[]>()
  const entitiesWith = new Map<string, Set<number>>()
  for (const [id, phrase] of phrases.entries())
    for (const one of new Set(phrase.lemmas)) {
      push(byLemma, one, id)
      entitiesWith.set(one, (entitiesWith.get(one) ?? new Set()).add(phrase.entity))
    }
  const byStem = new Map<string, string[]>()
  for (const one of byLemma.keys()) push(byStem, stem(one), one)
  const rarity = new Map([...entitiesWith].map(([one, found]) => [one, Math.log(1 + names.length / found.size)]))
  const linked = names.map(() => new Set<number>())
  for (const [name, { relations }] of Object.entries(catalog.entities))
    for (const { to } of Object.values(relations)) {
      const [a, b] = [place.get(name), place.get(to)]
      if (a === undefined || b === undefined || a === b) continue
      linked[a]?.add(b)
      linked[b]?.add(a)
    }
  const vocabulary = [...byLemma.keys()].filter((one) => one.length > 3)
  const near = indexValues(vocabulary.map((one) => ({ entity: '', field: '', value: one, text: one, trust: 1 })))
  return {
    names,
    phrases,
    byLemma,
    byStem,
    rarity,
    neighbours: linked.map((one) => [...one]),
    typos: (word) =>
      near
        .find(word, { max: 3 })
        .filter(({ score }) => score >= 0.72)
        .map(({ value }) => value),
  }
}

function phrasesOf(name: string, entity: Entity | undefined, index: number): Phrase[] {
  if (entity === undefined) return []
  const phrase = (text: string, worth: number, part?: string): Phrase => ({
    entity: index,
    lemmas: words(text).map(lemma),
    worth,
    ...(part === undefined ? {} : { part }),
  })
  const named = (key: string, one: { label: string; synonyms: readonly string[] }, worth: number, part?: string) => [
    phrase(key, worth, part),
    phrase(one.label, worth, part),
    ...one.synonyms.map((synonym) => phrase(synonym, worth * 0.95, part)),
  ]
  return [
    ...named(name, entity, 1.6),
    ...(entity.singular === undefined ? [] : [phrase(entity.singular, 1.6)]),
    ...Object.entries(entity.fields).flatMap(([key, field]) => [
      ...named(key, field, 1, key),
      ...(field.values ?? []).flatMap(({ value, label, synonyms }) =>
        [value, label ?? '', ...synonyms].map((text) => phrase(text, 0.8, key)),
      ),
    ]),
    ...Object.entries(entity.metrics).flatMap(([key, metric]) => named(key, metric, 1, key)),
    ...Object.entries(entity.relations).flatMap(([key, relation]) => named(key, relation, 0.5)),
    ...(entity.description === undefined ? [] : [phrase(entity.description, 0.25)]),
  ].filter(({ lemmas }) => lemmas.length > 0)
}

/** Ranks entities by their own fit and by that of what they are related to. */
export function scoreEntities(index: CatalogIndex, prompt: string, mentions: readonly Mention[]): Scores {
  const asked = askedWords(index, prompt)
  const parts = new Map<string, Map<string, number>>()
  const own = index.names.map(() => 0)
  for (const [id, covered] of coverage(index, asked)) {
    const phrase = index.phrases[id]
    if (phrase === undefined) continue
    raise(parts, index.names[phrase.entity] ?? '', phrase.part ?? '', covered)
  }
  for (const { matches } of mentions)
    for (const { entity, field, score } of matches) raise(parts, entity, field, 4 * score)
  for (const [at, name] of index.names.entries()) own[at] = together([...(parts.get(name)?.values() ?? [])])
  const total = own.map((score, at) => score + 0.5 * together((index.neighbours[at] ?? []).map((one) => own[one] ?? 0)))
  const ranked = index.names
    .map((name, at) => ({ name, score: total[at] ?? 0 }))
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
  return { ranked: ranked.map(({ name }) => name), parts }
}

/** Several fits add up, each further one less. */
function together(scores: readonly number[]): number {
  return [...scores]
    .sort((a, b) => b - a)
    .slice(0, 8)
    .reduce((sum, score, at) => sum + score * 0.7 ** at, 0)
}

function raise(parts: Map<string, Map<string, number>>, entity: string, part: string, score: number): void {
  const mine = parts.get(entity) ?? new Map<string, number>()
  parts.set(entity, mine)
  mine.set(part, Math.max(mine.get(part) ?? 0, score))
}

/** Lemmas the question may mean, with how sure that is. */
function askedWords(index: CatalogIndex, prompt: string): Map<string, number> {
  const asked = new Map<string, number>()
  const add = (one: string, sure: number) => asked.set(one, Math.max(asked.get(one) ?? 0, sure))
  const given = words(prompt.slice(0, 2000)).filter((word) => word.length > 1)
  const joined = given.slice(1).map((word, at) => (given[at] ?? '') + word)
  for (const word of [
    ...given.filter((one) => !COMMON.has(one)),
    ...joined.filter((one) => index.byLemma.has(lemma(one))),
  ]) {
    const base = lemma(word)
    const spelt = index.byLemma.has(base) || index.byLemma.has(word)
    add(base, 1)
    add(word, 1)
    for (const sibling of index.byStem.get(stem(base)) ?? []) add(sibling, 0.8)
    for (const [relative, closeness] of relatives(base)) add(relative, closeness * 0.8)
    if (!spelt && word.length > 4) for (const near of index.typos(base)) add(near, 0.75)
  }
  return asked
}

/** For each phrase with a word of the question: how much of it was said, weighted by how rare its words are. */
function coverage(index: CatalogIndex, asked: ReadonlyMap<string, number>): Map<number, number> {
  const touched = new Set<number>()
  for (const one of asked.keys()) for (const id of index.byLemma.get(one) ?? []) touched.add(id)
  const covered = new Map<number, number>()
  for (const id of touched) {
    const phrase = index.phrases[id]
    if (phrase === undefined) continue
    let said = 0
    let all = 0
    for (const one of phrase.lemmas) {
      const weight = index.rarity.get(one) ?? 0
      all += weight
      said += weight * (asked.get(one) ?? 0)
    }
    if (all > 0) covered.set(id, (said * said * phrase.worth) / all)
  }
  return covered
}

function push<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [one])
  else list.push(one)
}
