// Who may see each other's results: two readers of one organization are of one class when nothing is hidden from one that
// the other sees, and whose rows a table holds is decided by the same keys.
import { hashText } from '../lib/hash.ts'
import { remembered } from '../lib/remember.ts'
import { canonicalJson } from './hash.ts'
import type { Catalog } from './schema.ts'
import { canSeeField } from './visible.ts'

const classes = new WeakMap<Catalog, Map<string, string>>()

/** A fingerprint of what is hidden from these roles; changing the catalog's rules changes it, so nothing kept before is shown after. */
export function permissionClass(catalog: Catalog, organizationId: string, roles: readonly string[]): string {
  const known = classes.get(catalog) ?? new Map<string, string>()
  classes.set(catalog, known)
  return remembered(known, JSON.stringify([organizationId, roles]), () => classOf(catalog, organizationId, roles))
}

function classOf(catalog: Catalog, organizationId: string, roles: readonly string[]): string {
  const rules = Object.entries(catalog.entities).map(([name, entity]) => ({
    name,
    table: [entity.schema ?? null, entity.table],
    tenant: entity.tenantKey ?? null,
    hidden: Object.values(entity.fields)
      .filter((field) => !canSeeField(field, roles))
      .map(({ column }) => column)
      .sort(),
  }))
  return hashText(canonicalJson([organizationId, rules])).slice(0, 32)
}
