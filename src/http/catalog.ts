// What may be asked: the catalog as the asker sees it, without the database's own names for things.
import { Hono } from 'hono'
import { demoOrganizations } from '../access/demo.ts'
import type { Catalog, Entity, Field, Metric, Relation } from '../catalog/schema.ts'
import { visibleCatalog } from '../catalog/visible.ts'
import type { HttpEnv } from './env.ts'

export const catalogRoutes = new Hono<HttpEnv>().get('/', async (c) => {
  const { catalog, demo, suggestions } = c.get('ctx')
  const scope = c.get('scope')
  return c.json({
    ...publicCatalog(visibleCatalog(catalog, scope.roles)),
    suggestions: await suggestions(scope),
    organization: scope.organizationId,
    ...(demo && { demo: { organizations: demoOrganizations } }),
  })
})

function publicCatalog({ name, description, fiscalYearStart, weekStart, entities }: Catalog) {
  return {
    name,
    ...(description && { description }),
    fiscalYearStart,
    weekStart,
    entities: mapValues(entities, publicEntity),
  }
}

function publicEntity(entity: Entity) {
  const { table, schema, tenantKey, shared, primaryKey, fields, relations, metrics, ...rest } = entity
  return {
    ...rest,
    fields: mapValues(fields, ({ column, storedAs, roles, ...field }: Field) => field),
    relations: mapValues(relations, ({ on, ...relation }: Relation) => relation),
    metrics: mapValues(metrics, ({ aggregate, ...metric }: Metric) => metric),
  }
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
