// Whether somebody may read a saved definition. In: stored JSON, a catalog, a scope. Out: the definition and its sentence,
// "hidden" when it names what this reader may not see (and not a word more), or what is wrong with it for everybody.
import type { Catalog } from '../catalog/schema.ts'
import { checkDefinition } from '../definition/check.ts'
import { keptByText } from '../definition/kept.ts'
import type { Definition } from '../definition/schema.ts'
import { upgradeDefinition } from '../definition/upgrade.ts'
import { UserError } from '../errors.ts'
import type { Issue } from '../lib/issue.ts'
import type { Scope } from '../lib/scope.ts'
import { catalogFor, validateDefinition } from '../pipeline.ts'

export type Readable =
  | { readonly state: 'ok'; readonly definition: Definition; readonly sentence: string }
  | { readonly state: 'hidden' }
  | { readonly state: 'broken'; readonly issues: readonly Issue[] }

const readables = keptByText<Readable>(({ state }) => state === 'ok')

/** A stored definition as this reader may read it. */
export function readDefinition(stored: unknown, catalog: Catalog, scope: Scope): Readable {
  const visible = catalogFor(catalog, scope)
  return readables(visible, scope.organizationId, stored, () => read(stored, catalog, scope))
}

function read(stored: unknown, catalog: Catalog, scope: Scope): Readable {
  const upgraded = upgradeDefinition(stored)
  if (!upgraded.ok) return { state: 'broken', issues: upgraded.issues }
  const checked = validateDefinition({ definition: upgraded.definition, catalog, scope })
  if (checked.ok) return { state: 'ok', definition: upgraded.definition, sentence: checked.sentence }
  if (catalogFor(catalog, scope) === catalog) return { state: 'broken', issues: checked.issues }
  // Only what is wrong for those who see everything may be told: the rest would name what is hidden.
  const place = ({ code, path }: Issue): string => JSON.stringify([code, path])
  const forEverybody = new Set(checkDefinition(upgraded.definition, catalog).map(place))
  return checked.issues.every((issue) => forEverybody.has(place(issue)))
    ? { state: 'broken', issues: checked.issues }
    : { state: 'hidden' }
}

/** The definition, or the error that says why there is none for this reader. */
export function runnable(readable: Readable, name: string): Definition {
  if (readable.state === 'ok') return readable.definition
  if (readable.state === 'hidden') throw columnsHidden(name)
  const count = readable.issues.length === 1 ? '1 issue' : `${readable.issues.length} issues`
  throw new UserError('invalid_definition', `Cannot run table "${name}": its definition has ${count}`, {
    issues: readable.issues,
    fix: 'change the definition to fit the catalog of today',
  })
}

export function columnsHidden(name: string): UserError {
  return new UserError('columns_hidden', `Cannot show table "${name}": it uses columns that your role may not see`, {
    fix: 'ask its owner for a copy without them',
  })
}
