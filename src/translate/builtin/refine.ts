// A follow-up on a table: what was said changes, all else stays as it is.
// Each clause of the follow-up is read as a small prompt of its own about the same source ("donations in California"), and
// only the part it speaks of (its filters, its key, its measure) is taken over. Refused: clauses that fit no part.

import { entityOf, resolvePath } from '../../catalog/find.ts'
import { canonicalJson } from '../../catalog/hash.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { checkDefinition } from '../../definition/check.ts'
import { columnId, isSummary, listColumns, outputsOf } from '../../definition/outputs.ts'
import { type Definition, Definition as DefinitionSchema } from '../../definition/schema.ts'
import type { TranslateInput } from '../types.ts'
import { lexiconOf } from './lexicon.ts'
import { periodOf } from './periods.ts'
import { excluded, filtered, measured, returned, whenever, widened, withoutFilters } from './refine-filters.ts'
import { fieldNamed, fragment, type Part, plain, type ReadFragment, sourceNoun } from './refine-part.ts'
import { lemma } from './stem.ts'

export type Refined =
  | { readonly definition: Definition; readonly changes: readonly string[] }
  | { readonly notUnderstood: string }

/** The base with a follow-up's changes, or the first clause that fits no part of it. */
export function refine(input: TranslateInput & { readonly base: Definition }, read: ReadFragment): Refined {
  let current = input.base
  const changes: string[] = []
  const clauses = clausesOf(input.prompt)
  for (const clause of clauses) {
    const next = applyClause(current, clause, input, read)
    if (next === undefined || checkDefinition(next, input.catalog).length > 0) return { notUnderstood: clause }
    if (canonicalJson(next) !== canonicalJson(current)) changes.push(clause)
    current = next
  }
  if (clauses.length === 0) return { notUnderstood: input.prompt }
  // What is so already is no change, and no reason to read another table into the words.
  return { definition: changes.length === 0 ? input.base : retitled(current), changes }
}

/** The title told of the first question only. */
function retitled({ title: _title, ...definition }: Definition): Definition {
  return definition
}

/** Whether words are a time does not hang on today. */
const ANY_DAY = { year: 2000, month: 1, day: 1 }

/** Whether a prompt begins or ends as only a change of the table before does: it is never a question of its own. */
export function speaksOfTable(prompt: string): boolean {
  const text = prompt.trim().replace(/[.!?]+$/, '')
  return (
    /^(?:(?:ok|okay|now|please|then|no|yes),?\s+)*(?:and|or|also|but|only|just|without|with|instead|except|excluding|exclude|include|including|not|plus|add|remove|drop|delete|change|set|sort|limit|filter|(?:the )?same|what about|how about|them|those|these|it)\b/i.test(
      text,
    ) ||
    /\b(?:instead|too|as well)$/i.test(text) ||
    /^(?:for|in|from|by|per|where|during|since|before|after|until|between)(?: \S+){1,3}$/i.test(text) ||
    periodOf(text, ANY_DAY) !== undefined
  )
}

function clausesOf(prompt: string): string[] {
  return prompt
    .trim()
    .replace(/[.!?]+$/, '')
    .split(
      /\s*(?:,(?!\d{3}\b)(?!\s*(?:\w+ first\b|(?:de|a)sc))|;|\bthen\b|\band\b(?=\s+(?:only|without|sort|order|top|add|exclude|remove|compare|limit)\b)|(?=\band\s+(?:by|per|for each)\b))\s*/i,
    )
    .map((clause) =>
      clause.replace(/^(?:ok|okay|now|but|please|then|can you|could you|show(?: me)?|make it|let's)\s+/gi, '').trim(),
    )
    .filter((clause) => clause !== '' && !/^(?:now|and|also|please|instead)$/i.test(clause))
}

function applyClause(
  base: Definition,
  clause: string,
  input: TranslateInput,
  read: ReadFragment,
): Definition | undefined {
  const swaps = /\binstead\b/i.test(clause)
  const text = clause
    .replace(/^instead of .+?,? (?:use|show|take) (.+)$/i, '$1')
    .replace(/\s+instead(?: of .+)?$/i, '')
    .replace(/^now\s+/i, '')
    .replace(/^(?:delete|erase)\b/i, 'remove')
  if (namesOtherRows(text, base, input)) return undefined
  const [turn, from = '', to = ''] = TURNED.exec(text) ?? []
  if (turn !== undefined) return turned(base, from, applyClause(base, to, input, read))
  for (const rule of rules) {
    const match = rule.pattern.exec(text)
    if (match === null) continue
    const next = rule.apply({ base, rest: (match[1] ?? '').trim(), text, swaps, input, read })
    if (next !== undefined) return DefinitionSchema.parse(JSON.parse(JSON.stringify(next)))
  }
  return undefined
}

/** The limit has a rule of its own. */
const TURNED = /^(?:change|set|update|edit|modify) (?!(?:the )?limit\b)(.+?) to (?:show )?(.+)$/i
const ANY_PART = /^(?:it|this|that|(?:the )?(?:table|period|year|date|time))$/i

/** "change 2025 to 2026": one condition in the place of another, unless what is changed is the table or its time. */
function turned(base: Definition, from: string, next: Definition | undefined): Definition | undefined {
  const conditions = ({ filters }: Definition) =>
    filters === undefined ? [] : 'all' in filters ? filters.all : [filters]
  if (next === undefined || ANY_PART.test(from)) return next
  const replaced = conditions(next).length === conditions(base).length
  return replaced && canonicalJson(next.filters ?? null) !== canonicalJson(base.filters ?? null) ? next : undefined
}

/** "the same for pledges" is another table, whatever value or relation is called so too; "also events" is no condition. */
function namesOtherRows(text: string, base: Definition, { catalog }: TranslateInput): boolean {
  const [, begin = '', noun = ''] =
    /^(what about|how about|(?:but )?for|(?:the )?same (?:thing |table |one )?(?:for|with|but)|and|also|plus|instead) (?:the )?([\p{L}-]+)$/iu.exec(
      text,
    ) ?? []
  // To a summary a number of them may be added.
  if (isSummary(base) && /^(?:and|also|plus|instead)$/i.test(begin)) return false
  const word = noun.toLowerCase()
  const rows = lexiconOf(catalog).rowsCalled(word)
  return lemma(word) !== word && rows.length > 0 && !rows.includes(base.dataSources[0] ?? '')
}

type Rule = { readonly pattern: RegExp; readonly apply: (part: Part) => Definition | undefined }

const NUMBER_WORDS: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twenty: 20,
}
const toNumber = (text: string): number | undefined => {
  const number = NUMBER_WORDS[text.toLowerCase()] ?? Number(text)
  return Number.isInteger(number) && number > 0 ? number : undefined
}

const rules: readonly Rule[] = [
  {
    pattern:
      /^(?:only |just |give me |the first |(?:change|set|update|make) (?:the )?limit to |limit (?:it )?to )?(\w+)(?: (?:rows|lines|of them|only))?$/i,
    // "only 2025" is a year.
    apply: ({ base, rest, text }) =>
      /^(?:19|20)\d\d$/.test(rest) && !/rows|lines|limit/i.test(text)
        ? undefined
        : limited(base, toNumber(rest), undefined),
  },
  {
    pattern:
      /^(?:(?:without|remove|drop|clear|forget) (?:the |all (?:the )?|any )?(?:filters?|conditions?|restrictions?)|no filters?|unfiltered)$/i,
    apply: ({ base }) => withoutFilters(base),
  },
  {
    pattern:
      /^(?:for |over |of |in )?(?:all time|any (?:time|date|year)|all (?:years|dates)|ever|(?:whatever|regardless of) the (?:date|year|time))$/i,
    apply: ({ base, input }) => whenever(base, input.catalog),
  },
  {
    pattern:
      /^(?:only |just )?(?:the ones|ones|those|them)?(?: (?:that|which|who) are| with)?\s*((?:above|over|below|under|(?:more|less|fewer|greater|higher|lower) than|at (?:least|most)|exactly)\s+[$€£]?[\d.,]+\s*(?:k|thousand|m|million|dollars)?)$/i,
    apply: measured,
  },
  {
    pattern: /^(?:what about |how about |(?:the )?same (?:thing |table |one )?(?:for|with|but) )(.+)$/i,
    apply: filtered,
  },
  {
    pattern: /^(?:remove|drop|without|no)(?: the)? (?:limit|top)$|^(?:show )?(?:all(?: of them| rows)?|everything)$/i,
    apply: ({ base }) => ({ ...base, limit: null }),
  },
  {
    pattern:
      /^(?:only |just )?(?:the )?(?:top|first|best|limit(?: to)?|largest|highest) (\w+)(?: (?:rows|only|of them))?$/i,
    // The first of those to come stay the nearest.
    apply: ({ base, rest, text, input }) =>
      limited(
        base,
        toNumber(rest),
        /top|best|largest|highest/i.test(text) && !isComing(base, input.catalog) ? 'desc' : undefined,
      ),
  },
  {
    pattern: /^(?:only )?(?:the )?(?:bottom|lowest|smallest) (\w+)$/i,
    apply: ({ base, rest }) => limited(base, toNumber(rest), 'asc'),
  },
  { pattern: /^(?:reverse(?: the)?(?: order)?|the other way (?:round|around))$/i, apply: ({ base }) => reversed(base) },
  { pattern: /^(?:without|remove|drop|no)(?: the)? totals?$/i, apply: ({ base }) => ({ ...base, totals: false }) },
  {
    pattern: /^(?:with|add)(?: an?| the)?(?: grand)? totals?(?: row)?$/i,
    apply: ({ base }) => (base.aggregates.length > 0 ? { ...base, totals: true } : undefined),
  },
  {
    pattern:
      /^(?:compared?|versus|vs\.?)(?: it)?(?: with| to| against)?(?: the)? (?:(?:last|previous|prior) (year|month|quarter|week|period)|(year|month|quarter|week|period) before)$/i,
    apply: ({ base, text }) => ({
      ...base,
      compare: { to: /year/i.test(text) ? 'previous_year' : 'previous_period' },
    }),
  },
  {
    pattern:
      /^(?:as|in|add|with|show)(?: an?| the)? (?:share|percent(?:age)?|proportion)s?(?: of (?:the )?(?:total|whole|all))?$/i,
    apply: ({ base }) => shared(base),
  },
  {
    pattern: /^(?:sort(?:ed)?|order(?:ed)?)(?: it| them)? (?:by )?(.+)$/i,
    apply: (part) => sorted(part),
  },
  { pattern: /^((?:alphabetical(?:ly)?|(?:de|a)sc(?:ending)?)(?: order)?)$/i, apply: (part) => sorted(part) },
  { pattern: /^(.+) first$/i, apply: (part) => sorted(part) },
  {
    pattern: /^(?:also |and |and also |add )(?:by|per|grouped by|broken down by|for each) (.+)$/i,
    apply: (part) => grouped(part, true),
  },
  {
    pattern:
      /^(?:(?:group(?:ed)?|br(?:ea|o)k(?:en)?(?: it| them| this| that)? down|split)(?: it| them| this| that)? )?(?:by|per|for each|for every) (.+)$/i,
    apply: (part) => grouped(part, false),
  },
  {
    pattern:
      /^(?:without|excluding|exclude|except(?: for)?|not|leave out|leaving out|other than|ignore|ignoring|remove|drop) (?:the |any )?(.+)$/i,
    apply: (part) => withoutPart(part) ?? excluded(part),
  },
  {
    pattern: /^(?:(?:a|the) )?(?:running|cumulative) total$/i,
    apply: ({ base }) => running(base),
  },
  { pattern: /^(?:count (?:them|these|those|it)|how many(?: (?:are there|are they|is that))?)$/i, apply: counted },
  {
    pattern: /^(?:add|include|also|and|with|plus)?\s*(?:the |their |its |his |her )?(.+?),? (?:too|as well|also)$/i,
    apply: (part) => widened(part) ?? added(part),
  },
  { pattern: /^(?:their|its|his|her) (.+)$/i, apply: (part) => added(part) },
  {
    pattern: /^(?:add|includ(?:e|ing)|also|with|show|plus)(?: also)? (?:the )?(.+)$/i,
    apply: (part) => (part.swaps ? swapped(part) : undefined) ?? returned(part) ?? widened(part) ?? added(part),
  },
  {
    pattern:
      /^(?:only|just|limit(?:ed)? to|restrict(?:ed)? to|those|for|in|from|where|which are|that are|filter(?:ed)? (?:by|to|on))\b ?(.*)$/i,
    apply: (part) => narrowed(part) ?? filtered(part),
  },
  {
    pattern: /^(?:and|or) (.+)$/i,
    apply: (part) => widened(part) ?? applyClause(part.base, part.rest, part.input, part.read) ?? added(part),
  },
  {
    pattern: /^(?:use |take )?(?:the )?(.+)$/i,
    // What is to be included is no condition on what is shown.
    apply: (part) =>
      /^includ/i.test(part.text) ? undefined : (filtered(part) ?? (part.swaps ? swapped(part) : undefined)),
  },
]

/** "just email and phone": of the columns of a list only these, where each is there. */
function narrowed({ base, rest, input }: Part): Definition | undefined {
  if (isSummary(base)) return undefined
  const shown = listColumns(base, input.catalog)
  const wanted = rest
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+/i)
    .map((name) => plain(name.replace(/^(?:the|their|its|his|her)\s+/i, '').replace(/ columns?$/i, '')))
  const columns = wanted.map((name) => {
    const found = shown.filter((column) => {
      const field =
        column.field === undefined ? undefined : resolvePath(input.catalog, base.dataSources[0] ?? '', column.field)
      const { label = '', synonyms = [] } = field?.ok === true ? (field.field ?? {}) : {}
      return [columnId(column), column.label ?? '', label, ...synonyms].some((one) => plain(one) === name)
    })
    return found.length === 1 ? found[0] : undefined
  })
  return columns.every((column) => column !== undefined) ? { ...base, columns } : undefined
}

/** "remove the average": a column, key or measure that is there goes. */
function withoutPart({ base, rest, input }: Part): Definition | undefined {
  const wanted = plain(rest.replace(/ (?:column|field)$/i, ''))
  const named = (id: string, label: string | undefined, path: string | undefined): boolean =>
    [id, label ?? '', path?.split('.').at(-1) ?? '', path?.split('.').join(' ') ?? ''].some(
      (name) => plain(name) === wanted,
    )
  const aggregates = base.aggregates.filter((a) => !named(a.id, a.label, a.metric ?? a.field))
  const groupBy = base.groupBy.filter((k) => !named(columnId(k), k.label, k.field))
  const columns = base.columns.filter((c) => !named(columnId(c), c.label, c.field))
  const next = { ...base, aggregates, groupBy, columns }
  if (canonicalJson(next) === canonicalJson(base)) return undefined
  const ids = new Set([...aggregates.map((a) => a.id), ...groupBy.map(columnId), ...columns.map(columnId)])
  const gone = [...base.aggregates.map((a) => a.id), ...base.groupBy.map(columnId)].filter((id) => !ids.has(id))
  const sound = { ...next, sortBy: next.sortBy.filter((s) => !gone.includes(s.field)) }
  return checkDefinition(sound, input.catalog).length === 0 ? sound : undefined
}

function grouped(part: Part, more: boolean): Definition | undefined {
  const { base, rest } = part
  const found = fragment(part, `number of ${sourceNoun(part)} by ${rest}`)
  if (found === undefined || found.groupBy.length === 0) return undefined
  const known = new Set(base.groupBy.map(columnId))
  const keys = more ? [...base.groupBy, ...found.groupBy.filter((key) => !known.has(columnId(key)))] : found.groupBy
  const aggregates = base.aggregates.length > 0 ? base.aggregates : found.aggregates
  const ids = new Set([...keys.map(columnId), ...aggregates.map((a) => a.id), ...base.calculations.map((c) => c.id)])
  return {
    ...base,
    columns: [],
    distinct: false,
    groupBy: keys,
    aggregates,
    pivot: null,
    limitPer: null,
    sortBy: base.sortBy.filter((s) => ids.has(s.field)),
    // A limit of the earlier groups says nothing about stretches of time.
    limit: !more && keys.some((key) => key.grain !== undefined) ? null : base.limit,
  }
}

function added(part: Part): Definition | undefined {
  const { base, rest, input } = part
  if (!isSummary(base)) {
    const noun = sourceNoun(part)
    const known = new Set(listColumns(base, input.catalog).map(columnId))
    const fields = fieldsNamed(part, rest)
    const found =
      fields.length === 0
        ? fragment(part, `${rest} of ${noun}`)
        : { ...base, columns: fields.map((field) => ({ field })) }
    if (found === undefined || isSummary(found)) return undefined
    // Words that choose rows name no column.
    if (fields.length === 0 && (found.filters !== undefined || found.columns.length === 0)) return undefined
    const fresh = found.columns.filter((column) => !known.has(columnId(column)))
    if (base.columns.length === 0 && fresh.length > 0)
      return { ...base, columns: [...listColumns(base, input.catalog), ...fresh] }
    return fresh.length > 4 ? undefined : { ...base, columns: [...base.columns, ...fresh] }
  }
  const fresh = measuresOf(part)
  if (fresh !== undefined) {
    const ids = new Set([...base.aggregates.map((a) => a.id), ...base.groupBy.map(columnId)])
    const aggregates = fresh.map((a) => ({ ...a, id: ids.has(a.id) ? `${a.id}_2` : a.id }))
    return { ...base, aggregates: [...base.aggregates, ...aggregates] }
  }
  const field = base.groupBy.length === 0 ? undefined : fieldNamed(part, rest)
  if (field === undefined) return undefined
  return base.groupBy.some((key) => columnId(key) === field) ? base : { ...base, groupBy: [...base.groupBy, { field }] }
}

/** "the customer and the total": the field of each, or none where one is unknown. */
function fieldsNamed(part: Part, words: string): readonly string[] {
  const whole = fieldNamed(part, words)
  if (whole !== undefined) return [whole]
  const parts = words.split(/\s*,\s*(?:and\s+)?|\s+and\s+/i)
  const found = parts.flatMap((one) => fieldNamed(part, one.replace(/^(?:the|their|its|his|her)\s+/i, '')) ?? [])
  return found.length === parts.length ? found : []
}

/** The measures that words stand for and the table does not have yet. */
function measuresOf(part: Part): Definition['aggregates'] | undefined {
  const { base, rest } = part
  const noun = sourceNoun(part)
  for (const prompt of [`${rest} of ${noun}`, rest, `${rest} amount of ${noun}`, `number of ${rest}`]) {
    const found = fragment(part, prompt, true)
    if (found === undefined || found.aggregates.length === 0 || found.groupBy.length > 0) continue
    const same = new Set(base.aggregates.map((a) => canonicalJson({ ...a, id: '', label: '' })))
    const fresh = found.aggregates.filter((a) => !same.has(canonicalJson({ ...a, id: '', label: '' })))
    return fresh.length === 0 ? undefined : fresh
  }
  return undefined
}

/** "the number of gifts instead": one measure in the place of those there, or one key in the place of another. */
function swapped(part: Part): Definition | undefined {
  const { base } = part
  if (!isSummary(base)) return undefined
  const fresh = fieldNamed(part, part.rest) === undefined ? measuresOf(part) : undefined
  const [first] = fresh ?? []
  if (fresh === undefined || first === undefined) return grouped(part, false)
  const gone = new Set(base.aggregates.map((a) => a.id))
  const sortBy = base.sortBy.map((s) => (gone.has(s.field) ? { ...s, field: first.id } : s))
  // What was made of the earlier numbers, and conditions on them, say nothing of these.
  if (base.having !== undefined || base.calculations.length > 0) return undefined
  return { ...base, aggregates: fresh, sortBy }
}

/** Beside the first measure what has come together so far. */
function running(base: Definition): Definition | undefined {
  const of = base.aggregates.at(0)?.id
  if (of === undefined || base.groupBy.length === 0) return undefined
  const dated = base.groupBy.find((key) => key.grain !== undefined)
  const total = { id: `${of}_running`, fn: 'running_total', of, ...(dated && { over: columnId(dated) }) }
  if (base.calculations.some(({ id }) => id === total.id)) return base
  return { ...base, calculations: [...base.calculations, total] as Definition['calculations'] }
}

/** "how many are there": the rows of a list, counted. */
function counted(part: Part): Definition | undefined {
  const { base } = part
  const found =
    isSummary(base) || base.distinct || base.limit !== null
      ? undefined
      : fragment(part, `number of ${sourceNoun(part)}`)
  if (found === undefined || found.filters !== undefined || found.groupBy.length > 0) return undefined
  return { ...base, columns: [], sortBy: [], limitPer: null, aggregates: found.aggregates }
}

/** Beside the first measure its share of the whole. */
function shared(base: Definition): Definition | undefined {
  const of = base.aggregates.at(0)?.id
  if (of === undefined || base.groupBy.length === 0) return undefined
  if (base.calculations.some((one) => one.fn === 'percent_of_total' && one.of === of)) return undefined
  const share = { id: `${of}_share`, fn: 'percent_of_total', of, format: { style: 'percent' } } as const
  return { ...base, calculations: [...base.calculations, share] as Definition['calculations'] }
}

function measureOf(base: Definition): string | undefined {
  return base.aggregates.at(0)?.id ?? base.sortBy.at(0)?.field
}

function limited(
  base: Definition,
  limit: number | undefined,
  direction: 'asc' | 'desc' | undefined,
): Definition | undefined {
  if (limit === undefined) return undefined
  const measure = measureOf(base)
  const already = base.sortBy.length > 0 && (direction === undefined || base.sortBy[0]?.direction === direction)
  if (already || direction === undefined || measure === undefined) return { ...base, limit }
  return { ...base, limit, sortBy: [{ field: measure, direction }] }
}

/** The first few by a day, the earliest first. */
function isComing(base: Definition, catalog: Catalog): boolean {
  const [by] = base.sortBy
  const found = by === undefined ? undefined : resolvePath(catalog, base.dataSources[0] ?? '', by.field)
  const isDay = found?.ok === true && /^(date|timestamp)$/.test(found.field?.type ?? '')
  return isDay && base.limit !== null && by?.direction === 'asc' && base.aggregates.length === 0
}

function reversed(base: Definition): Definition | undefined {
  if (base.sortBy.length === 0) return undefined
  return {
    ...base,
    sortBy: base.sortBy.map((s) => ({ ...s, direction: s.direction === 'asc' ? ('desc' as const) : ('asc' as const) })),
  }
}

function sorted(part: Part): Definition | undefined {
  const { base, text, rest, input } = part
  const down = /\b(desc(?:ending)?|highest|largest|most|biggest|newest|latest|recent|z to a|down)\b/i.test(text)
  const up = /\b(asc(?:ending)?|lowest|smallest|least|fewest|oldest|earliest|a to z|alphabetical(?:ly)?|up)\b/i.test(
    text,
  )
  const name = plain(
    rest
      .replaceAll(',', ' ')
      .replaceAll(
        /\b(?:in|the|by|order|desc(?:ending)?|asc(?:ending)?|highest|largest|most|biggest|newest|latest|recent|lowest|smallest|least|fewest|oldest|earliest|alphabetical(?:ly)?|first|a to z|z to a)\b/gi,
        ' ',
      )
      .replaceAll(/\s+/g, ' '),
  )
  if (/^(?:date|time|when)?$/.test(name) && (name !== '' || BY_DATE.test(text)))
    return byDate(base, text, input.catalog)
  const outputs = [
    ...base.groupBy.map((k) => ({
      id: columnId(k),
      names: [columnId(k), k.label ?? '', k.field?.split('.').at(-1) ?? '', k.field?.split('.').at(-2) ?? ''],
      number: false,
    })),
    ...base.columns.map((c) => ({
      id: columnId(c),
      names: [columnId(c), c.label ?? '', c.field?.split('.').at(-1) ?? '', c.field?.split('.').at(-2) ?? ''],
      number: false,
    })),
    ...base.aggregates.map((a) => ({
      id: a.id,
      names: [a.id, a.label ?? '', a.metric ?? '', a.field?.split('.').at(-1) ?? ''],
      number: true,
    })),
    ...base.calculations.map((c) => ({ id: c.id, names: [c.id, c.label ?? ''], number: true })),
  ]
  const found =
    name === '' && (down || up)
      ? (outputs.find((o) => o.number) ?? outputs[0])
      : (outputs.find((o) => o.names.some((n) => n !== '' && plain(n) === name)) ?? byLabel(base, name, input.catalog))
  if (found === undefined) {
    // A list may be sorted by what it does not show.
    const field = name === '' || isSummary(base) || base.distinct ? undefined : fieldNamed(part, name)
    return field === undefined ? undefined : { ...base, sortBy: [{ field, direction: down ? 'desc' : 'asc' }] }
  }
  return { ...base, sortBy: [{ field: found.id, direction: down || (!up && found.number) ? 'desc' : 'asc' }] }
}

const BY_DATE = /\b(?:newest|latest|recent|oldest|earliest)\b/i

/** By the date that is shown, or by the one that the rows of a list have. */
function byDate(base: Definition, text: string, catalog: TranslateInput['catalog']): Definition | undefined {
  const shown = outputsOf(base, catalog).find(
    ({ type, grain }) => grain !== undefined || /^date$|^timestamp$/.test(type ?? ''),
  )
  const field = shown?.id ?? (isSummary(base) ? undefined : entityOf(catalog, base.dataSources[0] ?? '')?.defaultDate)
  if (field === undefined || (base.distinct && shown === undefined)) return undefined
  const direction = /\b(?:newest|latest|recent|desc(?:ending)?)\b/i.test(text) ? 'desc' : 'asc'
  return { ...base, sortBy: [{ field, direction }] }
}

/** The one column whose label is or ends in the words: "name" is "Full name". */
function byLabel(base: Definition, name: string, catalog: TranslateInput['catalog']) {
  const labels = outputsOf(base, catalog).map(({ id, label, type }) => ({
    id,
    label: plain(label),
    number: ['integer', 'number', 'money'].includes(type ?? 'text'),
  }))
  const exact = labels.filter(({ label }) => label === name)
  const found = exact.length > 0 ? exact : labels.filter(({ label }) => name !== '' && label.endsWith(` ${name}`))
  return found.length === 1 ? found[0] : undefined
}
