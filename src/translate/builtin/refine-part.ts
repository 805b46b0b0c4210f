// What the rules of a follow-up share: the clause at hand, and small prompts about the same source.
import { entityOf } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { checkDefinition } from '../../definition/check.ts'
import { lowerFirst } from '../../definition/outputs.ts'
import type { Definition } from '../../definition/schema.ts'
import type { TranslateInput, Translation } from '../types.ts'

/** Reads a prompt without a base; the built-in translator itself. */
export type ReadFragment = (prompt: string) => Translation

export type Part = {
  readonly base: Definition
  /** What the rule's pattern left over. */
  readonly rest: string
  readonly text: string
  /** It was said to stand in the place of something. */
  readonly swaps: boolean
  readonly input: TranslateInput
  readonly read: ReadFragment
}
/** A small prompt about the source, as a definition of the same source; `sure`: one that would be an answer by itself. */
export function fragment({ base, input, read }: Part, prompt: string, sure = false): Definition | undefined {
  const source = base.dataSources[0] ?? ''
  const result = read(prompt)
  if (sure && result.kind !== 'answer') return undefined
  const definition = result.kind === 'refused' ? undefined : result.definition
  if (definition?.dataSources[0] !== source) return undefined
  if (result.kind === 'draft' && result.notUnderstood.length > 0) return undefined
  return checkDefinition(definition, input.catalog).length === 0 ? definition : undefined
}

/** What a row of the source is called. */
export function sourceNoun({ base, input }: Part): string {
  const name = base.dataSources[0] ?? ''
  return lowerFirst(entityOf(input.catalog, name)?.label ?? name)
}

/** A name as it is compared with words. */
export const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[_\s-]+/g, ' ')
    .trim()

/** The one field of the source, or of what it belongs to, that is called so. */
export function fieldNamed({ base, input }: Part, words: string): string | undefined {
  const source = entityOf(input.catalog, base.dataSources[0] ?? '')
  if (source === undefined) return undefined
  const wanted = plain(words)
  const own = calledSo(source.fields, wanted)
  if (own.length > 0) return own.length === 1 ? own[0] : undefined
  const near = Object.entries(source.relations).flatMap(([relation, { to, kind, label, synonyms }]) => {
    const fields = kind === 'to_one' ? entityOf(input.catalog, to)?.fields : undefined
    if (fields === undefined) return []
    const names = [relation, label ?? '', entityOf(input.catalog, to)?.singular ?? '', ...(synonyms ?? [])].map(plain)
    const rest = names.filter((name) => name !== '' && wanted.startsWith(`${name} `))
    return [wanted, ...rest.map((name) => wanted.slice(name.length + 1))]
      .flatMap((name) => calledSo(fields, name))
      .map((field) => `${relation}.${field}`)
  })
  const found = [...new Set(near)]
  return found.length === 1 ? found[0] : undefined
}

type Fields = NonNullable<Catalog['entities'][string]>['fields']

function calledSo(fields: Fields, wanted: string): string[] {
  const named = Object.entries(fields).filter(([name, { label }]) => [name, label ?? ''].map(plain).includes(wanted))
  const other = Object.entries(fields).filter(([, { synonyms }]) => (synonyms ?? []).map(plain).includes(wanted))
  return (named.length > 0 ? named : other).map(([name]) => name)
}
