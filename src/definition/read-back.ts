import type { Catalog } from '../catalog/schema.ts'
import type { Definition } from './schema.ts'

export function readBack(definition: Definition, _catalog: Catalog): string {
  return definition.title ?? definition.dataSources.join(', ')
}
