import type { Definition } from '../../src/definition/schema.ts'

/** A definition without what it does not say: empty lists, defaults and the version. */
export function definitionBody(definition: Definition | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(definition ?? {}).filter(
      ([key, value]) =>
        key !== 'version' &&
        value !== null &&
        value !== false &&
        value !== undefined &&
        !(Array.isArray(value) && value.length === 0),
    ),
  )
}
