// What of the catalog has certain words. In: the catalog, words. Out: the entities that match, and what in each does.
import type { CatalogView } from '../api/client.ts'

export type Entity = CatalogView['entities'][string]
export type Hit = {
  readonly name: string
  readonly entity: Entity
  /** Labels of fields, metrics and relations that match; empty when the entity itself does. */
  readonly inside: readonly string[]
}
type Worded = {
  readonly label: string
  readonly synonyms: readonly string[]
  readonly description?: string | undefined
  readonly values?: readonly { readonly value: string; readonly label?: string | undefined }[] | undefined
}

/** Everything that is about the words, in the catalog's order; all of it when there are none. */
export function findInCatalog({ entities }: CatalogView, search: string): readonly Hit[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return Object.entries(entities).flatMap(([name, entity]): Hit[] => {
    const inside = [entity.fields, entity.metrics, entity.relations].flatMap((part) =>
      Object.entries(part as Readonly<Record<string, Worded>>)
        .filter(([id, one]) => words.length > 0 && has(textOf(id, one), words))
        .map(([, { label }]) => label),
    )
    return has(textOf(name, entity), words) || inside.length > 0 ? [{ name, entity, inside }] : []
  })
}

const has = (text: string, words: readonly string[]) => words.every((word) => text.includes(word))

function textOf(id: string, { label, synonyms, description, values }: Worded): string {
  const valueWords = values?.map((one) => `${one.label ?? ''} ${one.value}`) ?? []
  return [id, label, description ?? '', ...synonyms, ...valueWords].join(' ').toLowerCase()
}
