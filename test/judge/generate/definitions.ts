// Random definitions over the whole language, valid by docs/definition.md, rich combinations preferred.
import { mayRepeat, resolveAggregate } from '../../../src/definition/aggregate.ts'
import {
  type Aggregate,
  Definition,
  type Filter,
  type GroupKey,
  type Period,
  type PeriodUnit,
  type Sort,
} from '../../../src/definition/schema.ts'
import { isTruncating } from '../grains.ts'
import { kindOfField, randomAggregate } from './aggregates.ts'
import { operandsOf, randomFilter } from './filters.ts'
import { randomFormula } from './formulas.ts'
import { type Output, randomCalculations, randomHaving } from './outputs.ts'
import {
  DATE_GRAINS,
  type FieldPath,
  isNumeric,
  isTemporal,
  pickField,
  randomGrain,
  type Setting,
  toOneFields,
} from './paths.ts'
import type { Random } from './random.ts'
import { randomPeriod } from './scalars.ts'

/** What a generator may ask about the definition so far. */
export type Probe = {
  /** How many source rows pass; more than none is worth more. */
  readonly passing: (definition: Definition) => number
  /** Cells of one column, as text, of the table so far. */
  readonly cells: (definition: Definition, id: string) => readonly unknown[]
}

export type Shape =
  | 'list'
  | 'plain'
  | 'calculations'
  | 'fillGaps'
  | 'compare-filter'
  | 'compare-key'
  | 'pivot'
  | 'gaps-compare'

/** What kind of table to make, the rich kinds preferred. */
export function randomShape(random: Random): Shape {
  return random.weighted<Shape>([
    [4, 'list'],
    [4, 'plain'],
    [4, 'calculations'],
    [2, 'fillGaps'],
    [2.5, 'compare-filter'],
    [1.5, 'compare-key'],
    [2.5, 'pivot'],
    [0.7, 'gaps-compare'],
  ])
}

export function randomDefinition(random: Random, setting: Setting, probe: Probe, shape: Shape): Definition {
  const sources = Object.keys(setting.catalog.entities)
  const needsDate = !['list', 'plain', 'calculations', 'pivot'].includes(shape)
  const fitting = sources.filter((source) => !needsDate || datesOf(setting, source).length > 0)
  if (shape === 'list' || fitting.length === 0) return randomList(random, setting, random.pick(sources), probe)
  return randomSummary(random, setting, random.pick(fitting), probe, shape)
}

function datesOf(setting: Setting, source: string): FieldPath[] {
  return toOneFields(setting, source).filter((field) => isTemporal(field) && !field.isStoredAsText)
}

/** Filters that let something pass, most of the time. */
function hittingFilter(random: Random, setting: Setting, source: string, probe: Probe): { filters?: Filter } {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    if (random.chance(0.25)) return {}
    const filters = randomFilter(random, setting, source, 2)
    if (probe.passing(Definition.parse({ dataSources: [source], filters })) > 0 || random.chance(0.1))
      return { filters }
  }
  return {}
}

function dataSources(random: Random, setting: Setting, source: string): string[] {
  const relations = Object.keys(setting.catalog.entities[source]?.relations ?? {})
  return random.chance(0.2) ? [source, ...random.sample(relations, 1)] : [source]
}

function randomList(random: Random, setting: Setting, source: string, probe: Probe): Definition {
  const fields = toOneFields(setting, source)
  const operands = random.sample(operandsOf(fields), 8)
  const columns = random.chance(0.08)
    ? []
    : [...new Set(Array.from({ length: random.int(1, 5) }, () => pickField(random, fields)?.path))].flatMap((field) =>
        field === undefined
          ? []
          : [{ field, ...(random.chance(0.2) ? { id: `c_${field.replaceAll('.', '_')}` } : {}) }],
      )
  const [first] = columns
  // An id that is also the name of another field: sorting by it means the column.
  if (first !== undefined && random.chance(0.1) && columns.every(({ field }) => field !== 'status')) first.id = 'status'
  const formulas =
    columns.length > 0 && random.chance(0.4)
      ? [{ id: 'worked_out', formula: randomFormula(random, operands, random.pick(['number', 'text', 'boolean'])) }]
      : []
  const distinct = random.chance(0.2)
  const shown = [...columns.map((column) => column.id ?? column.field), ...formulas.map(({ id }) => id)]
  const defaults = setting.catalog.entities[source]?.defaultColumns ?? []
  const ids = shown.length > 0 ? shown : defaults
  const sortable = distinct ? ids : [...ids, ...random.sample(fields, 2).map(({ path }) => path)]
  return Definition.parse({
    dataSources: dataSources(random, setting, source),
    columns: [...columns, ...formulas],
    ...hittingFilter(random, setting, source, probe),
    distinct,
    sortBy: randomSorts(random, sortable),
    ...cuts(random, ids),
  })
}

function randomSorts(random: Random, ids: readonly string[]): Sort[] {
  if (ids.length === 0 || random.chance(0.3)) return []
  return random.sample([...new Set(ids)], random.int(1, 2)).map((field) => ({
    field,
    direction: random.pick(['asc', 'desc'] as const),
    ...(random.chance(0.2) ? { nulls: random.pick(['first', 'last'] as const) } : {}),
  }))
}

function cuts(random: Random, ids: readonly string[]): Pick<Definition, 'limit' | 'limitPer'> {
  const limitPer =
    ids.length > 0 && random.chance(0.2) ? { by: random.sample(ids, random.int(1, 2)), limit: random.int(1, 3) } : null
  return { limit: random.chance(0.25) ? random.int(1, 8) : null, limitPer }
}

function randomSummary(random: Random, setting: Setting, source: string, probe: Probe, shape: Shape): Definition {
  const fields = toOneFields(setting, source)
  const date = pickField(random, datesOf(setting, source))
  const isCompare = shape.includes('compare')
  const period =
    date !== undefined &&
    (shape.includes('compare-filter') || shape === 'gaps-compare' || (shape === 'fillGaps' && random.chance(0.7)))
      ? comparablePeriod(random, setting, date, shape === 'fillGaps')
      : undefined
  const keys = randomKeys(random, fields, shape, date, period)
  const aggregates = randomAggregates(
    random,
    setting,
    source,
    shape,
    isCompare,
    keys.map((key) => key.id ?? key.field ?? ''),
  )
  const compareTo = isCompare ? compareTarget(random, keys, date, period) : undefined
  const base = {
    dataSources: dataSources(random, setting, source),
    groupBy: keys,
    aggregates: aggregates.map(({ aggregate }) => aggregate),
    ...summaryFilters(random, setting, source, probe, isCompare || shape === 'fillGaps', date, period),
    ...(compareTo === undefined ? {} : { compare: { to: compareTo } }),
  }
  const outputs = outputsOf(setting, source, keys, fields, aggregates, compareTo !== undefined)
  if (shape === 'pivot') return withPivot(random, setting, base, keys, outputs)
  const wantsCalculations = shape === 'calculations' || random.chance(0.25)
  const calculated = wantsCalculations
    ? randomCalculations(random, outputs, random.int(1, 4))
    : { calculations: [], outputs }
  return finish(
    random,
    setting,
    Definition.parse({ ...base, calculations: calculated.calculations }),
    calculated.outputs,
    probe,
  )
}

/** Having, order, limits and totals on top of a summary. */
function finish(
  random: Random,
  setting: Setting,
  definition: Definition,
  outputs: readonly Output[],
  probe: Probe,
): Definition {
  const sample = (id: string) => {
    const cells = probe.cells(definition, id)
    return cells.length === 0 ? undefined : random.pick(cells)
  }
  const having = random.chance(0.3) ? randomHaving(random, setting, outputs, sample) : undefined
  const ids = outputs.map(({ id }) => id)
  return {
    ...definition,
    ...(having === undefined ? {} : { having }),
    sortBy: randomSorts(random, ids),
    ...cuts(random, definition.groupBy.length === 0 ? [] : ids),
    totals: random.chance(0.25) && definition.aggregates.length > 0,
  }
}

function withPivot(
  random: Random,
  setting: Setting,
  base: object,
  keys: readonly GroupKey[],
  outputs: readonly Output[],
): Definition {
  const column = random.pick(keys.filter(({ hidden }) => hidden !== true))
  const id = column.id ?? column.field ?? ''
  const limit = random.chance(0.6) ? { limit: random.int(1, 4) } : {}
  const definition = Definition.parse({ ...base, pivot: { column: id, ...limit } })
  const named = outputs.filter((output) => output.id !== id)
  const having =
    random.chance(0.25) && named.length > 0 ? randomHaving(random, setting, named, () => undefined) : undefined
  return {
    ...definition,
    ...(having === undefined ? {} : { having }),
    sortBy: randomSorts(
      random,
      named.map((output) => output.id),
    ),
    limit: random.chance(0.2) ? random.int(1, 5) : null,
    totals: random.chance(0.3),
  }
}

type Named = { readonly aggregate: Aggregate; readonly kind: Output['kind'] }

/** Ids that a statement may well use for its own purposes. */
const ODD_IDS = ['a0', 'k0', 'amount', 'select']

function randomAggregates(
  random: Random,
  setting: Setting,
  source: string,
  shape: Shape,
  numeric: boolean,
  taken: readonly string[],
): Named[] {
  const least = taken.length === 0 || shape !== 'plain' ? 1 : 0
  const made = Array.from({ length: random.int(least, shape === 'pivot' ? 2 : 4) }, (_, index): Named => {
    const { expression, kind } = randomAggregate(random, setting, source, 2, numeric)
    const hidden = index > 0 && random.chance(0.12)
    return {
      aggregate: {
        id: random.chance(0.8) || taken.includes('amount') ? `agg_${index + 1}` : (ODD_IDS[index] ?? ''),
        ...expression,
        ...(hidden ? { hidden } : {}),
      },
      kind,
    }
  })
  return made
}

function randomKeys(
  random: Random,
  fields: readonly FieldPath[],
  shape: Shape,
  date: FieldPath | undefined,
  period: Period | undefined,
): GroupKey[] {
  const keys: GroupKey[] = []
  const used = new Set<string>()
  const add = (key: GroupKey | undefined) => {
    const id = key?.id ?? key?.field
    if (key !== undefined && id !== undefined && !used.has(id)) keys.push(key)
    if (id !== undefined) used.add(id)
  }
  if (date !== undefined && shape !== 'plain' && shape !== 'calculations' && shape !== 'pivot') {
    const grain = keyGrain(random, shape, date, period)
    if (grain !== undefined)
      add({
        field: date.path,
        ...(random.chance(0.3) ? { id: 'stretch' } : {}),
        grain,
        ...(shape === 'fillGaps' || shape === 'gaps-compare' ? { fillGaps: true } : {}),
      })
  }
  const hasStretch = keys.length > 0
  const [first] = keys
  if (first !== undefined && date !== undefined && shape === 'compare-filter' && random.chance(0.15))
    add({ id: 'coarser', field: date.path, grain: coarserGrain(first.grain, period) })
  const forbidden = shape.includes('compare') ? date?.path : undefined
  const count =
    shape === 'pivot'
      ? random.int(1, 3)
      : random.weighted([
          [hasStretch ? 4 : 1.5, 0],
          [5, 1],
          [2, 2],
          [0.5, 3],
        ])
  for (let n = 0; n < count; n += 1)
    add(randomKey(random, fields, forbidden, `key_${n}`, shape.startsWith('compare') || shape === 'gaps-compare'))
  if (shape === 'pivot' && keys.length === 0) add({ field: fields[0]?.path ?? '' })
  const mayHide = keys.length > 1 && shape !== 'pivot' && random.chance(0.1)
  const shuffled = random.sample(keys, keys.length)
  return mayHide ? shuffled.map((key, index) => (index === 0 ? { ...key, hidden: true } : key)) : shuffled
}

function randomKey(
  random: Random,
  fields: readonly FieldPath[],
  forbidden: string | undefined,
  id: string,
  noStretches: boolean,
): GroupKey | undefined {
  const usable = fields.filter(
    ({ path, isStoredAsText, type }) => path !== forbidden && !(isStoredAsText && type === 'timestamp'),
  )
  if (random.chance(0.12)) {
    const operands = random.sample(operandsOf(usable), 5)
    return { id, formula: randomFormula(random, operands, random.pick(['number', 'text', 'boolean']), 1) }
  }
  const field = pickField(random, usable)
  if (field === undefined) return undefined
  const named = random.chance(0.3) ? { id } : {}
  if (isTemporal(field) && random.chance(0.8)) {
    const grain = randomGrain(random, field)
    if (!(noStretches && isTruncating(grain))) return { field: field.path, grain, ...named }
  }
  if (isNumeric(field) && random.chance(0.6))
    return { field: field.path, bucket: random.pick([1, 5, 10, 100, 2.5, 0.5]), ...named }
  return { field: field.path, ...named }
}

/** A grain whose stretches stay few and, under compare, meet those of the moved period. */
function keyGrain(random: Random, shape: Shape, date: FieldPath, period: Period | undefined): GroupKey['grain'] {
  if (shape === 'compare-key') return random.pick([...DATE_GRAINS, 'month', 'quarter', 'year'] as const)
  if (shape === 'fillGaps') {
    const unit = period === undefined ? undefined : unitOf(period)
    if (unit === 'hour' || (unit === 'day' && date.type === 'timestamp' && period !== undefined && 'day' in period))
      return random.pick(['hour', 'day'])
    return unit === 'day' || unit === 'week'
      ? random.pick(['day', 'week', 'month'])
      : random.pick(['week', 'month', 'quarter', 'year', 'fiscal_quarter', 'fiscal_year'])
  }
  if (shape === 'compare-filter' && random.chance(0.35)) return undefined
  if (period === undefined) return undefined
  const unit = unitOf(period)
  switch (unit) {
    case 'day':
      return 'day'
    case 'week':
      return random.pick(['week', 'day'])
    case 'month':
      return 'month'
    case 'quarter':
      return random.pick(['month', 'quarter'])
    case 'fiscal_quarter':
      return random.pick(['month', 'fiscal_quarter'])
    case 'year':
      return random.pick(['month', 'quarter', 'year'])
    case 'fiscal_year':
      return random.pick(['month', 'fiscal_quarter', 'fiscal_year'])
    default:
      return undefined
  }
}

/** A grain of the same date whose stretches also meet: that of the period itself. */
function coarserGrain(grain: GroupKey['grain'], period: Period | undefined): GroupKey['grain'] {
  const unit = period === undefined ? undefined : unitOf(period)
  return unit === undefined || unit === 'hour' ? grain : unit
}

/** The unit that a period is made of; a from–to stretch counts in days. */
function unitOf(period: Period): PeriodUnit | undefined {
  if ('unit' in period) return period.unit
  if ('this' in period) return period.this
  if ('previous' in period) return period.previous
  if ('to_date' in period) return period.to_date
  if ('year' in period) return 'year'
  if ('fiscal_year' in period) return 'fiscal_year'
  if ('quarter' in period) return 'quarter'
  if ('month' in period) return 'month'
  return 'day' in period || 'from' in period ? 'day' : undefined
}

function comparablePeriod(random: Random, setting: Setting, date: FieldPath, mayBeOpen: boolean): Period {
  for (;;) {
    const period = randomPeriod(random, setting, date.type === 'timestamp')
    const isOpen = 'before' in period || 'since' in period
    // Only whole days have a length to move by.
    const isTimed = 'from' in period && `${period.from}${period.to}`.includes('T')
    if (mayBeOpen || !(isOpen || isTimed)) return period
  }
}

/** previous_year only where the keys of the compared date are months or longer, and hours are not moved by years. */
function compareTarget(
  random: Random,
  keys: readonly GroupKey[],
  date: FieldPath | undefined,
  period: Period | undefined,
): 'previous_period' | 'previous_year' {
  const key = keys.find(({ field, grain }) => field === date?.path && isTruncating(grain))
  const isFine = key?.grain === 'day' || key?.grain === 'week'
  const isFiscal = period === undefined && key?.grain?.startsWith('fiscal') === true
  const isHourly = period !== undefined && unitOf(period) === 'hour'
  return isFine || isFiscal || isHourly || random.chance(0.5) ? 'previous_period' : 'previous_year'
}

/** Filters; a compared or filled date has its period alone at the top level. */
function summaryFilters(
  random: Random,
  setting: Setting,
  source: string,
  probe: Probe,
  isGuarded: boolean,
  date: FieldPath | undefined,
  period: Period | undefined,
): { filters?: Filter } {
  const { filters } = hittingFilter(random, setting, source, probe)
  if (period === undefined || date === undefined) {
    if (filters === undefined || !isGuarded) return filters === undefined ? {} : { filters }
    return { filters: guarded(filters) }
  }
  const condition: Filter = { field: date.path, op: 'in_period', value: period }
  const written = random.pick<Filter>([condition, condition, { all: [condition] }, { any: [{ all: [condition] }] }])
  if (filters === undefined || random.chance(0.5)) return { filters: written }
  return { filters: { all: random.sample([written, guarded(filters)], 2) } }
}

/** The same condition where its periods are not seen. */
const guarded = (filter: Filter): Filter => ({ any: [filter, filter] })

function outputsOf(
  setting: Setting,
  source: string,
  keys: readonly GroupKey[],
  fields: readonly FieldPath[],
  aggregates: readonly Named[],
  compared: boolean,
): Output[] {
  const fromKeys = keys.map(
    (key): Output => ({
      id: key.id ?? key.field ?? '',
      kind: keyKind(key, fields),
      role: 'key',
      grain: key.grain,
      isTruncating: isTruncating(key.grain),
      hidden: key.hidden === true,
    }),
  )
  const fromAggregates = aggregates.flatMap(({ aggregate, kind }): Output[] => {
    const { id, fn, hidden = false } = aggregate
    const resolved = resolveAggregate(setting.catalog, source, aggregate)
    const hops = resolved.ok ? resolved.aggregate.hops : []
    // Rows that several groups count do not add up, unless every key is theirs.
    const prefix = hops.map(({ relation }) => `${relation}.`).join('')
    const isApart =
      !mayRepeat(setting.catalog, hops) || keys.every(({ field = '', formula }) => !formula && field.startsWith(prefix))
    const isAdditive = isApart && (kind === 'sum' || (kind === 'count' && fn !== 'count_distinct'))
    const added = ['previous', 'change', 'percent_change'].map(
      (suffix): Output => ({ id: `${id}_${suffix}`, kind: 'number', role: 'compare', hidden }),
    )
    return [{ id, kind, role: 'aggregate', hidden, isAdditive }, ...(compared ? added : [])]
  })
  return [...fromKeys, ...fromAggregates]
}

function keyKind(key: GroupKey, fields: readonly FieldPath[]): Output['kind'] {
  // An id is named by no calculation and no comparison, so that the formula's type does not matter.
  if (key.formula !== undefined) return 'id'
  const field = fields.find(({ path }) => path === key.field)
  if (field === undefined) return 'text'
  if (key.grain === undefined) return kindOfField(field)
  if (key.grain === 'hour') return field.zoned ? 'instant' : 'wall'
  return isTruncating(key.grain) ? 'day' : 'number'
}
