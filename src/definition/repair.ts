// A definition that names what is not there any more, mended where it is clear what is meant.
// In: a definition and a catalog that it does not fit. Out: one that fits and what changed, or nothing.
import type { Catalog } from '../catalog/schema.ts'
import type { Issue } from '../lib/issue.ts'
import { checkDefinition } from './check.ts'
import { suggestionOf } from './issues.ts'
import { type DefinitionPatch, diffDefinitions } from './patch.ts'
import { Definition } from './schema.ts'

export type Repair = { readonly definition: Definition; readonly changes: DefinitionPatch }

/** Names can hide one behind another, so mending one may show the next. */
const MAX_ROUNDS = 6

/** Puts the closest known name in the place of each unknown one; undefined unless all issues are gone then. */
export function proposeRepair(definition: Definition, catalog: Catalog): Repair | undefined {
  let current: unknown = definition
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const parsed = Definition.safeParse(current)
    if (!parsed.success) return undefined
    const issues = checkDefinition(parsed.data, catalog)
    if (issues.length === 0) {
      const changes = diffDefinitions(definition, parsed.data)
      return changes.length === 0 ? undefined : { definition: parsed.data, changes }
    }
    const next = issues.reduce(mend, current)
    if (next === current) return undefined
    current = next
  }
  return undefined
}

function mend(value: unknown, issue: Issue): unknown {
  const suggestion = suggestionOf(issue)
  return suggestion === undefined ? value : replaced(value, issue.path, suggestion)
}

/** The same value with the text at a path replaced; unchanged where no text stands there. */
function replaced(value: unknown, [head, ...rest]: Issue['path'], text: string): unknown {
  if (head === undefined) return typeof value === 'string' ? text : value
  if (Array.isArray(value)) {
    const index = Number(head)
    const next = replaced(value[index], rest, text)
    return next === value[index] ? value : value.with(index, next)
  }
  if (typeof value !== 'object' || value === null) return value
  const record = value as Record<string, unknown>
  const next = replaced(record[head], rest, text)
  return next === record[head] ? value : { ...record, [head]: next }
}
