// The built-in translator: prompt → table definition with no model and no network.
// In: a prompt, the catalog as the asker may see it, stored values, the clock. Out: an answer, a draft or a refusal.
// Refused: writing, other organizations, instructions inside the prompt, what the catalog does not have.
import { checkDefinition } from '../../definition/check.ts'
import type { Definition } from '../../definition/schema.ts'
import type { TranslateInput, Translation, Translator } from '../types.ts'
import { best } from './best.ts'

/** Below this share of right answers a reading is shown as a draft. */
const BAR = 0.5

/** A translator that needs nothing but the catalog and its stored values; same input, same answer. */
export function builtinTranslator(): Translator {
  return async (input) => translateBuiltin(input)
}

/** The same without a promise, for tests and for callers that want the ranked reading. */
export function translateBuiltin(input: TranslateInput): Translation {
  const found = best(input)
  const top = found[0]
  if (top === undefined)
    return {
      kind: 'draft',
      understood: [],
      notUnderstood: [input.prompt],
      suggestions: [],
      translator: 'builtin',
      notes: [],
    }
  const issues = checkDefinition(top.definition, input.catalog)
  if (issues.length > 0 || top.confidence < BAR)
    return {
      kind: 'draft',
      definition: top.definition,
      understood: [],
      notUnderstood: top.unread,
      suggestions: [],
      translator: 'builtin',
      notes: issues.map((issue) => issue.message),
    }
  return {
    kind: 'answer',
    definition: top.definition as Definition,
    confidence: top.confidence,
    assumptions: top.assumptions,
    translator: 'builtin',
    notes: [],
  }
}
