// A follow-up on a table: what was said changes, all else stays as it is.
// Each clause of the follow-up is read as a small prompt of its own about the same source ("donations in California"), and
// only the part it speaks of (its filters, its key, its measure) is taken over. Refused: clauses that fit no part.

import { entityOf } from '../../catalog/find.ts'
import { canonicalJson } from '../../catalog/hash.ts'
import { checkDefinition } from '../../definition/check.ts'
import { columnId, isSummary, lowerFirst, outputsOf } from '../../definition/outputs.ts'
import { type Definition, Definition as DefinitionSchema, type Filter } from '../../definition/schema.ts'
import type { TranslateInput, Translation } from '../types.ts'

/** Reads a prompt without a base; the built-in translator itself. */
export type ReadFragment = (prompt: string) => Translation

export type Refined =
  | { readonly definition: Definition; readonly changes: readonly string[] }
  | { readonly notUnderstood: string }

/** The base with a follow-up's changes, or the first clause that fits no part of it. */
export function refine(input: TranslateInput & { readonly base: Definition }, read: ReadFragment): Refined {
  let current = input.base
  const changes: string[] = []
  for (const clause of clausesOf(input.prompt)) {
    const next = applyClause(current, clause, input, read)
    if (next === undefined || checkDefinition(next, input.catalog).length > 0) return { notUnderstood: clause }
    if (canonicalJson(next) !== canonicalJson(current)) changes.push(clause)
    current = next
  }
  return changes.length === 0 ? { notUnderstood: input.prompt } : { definition: retitled(current), changes }
}

/** The title told of the first question only. */
function retitled({ title: _title, ...definition }: Definition): Definition {
  return definition
}

function clausesOf(prompt: string): string[] {
  return prompt
    .trim()
    .replace(/[.!?]+$/, '')
    .split(
      /\s*(?:,(?!\s*(?:\w+ first\b|(?:de|a)sc))|;|\bthen\b|\band\b(?=\s+(?:only|without|sort|order|by|per|top|add|exclude|remove|compare|limit)\b))\s*/i,
    )
    .map((clause) =>
      clause
        .replace(/^(?:ok|okay|now|and(?! also)|but|please|then|can you|could you|show(?: me)?|make it|let's)\s+/gi, '')
        .trim(),
    )
    .filter((clause) => clause !== '' && !/^(?:now|and|also|please|instead)$/i.test(clause))
}

function applyClause(
  base: Definition,
  clause: string,
  input: TranslateInput,
  read: ReadFragment,
): Definition | undefined {
  const text = clause.replace(/\s+instead$/i, '').replace(/^now\s+/i, '')
  for (const rule of rules) {
    const match = rule.pattern.exec(text)
    if (match === null) continue
    const next = rule.apply({ base, rest: (match[1] ?? '').trim(), text, input, read })
    if (next !== undefined) return DefinitionSchema.parse(JSON.parse(JSON.stringify(next)))
  }
  return undefined
}

type Part = {
  readonly base: Definition
  /** What the rule's pattern left over. */
  readonly rest: string
  readonly text: string
  readonly input: TranslateInput
  readonly read: ReadFragment
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
    pattern: /^(?:remove|drop|without|no)(?: the)? (?:limit|top)$|^(?:show )?(?:all(?: of them| rows)?|everything)$/i,
    apply: ({ base }) => ({ ...base, limit: null }),
  },
  {
    pattern: /^(?:only )?(?:the )?(?:top|first|best|limit(?: to)?|largest|highest) (\w+)(?: (?:rows|only|of them))?$/i,
    apply: ({ base, rest, text }) =>
      limited(base, toNumber(rest), /top|best|largest|highest/i.test(text) ? 'desc' : undefined),
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
    pattern: /^(?:sort(?:ed)?|order(?:ed)?)(?: it)? (?:by )?(.+)$/i,
    apply: (part) => sorted(part),
  },
  { pattern: /^(.+) first$/i, apply: (part) => sorted(part) },
  {
    pattern: /^(?:also |and |and also |add )(?:by|per|grouped by|broken down by|for each) (.+)$/i,
    apply: (part) => grouped(part, true),
  },
  {
    pattern: /^(?:group(?:ed)? |broken? down |split )?(?:by|per|for each|for every) (.+)$/i,
    apply: (part) => grouped(part, false),
  },
  {
    pattern:
      /^(?:without|excluding|exclude|except(?: for)?|not|leave out|leaving out|other than|ignore|ignoring|remove|drop) (?:the |any )?(.+)$/i,
    apply: (part) => withoutPart(part) ?? excluded(part),
  },
  {
    pattern: /^(?:add|include|also|with|show|plus)(?: also)? (?:the )?(.+)$/i,
    apply: (part) => added(part),
  },
  {
    pattern:
      /^(?:only|just|limit(?:ed)? to|restrict(?:ed)? to|those|for|in|from|where|which are|that are|filter(?:ed)? (?:by|to|on))\b ?(.*)$/i,
    apply: (part) => filtered(part),
  },
  { pattern: /^(.+)$/i, apply: (part) => filtered(part) },
]

/** A small prompt about the source, as a definition of the same source. */
function fragment({ base, input, read }: Part, prompt: string): Definition | undefined {
  const source = base.dataSources[0] ?? ''
  const result = read(prompt)
  const definition = result.kind === 'refused' ? undefined : result.definition
  if (definition?.dataSources[0] !== source) return undefined
  if (result.kind === 'draft' && result.notUnderstood.length > 0) return undefined
  return checkDefinition(definition, input.catalog).length === 0 ? definition : undefined
}

function sourceNoun({ base, input }: Part): string {
  const name = base.dataSources[0] ?? ''
  return lowerFirst(entityOf(input.catalog, name)?.label ?? name)
}

const parts = (filter: Filter | undefined): Filter[] =>
  filter === undefined ? [] : 'all' in filter ? filter.all : [filter]

function conjunction(list: readonly Filter[]): { filters?: Filter } {
  const [only] = list
  if (only === undefined) return {}
  return { filters: list.length === 1 ? only : { all: [...list] } }
}

/** A new condition takes the place of those on the same field; periods of those that are periods. */
function withFilters(base: Definition, added: readonly Filter[]): Definition {
  const fields = new Set(added.map(fieldOf).filter((field) => field !== undefined))
  const kept = parts(base.filters).filter((part) => {
    const field = fieldOf(part)
    return field === undefined || !fields.has(field)
  })
  const { filters: _filters, ...rest } = base
  return { ...rest, ...conjunction([...kept, ...added]) }
}

const fieldOf = (filter: Filter): string | undefined => ('field' in filter ? filter.field : undefined)

function filtered(part: Part): Definition | undefined {
  const { base, text, rest } = part
  const noun = sourceNoun(part)
  for (const prompt of [
    `${noun} ${text.replace(/^(?:only|just)\s+/i, '')}`,
    `${noun} in ${rest}`,
    `${noun} from ${rest}`,
    `${rest} ${noun}`,
  ]) {
    const found = fragment(part, prompt)
    const conditions = parts(found?.filters)
    if (found === undefined || conditions.length === 0 || isSummary(found)) continue
    return withFilters(base, conditions)
  }
  return undefined
}

/** "without refunds": the opposite of "refunded donations". */
function excluded(part: Part): Definition | undefined {
  const { base, rest } = part
  const noun = sourceNoun(part)
  for (const prompt of [`${rest} ${noun}`, `${noun} in ${rest}`, `${noun} that are ${rest}`, `${noun} with ${rest}`]) {
    const found = fragment(part, prompt)
    const conditions = parts(found?.filters)
    if (found === undefined || conditions.length === 0 || isSummary(found)) continue
    const opposite = conditions.length === 1 ? opposed(conditions[0] as Filter) : { not: { all: conditions } }
    const { filters: _filters, ...others } = base
    return { ...others, ...conjunction([...parts(base.filters), opposite]) }
  }
  return undefined
}

function opposed(filter: Filter): Filter {
  if ('field' in filter && filter.op === 'eq') return { ...filter, op: 'ne' }
  if ('field' in filter && filter.op === 'in') return { ...filter, op: 'not_in' }
  if ('relation' in filter && filter.match === 'some') return { ...filter, match: 'none' }
  if ('relation' in filter && filter.match === 'none') return { ...filter, match: 'some' }
  return { not: filter }
}

/** "remove the average": a column, key or measure that is there goes. */
function withoutPart({ base, rest, input }: Part): Definition | undefined {
  const wanted = plain(rest)
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

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[_\s-]+/g, ' ')
    .trim()

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
  const { base, rest } = part
  const noun = sourceNoun(part)
  if (!isSummary(base)) {
    const found = fragment(part, `${rest} of ${noun}`)
    if (found === undefined || isSummary(found)) return undefined
    const known = new Set(base.columns.map(columnId))
    const fresh = found.columns.filter((column) => !known.has(columnId(column)))
    return fresh.length > 4 ? undefined : { ...base, columns: [...base.columns, ...fresh] }
  }
  for (const prompt of [`${rest} of ${noun}`, rest, `${rest} amount of ${noun}`, `number of ${rest}`]) {
    const found = fragment(part, prompt)
    if (found === undefined || found.aggregates.length === 0 || found.groupBy.length > 0) continue
    const same = new Set(base.aggregates.map((a) => canonicalJson({ ...a, id: '', label: '' })))
    const ids = new Set([...base.aggregates.map((a) => a.id), ...base.groupBy.map(columnId)])
    const fresh = found.aggregates.filter((a) => !same.has(canonicalJson({ ...a, id: '', label: '' })))
    if (fresh.length === 0) return undefined
    return {
      ...base,
      aggregates: [...base.aggregates, ...fresh.map((a) => ({ ...a, id: ids.has(a.id) ? `${a.id}_2` : a.id }))],
    }
  }
  return undefined
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

function reversed(base: Definition): Definition | undefined {
  if (base.sortBy.length === 0) return undefined
  return {
    ...base,
    sortBy: base.sortBy.map((s) => ({ ...s, direction: s.direction === 'asc' ? ('desc' as const) : ('asc' as const) })),
  }
}

function sorted({ base, text, rest, input }: Part): Definition | undefined {
  const down = /\b(desc(?:ending)?|highest|largest|most|biggest|newest|latest|z to a|down)\b/i.test(text)
  const up = /\b(asc(?:ending)?|lowest|smallest|least|fewest|oldest|earliest|a to z|alphabetical(?:ly)?|up)\b/i.test(
    text,
  )
  const name = plain(
    rest
      .replaceAll(',', ' ')
      .replaceAll(
        /\b(?:in|the|by|order|desc(?:ending)?|asc(?:ending)?|highest|largest|most|biggest|newest|latest|lowest|smallest|least|fewest|oldest|earliest|alphabetical(?:ly)?|first|a to z|z to a)\b/gi,
        ' ',
      )
      .replaceAll(/\s+/g, ' '),
  )
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
  if (found === undefined) return undefined
  return { ...base, sortBy: [{ field: found.id, direction: down || (!up && found.number) ? 'desc' : 'asc' }] }
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
