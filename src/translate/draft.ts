// What was understood of a question, for the builder: never shown as an answer.
import type { Catalog } from '../catalog/schema.ts'
import { checkDefinition } from '../definition/check.ts'
import { readBack } from '../definition/read-back.ts'
import type { Definition } from '../definition/schema.ts'
import type { Translation, TranslatorName, Usage } from './types.ts'

export type DraftInput = {
  readonly definition: Definition | undefined
  readonly catalog: Catalog
  readonly notUnderstood: readonly string[]
  readonly suggestions: readonly string[]
  readonly translator: TranslatorName
  readonly notes?: readonly string[]
  readonly usage?: Usage
}

/** A draft; a definition with problems goes along for the builder to show, but only a sound one is said in words. */
export function draftOf({
  definition,
  catalog,
  notes = [],
  usage,
  ...rest
}: DraftInput): Extract<Translation, { kind: 'draft' }> {
  const sound = definition !== undefined && checkDefinition(definition, catalog).length === 0
  return {
    kind: 'draft',
    ...rest,
    ...(definition === undefined ? {} : { definition }),
    understood: sound ? [readBack(definition, catalog)] : [],
    notes,
    ...(usage === undefined ? {} : { usage }),
  }
}
