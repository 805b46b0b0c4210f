// Definition → one English sentence that says what the table is, made without a model.
// Exact: whatever changes the rows or columns changes the sentence. Titles, labels and formats are not part of the meaning.
import type { Catalog } from '../catalog/schema.ts'
import { keptByDefinition } from './kept.ts'
import { columnId, isSummary, listColumns, type Output, outputsOf } from './outputs.ts'
import type { Calculation, Definition, GroupKey } from './schema.ts'
import {
  listed,
  rowSpeech,
  type Speech,
  spokenAggregate,
  spokenFilter,
  spokenFormula,
  spokenGrain,
  spokenMetrics,
  spokenPath,
  spokenRows,
  spokenSort,
} from './spoken.ts'
import { firstTimeKey, isTimeKey } from './time.ts'

/** The sentence of a checked definition; ends with a full stop. */
export function readBack(definition: Definition, catalog: Catalog): string {
  const text = sentence(definition, catalog)
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** Parts of a definition that a piece of the sentence says. */
export const sentencePartNames = [
  'dataSources',
  'columns',
  'groupBy',
  'aggregates',
  'calculations',
  'filters',
  'having',
  'sortBy',
  'limit',
  'limitPer',
  'compare',
  'pivot',
  'totals',
  'distinct',
] as const
export type SentencePart = { readonly part: (typeof sentencePartNames)[number]; readonly text: string }

/** A checked definition in pieces, in the words of its sentence: what each of them says can be changed by itself. */
export const sentenceParts = keptByDefinition(partsOf)

function partsOf(definition: Definition, catalog: Catalog): SentencePart[] {
  const source = definition.dataSources[0] ?? ''
  const speech = rowSpeech(catalog, source, innerSentence(catalog))
  const names = outputNames(definition, catalog, source, speech)
  const outputs = outputsOf(definition, catalog)
  const name = (id: string): string => names.get(id) ?? spokenPath(catalog, source, id)
  const type = (id: string) => outputs.find((o) => o.id === id)?.type ?? speech.type(id)
  const of = (part: SentencePart['part'], texts: readonly string[]): SentencePart[] =>
    texts.map((text) => ({ part, text }))
  const conditions = (filter: Definition['filters']) =>
    filter === undefined ? [] : 'all' in filter ? filter.all : [filter]
  const resultSpeech = columnSpeech(definition, catalog)
  const { calculations, compare, distinct, having, limit, limitPer, pivot, sortBy, totals } = definition
  const listedColumns = definition.columns.map((column) =>
    column.formula === undefined
      ? spokenPath(catalog, source, column.field ?? '')
      : `${quotedId(column.id)} = ${spokenFormula(column.formula)}`,
  )
  return [
    ...of(
      'aggregates',
      definition.aggregates.map((a) => spokenAggregate(a, catalog, source, speech.sentence)),
    ),
    ...of(
      'groupBy',
      definition.groupBy.map((key) => `by ${spokenKey(key, catalog, source)}`),
    ),
    ...of('columns', listedColumns),
    ...of('dataSources', [`from ${spokenRows(catalog, source)}`]),
    ...of(
      'filters',
      conditions(definition.filters).map((one) => spokenFilter(one, speech)),
    ),
    ...of(
      'calculations',
      calculations.map((c) => `${name(c.id)} = ${spokenCalculation(c, name, definition)}`),
    ),
    ...of(
      'compare',
      compare === null ? [] : [`compared with the ${compare.to === 'previous_year' ? 'year' : 'period'} before`],
    ),
    ...of('pivot', pivot === null ? [] : [`a column for each ${name(pivot.column)}`]),
    ...of(
      'having',
      conditions(having).map((one) => `only where ${spokenFilter(one, resultSpeech)}`),
    ),
    ...of(
      'sortBy',
      sortBy.map((one) => `sorted by ${spokenSort(one, name(one.field), type(one.field))}`),
    ),
    ...of(
      'limitPer',
      limitPer === null ? [] : [`the first ${limitPer.limit} for each ${listed(limitPer.by.map(name))}`],
    ),
    ...of('limit', limit === null ? [] : [limit === 1 ? 'only the first row' : `the first ${limit} rows`]),
    ...of('totals', totals ? [spokenTotal(definition)] : []),
    ...of('distinct', distinct ? ['equal rows once'] : []),
  ]
}

/** A few words for a table that nobody named: what is counted by what, or whose rows they are. */
export function shortTitle(definition: Definition, catalog: Catalog): string {
  const parts = sentenceParts(definition, catalog)
  const texts = (part: SentencePart['part']) => parts.filter((one) => one.part === part).map(({ text }) => text)
  const measures = texts('aggregates')
  // A key that only tells rows of one name apart is no part of what a table is about.
  const outputs = outputsOf(definition, catalog)
  const isId = definition.groupBy.map((key) => outputs.find(({ id }) => id === columnId(key))?.type === 'id')
  const keys = texts('groupBy')
    .map((text) => text.replace(/^by /, ''))
    .filter((_, at) => !isId[at] || isId.every(Boolean))
  const what = measures.length > 0 ? listed(measures.slice(0, 2)) : spokenRows(catalog, definition.dataSources[0] ?? '')
  const text = keys.length === 0 ? what : `${what} by ${listed(keys)}`
  const { limit, sortBy } = definition
  const first = limit !== null && limit > 1 && sortBy[0]?.direction === 'desc' ? [`top ${limit}`] : texts('limit')
  const whole = [text, ...first].join(', ')
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}`.slice(0, 120)
}

/** What a change did, in the words of the sentences: pieces that went, and pieces that came. */
export type ChangeWords = { readonly gone: readonly SentencePart[]; readonly come: readonly SentencePart[] }

/** The difference of two checked definitions in words. */
export function changeWords(before: Definition, after: Definition, catalog: Catalog): ChangeWords {
  const [old, now] = [sentenceParts(before, catalog), sentenceParts(after, catalog)]
  const without = (some: readonly SentencePart[], others: readonly SentencePart[]) =>
    some.filter(({ part, text }) => !others.some((one) => one.part === part && one.text === text))
  return { gone: without(old, now), come: without(now, old) }
}

/** The sentence of a definition within another one. */
export const innerSentence =
  (catalog: Catalog) =>
  (definition: Definition): string =>
    sentence(definition, catalog)

/** How conditions on the result call its columns. */
export function columnSpeech(definition: Definition, catalog: Catalog): Speech {
  const source = definition.dataSources[0] ?? ''
  const speech = rowSpeech(catalog, source, innerSentence(catalog))
  const names = outputNames(definition, catalog, source, speech)
  const outputs = outputsOf(definition, catalog)
  return {
    catalog,
    name: (id) => names.get(id) ?? id,
    type: (id) => outputs.find((o) => o.id === id)?.type,
    values: (id) => {
      const key = definition.groupBy.find((one) => columnId(one) === id)
      return key?.field === undefined || key.grain !== undefined ? undefined : speech.values(key.field)
    },
    sentence: speech.sentence,
  }
}

function sentence(definition: Definition, catalog: Catalog): string {
  const source = definition.dataSources[0] ?? ''
  const speech = rowSpeech(catalog, source, innerSentence(catalog))
  return isSummary(definition)
    ? summarySentence(definition, catalog, source, speech)
    : listSentence(definition, catalog, source, speech)
}

function listSentence(definition: Definition, catalog: Catalog, source: string, speech: Speech): string {
  const columns = listColumns(definition, catalog).map((c) =>
    c.formula === undefined
      ? spokenPath(catalog, source, c.field ?? '')
      : `${quotedId(c.id)} = ${spokenFormula(c.formula)}`,
  )
  const outputs = outputsOf(definition, catalog)
  const name = (id: string): string => {
    const column = listColumns(definition, catalog).find((c) => columnId(c) === id)
    if (column?.formula !== undefined) return quotedId(id)
    return spokenPath(catalog, source, column?.field ?? id)
  }
  const type = (id: string) => outputs.find((o) => o.id === id)?.type ?? speech.type(id)
  return [
    `${definition.distinct ? 'different combinations of ' : ''}${listed(columns)} of ${rowsWhere(definition, catalog, source, speech)}`,
    ...meanings(definition, catalog, source, speech),
    ...tail(definition, name, type),
  ].join('; ')
}

function rowsWhere(definition: Definition, catalog: Catalog, source: string, speech: Speech): string {
  const rows = spokenRows(catalog, source)
  return definition.filters === undefined ? rows : `${rows} where ${spokenFilter(definition.filters, speech)}`
}

/** What the catalog's named numbers count: "raised" may leave out what no condition of the definition does. */
function meanings({ aggregates, filters }: Definition, catalog: Catalog, source: string, speech: Speech): string[] {
  const parts = [...aggregates, ...(filters === undefined ? [] : [filters])]
  return [...new Set(parts.flatMap((part) => spokenMetrics(part, catalog, source, speech.sentence)))]
}

function summarySentence(definition: Definition, catalog: Catalog, source: string, speech: Speech): string {
  const columns = columnSpeech(definition, catalog)
  const { name, type } = columns
  const pivot = definition.pivot?.column
  const hidden = (part: { hidden?: boolean | undefined }): string => (part.hidden === true ? ' (not shown)' : '')
  const aggregates = definition.aggregates.map((a) => {
    const text = spokenAggregate(a, catalog, source, speech.sentence)
    return `${text === name(a.id) ? text : `${name(a.id)} = ${text}`}${hidden(a)}`
  })
  const keys = definition.groupBy.map((key) => `${spokenKey(key, catalog, source)}${hidden(key)}`)
  const what =
    aggregates.length === 0
      ? `different ${listed(keys)} of `
      : `${listed(aggregates)}${keys.length === 0 ? '' : ` by ${listed(keys)}`}, from `
  return [
    `${what}${rowsWhere(definition, catalog, source, speech)}`,
    ...meanings(definition, catalog, source, speech),
    ...definition.calculations.map((c) => `with ${name(c.id)} = ${spokenCalculation(c, name, definition)}${hidden(c)}`),
    ...(definition.compare === null
      ? []
      : [`compared with the ${definition.compare.to === 'previous_year' ? 'year' : 'period'} before`]),
    ...(pivot === undefined
      ? []
      : [
          `${definition.pivot?.limit === undefined ? 'a column' : `up to ${definition.pivot.limit} columns, one`} for each ${name(pivot)}`,
        ]),
    ...(definition.having === undefined ? [] : [`only where ${spokenFilter(definition.having, columns)}`]),
    ...tail(definition, name, type),
    ...(definition.totals ? [spokenTotal(definition)] : []),
  ].join('; ')
}

/** A total is of everything, whatever is left out of the rows that are shown. */
const spokenTotal = ({ having, limit, limitPer }: Definition): string =>
  having === undefined && limit === null && limitPer === null
    ? 'with a grand total'
    : 'with a grand total, of the rows left out too'

function tail(definition: Definition, name: (id: string) => string, type: (id: string) => Output['type']): string[] {
  const sorts = definition.sortBy.map((s) => spokenSort(s, name(s.field), type(s.field)))
  return [
    ...(sorts.length === 0 ? [] : [`sorted by ${sorts.join(', then by ')}`]),
    ...(definition.limitPer === null
      ? []
      : [`the first ${definition.limitPer.limit} for each ${listed(definition.limitPer.by.map(name))}`]),
    ...(definition.limit === null
      ? []
      : [definition.limit === 1 ? 'only the first row' : `the first ${definition.limit} rows`]),
  ]
}

function spokenKey(key: GroupKey, catalog: Catalog, source: string): string {
  if (key.formula !== undefined) return `${quotedId(key.id)} = ${spokenFormula(key.formula)}`
  const name = spokenPath(catalog, source, key.field ?? '')
  const gaps = key.fillGaps === true ? ' (gaps filled)' : ''
  if (key.grain !== undefined) return `${spokenGrain(key.grain, name)}${gaps}`
  return key.bucket === undefined ? name : `${name} in ranges of ${key.bucket}`
}

/** What later parts of the sentence call each column: its description where that is short and its own, its id otherwise. */
function outputNames(definition: Definition, catalog: Catalog, source: string, speech: Speech): Map<string, string> {
  const names = new Map<string, string>()
  for (const key of definition.groupBy)
    names.set(
      columnId(key),
      key.formula === undefined ? spokenKey({ ...key, fillGaps: undefined }, catalog, source) : quotedId(key.id),
    )
  const texts = definition.aggregates.map((a) => spokenAggregate(a, catalog, source, speech.sentence))
  definition.aggregates.forEach((a, i) => {
    const text = texts[i] ?? a.id
    const plain = text.length <= 60 && texts.filter((t) => t === text).length === 1 && a.where === undefined
    names.set(a.id, plain ? text : quotedId(a.id))
    for (const [suffix, words] of [
      ['previous', 'before'],
      ['change', 'change'],
      ['percent_change', 'percent change'],
    ] as const)
      names.set(`${a.id}_${suffix}`, `${names.get(a.id)} (${words})`)
  })
  for (const c of definition.calculations) names.set(c.id, quotedId(c.id))
  return names
}

/** What a moving average runs over: stretches of time where its order has them, whether they have rows or not. */
function stretches(calculation: Calculation, definition: Definition): string {
  const over = calculation.over ?? firstTimeKey(definition)
  const key = definition.groupBy.find((one) => columnId(one) === over)
  return key !== undefined && isTimeKey(key) ? `${(key.grain ?? '').replace('_', ' ')}s` : 'rows'
}

const quotedId = (id: string | undefined): string => `"${(id ?? '').replaceAll('_', ' ')}"`

function spokenCalculation(c: Calculation, name: (id: string) => string, definition: Definition): string {
  if (c.formula !== undefined) return spokenFormula(c.formula)
  const of = name(c.of ?? '')
  const within = c.within === undefined || c.within.length === 0 ? '' : ` within ${listed(c.within.map(name))}`
  const over = c.over === undefined ? '' : ` over ${name(c.over)}`
  const keyed = definition.groupBy.length > 1 ? over : c.over === undefined ? '' : over
  switch (c.fn) {
    case 'percent_of_total':
      return `share of ${of} in the total${within}`
    case 'running_total':
      return `running total of ${of}${keyed}`
    case 'rank':
      return `rank by ${of}${within}`
    case 'change':
      return `change of ${of}${keyed}`
    case 'percent_change':
      return `percent change of ${of}${keyed}`
    default:
      return `moving average of ${of} over ${c.size ?? 0} ${stretches(c, definition)}${keyed}`
  }
}
