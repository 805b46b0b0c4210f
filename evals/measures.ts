// What a run of the evals comes to. In: what became of each question. Out: shares as hits of how many, times, tokens, dollars.
import type { ModelPrice } from '../src/config.ts'
import { SURE_BAR } from '../src/tables/settle.ts'
import { costOf } from '../src/tables/usage.ts'
import type { Usage } from '../src/translate/types.ts'
import type { CaseResult } from './own.ts'

/** failed: it could not be asked at all. */
export type SuiteResult = Omit<CaseResult, 'outcome' | 'tags' | 'translator'> & {
  readonly outcome: 'right' | 'wrong' | 'held' | 'failed'
  readonly translator?: string
}

/** `hits` of `of`; `want` says which way is better. */
export type Share = {
  readonly name: string
  readonly hits: number
  readonly of: number
  readonly want: 'more' | 'less'
}
export type Measures = {
  readonly shares: readonly Share[]
  readonly p50Ms: number
  readonly p95Ms: number
  /** Absent: no model was asked. */
  readonly model?: {
    readonly repairs: number
    readonly calls: number
    readonly inputTokens: number
    readonly outputTokens: number
    readonly cachedTokens: number
    /** null: MODEL_PRICES does not name the model. */
    readonly dollars: number | null
  }
}
type Prices = ReadonlyMap<string, ModelPrice> | undefined

/** Tags of prompts that must not be answered with numbers. */
const NONE_TAGS = ['unanswerable', 'write', 'tenant', 'injection', 'sensitive']

const more = (name: string, hits: number, of: number): Share => ({ name, hits, of, want: 'more' })
const less = (name: string, hits: number, of: number): Share => ({ name, hits, of, want: 'less' })
const count = (some: readonly { readonly outcome: string }[], outcome: string) =>
  some.filter((one) => one.outcome === outcome).length

/** Of the project's own cases. */
export function ownMeasures(results: readonly CaseResult[], { translator, prices }: About): Measures {
  const asked = results.filter(({ tags }) => isQuestion(tags))
  const refined = results.filter(({ tags }) => tags.includes('refinement') && !isNone(tags))
  const refused = results.filter(({ tags }) => isNone(tags))
  const groups = [...Map.groupBy(asked, ({ group }) => group).values()].filter((some) => some.length > 1)
  const stable = groups.filter((some) => new Set(some.map(({ outcome }) => outcome)).size === 1)
  return {
    shares: [
      ...answerShares(asked),
      more('paraphrases that end alike', stable.length, groups.length),
      more('follow-ups right, nothing else changed', count(refined, 'right'), refined.length),
      less('follow-ups that changed something else', count(refined, 'wrong'), refined.length),
      more('not answered where there is no answer', count(refused, 'right'), refused.length),
      wrongThoughSure(results),
      ...byTheModel(results, translator),
    ],
    ...timesAndTokens(results, prices),
  }
}

/** Of a public suite. */
export function suiteMeasures(results: readonly SuiteResult[], { translator, prices }: About): Measures {
  return {
    shares: [
      ...answerShares(results),
      less('failed', count(results, 'failed'), results.length),
      wrongThoughSure(results),
      ...byTheModel(results, translator),
    ],
    ...timesAndTokens(results, prices),
  }
}
type About = { readonly translator: string; readonly prices: Prices }

const isNone = (tags: readonly string[]) => NONE_TAGS.some((tag) => tags.includes(tag))
/** It has an answer, and begins a conversation. */
export const isQuestion = (tags: readonly string[]) => !tags.includes('refinement') && !isNone(tags)

type One = SuiteResult | CaseResult

function answerShares(asked: readonly One[]): Share[] {
  const answered = asked.filter(({ outcome }) => outcome === 'right' || outcome === 'wrong')
  const right = answered.filter(({ outcome }) => outcome === 'right')
  return [
    more('right, of all questions', right.length, asked.length),
    more('right and no column beside, of all questions', right.filter((one) => one.strict).length, asked.length),
    more('right, of those answered', right.length, answered.length),
    more('valid, of those answered', answered.filter((one) => one.valid !== false).length, answered.length),
    less('held back', count(asked, 'held'), asked.length),
  ]
}

/** People act on these: an answer without a reserve that is not right. */
function wrongThoughSure(results: readonly One[]): Share {
  const sure = results.filter((one) => isAnswer(one) && isSure(one))
  const wrong = sure.filter(({ outcome }) => outcome !== 'right')
  return less(`wrong though confident, of those ${SURE_BAR * 100} % sure or more`, wrong.length, sure.length)
}

export const isSure = ({ confidence = 0 }: Pick<One, 'confidence'>) => confidence >= SURE_BAR
const isAnswer = ({ outcome, confidence }: One) =>
  confidence !== undefined && (outcome === 'right' || outcome === 'wrong' || outcome === 'leaked')

/** Without this the built-in translator's figures would pass for those of a model that never answered. */
function byTheModel(results: readonly One[], translator: string): Share[] {
  if (translator === 'builtin' || translator === 'import') return []
  const own = results.filter((one) => one.translator === translator)
  return [more('understood by the model itself', own.length, results.length)]
}

function timesAndTokens(results: readonly One[], prices: Prices): Omit<Measures, 'shares'> {
  const times = results.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (part: number) => Math.round((times[Math.floor(part * (times.length - 1))] ?? 0) * 10) / 10
  const usages = results.flatMap(({ usage }) => (usage === undefined ? [] : [usage]))
  const sum = (of: (usage: Usage) => number) => usages.reduce((total, one) => total + of(one), 0)
  const costs = usages.map((one) => costOf(prices, { ...one, cachedTokens: one.cachedTokens ?? 0 }))
  const model = {
    repairs: sum(({ repairs = 0 }) => repairs),
    calls: sum(({ calls }) => calls),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    cachedTokens: sum(({ cachedTokens = 0 }) => cachedTokens),
    dollars: costs.includes(null) ? null : costs.reduce<number>((total, one) => total + (one ?? 0), 0),
  }
  return { p50Ms: at(0.5), p95Ms: at(0.95), ...(usages.length > 0 && { model }) }
}
