// A catalog as a model reads it: one block an entity, everything a definition may name, nothing about the database.
import type { Catalog, Entity, EnumValue, Field, Metric, Relation } from '../../catalog/schema.ts'
import { humanise } from '../../catalog/words.ts'

const MAX_DESCRIPTION = 200
const MAX_SYNONYMS = 6
const MAX_VALUES = 40
const known = new WeakMap<Entity, string>()

/** The whole catalog (or the part of it that was linked) as text. */
export function catalogText(catalog: Catalog): string {
  const head = [
    `# Catalog: ${catalog.name}`,
    cut(catalog.description),
    `Fiscal year starts in month ${catalog.fiscalYearStart}; weeks start on ${catalog.weekStart}.`,
  ]
  const entities = Object.entries(catalog.entities).map(([name, entity]) => entityText(name, entity))
  return [...head.filter((line) => line !== ''), ...entities].join('\n')
}

/** One entity as text. */
export function entityText(name: string, entity: Entity): string {
  const made = known.get(entity) ?? makeEntityText(name, entity)
  known.set(entity, made)
  return made
}

function makeEntityText(name: string, entity: Entity): string {
  const facts = [
    entity.primaryKey.length === 0 ? '' : `key ${entity.primaryKey.join(', ')}`,
    entity.displayField === undefined ? '' : `known by ${entity.displayField}`,
    entity.defaultDate === undefined ? '' : `date ${entity.defaultDate}`,
    entity.junction ? 'only links others' : '',
  ].filter((fact) => fact !== '')
  const row = entity.singular === undefined ? '' : `; one row: ${entity.singular}`
  return [
    `\n## ${name}${labelOf(name, entity)}${row}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}`,
    cut(entity.description),
    ...Object.entries(entity.fields).map(fieldLine),
    ...Object.entries(entity.relations).map(relationLine),
    ...Object.entries(entity.metrics).map(metricLine),
  ]
    .filter((line) => line !== '')
    .join('\n')
}

function fieldLine([name, field]: [string, Field]): string {
  const unit = field.currency ?? field.unit
  const values = (field.values ?? []).slice(0, MAX_VALUES).map(valueText)
  const more = (field.values?.length ?? 0) > MAX_VALUES ? ', …' : ''
  const listed = values.length === 0 ? '' : ` [${values.join(', ')}${more}]`
  return `- ${name}: ${field.type}${unit === undefined ? '' : ` ${unit}`}${listed}${said(name, field)}`
}

function valueText({ value, label, synonyms }: EnumValue): string {
  const plain = humanise(value).toLowerCase()
  const other = [label ?? '', ...synonyms.slice(0, 3)].filter((one) => one !== '' && one.toLowerCase() !== plain)
  return other.length === 0 ? JSON.stringify(value) : `${JSON.stringify(value)} (${other.join(', ')})`
}

function relationLine([name, relation]: [string, Relation]): string {
  const kind = relation.kind === 'to_one' ? 'one' : 'many'
  const sure = relation.guessed ? ', not sure' : ''
  return `- ${name} -> ${kind} ${relation.to}${sure}${said(name, relation)}`
}

function metricLine([name, metric]: [string, Metric]): string {
  return `- metric ${name} = ${JSON.stringify(metric.aggregate)}${said(name, metric)}`
}

type Named = { label: string; synonyms: readonly string[]; description?: string | undefined }

function said(name: string, one: Named): string {
  const synonyms = one.synonyms.slice(0, MAX_SYNONYMS)
  const parts = [
    labelOf(name, one).slice(2),
    synonyms.length === 0 ? '' : `also ${synonyms.join(', ')}`,
    cut(one.description),
  ]
  const text = parts.filter((part) => part !== '').join('; ')
  return text === '' ? '' : ` — ${text}`
}

function labelOf(name: string, { label, synonyms }: Named): string {
  const shown = label.toLowerCase() === humanise(name).toLowerCase() ? '' : `: ${label}`
  return synonyms.length > 0 && shown === '' ? '' : shown
}

function cut(text: string | undefined): string {
  const flat = (text ?? '').replace(/\s+/g, ' ').trim()
  return flat.length <= MAX_DESCRIPTION ? flat : `${flat.slice(0, MAX_DESCRIPTION - 1)}…`
}
