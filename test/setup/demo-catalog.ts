import { readFileSync } from 'node:fs'
import { loadCatalog } from '../../src/catalog/load.ts'
import type { Catalog } from '../../src/catalog/schema.ts'

/** The catalog of the demo organization, as it is shipped. */
export function demoCatalog(): Catalog {
  const loaded = loadCatalog(readFileSync(new URL('../../demo/catalog.yaml', import.meta.url), 'utf8'))
  if (!loaded.ok) throw new Error(`demo/catalog.yaml: ${loaded.problems[0]?.message}`)
  return loaded.catalog
}
