// Reads the model instructions from files, once at the start; runtimes without files import them as text instead.
import { readFileSync } from 'node:fs'
import { type Prompts, promptNames } from './prompts.ts'

/** The prompts of a directory (default: the project's `prompts/`); throws when one is missing. */
export function readPrompts(directory: URL = new URL('../../../prompts/', import.meta.url)): Prompts {
  const texts = promptNames.map((name) => [name, readFileSync(new URL(`${name}.md`, directory), 'utf8')] as const)
  return Object.fromEntries(texts) as Prompts
}
