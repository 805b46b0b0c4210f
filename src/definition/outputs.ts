// The columns a definition gives: ids, labels, types, formats; what having, sorting and calculations may name.
// Tolerant on purpose: what cannot be resolved has no type, and check.ts says why.
import { entityOf, resolvePath } from '../catalog/find.ts'
import type { Catalog, Field, FieldType, Relation } from '../catalog/schema.ts'
import { resolveAggregate } from './aggregate.ts'
import { formulaPaths, parseFormula } from './formula.ts'
import { formulaType } from './formula-type.ts'
import { ownOver } from './own-format.ts'
import type { Aggregate, Calculation, Column, Definition, Format, Grain, GroupKey } from './schema.ts'

export type OutputRole = 'column' | 'key' | 'aggregate' | 'compare' | 'calculation'
export type Output = {
  readonly id: string
  readonly label: string
  /** undefined: it cannot be resolved. */
  readonly type: FieldType | undefined
  readonly role: OutputRole
  /** Position in columns, groupBy, aggregates or calculations. */
  readonly index: number
  readonly compare?: 'previous' | 'change' | 'percent_change'
  readonly hidden: boolean
  readonly grain?: Grain
  readonly format?: Format
  readonly unit?: string
  readonly valueLabels?: Readonly<Record<string, string>>
}

/** Whether a definition is a summary (groups and aggregates) rather than a list. */
export const isSummary = (definition: Definition): boolean =>
  definition.groupBy.length > 0 || definition.aggregates.length > 0

/** The columns of a list: those asked for, or the entity's default columns. */
export function listColumns(definition: Definition, catalog: Catalog): readonly Column[] {
  if (definition.columns.length > 0) return definition.columns
  const entity = entityOf(catalog, definition.dataSources[0] ?? '')
  if (entity === undefined) return []
  const names = entity.defaultColumns.filter((name) => Object.hasOwn(entity.fields, name))
  const all = Object.keys(entity.fields)
  return (names.length > 0 ? names : all.slice(0, 8)).map((field) => ({ field }))
}

export const columnId = (column: Column | GroupKey): string => column.id ?? column.field ?? ''

/** Every output column in display order, hidden ones included. */
export function outputsOf(definition: Definition, catalog: Catalog): Output[] {
  const source = definition.dataSources[0] ?? ''
  if (!isSummary(definition))
    return distinguished(listColumns(definition, catalog).map((c, i) => columnOutput(c, i, source, catalog, 'column')))
  const keys = definition.groupBy.map((key, i) => columnOutput(key, i, source, catalog, 'key'))
  const aggregates = definition.aggregates.flatMap((aggregate, i) =>
    aggregateOutputs(aggregate, i, definition, catalog),
  )
  const known = [...keys, ...aggregates]
  const calculations = definition.calculations.map((c, i) => calculationOutput(c, i, definition, known))
  return distinguished([...known, ...calculations])
}

/** Two columns that would be called the same are called by their ids. */
function distinguished(outputs: Output[]): Output[] {
  const times = new Map<string, number>()
  for (const output of outputs) times.set(output.label, (times.get(output.label) ?? 0) + 1)
  return outputs.map((o) => ((times.get(o.label) ?? 0) > 1 ? { ...o, label: humanise(o.id) } : o))
}

function columnOutput(
  column: Column & GroupKey,
  index: number,
  source: string,
  catalog: Catalog,
  role: 'column' | 'key',
): Output {
  const base = { id: columnId(column), role, index, hidden: column.hidden === true } as const
  if (column.formula !== undefined) {
    const parsed = parseFormula(column.formula)
    const typed = parsed.ok ? formulaType(parsed.node, (path) => fieldAt(catalog, source, path)?.type) : undefined
    const type = typed?.ok === true ? typed.type : undefined
    const fields = parsed.ok ? formulaPaths(parsed.node).map((one) => fieldAt(catalog, source, one)) : []
    const format = ownOver(moneyFormat(type, fields.map(moneyOf)), column.format)
    return { ...base, label: column.label ?? humanise(base.id), type, ...(format && { format }) }
  }
  const path = column.field ?? ''
  const field = fieldAt(catalog, source, path)
  const grain = column.grain
  const named = column.label ?? labelOfPath(catalog, source, path)
  const label = column.label === undefined && grain !== undefined ? `${named} (${grain.replaceAll('_', ' ')})` : named
  const valueLabels = field === undefined ? undefined : labelsOf(field)
  return {
    ...base,
    label,
    type:
      grain === undefined
        ? column.bucket !== undefined && field?.type === 'integer' && !Number.isInteger(column.bucket)
          ? 'number'
          : field?.type
        : grainType(grain),
    ...(grain === undefined ? {} : { grain }),
    ...formatted(column.format, field),
    ...(valueLabels === undefined || grain !== undefined ? {} : { valueLabels }),
  }
}

function aggregateOutputs(aggregate: Aggregate, index: number, definition: Definition, catalog: Catalog): Output[] {
  const source = definition.dataSources[0] ?? ''
  const resolved = resolveAggregate(catalog, source, aggregate)
  const counted = resolved.ok ? resolved.aggregate : undefined
  const label = aggregate.label ?? aggregateLabel(aggregate, source, catalog)
  const own = {
    ...(counted?.currency === undefined ? {} : { currency: counted.currency }),
    ...(counted?.unit === undefined ? {} : { unit: counted.unit }),
  }
  const base = { index, hidden: aggregate.hidden === true } as const
  const main: Output = {
    ...base,
    id: aggregate.id,
    label,
    type: counted?.type,
    role: 'aggregate',
    ...formatted(aggregate.format, own),
  }
  if (definition.compare === null) return [main]
  const before = definition.compare.to === 'previous_year' ? 'year before' : 'period before'
  const compare = { ...base, role: 'compare' } as const
  const ordered = counted?.type === 'integer' || counted?.type === 'number' || counted?.type === 'money'
  return [
    main,
    { ...main, ...compare, id: `${aggregate.id}_previous`, label: `${label}, ${before}`, compare: 'previous' },
    {
      ...main,
      ...compare,
      id: `${aggregate.id}_change`,
      label: `${label}, change`,
      compare: 'change',
      type: ordered ? counted?.type : undefined,
    },
    {
      ...compare,
      id: `${aggregate.id}_percent_change`,
      label: `${label}, change in %`,
      compare: 'percent_change',
      type: ordered ? 'number' : undefined,
      format: { style: 'percent', decimals: 1 },
    },
  ]
}

function calculationOutput(
  calculation: Calculation,
  index: number,
  definition: Definition,
  known: readonly Output[],
): Output {
  const type = calculationType(calculation, definition, known, new Set())
  const of = known.find((output) => output.id === calculation.of)
  const inherits =
    calculation.fn === 'running_total' || calculation.fn === 'change' || calculation.fn === 'moving_average'
  const percent = calculation.fn === 'percent_of_total' || calculation.fn === 'percent_change'
  const usual: Format | undefined = percent
    ? { style: 'percent', decimals: 1 }
    : inherits
      ? of?.format
      : moneyFormat(
          type,
          known.map((one) => ({ type: one.type, currency: one.format?.currency })),
        )
  const format = ownOver(usual, calculation.format)
  return {
    id: calculation.id,
    label: calculation.label ?? humanise(calculation.id),
    type,
    role: 'calculation',
    index,
    hidden: calculation.hidden === true,
    ...(format === undefined ? {} : { format }),
  }
}

type MoneyPart = { readonly type: FieldType | undefined; readonly currency: string | undefined }
const moneyOf = (field: Field | undefined): MoneyPart => ({ type: field?.type, currency: field?.currency })

/** A formula of money has the currency of the one currency it can come from. */
function moneyFormat(type: FieldType | undefined, parts: readonly MoneyPart[]): Format | undefined {
  if (type !== 'money') return undefined
  const currencies = new Set(parts.flatMap((part) => (part.type === 'money' ? [part.currency] : [])))
  const [currency] = currencies
  return currencies.size === 1 && currency !== undefined ? { currency } : undefined
}

function calculationType(
  calculation: Calculation,
  definition: Definition,
  known: readonly Output[],
  above: ReadonlySet<string>,
): FieldType | undefined {
  if (above.has(calculation.id)) return undefined
  const typeOf = (id: string): FieldType | undefined => {
    const output = known.find((o) => o.id === id)
    if (output !== undefined) return output.type
    const other = definition.calculations.find((c) => c.id === id)
    return other === undefined
      ? undefined
      : calculationType(other, definition, known, new Set([...above, calculation.id]))
  }
  if (calculation.formula !== undefined) {
    const parsed = parseFormula(calculation.formula)
    if (!parsed.ok) return undefined
    const typed = formulaType(parsed.node, typeOf)
    return typed.ok ? typed.type : undefined
  }
  if (calculation.of === undefined) return undefined
  const type = typeOf(calculation.of)
  switch (calculation.fn) {
    case 'rank':
      return type === undefined ? undefined : 'integer'
    case 'percent_of_total':
    case 'percent_change':
      return type === undefined ? undefined : 'number'
    case 'moving_average':
      return type === 'integer' ? 'number' : type
    default:
      return type
  }
}

function fieldAt(catalog: Catalog, entity: string, path: string): Field | undefined {
  const resolved = resolvePath(catalog, entity, path)
  return resolved.ok ? resolved.field : undefined
}

/** The type of a value at a grain. */
export function grainType(grain: Grain): FieldType {
  if (grain === 'hour') return 'timestamp'
  return grain.includes('_of_') || grain === 'year_number' ? 'integer' : 'date'
}

function formatted(
  own: Format | undefined,
  from?: { currency?: string | undefined; unit?: string | undefined },
): { format?: Format; unit?: string } {
  const format = ownOver(from?.currency === undefined ? undefined : { currency: from.currency }, own)
  return { ...(format === undefined ? {} : { format }), ...(from?.unit === undefined ? {} : { unit: from.unit }) }
}

function labelsOf(field: Field): Record<string, string> | undefined {
  const labelled = field.values?.filter((v) => v.label !== undefined) ?? []
  return labelled.length === 0 ? undefined : Object.fromEntries(labelled.map((v) => [v.value, v.label ?? v.value]))
}

/** "Campaign channel" for campaign.channel, "Contact" for contact.full_name where that is how contacts are shown. */
export function labelOfPath(catalog: Catalog, entityName: string, path: string): string {
  const resolved = resolvePath(catalog, entityName, path)
  if (!resolved.ok || resolved.field === undefined) return humanise(path)
  const relations = relationsOf(catalog, entityName, path.split('.').slice(0, -1))
  const last = relations.at(-1)
  if (last === undefined) return resolved.field.label
  const owner = entityOf(catalog, resolved.entityName)
  if (owner?.displayField === resolved.fieldName) return last.label
  // "Campaign ID" of a campaign already says whose it is.
  const { label } = resolved.field
  if (label.toLowerCase().startsWith(`${last.label.toLowerCase()} `)) return label
  return `${last.label} ${lowerFirst(label)}`
}

/** The relations a path runs through, as far as they exist. */
export function relationsOf(catalog: Catalog, entityName: string, segments: readonly string[]): Relation[] {
  const found: Relation[] = []
  let here = entityName
  for (const segment of segments) {
    const entity = entityOf(catalog, here)
    const relation =
      entity !== undefined && Object.hasOwn(entity.relations, segment) ? entity.relations[segment] : undefined
    if (relation === undefined) break
    found.push(relation)
    here = relation.to
  }
  return found
}

function aggregateLabel(aggregate: Aggregate, source: string, catalog: Catalog): string {
  if (aggregate.metric !== undefined) {
    const segments = aggregate.metric.split('.')
    const name = segments.pop() ?? ''
    const owner = relationsOf(catalog, source, segments).at(-1)?.to ?? source
    return entityOf(catalog, owner)?.metrics[name]?.label ?? humanise(aggregate.id)
  }
  const path = aggregate.field
  if (aggregate.fn === 'count') {
    const segments = (
      aggregate.per !== undefined && aggregate.per !== 'source_rows' ? aggregate.per : (path ?? '')
    ).split('.')
    const owner = relationsOf(catalog, source, segments).at(-1)?.to ?? source
    return entityOf(catalog, owner)?.label ?? humanise(aggregate.id)
  }
  if (path === undefined) return humanise(aggregate.id)
  const field = lowerFirst(labelOfPath(catalog, source, path))
  const words: Record<string, string> = {
    count_distinct: 'Different',
    sum: 'Total',
    avg: 'Average',
    min: 'Lowest',
    max: 'Highest',
    median: 'Median',
    percentile: 'Percentile of',
    stddev: 'Standard deviation of',
    first: 'First',
    last: 'Last',
    list: 'All',
  }
  return `${words[aggregate.fn ?? ''] ?? ''} ${field}`.trim()
}

export const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text

export function humanise(name: string): string {
  const text = name.replaceAll(/[._]+/g, ' ').trim()
  return text === '' ? name : text.charAt(0).toUpperCase() + text.slice(1)
}
