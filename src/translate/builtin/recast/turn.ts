// What a turn of English gives: the prompt without it, and what it makes of the table of that.
import type { Definition } from '../../../definition/schema.ts'
import type { TranslateInput } from '../../types.ts'

/** The rest of a prompt, and what the turn that was taken out makes of the rest's table; undefined where it cannot be said of that. */
export type Recast = {
  readonly prompt: string
  readonly make: (definition: Definition) => Definition | undefined
}

/** A turn's readings, likeliest first; none where the prompt has no such turn. */
export type Turn = (input: TranslateInput) => readonly Recast[]
