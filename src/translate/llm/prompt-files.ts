// The model instructions as they stand in the program's own files.
import { ownFile } from '../../lib/own-files.ts'
import { type Prompts, promptNames } from './prompts.ts'

/** The prompts of a directory of the program; throws when one is missing. */
export function readPrompts(directory = 'prompts'): Prompts {
  return Object.fromEntries(promptNames.map((name) => [name, ownFile(`${directory}/${name}.md`)])) as Prompts
}
