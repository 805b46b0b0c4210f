// From a prompt to ranked definitions: chunks, readings, assignments, definitions, scores.
// In: everything a translator gets. Out: candidates, best first, with what speaks for and against each.
// Refused: nothing; judging whether the best is good enough is the translator's.
import type { Catalog } from '../../catalog/schema.ts'
import { type Definition, Definition as DefinitionSchema } from '../../definition/schema.ts'
import type { TranslateInput } from '../types.ts'
import { apart } from './apart.ts'
import { type Reading, readings } from './choose.ts'
import { type Chunk, chunk } from './chunk.ts'
import { byCost } from './confidence.ts'
import { coverageOf } from './coverage.ts'
import { doneThen } from './done.ts'
import { featuresOf } from './features.ts'
import { cutFullNames } from './full-names.ts'
import { graphOf } from './graph.ts'
import { lexiconOf } from './lexicon.ts'
import { lifted } from './lifted.ts'
import { localDay } from './local-day.ts'
import type { Ask } from './read/ast.ts'
import { readQuestion } from './read/question.ts'
import { deedTime, meetingTime, ownTime } from './retime.ts'
import { senselessCost } from './senseless.ts'
import { sharesOfAll } from './shares.ts'
import { steady } from './steady.ts'
import { lemma } from './stem.ts'
import { assign } from './tie/assign.ts'
import { build } from './tie/build.ts'
import { slotsOf } from './tie/slots.ts'
import { type Token, tokenise } from './tokens.ts'
import { trustOf, type Weighed } from './trust.ts'
import { unheard } from './unheard.ts'
import { unsaid } from './unsaid.ts'
import { hasMetrics } from './written.ts'

export type Ranked = {
  readonly definition: Definition
  readonly cost: number
  readonly confidence: number
  readonly features: Readonly<Record<string, number>>
  readonly unread: readonly string[]
  readonly assumptions: readonly string[]
  readonly picks: readonly string[]
  /** Names, numbers and fields of the prompt that the reading has no place for; known of catalogs that people wrote. */
  readonly lost: readonly string[]
}

const MAX_READINGS = 14
const MAX_PICK_COST = 2.4
const ASSIGNMENTS = 3
/** Readings that are judged by more than their cost. */
const JUDGED = 3
/** What the second and third cut of a prompt cost more than the first. */
const WAY_COST = [0, 0.5, 0.6]

/** What a second way to read the same prompt made of it. */
export type Second = {
  readonly definition?: Definition
  /** Absent: it is only a draft. */
  readonly confidence?: number
  readonly assumptions: readonly string[]
  readonly missing: number
}
export type BestOptions = {
  /** `false` leaves the readings by cost, as learning needs them. */
  readonly judge?: boolean
  /** Bears the readings out, or stands beside them; over catalogs as introspected. */
  readonly second?: Second | undefined
}

/** Definitions a prompt may mean, likeliest first. */
export function best(input: TranslateInput, { judge = true, second }: BestOptions = {}): Ranked[] {
  const { catalog, prompt, values, clock } = input
  const tokens = cutFullNames(tokenise(prompt), values)
  const graph = graphOf(catalog)
  const today = localDay(clock.now, clock.timezone)
  const ways = chunk({ prompt, tokens, catalog, lexicon: lexiconOf(catalog), values, today })
  const said = new Set(tokens.map((token) => lemma(token.word)))
  const words = new Set(tokens.map(({ word }) => word))
  const found = new Map<string, Ranked>()
  const curated = hasMetrics(catalog)
  for (const [index, chunks] of ways.entries()) {
    const asks: Reading<Ask>[] = readings((pick) => readQuestion(chunks, pick), {
      maxReadings: MAX_READINGS,
      maxCost: MAX_PICK_COST,
    })
    for (const reading of asks) {
      const ask = reading.result
      const slots = slotsOf({ catalog, graph, ask, chunks })
      for (const assignment of assign(slots, graph, ASSIGNMENTS)) {
        const built = build({ ask, assignment, catalog, graph, values, said })
        if (built === undefined) continue
        const unread = ask.unread
        const unreadCost = unread.reduce(
          (sum, one) =>
            sum +
            (one.quoted === true || one.num !== undefined
              ? 2
              : one.capital && one.from > 0
                ? 1.2
                : one.links.length > 0
                  ? 0.9
                  : 0.35),
          0,
        )
        const plain =
          reading.cost +
          (WAY_COST[index] ?? 0.5) +
          assignment.cost +
          built.cost +
          unreadCost +
          0.3 * (ask.features.droppedField ?? 0)
        const definition = apart(
          curated
            ? sharesOfAll(inTime(lifted(built.definition, catalog), catalog, words), catalog)
            : steady(built.definition, catalog),
        )
        const parsed = DefinitionSchema.safeParse(definition)
        // More groups or conditions than a definition may have: words that say no table.
        if (!parsed.success) continue
        const cost = plain + (curated ? senselessCost(parsed.data, catalog) : 0)
        const key = JSON.stringify(definition)
        const before = found.get(key)
        if (before !== undefined && before.cost <= cost) continue
        found.set(key, {
          definition: parsed.data,
          cost,
          confidence: 0,
          // In a catalog as introspected, columns are often named that need no place of their own: "Cash as payment method".
          lost: curated
            ? [
                ...unread.filter((one) => telling(one) || qualifies(one, chunks)).map((one) => one.text),
                ...ask.dropped,
                ...unheard(chunks, parsed.data, catalog),
                ...unrankedBy(built.reasons, chunks),
              ]
            : [],
          features: featuresOf({
            ask,
            chunks,
            way: index,
            reading,
            slots,
            assignment,
            built,
            unreadCost,
            tokens: tokens.length,
          }),
          unread: unread.map((one) => one.text),
          assumptions: ask.notes,
          picks: [
            ...reading.picks,
            ...Object.entries(built.reasons).map(([reason, amount]) => `${reason}=${amount.toFixed(1)}`),
          ],
        })
      }
    }
  }
  const ranked = [...found.values()].sort((a, b) => a.cost - b.cost)
  if (!judge) return ranked
  return curated
    ? ranked.map((one) => ({ ...one, confidence: byCost(one) }))
    : byTrust(ranked, { prompt: tokens, catalog, second })
}

type About = { readonly prompt: readonly Token[]; readonly catalog: Catalog; readonly second: Second | undefined }

/** The readings with how far each can be trusted; of the first few, the most trusted leads. */
function byTrust(ranked: readonly Ranked[], about: About): Ranked[] {
  const { few, rest } = judgedOf(ranked, about)
  const judged = few.map((one, at) => ({ ...one, confidence: trustOf(few, rest, at) }))
  return [...judged.sort((a, b) => b.confidence - a.confidence), ...rest]
}

/** Of readings by cost those that are judged, with what speaks for each: the first ones, and the second way's where it is another. */
export function judgedOf(
  ranked: readonly Ranked[],
  { prompt, catalog, second }: About,
): { readonly few: readonly (Ranked & Weighed)[]; readonly rest: readonly Ranked[] } {
  const withAll = (one: Ranked & { readonly second?: true }) => {
    const { definition, lost } = one
    const features = {
      ...one.features,
      ...coverageOf({ prompt, definition, catalog }),
      ...borneOut(definition, second),
    }
    return { ...one, features, missing: unsaid({ prompt, lost, definition, catalog }).length }
  }
  const first = ranked.slice(0, JUDGED).map(withAll)
  const other = first.some(({ definition }) => isSame(definition, second?.definition)) ? [] : standing(second)
  return { few: [...first, ...other.map(withAll)], rest: ranked.slice(JUDGED) }
}

const isSame = (one: Definition, other: Definition | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** The second way's table as one more reading, where it is not only a draft. */
function standing(made: Second | undefined): (Ranked & { readonly second: true })[] {
  if (made?.definition === undefined || made.confidence === undefined) return []
  const { definition, assumptions } = made
  return [
    { second: true, definition, assumptions, cost: 0, confidence: 0, features: {}, unread: [], picks: [], lost: [] },
  ]
}

/** How far the second way says the same: the very table, or one that differs in what is shown and how it is sorted. */
function borneOut(definition: Definition, second: Second | undefined): Record<string, number> {
  if (second?.definition === undefined) return second === undefined ? {} : { 'second.none': 1 }
  const rowsOf = ({ columns: _columns, sortBy: _sort, title: _title, ...rest }: Definition) => JSON.stringify(rest)
  const same = isSame(definition, second.definition)
  return {
    ...(same && { 'second.same': 1 }),
    ...(rowsOf(definition) === rowsOf(second.definition) && { 'second.rows': 1 }),
    ...(second.confidence === undefined
      ? { 'second.draft': 1 }
      : { 'second.confidence': second.confidence, ...(same && { 'second.sure': second.confidence }) }),
    ...(second.missing > 0 && { 'second.missing': Math.min(4, second.missing) }),
  }
}

/** Whether an unread chunk would have changed the table: a name, a number, or something that the catalog knows. */
function telling({ quoted, num, capital, from, links }: Chunk): boolean {
  return quoted === true || num !== undefined || (capital && from > 0) || links.length > 0
}

/** "State with the most contacts": the words that rank, where there is nothing to rank by. */
function unrankedBy(reasons: Readonly<Record<string, number>>, chunks: readonly Chunk[]): string[] {
  if (!('superlative out of reach' in reasons || 'superlative without measure' in reasons)) return []
  return chunks.filter(({ kw }) => kw?.k === 'super' || kw?.k === 'top' || kw?.k === 'bottom').map(({ text }) => text)
}

/** Whether an unread word stands right before rows that it would have picked: "anonymous donations". */
function qualifies({ to, kw }: Chunk, chunks: readonly Chunk[]): boolean {
  const next = chunks.find(({ from }) => from === to)
  return kw === undefined && next?.kw === undefined && next?.links[0]?.target.kind === 'entity'
}

/** The definition with its periods asked of the rows that the words are about. */
function inTime(definition: Definition, catalog: Catalog, words: ReadonlySet<string>): Definition {
  return [ownTime, meetingTime, deedTime, doneThen].reduce((one, pass) => pass(one, catalog, words), definition)
}
