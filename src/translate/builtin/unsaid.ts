// What a prompt plainly asks for that a definition does not say: a last look with other eyes than the reader's.
// In: the prompt's tokens, a definition, the catalog. Out: the words that went missing, as they were typed; none is good.
// Refused: nothing; whether a reading with something missing is still shown is the translator's to decide.
import { resolvePath } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { Definition, Filter } from '../../definition/schema.ts'
import { GRAMMAR, STOP_WORDS } from './keywords.ts'
import { lexiconOf } from './lexicon.ts'
import { deedsOf, isDoer } from './recast/deeds.ts'
import { isPast, lemma, stem } from './stem.ts'
import { arePeople, countMetric } from './tie/facts.ts'
import { type Token, tokenise } from './tokens.ts'
import { type Touched, touchedBy } from './touched.ts'
import { hasMetrics } from './written.ts'

type Said = {
  readonly text: string
  readonly definition: Definition
  readonly json: string
  readonly touched: Touched
  /** Whether a metric of the root counts its rows. */
  readonly counted: (metric: string) => boolean
  /** Whether different things are counted that its rows name. */
  readonly distinct: boolean
}
/** Words that ask for something, and whether a definition has it. */
type Rule = { readonly words: RegExp; readonly has: (said: Said) => boolean }

const COUNTS = /"fn":"count(_distinct)?"|"match":\{"count"|"metric":/
const AMOUNTS = /"fn":"(sum|avg|min|max|median|percentile|stddev)"|"metric":|"aggregate":/
const RATIOS = /"formula":|"fn":"(percent_of_total|percent_change)"/
/** An average, or so much for one of something. */
const AVERAGES = /"fn":"(avg|moving_average)"|"formula":"\w+ \/ \w+"/
const NEGATIONS =
  /"not":|"match":"(none|every)"|"op":"(ne|not_in|not_contains|is_empty|lt|lte|not_empty)"|"value":(0|false)\b/

const RULES: readonly Rule[] = [
  {
    words: /\b(how many|number of|count of|total number)\b/,
    has: ({ json, touched }) =>
      COUNTS.test(json) || AMOUNTS.test(json) || touched.numbers > 0 || touched.says(/number|count|total|quantity/),
  },
  {
    words: /\btotals?\b/,
    has: ({ definition, json, touched }) =>
      COUNTS.test(json) || AMOUNTS.test(json) || touched.numbers > 0 || definition.totals || touched.says(/total/),
  },
  {
    // What was invoiced in total is no number of invoices.
    words: /\btotal (?!number)[a-z]+ed\b/,
    has: ({ json, touched }) => AMOUNTS.test(json) || touched.says(/total/),
  },
  {
    // The five largest donors gave most in all, not most at once.
    words: /\btop \w+ .*\bby\b/,
    has: ({ text, json }) =>
      !/"fn":"max"/.test(json) || /\b(single|largest|highest|biggest|max(imum)?|latest)\b/.test(text),
  },
  {
    words: /\b(totals?|sum) of (?!\d)/,
    has: ({ json, touched }) => /"fn":"sum"|"metric":|"aggregate":/.test(json) || touched.numbers > 0,
  },
  {
    words: /\b(spen[dt]|pa(id|y)|earn(ed|s)?|cost|owes?) (the )?(most|least)\b/,
    has: ({ json, touched }) => AMOUNTS.test(json) || touched.numbers > 0,
  },
  { words: /\bhow much\b/, has: ({ json, touched }) => AMOUNTS.test(json) || touched.numbers > 0 },
  {
    words: /\b(rates?|ratios?|percentages?|percent|proportions?)\b/,
    has: ({ json, touched }) => RATIOS.test(json) || touched.says(/rate|ratio|percent|proportion|share/),
  },
  {
    words: /\b(on average|averages?|mean)\b/,
    has: ({ json, touched }) => AVERAGES.test(json) || touched.says(/average|mean|avg/),
  },
  {
    // Rows brought together by month know the average row of a month, not the average month.
    words:
      /\b(averages?|mean) (\w+ ){0,2}(raised|given|donated|pledged|spent|collected|earned|revenue|income|spending|cost) (per|a|each|every) (day|week|month|quarter|year)\b/,
    has: ({ json }) => !json.includes('"fn":"avg"'),
  },
  {
    // One after another, not each by itself.
    words: /\b(growth|change|increase|decrease|decline|drop|rise) (in|of|from|over|since)\b/,
    has: ({ definition, json, touched }) =>
      definition.compare !== null ||
      /"fn":"(change|percent_change)"/.test(json) ||
      touched.says(/growth|change|increase|decrease|decline|drop|rise/),
  },
  {
    // Which one was the first of several is asked of each, not of all together.
    words: /\b(number of|how many|count of) first [a-z]+s\b/,
    // "First visits" may be a kind of visit.
    has: ({ json }) => /"fn":"(first|min)"|"value":"first/i.test(json),
  },
  {
    // One number in another, not in the sum of itself.
    words:
      /\bas (an? )?(percentage|percent|pct|%|share|proportion) of (?!(the |all |its )?(total|whole|all|everything)\b)/,
    has: ({ json }) => !json.includes('"fn":"percent_of_total"'),
  },
  {
    // A largest amount alone names nobody.
    words: /\band (by )?whom?\b/,
    has: ({ definition }) => definition.groupBy.length + definition.columns.length > 0,
  },
  {
    // What matches or belongs to something names that first.
    words:
      /^((how (many|much)|show|list|all|the|total|number|sum|amount|of|in|from|money|me) )*(matching|corresponding|associated|related|respective)\b/,
    has: () => false,
  },
  {
    // What is done in each of several years is asked of people, one year at a time.
    words: /\b(who|that|which) \w+ (in )?(every|each) (single )?(year|quarter|month|week)\b/,
    has: () => false,
  },
  {
    // "Donors giving every year" as well; "how much was given every year" is one number for each.
    words:
      /\b(gave|gives?|giving|donat(ed?|es|ing)|contribut(ed?|es|ing)|attend(ed|s|ing)?|pledg(ed?|es|ing)) (in )?(every|each) (single )?(year|quarter|month|week)\b/,
    has: ({ text }) =>
      /\b(how|what|amounts?|money|totals?|sum|numbers?|count|(was|were|been) \w+ (in )?(every|each))\b/.test(text),
  },
  {
    // So long is no number of rows.
    words: /\b(\d+|two|three|six|twelve) (days?|weeks?|months?|years?)\b/,
    has: ({ text, json, definition }) => {
      const [, number = ''] = /\b(\d+) (?:days?|weeks?|months?|years?)\b/.exec(text) ?? []
      return (
        number === '' ||
        !`${JSON.stringify(definition.having ?? null)}${json}`.match(
          new RegExp(`"(field":"count_\\w+|count":\\{)","?op":"\\w+","value":${number}\\b`),
        )
      )
    },
  },
  {
    // The last ten rows are in the order of their day.
    words:
      /\b(last|latest|newest|most recent) (\d+|three|five|ten|twenty) (?!(full |fiscal |calendar |business )?(hour|day|week|month|quarter|year)s?\b)[a-z]+s\b/,
    has: ({ definition }) => definition.aggregates.length === 0 && definition.sortBy.length > 0,
  },
  {
    // So much in total is not so much at once.
    words:
      /\b[\d,.]+ (in total|altogether|in all|combined|overall|total(?! (?!this|last|in|since|during|and|but|to)[a-z]))\b/,
    has: ({ text, definition }) => {
      const [, number = ''] = /\b([\d,.]+) (?:in total|total|altogether|in all|combined|overall)\b/.exec(text) ?? []
      const single = new RegExp(`"field":"[^"]+","op":"\\w+","value":${number.replaceAll(',', '')}\\b`)
      return !single.test(JSON.stringify(definition.filters ?? null))
    },
  },
  // The day on which a stretch begins or ends is none that a definition can name.
  {
    words: /\b(end|beginning|start|middle) of (the|this|next|last) (fiscal )?(year|quarter|month|week)\b/,
    has: () => false,
  },
  // The days on which something begins and ends are columns of their own.
  { words: /\b(from|since|until|till) when\b/, has: () => false },
  { words: /\b(minus|net of|less the)\b/, has: ({ json, touched }) => RATIOS.test(json) || touched.says(/net/) },
  { words: /\b(without|never|excluding|except|but not|not)\b/, has: ({ json }) => NEGATIONS.test(json) },
  {
    // Whoever gave at another time may have given then as well.
    words: /\b(not|never)\b/,
    has: ({ json, distinct }) => !(distinct && /"not":\{"field":"[^"]+","op":"in_period"/.test(json)),
  },
  {
    // No row is of two years at once: who gave last year and not this year is asked of people, not of gifts.
    words: /\b(but|and) (not|never)\b/,
    has: ({ json }) => {
      const [, field] = /"not":\{"field":"([^"]+)","op":"in_period"/.exec(json) ?? []
      return field === undefined || json.split(`{"field":"${field}","op":"in_period"`).length <= 2
    },
  },
  {
    // Nor by two dates of one row, where only the stretch is denied.
    words: /\b(but|and) (not|never) (in |during )?(this|last|the (previous|current)|next|\d{4}|q[1-4])\b/,
    has: ({ definition: { filters } }) => {
      const all = filters === undefined ? [] : 'all' in filters ? filters.all : [filters]
      const timed = (one: Filter) => 'field' in one && one.op === 'in_period'
      return !(all.some(timed) && all.some((one) => 'not' in one && timed(one.not)))
    },
  },
  {
    // No row is of two years: whoever gave in both has a row in each.
    words: /\bboth\b/,
    has: ({ definition: { filters } }) => {
      const years = filters !== undefined && 'all' in filters ? filters.all.flatMap(yearOf) : []
      return new Set(years).size < 2
    },
  },
  {
    words: /\b(vs|versus|compared (to|with)|year over year|month over month)\b/,
    has: ({ definition, json }) => definition.compare !== null || /"fn":"(change|percent_change)"/.test(json),
  },
  {
    words: /\b(monthly|weekly|daily|quarterly|yearly|annually)\b/,
    has: ({ json, touched }) =>
      json.includes('"grain":') ||
      touched.says(/recurring|monthly|weekly|daily|annual|yearly/) ||
      // "quarterly pledges", where that is how they are paid.
      /"field":"[^".]+","op":"eq","value":"(monthly|weekly|daily|quarterly|yearly|annual\w*)"/i.test(json),
  },
  {
    words: /\bfirst(-| | {1,2}- ?)time\b/,
    has: ({ json, touched }) => /"fn":"(first|min)"/.test(json) || touched.says(/first|new/),
  },
  {
    // The share of one row in itself is always the whole.
    words: /\b(rates?|percentages?|percent|shares?|proportions?)\b/,
    has: ({ definition, json }) => definition.groupBy.length > 0 || !json.includes('"fn":"percent_of_total"'),
  },
  {
    // Of each group that fails it nothing is known either.
    words: /\b(percentage|percent|share|proportion) of\b/,
    has: ({ definition, json }) =>
      definition.groupBy.length === 0 ||
      !json.includes('"fn":"percent_of_total"') ||
      !json.includes('"op":"eq","value":true'),
  },
  {
    // Of those that fail the condition nothing is counted: what share they are of all is not said.
    words: /\b(percentage|percent|share|proportion) of (\w+ ){1,2}(that|which|who|whose)\b/,
    has: ({ json }) => !json.includes('"fn":"percent_of_total"'),
  },
  {
    words: /\b(over|above|below|under|more than|less than|exceed\w*)\b/,
    has: ({ text, json }) =>
      !/"aggregate":\{[^{}]*"fn":"(max|min)"/.test(json) ||
      /\b(max(imum)?|min(imum)?|highest|lowest|largest|smallest|any|all|every|oldest|youngest|most|least|latest|earliest)\b/.test(
        text,
      ),
  },
  {
    // Counting rows by their own key says 1 for each.
    words: /\b(most|least|fewest|largest|highest|lowest|smallest|top|biggest)\b/,
    has: ({ definition: { aggregates }, touched, counted }) =>
      !touched.ownKey ||
      aggregates.some(({ fn, field, per, metric }) =>
        metric === undefined ? fn !== 'count' || field !== undefined || per !== undefined : !counted(metric),
      ),
  },
  {
    words: /\b(smallest|lowest|largest|highest|biggest) and (the )?(smallest|lowest|largest|highest|biggest)\b/,
    has: ({ definition: { aggregates, sortBy, limit } }) =>
      limit === null && sortBy.length === 0 && aggregates.length > 1,
  },
  {
    // The largest of each group are as many as there are groups.
    words: /\b\w+est\b.* (in|of|for|from) (each|every)\b/,
    has: ({ definition: { groupBy, limit, limitPer } }) =>
      limit === null || limitPer !== null || (groupBy.length === 0 && limit > 1),
  },
  {
    words: /\b(in each|per)\b/,
    has: ({ definition, json }) =>
      definition.groupBy.length > 0 ||
      definition.limitPer !== null ||
      /"per":|"same":|"formula":"\w+ \/ \w+"/.test(json),
  },
  {
    words:
      /\b(this|last|past|previous|current|next) (\d+ |two |three |six |twelve )?(day|week|month|quarter|year)s?\b|\b(yesterday|today|year to date)\b/,
    has: ({ definition, touched }) => touched.times.size > 0 || definition.compare !== null,
  },
]

/** The field and year of a condition on one year of the definition's own rows. */
function yearOf(filter: Filter): readonly string[] {
  if (!('field' in filter) || filter.op !== 'in_period') return []
  const value = JSON.stringify(filter.value)
  return value.includes('"year":') ? [value] : []
}

/** Verbs that stand for rows of their own: "gave" is a donation, "attended" an attendance. */
const DEEDS: Readonly<Record<string, RegExp>> = {
  raise: /donat|gift|contribution|revenue/,
  give: /donat|gift|contribution|giving/,
  donate: /donat|gift|contribution|giving/,
  contribute: /donat|gift|contribution/,
  pledge: /pledg/,
  attend: /attend|registration|participa/,
  spend: /expens|cost|spend/,
  order: /order/,
  buy: /order|purchase|sale|invoice/,
  purchase: /order|purchase|sale|invoice/,
  pay: /payment|invoice|donat|pledg|expens/,
}

/** The asked-for words that the definition has nothing for. */
export function unsaid(input: {
  readonly prompt: readonly Token[]
  /** What the reader itself found no place for. */
  readonly lost: readonly string[]
  readonly definition: Definition
  readonly catalog: Catalog
}): string[] {
  const { prompt, lost, definition, catalog } = input
  const typed = prompt.filter(({ kind }) => kind !== 'quoted')
  const text = typed.map(({ text }) => text.toLowerCase()).join(' ')
  const touched = touchedBy(definition, catalog)
  const { title: _title, version: _version, ...meaning } = definition
  const { metrics = {} } = catalog.entities[definition.dataSources[0] ?? ''] ?? {}
  const counted = (metric: string) => Object.hasOwn(metrics, metric) && metrics[metric]?.aggregate.fn === 'count'
  const distinct = definition.aggregates.some(
    ({ fn, metric = '' }) => (Object.hasOwn(metrics, metric) ? metrics[metric]?.aggregate.fn : fn) === 'count_distinct',
  )
  const said = { text, definition, json: JSON.stringify(meaning), touched, counted, distinct }
  const missing = RULES.flatMap(({ words, has }) => {
    const found = words.exec(text)
    return found === null || has(said) ? [] : [found[0].trim()]
  })
  return [
    ...new Set([
      ...lost.filter(
        (word) =>
          !datesOf(touched, catalog).has(lemma(word.toLowerCase())) &&
          !isFlag(word, said, catalog) &&
          !isWay(word, said, catalog),
      ),
      ...missing,
      ...lostNumbers(typed, said, hasMetrics(catalog)),
      ...undone(typed, touched, catalog),
      ...otherDates(text, touched, catalog),
      ...ungrouped(text, said, catalog),
      ...nobody(text, said, catalog),
      ...unranked(text, said, catalog),
      ...unlisted(text, said, catalog),
      ...kindsLeftOut(text, said, catalog),
      ...kinLeftOut(text, said, catalog),
      ...flags(text, definition, touched, catalog),
      ...phrasesLeftOut(text, definition, touched, catalog),
      ...totalsLeftOut(text, said, catalog),
      ...rowsLeftOut(text, definition, catalog),
      ...strangers(text, definition, catalog),
      ...notShown(text, definition, catalog),
      ...ofItself(text, definition, catalog),
      ...owners(typed, said, catalog),
      ...addedOnly(text, said, catalog),
      ...strangeDates(text, said, catalog),
      ...otherThan(text, said, catalog),
      ...notCalled(text, said, catalog),
      ...eachOne(text, said, catalog),
    ]),
  ]
}

/** People who are called after what they did are not asked when they were added: "major donors this year". */
function addedOnly(text: string, { definition: { dataSources }, touched }: Said, catalog: Catalog): string[] {
  const root = dataSources[0] ?? ''
  const { defaultDate = '', fields = {} } = catalog.entities[root] ?? {}
  if (!touched.timeFields.has(`${root}.${defaultDate}`) || !hasMetrics(catalog)) return []
  const { label = '', synonyms = [] } = fields[defaultDate] ?? {}
  const typed = lemmas(text).split(' ')
  if (
    lemmas([label, ...synonyms].join(' '))
      .split(' ')
      .some((word) => word.length > 2 && typed.includes(word))
  )
    return []
  const deeds = deedsOf(catalog).filter(({ people }) => people === root)
  return text.split(' ').filter((word) => deeds.some((deed) => isDoer(deed, word)))
}

/** Dates of the rows that nobody named and that are not theirs: "stopped giving after 2024" is no date of birth; and moments that stand for groups. */
function strangeDates(text: string, { definition, touched }: Said, catalog: Catalog): string[] {
  const root = definition.dataSources[0] ?? ''
  const { defaultDate, fields = {} } = catalog.entities[root] ?? {}
  if (!hasMetrics(catalog)) return []
  const typed = new Set(lemmas(text).split(' ').map(stem))
  const strange = [...touched.timeFields].flatMap((read) => {
    const [entity, name = ''] = read.split('.')
    const field = fields[name]
    if (entity !== root || name === defaultDate || field === undefined) return []
    const names = lemmas([field.label, ...field.synonyms].join(' '))
      .split(' ')
      .map(stem)
    return names.some((word) => word.length > 2 && typed.has(word)) ? [] : [field.label.toLowerCase()]
  })
  const moments = definition.groupBy.flatMap(({ field = '', grain, hidden }) =>
    grain === undefined && hidden !== true && fields[field]?.type === 'timestamp'
      ? [`each ${fields[field]?.label}`.toLowerCase()]
      : [],
  )
  return [...strange, ...moments]
}

/** "Raised per contact by state" is one number in another for each state, and no row for each contact. */
function eachOne(text: string, { definition, json }: Said, catalog: Catalog): string[] {
  const [per, noun = ''] =
    /\bper (?!year|quarter|month|week|day)([a-z]+)( raised| spent)?(?= by [a-z])/.exec(text) ?? []
  if (per === undefined || RATIOS.test(json) || definition.limitPer !== null) return []
  const rows = lexiconOf(catalog).rowsCalled(noun)
  const each = definition.groupBy.some(({ field = '' }) => {
    const found = resolvePath(catalog, definition.dataSources[0] ?? '', field)
    const { displayField, primaryKey = [] } = catalog.entities[found.ok ? found.entityName : ''] ?? {}
    const name = field.split('.').at(-1) ?? ''
    return found.ok && rows.includes(found.entityName) && [displayField, ...primaryKey].includes(name)
  })
  return each || !AVERAGES.test(json) ? [per] : []
}

/** Different things are counted by a name they go by: "houses" are no home states. */
function notCalled(text: string, { definition }: Said, catalog: Catalog): string[] {
  if (!hasMetrics(catalog)) return []
  const typed = new Set(lemmas(text).split(' '))
  return definition.aggregates.flatMap(({ fn, field = '' }) => {
    const found = fn === 'count_distinct' ? resolvePath(catalog, definition.dataSources[0] ?? '', field) : undefined
    if (found?.ok !== true || found.field === undefined || !/^(text|enum)$/.test(found.field.type)) return []
    const entity = catalog.entities[found.entityName]
    const name = field.split('.').at(-1) ?? ''
    const rows = name === entity?.displayField ? [entity.label, entity.singular ?? '', ...entity.synonyms] : []
    const names = [name.replaceAll('_', ' '), found.field.label, ...found.field.synonyms, ...rows].filter(
      (one) => one !== '',
    )
    const isSaid = names.some((one) =>
      lemmas(one)
        .split(' ')
        .every((word) => typed.has(word)),
    )
    return isSaid ? [] : [`different ${found.field.label.toLowerCase()}`]
  })
}

/** Rows that a metric counts by what became of them, where all are listed: "refunds over 500" are no donations that were kept. */
function otherThan(text: string, { definition, json }: Said, catalog: Catalog): string[] {
  if (!hasMetrics(catalog) || definition.aggregates.length > 0) return []
  // Behind "top 5" as well: what a prompt is about stands near its beginning.
  const begin = text.replaceAll(' - ', '-').split(' ').slice(0, 3)
  return Object.entries(catalog.entities).flatMap(([entity, { metrics }]) => {
    const usual = countMetric(catalog, entity)
    return Object.entries(metrics).flatMap(([name, { label, aggregate }]) => {
      // A list of gifts shows what became of each.
      if (name === usual || aggregate.fn !== 'count' || !begin.includes(label.toLowerCase())) return []
      const where = aggregate.where as { readonly op?: unknown; readonly value?: unknown } | undefined
      const tested = where?.op === 'eq' && typeof where.value === 'string'
      return tested && !json.includes(JSON.stringify(where.value)) ? [label.toLowerCase()] : []
    })
  })
}

/** Numbers that stand nowhere in the definition, not even as a share or as the next whole number. */
function lostNumbers(tokens: readonly Token[], { json, touched }: Said, curated: boolean): string[] {
  const isShare = touched.says(/percent|rate|ratio|share|margin|discount/)
  const numbers = new Set((json.match(/\d+(\.\d+)?/g) ?? []).map(Number))
  // A time ends with the day before its "to".
  for (const [, to = ''] of json.matchAll(/"to":"(\d{4}-\d\d-\d\d)"/g))
    numbers.add(new Date(Date.parse(to) - 86_400_000).getUTCDate())
  return tokens.flatMap(({ kind, value, text, unit }) => {
    if (value === undefined || (kind !== 'number' && value < 2)) return []
    // Money is no number of rows.
    if (unit === '$' && new RegExp(`"count":\\{"op":"\\w+","value":${value}\\}`).test(json)) return [text]
    // Half of something is no amount of 50.
    if (unit === '%' && curated && !isShare && !numbers.has(value / 100)) return [text]
    return [value, ...(unit === '$' ? [] : [value / 100]), value - 1, value + 1].some((one) => numbers.has(one))
      ? []
      : [text]
  })
}

/** "donors by state" has a row for each state; what is "written by" somebody has not. */
function ungrouped(text: string, { definition, json }: Said, catalog: Catalog): string[] {
  const list = definition.aggregates.length === 0
  // A list knows no rows of a month: it would show each amount of it once.
  const [each] = / (by|per|each|every) (day|week|month|quarter|year)\b/.exec(text) ?? []
  const keys = list && (definition.distinct || definition.groupBy.length > 0)
  if (each !== undefined && keys && hasMetrics(catalog)) return [each.trim()]
  // "the largest pledge by campaign" is one of each; "campaigns by goal" are only sorted.
  const sorted = list && definition.sortBy.length > 0
  if (definition.groupBy.length > 0) return []
  if (sorted && definition.limit !== 1 && !hasMetrics(catalog)) return []
  // Rows that somebody or something has part in: "tables made by Ann".
  const bare = /"relation":"[^"]+","match":"some"\}/g
  if (list && /"same":|"relation":/.test(hasMetrics(catalog) ? json.replaceAll(bare, '') : json)) return []
  const [by, word] = /(?<!(?:ed|en|wn|made|sent|paid|won|held|led|run|sung)) by (\w+)/.exec(text) ?? []
  const amounts = ['integer', 'number', 'money', 'date', 'timestamp']
  const root = definition.dataSources[0]
  const named = Object.entries(catalog.entities).some(([name, { fields, relations }]) => {
    // "by type", where it is called the customer type.
    const own = name === root && hasMetrics(catalog)
    return [
      ...Object.values(fields).filter(({ type }) => !sorted || !amounts.includes(type)),
      ...Object.values(relations),
    ].some(({ label }) => label.toLowerCase() === word || (own && label.toLowerCase().endsWith(` ${word}`)))
  })
  if (sorted && definition.limit !== 1 && /\b(sort|order|rank)\w* by\b/.test(text)) return []
  return by !== undefined && named ? [by.trim()] : []
}

/** Words in their plain form, without the signs between them: "Receives e-mail" is said by "receive e-mail". */
function lemmas(words: string): string {
  return (words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(lemma).join(' ')
}

/** Yes-or-no fields of the rows that are named and not read: "recurring donations"; over a catalog that people wrote, under any name. */
function flags(text: string, { dataSources }: Definition, touched: Touched, catalog: Catalog): string[] {
  const typed = hasMetrics(catalog) ? lemmas(text) : text
  return Object.entries(catalog.entities[dataSources[0] ?? '']?.fields ?? {}).flatMap(
    ([name, { type, label, synonyms }]) => {
      if (type !== 'boolean' || touched.reads(name)) return []
      const names = hasMetrics(catalog) ? [label, ...synonyms].map(lemmas) : [label.toLowerCase()]
      const at = names.findIndex((one) => ` ${typed} `.includes(` ${one} `))
      return at < 0 ? [] : [([label, ...synonyms][at] ?? label).toLowerCase()]
    },
  )
}

/** Whether a word names a yes-or-no field of the rows that is read anyway. */
function isFlag(word: string, { definition: { dataSources }, touched }: Said, catalog: Catalog): boolean {
  const fields = catalog.entities[dataSources[0] ?? '']?.fields ?? {}
  return Object.entries(fields).some(
    ([name, { type, label, synonyms }]) =>
      type === 'boolean' && touched.reads(name) && [label, ...synonyms].some((one) => lemmas(one) === lemmas(word)),
  )
}

/** Whether a word names a relation of the rows that is gone along anyway: "whose family doctor is …". */
function isWay(word: string, { definition: { dataSources }, json }: Said, catalog: Catalog): boolean {
  const relations = catalog.entities[dataSources[0] ?? '']?.relations ?? {}
  return Object.entries(relations).some(
    ([name, { label, synonyms }]) =>
      (json.includes(`"${name}.`) || json.includes(`"relation":"${name}"`)) &&
      [label, ...synonyms].some((one) => lemmas(one) === lemmas(word)),
  )
}

/** Fields of the rows that are named with several words and not read: "gifts in memory of somebody". */
function phrasesLeftOut(text: string, { dataSources }: Definition, touched: Touched, catalog: Catalog): string[] {
  if (!hasMetrics(catalog)) return []
  return Object.entries(catalog.entities[dataSources[0] ?? '']?.fields ?? {}).flatMap(([name, { type, synonyms }]) => {
    if (type !== 'text' || touched.reads(name)) return []
    const said = synonyms.find((one) => / (of|for)$/.test(one) && ` ${text} `.includes(` ${one.toLowerCase()} `))
    return said === undefined ? [] : [said]
  })
}

/** Numbers of the rows that are named, where the rows are only listed: "attendance at webinars" counts those who came. */
function totalsLeftOut(text: string, { definition, json, touched }: Said, catalog: Catalog): string[] {
  if (!hasMetrics(catalog)) return []
  const { aggregates, columns, sortBy, limit, groupBy } = definition
  if (aggregates.length > 0) return []
  const typed = new Set(text.split(' '))
  // "Amount of failed payments": a list of amounts adds up nothing.
  const [sum] = /^(what (is|was) )?(the )?(amount|value|sum) of (?!each|every|the \w+est)/.exec(text) ?? []
  const onlyAmounts = columns.length === 1 && groupBy.length === 0 && sortBy.length === 0 && limit === null
  if (sum !== undefined && onlyAmounts && touched.numbers > 0) return [sum.trim()]
  const metrics = Object.values(catalog.entities[definition.dataSources[0] ?? '']?.metrics ?? {})
  // "Spending on printing": a list has no spending, where it begins with that.
  const [first = '', second = ''] = text.split(' ')
  const mass = !isPast(first) && !/(s|ed)$/.test(first) && lexiconOf(catalog).rowsCalled(second).length === 0
  if (mass && metrics.some(({ label, synonyms }) => [label, ...synonyms].some((one) => one.toLowerCase() === first)))
    return touched.says(new RegExp(`^${first}$`)) ? [] : [first]
  return metrics.flatMap(({ label }) => {
    const word = label.toLowerCase()
    // A plural names the rows as well as their number.
    if (!typed.has(word) || lemma(word) !== word || json.includes(`"${word}"`)) return []
    return touched.says(new RegExp(`^${word}$`)) ? [] : [word]
  })
}

/** Rows that a prompt begins with, where it is answered by one total whose name it does not say: "pledges fulfilled last year". */
function rowsLeftOut(text: string, { dataSources, aggregates, groupBy }: Definition, catalog: Catalog): string[] {
  const entity = catalog.entities[dataSources[0] ?? '']
  const [only, ...others] = aggregates
  const metric = only?.metric === undefined ? undefined : entity?.metrics[only.metric]
  if (entity === undefined || metric === undefined || others.length > 0 || groupBy.length > 0) return []
  const [first = ''] = text.split(' ')
  const typed = ` ${lemmas(text)} `
  const isRows = first !== lemma(first) && [entity.label, ...entity.synonyms].some((one) => one.toLowerCase() === first)
  const names = (words: string) => [metric.label, ...metric.synonyms].some((one) => words.includes(` ${lemmas(one)} `))
  if (isRows && !names(typed)) return [first]
  // "Overdue pledges over 1,000" are so large each by itself.
  const compares = /\b(over|above|under|below|at least|at most|(more|less|larger|smaller|greater) than) \$? ?\d/.test(
    text,
  )
  const asks = /\b(how|what|amounts?|totals?|sum|value|number|count|money)\b/.test(text)
  const rows = [entity.label, ...entity.synonyms, ...Object.values(entity.metrics).map(({ label }) => label)]
  const listed = rows.find(
    (one) => lemma(one.toLowerCase()) !== one.toLowerCase() && text.split(' ').slice(0, 3).includes(one.toLowerCase()),
  )
  if (compares && !asks && listed !== undefined) return [listed.toLowerCase()]
  // "Transfers over 10,000 with donor": what stands beside rows is not their number.
  const [before = '', beside] = text.split(/ with /)
  const asked = /\b(how|what|numbers?|count|totals?|sum|amount|average)\b/.test(before) || names(` ${lemmas(before)} `)
  return beside === undefined || asked || !names(typed) ? [] : [`with ${beside}`]
}

/** Values of rows that nobody named, behind other rows: "late" of a refund says nothing of shipments; over a catalog that people wrote. */
function strangers(text: string, { filters, dataSources }: Definition, catalog: Catalog): string[] {
  if (!hasMetrics(catalog) || filters === undefined) return []
  const typed = new Set(lemmas(text).split(' '))
  const says = (names: readonly (string | undefined)[]) =>
    names.some(
      (name) =>
        name !== undefined &&
        lemmas(name)
          .split(' ')
          .some((word) => typed.has(word)),
    )
  return ('all' in filters ? filters.all : [filters]).flatMap((one) => {
    if (!('relation' in one) || one.match !== 'some' || one.where === undefined || !('field' in one.where)) return []
    const found = resolvePath(catalog, dataSources[0] ?? '', one.relation)
    const { op, value, field } = one.where
    if (!found.ok || found.hops.length < 2 || op !== 'eq' || typeof value !== 'string' || field.includes('.')) return []
    const entity = catalog.entities[found.entityName]
    if (entity?.fields[field]?.type !== 'enum') return []
    const ways = Object.values(catalog.entities).flatMap(({ relations }) =>
      Object.values(relations).filter(({ to }) => to === found.entityName),
    )
    const named = says([entity.label, entity.singular, ...entity.synonyms, entity.fields[field]?.label])
    return named || ways.some(({ label, synonyms }) => says([label, ...synonyms])) ? [] : [value]
  })
}

/** Names of fields and relations of which is asked what no row meets, or what is no number is compared with one; over a catalog that people wrote. */
export function contradictions({ filters, dataSources }: Definition, catalog: Catalog): string[] {
  if (!hasMetrics(catalog) || filters === undefined) return []
  const all = 'all' in filters ? filters.all : [filters]
  const root = dataSources[0] ?? ''
  const labelOf = (path: string) => {
    const found = resolvePath(catalog, root, path)
    return found.ok && found.field !== undefined ? found.field.label.toLowerCase() : path
  }
  const numbers = new Map<string, { from: number; to: number }>()
  const asked: { path: string; none: boolean; parts: readonly string[] }[] = []
  for (const one of all) {
    if ('relation' in one) {
      const parts = one.where === undefined ? [] : 'all' in one.where ? one.where.all : [one.where]
      const none = one.match === 'none'
      asked.push({ path: one.relation, none, parts: parts.map((part) => JSON.stringify(part)) })
    } else if ('field' in one && typeof one.field === 'string' && 'value' in one && typeof one.value === 'number') {
      const { from, to } = numbers.get(one.field) ?? { from: -Infinity, to: Infinity }
      const above = one.op === 'eq' || one.op === 'gt' || one.op === 'gte'
      const below = one.op === 'eq' || one.op === 'lt' || one.op === 'lte'
      numbers.set(one.field, {
        from: above ? Math.max(from, one.value) : from,
        to: below ? Math.min(to, one.value) : to,
      })
    }
  }
  const texts = all.flatMap((one) => ('field' in one && isCompared(one.op) ? [one.field] : []))
  const words = texts.filter((path) => {
    const found = resolvePath(catalog, root, path)
    return found.ok && found.field?.type === 'text'
  })
  // Whoever attended no event did not attend a gala either.
  const denied = asked.filter(({ path, none, parts }) => {
    const others = asked.filter((other) => !other.none && other.path === path)
    return none && others.some((other) => parts.every((part) => other.parts.includes(part)))
  })
  const fields = all.flatMap((one) => ('field' in one ? [one] : []))
  const missing = fields.filter(
    ({ field, op }) => op === 'is_empty' && fields.some((one) => one.field === field && one.op !== op),
  )
  const paths = [
    ...words,
    ...missing.map(({ field }) => field),
    ...denied.map(({ path }) => path),
    ...[...numbers].flatMap(([path, { from, to }]) => (from > to ? [path] : [])),
  ]
  return paths.map(labelOf)
}

/** "salary of each employee" is no list of names, "card numbers of donors" no number of donors: what is asked of each row is shown. */
function notShown(text: string, { aggregates, columns, dataSources, groupBy }: Definition, catalog: Catalog): string[] {
  if (!hasMetrics(catalog)) return []
  const root = dataSources[0] ?? ''
  const {
    primaryKey = [],
    displayField,
    label = '',
    singular = '',
    synonyms = [],
    metrics = {},
  } = catalog.entities[root] ?? {}
  const outputs = [...columns, ...groupBy]
  const says = (word: string, names: readonly string[]) =>
    names.some((name) =>
      name
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .map(lemma)
        .includes(lemma(word)),
    )
  const shown = outputs.flatMap(({ field = '' }) => {
    const found = resolvePath(catalog, root, field)
    return found.ok && found.field !== undefined ? [found.field.label, ...found.field.synonyms] : []
  })
  const [, of = ''] = /\b(\w+) of (?:each|every)\b/.exec(text) ?? []
  const bare = outputs.every(
    ({ field = '', formula }) => formula === undefined && [...primaryKey, displayField].includes(field),
  )
  const lists = /^(?:lists?|tables?|names?|all|any|number|count|one)$/
  if (of !== '' && aggregates.length === 0 && bare && !lists.test(of) && !says(of, shown)) return [of]
  const [numbers, which = ''] = /\b(\w+) numbers\b/.exec(text) ?? []
  const counted = aggregates.flatMap(({ metric = '' }) => [metrics[metric]?.label ?? '', metric.replaceAll('_', ' ')])
  const named = [...shown, label, singular, ...synonyms, ...counted]
  const plain = STOP_WORDS.has(which) || GRAMMAR.has(which)
  return numbers === undefined || plain || says(which, named) ? [] : [numbers]
}

/** "Appeals of Year-End Appeal": what belongs to a row is not that row. */
function ofItself(text: string, { dataSources, filters }: Definition, catalog: Catalog): string[] {
  const entity = catalog.entities[dataSources[0] ?? '']
  if (!hasMetrics(catalog) || entity?.displayField === undefined || filters === undefined) return []
  return ('all' in filters ? filters.all : [filters]).flatMap((one) => {
    if (!('field' in one) || one.field !== entity.displayField || one.op !== 'eq') return []
    const name = tokenise(String(one.value))
      .map((token) => token.text.toLowerCase())
      .join(' ')
    const [, noun = ''] = / (\w+) of (?:the )?$/.exec(` ${text.split(name)[0]}`) ?? []
    const isRows =
      lemma(noun) !== noun &&
      lexiconOf(catalog)
        .rowsCalled(noun)
        .includes(dataSources[0] ?? '')
    return isRows && text.includes(name) ? [noun] : []
  })
}

/** "companies' donations" are not everybody's: whoever or whatever they belong to is read; over a catalog that people wrote. */
function owners(tokens: readonly Token[], { json, touched }: Said, catalog: Catalog): string[] {
  if (!hasMetrics(catalog)) return []
  return tokens.flatMap(({ kind, word, text }, at) => {
    if (kind !== 'word' || !/^['’]s?$/.test(tokens[at + 1]?.text ?? '')) return []
    if (touched.times.size > 0 || STOP_WORDS.has(word) || GRAMMAR.has(word)) return []
    const entities = lexiconOf(catalog).rowsCalled(word)
    const read = entities.some((entity) => touched.entities.has(entity)) || json.toLowerCase().includes(lemma(word))
    return read ? [] : [text]
  })
}

/** The words of the dates that a definition reads: a period takes its date from the field beside it, which then is not lost. */
function datesOf({ timeFields }: Touched, catalog: Catalog): ReadonlySet<string> {
  return new Set(
    [...timeFields].flatMap((read) => {
      const [entity = '', field = ''] = read.split('.')
      const { label = '', synonyms = [] } = catalog.entities[entity]?.fields[field] ?? {}
      const name = label.toLowerCase()
      return [...name.split(/\W+/), name, ...synonyms.map((one) => one.toLowerCase())].map(lemma)
    }),
  )
}

/** Rows of the same entity behind a relation that is named and not read: those referred by somebody are not that somebody. */
function kinLeftOut(text: string, { definition, json }: Said, catalog: Catalog): string[] {
  const root = definition.dataSources[0] ?? ''
  const kin = Object.entries(catalog.entities[root]?.relations ?? {}).filter(([, { to }]) => to === root)
  const read = hasMetrics(catalog) && kin.some(([name]) => json.includes(name))
  return kin.flatMap(([name, { label, synonyms }]) => {
    if (json.includes(name)) return []
    const names = [label, ...synonyms].map((one) => one.toLowerCase()).filter((one) => / (by|of)$/.test(one))
    const said = names.find((one) => text.includes(one))
    if (said !== undefined) return [said]
    // Who referred somebody has part in the same relation from its other end.
    const deeds = hasMetrics(catalog) && !read ? names.flatMap((one) => /^(\w+ed) by$/.exec(one)?.[1] ?? []) : []
    return deeds.filter((one) => text.split(' ').includes(one)).slice(0, 1)
  })
}

/** "Who came to …" asks for people; over a catalog that people wrote, a list or total of anything else is no answer. */
function nobody(text: string, { definition: { columns, groupBy, dataSources } }: Said, catalog: Catalog): string[] {
  const root = dataSources[0] ?? ''
  if (!/^(\w+ )?who\b/.test(text) || !hasMetrics(catalog)) return []
  const owners = [...columns, ...groupBy].flatMap(({ field = '' }) => {
    const found = resolvePath(catalog, root, field)
    return found.ok ? [found.entityName] : []
  })
  return owners.some((name) => arePeople(catalog, name) > 0.5) ? [] : ['who']
}

/** "Date and amount of donations": both are shown; over a catalog that people wrote. */
function unlisted(text: string, { definition: { columns, groupBy, aggregates } }: Said, catalog: Catalog): string[] {
  const [, words] =
    /^(?:(?:show|list|get|give me) )?(?:me )?(?:the )?([a-z]+ and (?:the )?[a-z]+) of\b/.exec(text) ?? []
  if (words === undefined || !hasMetrics(catalog)) return []
  return columns.length + groupBy.length + aggregates.length < 2 ? [words] : []
}

const LARGEST = /\b(top|best|biggest|largest|highest|smallest|lowest|worst) ([a-z-]+)\b/

/** "biggest donors": a number of all of them ranks nobody, and one row is not several; over a catalog that people wrote. */
function unranked(text: string, { definition, json, touched }: Said, catalog: Catalog): string[] {
  const [words, , noun = ''] = LARGEST.exec(text) ?? []
  if (words === undefined || !hasMetrics(catalog)) return []
  const { aggregates, groupBy, limit, sortBy } = definition
  const ranks = sortBy.length > 0 || /"fn":"(max|min|first|last|percentile)"/.test(json)
  const total = aggregates.length > 0 && groupBy.length === 0 && !ranks && !touched.says(/largest|highest|top|max|min/)
  // "10 largest donations": any ten are not the largest.
  const unsorted = limit !== null && sortBy.length === 0
  const several = limit === 1 && noun.endsWith('s') && lemma(noun) !== noun
  // The last of the alphabet is not the largest.
  const isWord = (path: string | undefined) => {
    const found = path === undefined ? undefined : resolvePath(catalog, definition.dataSources[0] ?? '', path)
    return found?.ok === true && /^(text|enum)$/.test(found.field?.type ?? '')
  }
  const alphabet =
    (limit !== null && isWord(sortBy[0]?.field)) ||
    aggregates.some(({ fn, field }) => (fn === 'max' || fn === 'min') && isWord(field))
  return total || several || unsorted || alphabet ? [words] : []
}

/** Related rows of a kind that is named and not asked for: who attended did not only sign up. */
function kindsLeftOut(text: string, { definition, json }: Said, catalog: Catalog): string[] {
  const words = new Set(text.split(/\s+/))
  const root = definition.dataSources[0] ?? ''
  const paths = [...JSON.stringify(definition.filters ?? null).matchAll(/"relation":"([^"]+)"/g)].map(
    ([, path = '']) => path,
  )
  const entities = new Set(
    paths.flatMap((path) => {
      const found = resolvePath(catalog, root, path)
      return found.ok ? found.hops.map(({ to }) => to) : []
    }),
  )
  return [...entities].flatMap((name) =>
    Object.values(catalog.entities[name]?.fields ?? {}).flatMap(({ values = [] }) =>
      values.flatMap(({ value, label = value }) =>
        /^[a-z]+ed$/.test(label.toLowerCase()) && words.has(label.toLowerCase()) && !json.includes(`"${value}"`)
          ? [label.toLowerCase()]
          : [],
      ),
    ),
  )
}

const isCompared = (op: string): boolean => ['gt', 'gte', 'lt', 'lte', 'between'].includes(op)

const GENERIC = new Set(['date', 'time', 'day', 'at', 'on', 'of', 'the', 'first', 'last', 'year', 'month'])

/** Dates that are named, where the time was read as another date of the same rows: "due next month" is not when it was pledged. */
function otherDates(text: string, { timeFields }: Touched, catalog: Catalog): string[] {
  return [...timeFields].flatMap((read) => {
    const [entity = '', field = ''] = read.split('.')
    const named = Object.entries(catalog.entities[entity]?.fields ?? {}).flatMap(([name, { type, label }]) => {
      if (type !== 'date' && type !== 'timestamp') return []
      const word = label
        .toLowerCase()
        .split(/\W+/)
        .find((one) => one.length > 2 && !GENERIC.has(one) && new RegExp(`\\b${one}\\b`).test(text))
      return word === undefined ? [] : [{ name, word }]
    })
    return named.some(({ name }) => name === field) ? [] : named.slice(0, 1).map(({ word }) => word)
  })
}

/** The deeds that a prompt names, with the entities whose rows they are. */
export function deedsIn(tokens: readonly Token[], catalog: Catalog): { word: string; doers: string[] }[] {
  return tokens.flatMap(({ word, text }, at) => {
    // "give me the names"
    if (/^give/.test(word) && /^(me|us)$/.test(tokens[at + 1]?.word ?? '')) return []
    const deed = /ed$|^(gave|given|gives?|donates?|attends?|spent|bought|paid)$/.test(word)
      ? DEEDS[lemma(word)]
      : undefined
    const doers = Object.keys(catalog.entities).filter((name) => deed?.test(name.toLowerCase()))
    return doers.length === 0 ? [] : [{ word: text, doers }]
  })
}

/** Deeds whose rows the definition does not read, or whose time is read as something else's. */
function undone(tokens: readonly Token[], touched: Touched, catalog: Catalog): string[] {
  return deedsIn(tokens, catalog).flatMap(({ word, doers }) => {
    const done = doers.some((name) => touched.entities.has(name))
    // Who attended last month came to what took place then.
    const timed =
      touched.times.size === 0 ||
      doers.some((name) => touched.times.has(name) || catalog.entities[name]?.junction === true)
    return done && timed ? [] : [word]
  })
}
