// Which part of the catalog a model sees.
// In: a catalog, a question, a value index and a budget in tokens. Out: a smaller catalog, valid by itself: entities the
// question needs, their fields and relations. Small catalogs are kept whole. Never passed on: sensitive fields.
import type { Catalog, Entity } from '../catalog/schema.ts'
import type { Definition } from '../definition/schema.ts'
import { entitiesOf } from './link-base.ts'
import { indexOf, type Scores, scoreEntities } from './link-index.ts'
import { catalogText, entityText } from './llm/catalog-text.ts'
import { mentionsIn } from './mentions.ts'
import type { ValueIndex } from './types.ts'

export type LinkInput = {
  readonly catalog: Catalog
  readonly prompt: string
  readonly values: ValueIndex
  /** What a follow-up refines, and other definitions whose names must stay visible. */
  readonly bases?: readonly Definition[]
  readonly budgetTokens: number
}

export type Link = {
  readonly catalog: Catalog
  /** Nothing but sensitive fields was left out, so the text is the same for every question. */
  readonly complete: boolean
  /** Estimated size of the text a model reads. */
  readonly tokens: number
}

/** What a text costs a model, in tokens, on the high side of what tokenizers say about names and JSON. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3.5)
}

/** The part of the catalog that a question needs; the same input gives the same part. */
export function linkCatalog({ catalog, prompt, values, bases = [], budgetTokens }: LinkInput): Link {
  const open = withoutSensitive(catalog)
  const tokens = estimateTokens(catalogText(open))
  if (tokens <= budgetTokens) return { catalog: open, complete: true, tokens }
  const scores = scoreEntities(indexOf(open), prompt, mentionsIn(prompt, values))
  const needed = bases.flatMap((base) => entitiesOf(open, base))
  const linked = fill(open, scores, needed, budgetTokens)
  return { catalog: linked, complete: false, tokens: estimateTokens(catalogText(linked)) }
}

const opened = new WeakMap<Catalog, Catalog>()

/** The catalog as a model may know it: without sensitive fields, and without metrics made from them. */
export function withoutSensitive(catalog: Catalog): Catalog {
  const known = opened.get(catalog)
  if (known !== undefined) return known
  const hidden = new Set(Object.values(catalog.entities).flatMap(sensitiveFields))
  const open =
    hidden.size === 0
      ? catalog
      : {
          ...catalog,
          entities: mapEntities(catalog, (entity) => withoutFields(entity, sensitiveFields(entity), hidden)),
        }
  opened.set(catalog, open)
  return open
}

function sensitiveFields(entity: Entity): string[] {
  return Object.keys(entity.fields).filter((name) => entity.fields[name]?.sensitive === true)
}

function mapEntities(catalog: Catalog, change: (entity: Entity) => Entity): Record<string, Entity> {
  return Object.fromEntries(Object.entries(catalog.entities).map(([name, entity]) => [name, change(entity)]))
}

/** The first entities are shown with up to so many fields, the ones after them with fewer. */
const DETAIL = { entities: 6, fields: 60, laterFields: 20 }

/** Adds what is needed in any case, then entities, the best first, until the budget is used up. */
function fill(catalog: Catalog, scores: Scores, needed: readonly string[], budgetTokens: number): Catalog {
  const kept = new Map<string, Entity>()
  let left = budgetTokens - estimateTokens(catalogText({ ...catalog, entities: {} }))
  for (const name of new Set([...needed, ...scores.ranked])) {
    const entity = catalog.entities[name]
    if (entity === undefined) continue
    const maxFields = kept.size < needed.length + DETAIL.entities ? DETAIL.fields : DETAIL.laterFields
    const slim = slimEntity(entity, scores.parts.get(name) ?? new Map(), maxFields)
    const cost = estimateTokens(entityText(name, slim))
    if (cost > left && kept.size > 0 && !needed.includes(name)) continue
    left -= cost
    kept.set(name, slim)
    if (left < MIN_ENTITY_TOKENS && kept.size >= needed.length) break
  }
  return closed({ ...catalog, entities: inCatalogOrder(catalog, kept) })
}

const MIN_ENTITY_TOKENS = 20

/** The entity with the fields and metrics that fit the question best, when it has more than `max` of them. */
function slimEntity(entity: Entity, parts: ReadonlyMap<string, number>, max: number): Entity {
  const always = new Set([...entity.primaryKey, ...entity.defaultColumns, entity.displayField, entity.defaultDate])
  const worth = (name: string) => (parts.get(name) ?? 0) + (always.has(name) ? 100 : 0)
  const best = (names: readonly string[]) => [...names].sort((a, b) => worth(b) - worth(a)).slice(0, max)
  const fields = Object.keys(entity.fields)
  const shown = new Set(fields.length <= max ? fields : best(fields))
  const gone = fields.filter((name) => !shown.has(name))
  const slim = gone.length === 0 ? entity : withoutFields(entity, gone, new Set(gone))
  const metrics = Object.keys(slim.metrics)
  if (metrics.length <= max) return slim
  const kept = new Set(best(metrics))
  return { ...slim, metrics: Object.fromEntries(Object.entries(slim.metrics).filter(([name]) => kept.has(name))) }
}

/** The order of the catalog, not of the scores: the text stays the same when the same entities are kept. */
function inCatalogOrder(catalog: Catalog, kept: ReadonlyMap<string, Entity>): Record<string, Entity> {
  return Object.fromEntries(
    Object.keys(catalog.entities).flatMap((name) => {
      const entity = kept.get(name)
      return entity === undefined ? [] : [[name, entity] as const]
    }),
  )
}

/** Without relations that lead out of the part. */
function closed(catalog: Catalog): Catalog {
  return {
    ...catalog,
    entities: mapEntities(catalog, (entity) => ({
      ...entity,
      relations: Object.fromEntries(
        Object.entries(entity.relations).filter(([, { to }]) => Object.hasOwn(catalog.entities, to)),
      ),
    })),
  }
}

/** An entity without some fields, and without the metrics whose aggregate names one of `hidden`. */
function withoutFields(entity: Entity, gone: Iterable<string>, hidden: ReadonlySet<string>): Entity {
  const left = new Set(gone)
  const { displayField, defaultDate, ...rest } = entity
  const shown = (name: string | undefined): name is string => name !== undefined && !left.has(name)
  const namesHidden = (aggregate: unknown) =>
    (JSON.stringify(aggregate).match(/\w+/g) ?? []).some((word) => hidden.has(word))
  return {
    ...rest,
    primaryKey: entity.primaryKey.every(shown) ? entity.primaryKey : [],
    ...(shown(displayField) && { displayField }),
    ...(shown(defaultDate) && { defaultDate }),
    defaultColumns: entity.defaultColumns.filter(shown),
    fields: Object.fromEntries(Object.entries(entity.fields).filter(([name]) => shown(name))),
    metrics: Object.fromEntries(Object.entries(entity.metrics).filter(([, { aggregate }]) => !namesHidden(aggregate))),
  }
}
