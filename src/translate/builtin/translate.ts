// The built-in translator: prompt → table definition with no model and no network.
// In: a prompt, the catalog as the asker may see it, stored values, the clock. Out: an answer, a draft or a refusal.
// Refused: writing, other organizations, instructions inside the prompt, what the catalog does not have.
import type { Catalog } from '../../catalog/schema.ts'
import { checkDefinition } from '../../definition/check.ts'
import type { Definition } from '../../definition/schema.ts'
import { draftOf } from '../draft.ts'
import type { Likely, Rival, TranslateInput, Translation, Translator, ValueIndex } from '../types.ts'
import { best, type Ranked, type Second } from './best.ts'
import { counting } from './counting.ts'
import { coverageOf } from './coverage.ts'
import { GRAMMAR, STOP_WORDS } from './keywords.ts'
import { lexiconOf } from './lexicon.ts'
import { monthOf } from './periods.ts'
import { otherwise, plainly } from './plainly.ts'
import { edgeOfEach } from './recast/edge-of-each.ts'
import type { Recast } from './recast/turn.ts'
import { recastsOf } from './recast.ts'
import { refine, speaksOfTable } from './refine.ts'
import { type Refusal, refusalOf } from './refuse.ts'
import { retimed } from './retime.ts'
import { LOOKED_AT, oddsOf } from './seen.ts'
import { withSpoken } from './shown.ts'
import { respelt } from './spelling.ts'
import { lemma } from './stem.ts'
import { type Token, tokenise } from './tokens.ts'
import { unknownName } from './unknown-names.ts'
import { contradictions, deedsIn, unsaid } from './unsaid.ts'
import { asWritten, hasMetrics } from './written.ts'

/** Below this share of right answers a reading is shown as a draft; over catalogs that people wrote, where little is ambiguous. */
const BAR = 0.5
/** The same over catalogs as introspected, where the rows have the last word: below this they cannot save it. */
const INTROSPECTED_BAR = 0.3

/** A translator that needs nothing but the catalog and its stored values; same input, same answer. */
export function builtinTranslator(): Translator {
  return async (input) => translateBuiltin(input)
}

/** The same without a promise, for tests and for callers that want the ranked reading. */
export function translateBuiltin(input: TranslateInput): Translation {
  const { base, ...fresh } = input
  const lexicon = lexiconOf(input.catalog)
  const refusal = refusalOf({
    prompt: input.prompt,
    follows: base !== undefined,
    knows: lexicon.knownEntity,
    rows: (word) => lexicon.rowsCalled(word).length > 0,
  })
  if (refusal !== undefined) return refused(refusal, fresh)
  const made = base === undefined ? read(fresh) : followUp({ ...fresh, base })
  const name = hasMetrics(input.catalog) ? unknownName(made, input) : undefined
  if (name === undefined) return made
  // The names that are known are bounded: it may be there, only rarer.
  const reason = `“${name}” is none of the names that are known of your organization's data, and nobody else's can be asked for`
  return refused({ reason, closest: 'list' }, fresh)
}

function followUp(input: TranslateInput & { readonly base: Definition }): Translation {
  const { base, ...fresh } = input
  const refined = refine(input, (prompt) => read({ ...fresh, prompt }))
  if ('definition' in refined) return answer(refined.definition, REFINED, [])
  // What does not begin as a follow-up may also be a new question.
  const anew = speaksOfTable(input.prompt) ? undefined : read(fresh)
  if (anew?.kind === 'answer' && anew.confidence >= NEW_QUESTION)
    return { ...anew, notes: ['Read as a new question, not as a change of the table before'] }
  return draftOf({
    definition: base,
    catalog: input.catalog,
    notUnderstood: [refined.notUnderstood],
    suggestions: [],
    translator: 'builtin',
  })
}

/** A no with the closest prompt that works. */
function refused({ reason, closest }: Refusal, input: TranslateInput): Translation {
  const { entities } = input.catalog
  const named = tokenise(input.prompt).flatMap(({ word }) => lexiconOf(input.catalog).rowsCalled(word))
  const label = entities[named[0] ?? '']?.label.toLowerCase()
  const prompts = {
    list: [`List of ${label}`],
    months: [`Number of ${label} by month this year`, `Number of ${label} by month`],
  }
  const suggestions = label === undefined || closest === undefined ? [] : prompts[closest]
  const works = suggestions.find((prompt) => read({ ...input, prompt }).kind === 'answer')
  return {
    kind: 'refused',
    reason,
    suggestions: works === undefined ? [] : [works],
    translator: 'builtin',
    notes: [],
  }
}

/** A follow-up whose every clause found its part is as good as the reading of small prompts. */
const REFINED = 0.9
const NEW_QUESTION = 0.85

/** "monthly spending" is spending by month, unless it says which rows: "monthly pledges" are those pledged monthly. */
const ADVERBS: Readonly<Record<string, string>> = {
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
  annual: 'year',
  annually: 'year',
}

function byGrain({ prompt, catalog }: TranslateInput): string | undefined {
  const [, before = '', adverb = '', next = '', rest = ''] =
    /^(.*?)\b(daily|weekly|monthly|quarterly|yearly|annual)\s+([\p{L}-]+)(.*?)[?.!]*$/iu.exec(prompt) ?? []
  const grain = ADVERBS[adverb.toLowerCase()]
  if (grain === undefined || lexiconOf(catalog).knownEntity(next.toLowerCase()) || /\b(by|per|each)\b/i.test(prompt)) {
    return undefined
  }
  // An "average monthly gift" is no average of each month.
  if (/\b(averages?|mean)\s*$/i.test(before)) return undefined
  // "monthly donors" are donors of a kind.
  const kind = lexiconOf(catalog).entries.some(
    ({ target, words }) =>
      target.kind === 'enum' &&
      words.length === 2 &&
      words[0]?.lemma === lemma(adverb.toLowerCase()) &&
      words[1]?.lemma === lemma(next.toLowerCase()),
  )
  if (kind) return undefined
  return `${before}${next}${rest} by ${grain}`.trim()
}

/** "Ann Lee's visits per month" are visits per month of Ann Lee, where somebody is called so. */
function ownerLast(prompt: string, values: ValueIndex): string {
  const [, name = '', rest = ''] = /^((?:\p{Lu}[\p{L}.-]*\s+)*\p{Lu}[\p{L}.-]*)['’]s\s+(.+?)[?.!]*$/u.exec(prompt) ?? []
  const known = name !== '' && values.find(name, { max: 1 }).some(({ score }) => score >= 0.97)
  return known ? `${rest} of ${name}` : prompt
}

/** "Gifts 2025" are gifts in 2025, where nothing is called so: "Spring Gala 2026" is a name. */
function inYear(prompt: string, catalog: Catalog, values: ValueIndex): string {
  const { known } = lexiconOf(catalog)
  const isNamed = (text: string, score: number) => values.find(text, { max: 1 }).some((one) => one.score >= score)
  return prompt.replace(
    /\b((?:[\p{L}'’-]+ )*?)([\p{L}'’-]+) ((?:19|20)\d\d)\b(?![-/.]\d)/gu,
    (found, before, word, year) => {
      const lower = String(word).toLowerCase()
      const plain = STOP_WORDS.has(lower) || GRAMMAR.has(lower) || monthOf(tokenise(lower)[0], true) !== undefined
      if (plain || /^(fiscal|fy|year|years|q[1-4])$/.test(lower) || !(known(lower) || isNamed(word, 0.97))) return found
      const last = String(before).trim().split(' ').at(-1) ?? ''
      const names = [`${word} ${year}`, `${last} ${word} ${year}`]
      return names.some((one) => isNamed(one, 0.8)) ? found : `${before}${word} in ${year}`
    },
  )
}

function read(input: TranslateInput): Translation {
  if (!hasMetrics(input.catalog)) return readAs(input)
  const words = plainly(inYear(ownerLast(input.prompt, input.values), input.catalog, input.values), input.catalog)
  const spelling = respelt(words, input.catalog, input.values)
  return told(readSpelt({ ...input, prompt: spelling.prompt }), spelling, input)
}

function readSpelt(spelt: TranslateInput): Translation {
  const turned = readTurned(spelt)
  if (turned !== undefined) return turned
  const grained = byGrain(spelt)
  const made = grained === undefined ? undefined : readAs({ ...spelt, prompt: grained })
  const plain = made?.kind === 'answer' ? made : readAs(spelt)
  const other = plain.kind === 'answer' ? undefined : otherwise(spelt.prompt, spelt.catalog)
  const second = other === undefined ? plain : readAs({ ...spelt, prompt: other })
  if (second.kind === 'answer') return second
  return turnedBy(spelt, edgeOfEach(spelt)).answered ?? plain
}

/** What was made of a prompt, with what was read as what; what was not understood stands in the asker's own letters. */
function told(
  made: Translation,
  { notes, typed }: ReturnType<typeof respelt>,
  { prompt, catalog }: TranslateInput,
): Translation {
  if (made.kind === 'answer') {
    const definition = withSpoken(made.definition, catalog)
    const meant = new Map([...typed].map(([read, word]) => [word, read]))
    const spelt = prompt.replace(/\p{L}+/gu, (word) => meant.get(word) ?? word)
    return { ...made, definition, ...(spelt !== prompt && { spelt }), assumptions: [...notes, ...made.assumptions] }
  }
  if (made.kind !== 'draft' || notes.length === 0) return made
  const asTyped = (part: string) => part.replace(/\p{L}+/gu, (word) => typed.get(word) ?? word)
  const draft = { ...made, notUnderstood: made.notUnderstood.map(asTyped) }
  return made.definition === undefined
    ? { ...draft, notes: [...notes, ...made.notes] }
    : { ...draft, understood: [...notes, ...made.understood] }
}

/** A prompt with a turn that no clause says: what the turn makes of the rest. Not of the rest alone: that is another question. */
function readTurned(input: TranslateInput): Translation | undefined {
  const recasts = recastsOf(input)
  if (recasts.length === 0) return undefined
  const { answered, rest } = turnedBy(input, recasts)
  if (answered !== undefined) return answered
  const plain = readAs(input)
  if (plain.kind === 'draft') return plain
  return rest ?? draftOf({ ...DRAFTED, catalog: input.catalog, definition: undefined, notUnderstood: [input.prompt] })
}

/** What the first recast that fits makes of the rest, or what is not understood of that. */
function turnedBy(
  input: TranslateInput,
  recasts: readonly Recast[],
): { readonly answered?: Translation; readonly rest?: Translation } {
  let rest: Translation | undefined
  for (const { prompt, make } of recasts) {
    const made = readAs({ ...input, prompt })
    if (made.kind !== 'answer') {
      rest ??= made.kind === 'draft' && made.notUnderstood.length > 0 ? made : undefined
      continue
    }
    const sound = (definition: Definition) => {
      const turned = make(definition)
      return turned === undefined || checkDefinition(turned, input.catalog).length > 0 ? [] : [turned]
    }
    const [definition] = sound(made.definition)
    if (definition === undefined) continue
    const { rivals = [] } = made
    const others = rivals.flatMap((one) => sound(one.definition).map((turned) => ({ ...one, definition: turned })))
    const { rivals: _rivals, ...plain } = made
    return { answered: { ...plain, definition, ...(others.length > 0 && { rivals: others }) } }
  }
  return rest === undefined ? {} : { rest }
}

const DRAFTED = { suggestions: [], translator: 'builtin' } as const

/** A prompt over a catalog as introspected, read as over one that people wrote: by fewer guesses, and with more everyday words. */
export function secondWay(input: TranslateInput): Second {
  const made = read({ ...input, catalog: asWritten(input.catalog) })
  if (made.kind === 'answer') {
    const { definition, confidence, assumptions } = made
    return { definition, confidence, assumptions, missing: 0 }
  }
  const { notUnderstood, definition } = made.kind === 'draft' ? made : { notUnderstood: [], definition: undefined }
  return { ...(definition && { definition }), assumptions: [], missing: Math.max(1, notUnderstood.length) }
}

function readAs(input: TranslateInput): Translation {
  const { catalog } = input
  const ranked = best(input, hasMetrics(catalog) ? {} : { second: secondWay(input) })
  const [top] = ranked
  const prompt = tokenise(input.prompt)
  const draft = (found: Definition | undefined, notUnderstood: readonly string[], notes: readonly string[] = []) => {
    const definition = found === undefined ? undefined : counted(found, prompt, catalog)
    return draftOf({ definition, catalog, notUnderstood, suggestions: [], translator: 'builtin', notes })
  }
  if (top === undefined) return draft(undefined, [input.prompt])
  const issues = checkDefinition(top.definition, catalog)
  if (issues.length > 0)
    return draft(
      top.definition,
      top.unread,
      issues.map((issue) => issue.message),
    )
  const missing = missingIn(top, top.definition, prompt, catalog)
  const bar = hasMetrics(catalog) ? BAR : INTROSPECTED_BAR
  if (missing.length === 0 && top.confidence >= bar)
    return {
      ...answer(counted(top.definition, prompt, catalog), top.confidence, top.assumptions),
      ...rivalsOf(prompt, ranked, catalog),
      ...likelyOf(prompt, ranked, catalog),
    }
  const said = missing.length === 0 ? undefined : nextWhole(prompt, ranked, catalog, bar)
  return said ?? draft(top.definition, [...new Set([...top.unread, ...missing])])
}

/** A reading as it is handed over, once all of it was found in the words: its conditions on related rows test those that count. */
function counted(definition: Definition, prompt: readonly Token[], catalog: Catalog): Definition {
  return counting(definition, catalog, prompt.map(({ word }) => word).join(' '))
}

/** What was asked for and is not in the table. Where people wrote the catalog, so is every word that nothing understood. */
function missingIn(
  { lost, unread }: Ranked,
  definition: Definition,
  prompt: readonly Token[],
  catalog: Catalog,
): readonly string[] {
  const missing = unsaid({ prompt, lost, definition, catalog })
  if (!hasMetrics(catalog)) return missing
  const contradicted = contradictions(counted(definition, prompt, catalog), catalog)
  return [...new Set([...missing, ...unread, ...contradicted])]
}

/** Surer than this nothing else is looked at. */
const SURE = 0.85
/** How much costlier than the first a reading is that people may mean as well; beyond, it is only far-fetched. */
const RIVAL_COST = 0.2
const MAX_RIVALS = 2

/** Readings nearly as likely as the first that leave nothing out either; over catalogs that people wrote. */
function rivalsOf(
  prompt: readonly Token[],
  ranked: readonly Ranked[],
  catalog: Catalog,
): { rivals?: readonly Rival[] } {
  const [top, ...others] = ranked
  if (top === undefined || top.confidence >= SURE || !hasMetrics(catalog)) return {}
  // What goes through rows that nobody spoke of is not what anybody meant.
  const strange = (definition: Definition) => coverageOf({ prompt, definition, catalog })['cover.entity.unasked'] ?? 0
  const rivals = others
    .filter(({ cost, definition }) => cost - top.cost <= RIVAL_COST && !sameRows(definition, top.definition))
    .slice(0, NEXT_READINGS)
    .filter((one) => missingIn(one, one.definition, prompt, catalog).length === 0)
    .filter(({ definition }) => strange(definition) <= strange(top.definition))
    .filter(({ definition }) => checkDefinition(definition, catalog).length === 0)
    .slice(0, MAX_RIVALS)
    .map(({ definition, assumptions }) => ({ definition: counted(definition, prompt, catalog), assumptions }))
  return rivals.length === 0 ? {} : { rivals }
}

/** The readings whose rows are looked at; over catalogs as introspected. */
function likelyOf(
  prompt: readonly Token[],
  ranked: readonly Ranked[],
  catalog: Catalog,
): { likely?: readonly Likely[] } {
  if (hasMetrics(catalog)) return {}
  const likely = ranked
    .slice(0, LOOKED_AT)
    // Those behind the judged ones have no odds.
    .filter(({ confidence }) => confidence > 0)
    .filter(({ definition }) => checkDefinition(definition, catalog).length === 0)
    .map((one) => ({
      definition: one.definition,
      assumptions: one.assumptions,
      odds: oddsOf(one.confidence),
      whole: missingIn(one, one.definition, prompt, catalog).length === 0,
    }))
  return { likely }
}

/** Lists of the same rows, which differ only in what is shown beside: nothing to ask about. */
function sameRows(one: Definition, other: Definition): boolean {
  const rowsOf = ({ columns, title: _title, ...rest }: Definition) => JSON.stringify([rest, columns.length > 0])
  return one.columns.length > 0 && rowsOf(one) === rowsOf(other)
}

/** How much costlier than the first a reading may be that says all of the prompt where the first does not. */
const NEXT_COST = 2
const NEXT_READINGS = 6
/** A reading that was not the likeliest is trusted a little less. */
const NEXT_CONFIDENCE = 0.9

/** The likeliest reading with everything that was asked for, where the first leaves something out. */
function nextWhole(
  prompt: readonly Token[],
  ranked: readonly Ranked[],
  catalog: Catalog,
  bar: number,
): Translation | undefined {
  const [top] = ranked
  if (top === undefined) return undefined
  const doers = new Set(deedsIn(prompt, catalog).flatMap((deed) => deed.doers))
  const confidence = top.confidence * NEXT_CONFIDENCE
  if (confidence < bar) return undefined
  for (const [at, reading] of ranked.slice(0, NEXT_READINGS).entries()) {
    const { definition, cost, features, assumptions } = reading
    if (cost - top.cost > NEXT_COST || 'price.count of what' in features) continue
    for (const one of [definition, retimed(definition, catalog, doers)]) {
      if (one === undefined || missingIn(reading, one, prompt, catalog).length > 0) continue
      if (checkDefinition(one, catalog).length > 0) continue
      const alone = { definition: one, assumptions, odds: oddsOf(confidence), whole: true }
      return {
        ...answer(counted(one, prompt, catalog), confidence, assumptions),
        ...(!hasMetrics(catalog) && { likely: [alone] }),
        ...(one === definition && rivalsOf(prompt, ranked.slice(at), catalog)),
      }
    }
  }
  return undefined
}

function answer(definition: Definition, confidence: number, assumptions: readonly string[]): Translation {
  return { kind: 'answer', definition, confidence, assumptions, translator: 'builtin', notes: [] }
}
