// A fingerprint of a catalog: equal for equal meaning, whatever the order of its keys.
import { hashText } from '../lib/hash.ts'
import type { Catalog } from './schema.ts'

const known = new WeakMap<Catalog, string>()

/** SHA-256 (64 hex digits) of the catalog's canonical JSON; the order of keys does not matter, that of lists does. */
export function catalogHash(catalog: Catalog): string {
  const before = known.get(catalog)
  if (before !== undefined) return before
  const hash = hashText(canonicalJson(catalog))
  known.set(catalog, hash)
  return hash
}

/** JSON with sorted keys and without undefined values. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const parts = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`)
  return `{${parts.join(',')}}`
}
