// Turns of English in plainer words, before anything is read: "our biggest donor" is the top one of the donors.
// In: a prompt over a catalog that people wrote. Out: the same request in other words; what is no such turn stays as it is.
// Refused: words of any one catalog; what names rows or measures is asked of the lexicon.
import type { Catalog } from '../../catalog/schema.ts'
import { lexiconOf } from './lexicon.ts'
import { deedsOf, isDoer } from './recast/deeds.ts'
import { lemma } from './stem.ts'
import { undone } from './undone.ts'

/** The prompt as it is read. */
export function plainly(prompt: string, catalog: Catalog): string {
  const held = lexiconOf(catalog).known('held') ? 'were held' : 'were'
  const plain = prompt
    .replace(/\bcame (?:in )?(?=(by|through|via) )/i, '')
    .replace(/\bbest[- ]selling\b/i, 'top')
    // Columns beside: "with the title and branch"; "with the most" ranks.
    .replace(
      /\bwith (?:the|its|their) (?!(?:most|least|same|top|best|worst|first|last|more|fewest|latest|[\p{L}]+est)\b)(?=[\p{L} ,-]+ and [\p{L} -]+[?.!]*$)/iu,
      'with ',
    )
    .replace(/\btook place\b/i, held)
    .replace(/\b(takes?|taking) place\b/i, 'are')
    .replace(/\s+(?:right now|at the moment|as of (?:now|today))(?=[.?!]?$)/i, '')
    .replace(
      /[,;]?\s+(?:with )?(?:the )?(highest|largest|biggest|greatest|most|lowest|smallest|fewest|least) ((?!to\b)[\p{L} ]{2,40}?) (?:comes? )?first[.!]?$/iu,
      (_, most: string, what: string) =>
        ` sorted by ${what} ${/^(lo|sm|fe|le)/i.test(most) ? 'ascending' : 'descending'}`,
    )
  return [short, undone, joined, sides, reached, inOrder, byAmount, spent, tallied, ranked, fresh, gave].reduce(
    (one, turn) => turn(one, catalog),
    plain,
  )
}

const SHORT: Readonly<Record<string, string>> = { yr: 'year', qtr: 'quarter', mth: 'month', mo: 'month', wk: 'week' }

/** "This yr", "last 3 mths", "whos our biggest donor": as they are written out. */
function short(prompt: string): string {
  return prompt
    .replace(
      /\b((?:this|last|past|previous|next|each|every|per|by|\d+)\s+)(yr|qtr|mth|mo|wk)(s?)\b\.?/gi,
      (_, before: string, unit: string, many: string) => `${before}${SHORT[unit.toLowerCase()]}${many}`,
    )
    .replace(/^(who|what)s (?=\p{L})/iu, '$1 is ')
}

const STRETCH_OF =
  /\b(this|last) (year|month|quarter|week)['’]s ([\p{L} -]+?)(?=,? (?:vs\.?|versus|compared|by|per)\b|[?.!]*$)/giu

/** "Compare A and B", "how does A compare to B": A vs B. */
function sides(prompt: string): string {
  const plain = prompt
    .replace(/^compare (?!to\b|with\b)(.+?) (?:and|to|with|against) (.+)$/i, '$1 vs $2')
    .replace(/^how (?:does|do|did|is|are) (.+?) compar(?:e|ing) (?:to|with|against) (.+?)[?.!]*$/i, '$1 vs $2')
  return plain.replace(STRETCH_OF, '$3 $1 $2')
}

const GOAL = '(?:yet )?(their|its|the) (goals?|targets?|quotas?)(?: yet)?\\b'
const DONE = '(?:reach|hit|meet|make|achieve|attain)'
const UNREACHED = new RegExp(
  `\\b(?:(?:(?:did|do|does|have|has|had)(?: not|n['’]?t)(?: yet)?|never|failed to|fail to) (?:${DONE}|reached|met|made|achieved|attained)|miss(?:ed|es)?|(?:fell|are|is|came in|fall|fallen) (?:short of|below|behind|under)) ${GOAL}`,
  'gi',
)
const REACHED = new RegExp(
  `\\b(?:have |has )?(?:already )?(?:${DONE}|reached|met|made|achieved|attained) ${GOAL}`,
  'gi',
)
const BEATEN = new RegExp(
  `\\b(?:have |has )?(?:beat(?:en)?|surpass(?:ed)?|top(?:ped)?|exceed(?:ed)?|went over|gone over) ${GOAL}`,
  'gi',
)

/** "Did not reach their goal": what was raised is less; where the catalog knows what is raised. */
function reached(prompt: string, catalog: Catalog): string {
  if (!lexiconOf(catalog).known('raised')) return prompt
  return prompt
    .replace(UNREACHED, 'raised less than $1 $2')
    .replace(REACHED, 'raised at least $1 $2')
    .replace(BEATEN, 'raised more than $1 $2')
    .replace(/^(?:which|what) ((?:[\p{L}-]+ ){1,4})(?=raised (?:less|at least|more))/iu, '$1that ')
}

/** "Rank states by number of donors", "sort campaigns by money raised this year": that number by state, in order. */
function inOrder(prompt: string, catalog: Catalog): string {
  const [, rows = '', by = ''] =
    /^(?:rank|sort|order) (?:the |all |our )?(.+?) by (?:their |the )?(.+?)[?.!]*$/i.exec(prompt) ?? []
  const measure = by.replace(AT_THE_END, '')
  return isMeasure(measure, catalog) ? `${by} by ${rows}, highest first` : prompt
}

/** "Top 5 open pledges": by the amount that is added up of them, where they have no name to be told apart by. */
function byAmount(prompt: string, catalog: Catalog): string {
  const [found, before = '', noun = ''] =
    /^((?:(?:show|list)(?: me)? )?(?:the |our )?top \d+ (?:[\p{L}-]+ ){0,2}?)([\p{L}-]+s)(?= (?:this|last|in|of|from|since)\b|[?.!]*$)/iu.exec(
      prompt,
    ) ?? []
  const [rows = ''] = found === undefined ? [] : lexiconOf(catalog).rowsCalled(noun.toLowerCase())
  const { displayField, fields = {}, metrics = {} } = catalog.entities[rows] ?? {}
  const sum = Object.values(metrics).find(({ aggregate }) => aggregate.fn === 'sum' && aggregate.field !== undefined)
  const label = fields[String(sum?.aggregate.field)]?.label.toLowerCase()
  if (found === undefined || displayField !== undefined || label === undefined || / by /i.test(prompt)) return prompt
  return prompt.replace(found, `${before}${noun} by ${label}`)
}

/** "No shows", "sign ups": as the catalog writes them. */
function joined(prompt: string, catalog: Catalog): string {
  return hyphened(catalog).reduce(
    (text, [pattern, word]) => text.replace(pattern, (_, many = '') => `${word}${many}`),
    prompt,
  )
}

const hyphens = new WeakMap<Catalog, readonly (readonly [RegExp, string])[]>()

function hyphened(catalog: Catalog): readonly (readonly [RegExp, string])[] {
  const known = hyphens.get(catalog)
  if (known !== undefined) return known
  const names = Object.values(catalog.entities).flatMap(({ label, synonyms, fields, metrics }) => [
    label,
    ...synonyms,
    ...[...Object.values(fields), ...Object.values(metrics)].flatMap((one) => [one.label, ...one.synonyms]),
  ])
  const words = new Set(
    names.flatMap((name) => name.toLowerCase().match(/(?<![\p{L}-])\p{L}+-\p{L}+(?![\p{L}-])/gu) ?? []).map(lemma),
  )
  // A single letter is joined to many words: "e-mail".
  const made = [...words].flatMap((word) => {
    const [one = '', other = ''] = word.split('-')
    return one.length < 2 || other.length < 2 ? [] : [[new RegExp(`\\b${one} ${other}(s?)\\b`, 'gi'), word] as const]
  })
  hyphens.set(catalog, made)
  return made
}

/** "What did we pay consultants": what was spent on them, not what they paid. */
function spent(prompt: string, catalog: Catalog): string {
  if (!lexiconOf(catalog).known('spent')) return prompt
  return prompt.replace(
    /\b(did|do|have) we (?:pay|paid) (?:to |out to )?(?!in\b|on\b|for\b|out\b|off\b|by\b|with\b|the most\b)(?=\p{L})/iu,
    '$1 we spend on ',
  )
}

const AT_THE_END =
  /((?:,? (?:in|during|of|from|since|for))? (?:(?:this|last|past|previous|current) (?:\d+ )?(?:fiscal )?(?:day|week|month|quarter|year)s?|today|yesterday|(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* |q[1-4] )?20\d\d))[?.!]*$/iu
const SAID =
  /\b(?:with|without|whose|who|that|which|by|per|not|never|added|joined|new since|top|most|more|how|number|count|vs|versus|total|average)\b/i

/** "Donors this year" are those who gave then, not those who were added; where the catalog calls people so for what they did. */
function gave(prompt: string, catalog: Catalog): string {
  const [end, when = ''] = AT_THE_END.exec(prompt) ?? []
  if (end === undefined) return prompt
  const before = prompt.slice(0, prompt.length - end.length)
  const [, noun = ''] =
    /^(?:(?:show|list)(?: me)? )?(?:(?:the|all|our|first[- ]time|brand[- ]new|new) )*([\p{L}-]+)(?: (?:in|from) [\p{L} ]+)?$/iu.exec(
      before,
    ) ?? []
  const deed = SAID.test(before) ? undefined : deedsOf(catalog).find((one) => isDoer(one, noun))
  const [verb] = deed?.verbs ?? []
  return verb === undefined || lemma(noun.toLowerCase()) === noun.toLowerCase()
    ? prompt
    : `${before} who ${verb}${when}`
}

/** "Contacts added this year by count": how many they are. */
function tallied(prompt: string, catalog: Catalog): string {
  const [found, rows = '', noun = ''] = /^((?:the )?([\p{L}-]+)\b.*?),? by (?:count|number)[.?!]?$/iu.exec(prompt) ?? []
  const isRows = lexiconOf(catalog).rowsCalled(noun.toLowerCase()).length > 0
  return found === undefined || !isRows || / by /i.test(rows) ? prompt : `number of ${rows}`
}

/** Other words for the whole prompt, for the case that nothing is made of it as it stands. */
export function otherwise(prompt: string, catalog: Catalog): string | undefined {
  const [, rows = '', what = '', number] =
    /^(?:which |what |the )?([\p{L}-]+) (?:with|has|have|had) the most ([\p{L} -]+?)(?:, (?:top |only )?(\d+))?[.?!]?$/iu.exec(
      prompt,
    ) ?? []
  const one = lemma(rows.toLowerCase()) === rows.toLowerCase()
  if (rows === '' || (number === undefined && !one) || !namesRows(rows, catalog)) return undefined
  return `top ${number ?? 1} ${rows} by number of ${what}`
}

const BIGGEST =
  /\b(?:(?:the|our|your) )?(?:(\d+|two|three|four|five|ten) )?(?:biggest|largest|greatest) (?:(\d+|two|three|four|five|ten) )?([\p{L}-]+)\b(.*)$/iu

/** "Our biggest donor", "the 5 largest campaigns by money raised": rows of a name, by what the words or the catalog say. */
function ranked(prompt: string, catalog: Catalog): string {
  const [found, first, second, rows = '', rest = ''] = BIGGEST.exec(prompt) ?? []
  const number = first ?? second
  const one = lemma(rows.toLowerCase()) === rows.toLowerCase()
  if (found === undefined || (number === undefined && !one) || !namesRows(rows, catalog)) return prompt
  const [, by = ''] = / by (?:the )?([\p{L} -]+?)(?: (?:this|last|in|since)\b.*)?[.?!]?$/iu.exec(rest) ?? []
  if (by === '' ? hasSize(rows, catalog) : !isMeasure(by, catalog)) return prompt
  return prompt.replace(found, `the top ${number ?? 1} ${rows}${rest}`)
}

/** Rows that have a name, so that they can be told apart when they are ranked. */
function namesRows(word: string, catalog: Catalog): boolean {
  const names = lexiconOf(catalog).rowsCalled(word.toLowerCase())
  return names.length > 0 && names.every((name) => catalog.entities[name]?.displayField !== undefined)
}

/** Whether rows hold a number by which they are large themselves: an event has its seats. */
function hasSize(word: string, catalog: Catalog): boolean {
  return lexiconOf(catalog)
    .rowsCalled(word.toLowerCase())
    .flatMap((name) => Object.values(catalog.entities[name]?.fields ?? {}))
    .some(
      ({ type, label, synonyms }) =>
        type === 'integer' && [label, ...synonyms].some((one) => /^(size|capacity)$/i.test(one)),
    )
}

function isMeasure(words: string, catalog: Catalog): boolean {
  if (/^(?:number|count) of /i.test(words)) return true
  const wanted = words.toLowerCase().split(/\s+/).map(lemma).join(' ')
  return lexiconOf(catalog).entries.some(
    ({ target, words: own }) => target.kind === 'metric' && own.map((one) => one.lemma).join(' ') === wanted,
  )
}

const WHEN =
  /\b(?:(?:by|per|each|every) (?:day|week|month|quarter|year)|this|last|past|previous|since|today|yesterday|(?:in|during) (?:\d{4}|[\p{L}]+ \d{4}))\b/iu

/** "New contacts this month" are those of this month by the date that rows of that name have. */
function fresh(prompt: string, catalog: Catalog): string {
  const [found, noun = ''] = /\bnew ([\p{L}-]+)\b/iu.exec(prompt) ?? []
  const isOwn = Object.values(catalog.entities).some(
    ({ label, singular, defaultDate }) =>
      defaultDate !== undefined && [label, singular].some((name) => name?.toLowerCase() === noun.toLowerCase()),
  )
  return found !== undefined && isOwn && WHEN.test(prompt) ? prompt.replace(found, noun) : prompt
}
