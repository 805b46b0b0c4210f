// The server's words for conditions and numbers, kept while a table changes: each is known by what it looks like.
import { createContext } from 'react'
import type { Definition } from '../../src/definition/schema.ts'

export type WordsOf = (part: object) => string | undefined
export const Words = createContext<WordsOf>(() => undefined)

type Told = readonly { readonly path: readonly (string | number)[]; readonly text: string }[]

/** The words before and those of a definition that ran. */
export function learned(before: ReadonlyMap<string, string>, definition: Definition, told: Told): Map<string, string> {
  const next = new Map([...before].slice(-1000))
  for (const { path, text } of told) {
    const part = partAt(definition, path)
    if (part !== undefined) next.set(JSON.stringify(part), text)
  }
  return next
}

function partAt(definition: Definition, path: Told[number]['path']): unknown {
  let here: unknown = definition
  for (const step of path) here = typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined
  return here
}
