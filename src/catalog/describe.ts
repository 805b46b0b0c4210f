// A catalog as compact text, for people and for models.
// In: a catalog, optionally which entities and whose roles. Out: one line per entity, field, relation and metric.
// Left out: sensitive fields for everybody, and what the roles may not see.
import { canonicalJson } from './hash.ts'
import type { Catalog, Entity, Field, Metric, Relation } from './schema.ts'
import { visibleCatalog } from './visible.ts'

/** Enum values shown per field; further ones are counted. */
const MAX_VALUES = 30

/** Describes the named entities (all without `entities`; unknown names are passed over) as somebody with these roles may see them. */
export function describeCatalog(
  catalog: Catalog,
  options: { readonly entities?: readonly string[]; readonly roles?: readonly string[] } = {},
): string {
  const visible = visibleCatalog(catalog, options.roles ?? [])
  const wanted = options.entities === undefined ? undefined : new Set(options.entities)
  const shown = Object.entries(visible.entities).filter(([name]) => wanted === undefined || wanted.has(name))
  return [head(visible), ...shown.map(([name, entity]) => describeEntity(name, entity))].join('\n\n')
}

function head(catalog: Catalog): string {
  const month = MONTHS[catalog.fiscalYearStart - 1] ?? 'January'
  const calendar = `Weeks begin on ${capital(catalog.weekStart)}; fiscal years begin in ${month}.`
  return [
    `# ${catalog.name}`,
    ...(catalog.description === undefined ? [] : [oneLine(catalog.description)]),
    calendar,
  ].join('\n')
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

function describeEntity(name: string, entity: Entity): string {
  const also = synonyms(entity.synonyms)
  const facts = [
    ...(entity.displayField === undefined ? [] : [`a row is called by its ${entity.displayField}`]),
    ...(entity.defaultDate === undefined ? [] : [`its date is ${entity.defaultDate}`]),
    ...(entity.junction ? ['only links others'] : []),
  ]
  return [
    `## ${name}: ${entity.label}${also}${description(entity.description)}`,
    ...(facts.length === 0 ? [] : [`(${facts.join('; ')})`]),
    ...Object.entries(entity.fields).flatMap(([field, one]) => (one.sensitive ? [] : [describeField(field, one)])),
    ...Object.entries(entity.relations).map(([relation, one]) => describeRelation(relation, one)),
    ...Object.entries(entity.metrics).map(([metric, one]) => describeMetric(metric, one)),
  ].join('\n')
}

function describeField(name: string, field: Field): string {
  const extra = field.currency ?? field.unit
  const values = (field.values ?? []).map(({ value, label, synonyms: other }) => {
    const also = [...(label === undefined || label === value ? [] : [label]), ...other]
    return also.length === 0 ? JSON.stringify(value) : `${JSON.stringify(value)} (${also.join(', ')})`
  })
  const more = values.length - MAX_VALUES
  const listed = [...values.slice(0, MAX_VALUES), ...(more > 0 ? [`${more} more`] : [])].join(' | ')
  return `- ${name} ${field.type}${extra === undefined ? '' : ` ${extra}`}${label(name, field)}${listed === '' ? '' : ` = ${listed}`}${description(field.description)}`
}

function describeRelation(name: string, relation: Relation): string {
  const many = relation.kind === 'to_many'
  return `- ${name} → ${many ? 'many' : 'one'} ${relation.to}${label(name, relation)}${description(relation.description)}`
}

function describeMetric(name: string, metric: Metric): string {
  return `- metric ${name} = ${canonicalJson(metric.aggregate)}${label(name, metric)}${description(metric.description)}`
}

/** Label and synonyms, as far as they say more than the name. */
function label(name: string, part: { readonly label: string; readonly synonyms: readonly string[] }): string {
  const same = part.label.toLowerCase() === name.replaceAll('_', ' ').toLowerCase()
  return `${same ? '' : ` "${part.label}"`}${synonyms(part.synonyms)}`
}

function synonyms(words: readonly string[]): string {
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

function description(text: string | undefined): string {
  return text === undefined ? '' : `: ${oneLine(text)}`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
