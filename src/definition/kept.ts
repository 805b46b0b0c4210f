// What follows from a definition and a catalog alone is worked out once, as long as the same is asked again and again.
// In: how it is worked out. Out: the same function, which remembers. What is remembered is frozen, so that nobody who is
// handed it can change it for others; it is kept for each organization apart and is gone with the catalog it was made for.
import type { Catalog } from '../catalog/schema.ts'
import type { Definition } from './schema.ts'

const MAX_KEPT = 500
const MAX_CHARS = 10_000

/** Remembers by the text of the input; `isWorth` says which results are. `make` may look at nothing but the catalog and the input. */
export function keptByText<T>(
  isWorth: (made: T) => boolean,
): (catalog: Catalog, organizationId: string, input: unknown, make: () => T) => T {
  const kept = new WeakMap<Catalog, Map<string, T>>()
  return (catalog, organizationId, input, make) => {
    const text = JSON.stringify([organizationId, input])
    const known = kept.get(catalog)
    const before = known?.get(text)
    if (before !== undefined) return before
    const made = make()
    if (text.length > MAX_CHARS || !isWorth(made)) return made
    const own = known === undefined || known.size >= MAX_KEPT ? new Map<string, T>() : known
    kept.set(catalog, own.set(text, frozen(made)))
    return made
  }
}

/** Remembers for a definition that was remembered itself: `keptByText` gives the same one for the same text. */
export function keptByDefinition<T>(
  make: (definition: Definition, catalog: Catalog) => T,
): (definition: Definition, catalog: Catalog) => T {
  const kept = new WeakMap<Definition, WeakMap<Catalog, T>>()
  return (definition, catalog) => {
    if (!Object.isFrozen(definition)) return make(definition, catalog)
    const known = kept.get(definition) ?? new WeakMap<Catalog, T>()
    const before = known.get(catalog)
    if (before !== undefined) return before
    const made = frozen(make(definition, catalog))
    kept.set(definition, known.set(catalog, made))
    return made
  }
}

/** The value, which nobody can change any more. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}
