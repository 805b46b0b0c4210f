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
import { trustOf } from './trust.ts'
import { unheard } from './unheard.ts'
import { unsaid } from './unsaid.ts'

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

/** Definitions a prompt may mean, likeliest first. `judge: false` leaves them by cost, as learning needs them. */
export function best(input: TranslateInput, { judge = true }: { readonly judge?: boolean } = {}): Ranked[] {
  const { catalog, prompt, values, clock } = input
  const tokens = cutFullNames(tokenise(prompt), values)
  const graph = graphOf(catalog)
  const today = localDay(clock.now, clock.timezone)
  const ways = chunk({ prompt, tokens, catalog, lexicon: lexiconOf(catalog), values, today })
  const said = new Set(tokens.map((token) => lemma(token.word)))
  const words = new Set(tokens.map(({ word }) => word))
  const found = new Map<string, Ranked>()
  const curated = isCurated(catalog)
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
  return curated ? ranked.map((one) => ({ ...one, confidence: byCost(one) })) : byTrust(ranked, tokens, catalog)
}

/** Whether people wrote the catalog: it states metrics. */
export function isCurated(catalog: Catalog): boolean {
  return Object.values(catalog.entities).some(({ metrics }) => Object.keys(metrics).length > 0)
}

/** The readings with how far each can be trusted; of the first few, the most trusted leads. */
function byTrust(ranked: readonly Ranked[], prompt: readonly Token[], catalog: Catalog): Ranked[] {
  const first = ranked.slice(0, JUDGED).map((one) => {
    const { definition, lost } = one
    const features = { ...one.features, ...coverageOf({ prompt, definition, catalog }) }
    return { one: { ...one, features }, missing: unsaid({ prompt, lost, definition, catalog }).length }
  })
  const rest = ranked.slice(JUDGED)
  const all = [...first.map(({ one }) => one), ...rest]
  return [
    ...first
      .map(({ one, missing }, at) => ({ ...one, confidence: trustOf(all, at, missing) }))
      .sort((a, b) => b.confidence - a.confidence),
    ...rest,
  ]
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
