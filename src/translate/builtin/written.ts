// Whether a catalog is as people write one, with metrics, or as introspection found it.
// In: a catalog. Out: which it is; and the same catalog to be read as the former.
// Refused: nothing.
import type { Catalog } from '../../catalog/schema.ts'

/** Whether a person wrote rules for measures into the catalog, or it is read as if one had. */
export function hasMetrics(catalog: Catalog): boolean {
  const known = written.get(catalog)
  if (known !== undefined) return known
  const found = Object.values(catalog.entities).some(({ metrics }) => Object.keys(metrics).length > 0)
  written.set(catalog, found)
  return found
}

/** Asked at every step, so it is kept. */
const written = new WeakMap<Catalog, boolean>()
const copies = new WeakMap<Catalog, Catalog>()
const originals = new WeakMap<Catalog, Catalog>()

/** The same catalog, of which `hasMetrics` holds: as introspected it is read more loosely, and everyday words less well. */
export function asWritten(catalog: Catalog): Catalog {
  const known = copies.get(catalog)
  if (known !== undefined) return known
  const copy = { ...catalog }
  copies.set(catalog, copy)
  originals.set(copy, catalog)
  written.set(copy, true)
  return copy
}

/** The catalog itself, for what does not depend on how it is read. */
export function asFound(catalog: Catalog): Catalog {
  return originals.get(catalog) ?? catalog
}
