// What may be asked: the catalog as the asker sees it, without the database's own names for things.
import { z } from 'zod'
import { demoOrganizations } from '../access/demo.ts'
import { Catalog, type Entity, type Field, type Metric, type Relation } from '../catalog/schema.ts'
import { visibleCatalog } from '../catalog/visible.ts'
import { countedEntity } from '../definition/spoken.ts'
import { route } from './route.ts'
import { Named } from './schemas.ts'

type PublicCatalog = ReturnType<typeof publicCatalog>

export const catalogRoutes = {
  readCatalog: route({
    method: 'GET',
    path: '/catalog',
    action: 'catalog.read',
    tag: 'Asking',
    summary: 'See what may be asked',
    description: 'Entities with their fields, relations and metrics, as the asker may see them, and prompts that work.',
    response: z.strictObject({
      name: z.string(),
      description: z.string().optional(),
      fiscalYearStart: z.int(),
      weekStart: Catalog.shape.weekStart,
      entities: z.custom<PublicCatalog['entities']>((value) => typeof value === 'object').meta({ type: 'object' }),
      suggestions: z.array(z.string()).describe('Complete prompts that work'),
      organization: z.string(),
      demo: z
        .strictObject({ organizations: z.array(Named) })
        .optional()
        .describe('Only with demo data'),
    }),
    async handle({ ctx, identity }) {
      const { catalog, demo, suggestions } = ctx
      return {
        body: {
          ...publicCatalog(visibleCatalog(catalog, identity.roles)),
          suggestions: await suggestions(identity),
          organization: identity.organizationId,
          ...(demo && { demo: { organizations: demoOrganizations } }),
        },
      }
    },
  }),
}

function publicCatalog(catalog: Catalog) {
  const { name, description, fiscalYearStart, weekStart, entities } = catalog
  return {
    name,
    ...(description && { description }),
    fiscalYearStart,
    weekStart,
    entities: mapValues(entities, (entity, name) => publicEntity(entity, countedBy(catalog, name))),
  }
}

/** The entity whose rows a metric counts, which its own conditions are about. */
const countedBy = (catalog: Catalog, entity: string) => (metric: string) => countedEntity({ metric }, catalog, entity)

function publicEntity(entity: Entity, counted: (metric: string) => string) {
  const { table, schema, tenantKey, shared, primaryKey, fields, relations, metrics, ...rest } = entity
  return {
    ...rest,
    fields: mapValues(fields, ({ column, storedAs, roles, ...field }: Field) => field),
    relations: mapValues(relations, ({ on, ...relation }: Relation) => relation),
    metrics: mapValues(metrics, ({ aggregate, ...metric }: Metric, name) => ({ ...metric, counts: counted(name) })),
  }
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}
