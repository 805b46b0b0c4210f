// What became of the cases, for people. In: measures, results. Out: markdown: shares with intervals, by construct, how sure
// the wrong ones were.
import { isQuestion, isSure, type Measures, type Share, type SuiteResult } from './measures.ts'
import type { CaseResult } from './own.ts'

/** Wilson's 95 % interval of k in n, in percent. */
export function wilson(k: number, n: number): readonly [number, number] {
  if (n === 0) return [0, 100]
  const z = 1.96
  const p = k / n
  const d = 1 + (z * z) / n
  const c = p + (z * z) / (2 * n)
  const s = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return [(100 * (c - s)) / d, (100 * (c + s)) / d]
}

/** `87.9 % [83.4, 91.4] (226 of 257)` */
export function shareText({ hits, of }: Pick<Share, 'hits' | 'of'>): string {
  if (of === 0) return 'none'
  const [low, high] = wilson(hits, of)
  return `${((100 * hits) / of).toFixed(1)} % [${low.toFixed(1)}, ${high.toFixed(1)}] (${hits} of ${of})`
}

/** Times, and what a model did and cost; one line each. Times of a replayed run are not the vendor's. */
export function numberLines(
  { p50Ms, p95Ms, model }: Measures,
  replayed = false,
): readonly (readonly [string, string])[] {
  const whole = (value: number) => value.toLocaleString('en-US')
  return [
    [replayed ? 'time, replayed without the vendor' : 'time', `p50 ${p50Ms} ms, p95 ${p95Ms} ms`],
    ...(model === undefined
      ? []
      : ([
          ['repairs', `${whole(model.repairs)} in ${whole(model.calls)} calls`],
          [
            'tokens',
            `${whole(model.inputTokens)} read (${whole(model.cachedTokens)} from the cache), ${whole(model.outputTokens)} written`,
          ],
          [
            'cost',
            model.dollars === null ? 'not known: MODEL_PRICES does not name it' : `$${model.dollars.toFixed(2)}`,
          ],
        ] as const)),
  ]
}

/** The table of measures. */
export function measuresTable(measures: Measures, replayed = false): string {
  return [
    '| measure | result |',
    '| --- | --- |',
    ...measures.shares.map((one) => `| ${one.name} | ${shareText(one)} |`),
    ...numberLines(measures, replayed).map(([name, text]) => `| ${name} | ${text} |`),
  ].join('\n')
}

/** Right, wrong and held by construct. */
export function constructsTable(results: readonly CaseResult[]): string {
  const asked = results.filter(({ tags }) => isQuestion(tags))
  const tags = [...new Set(asked.flatMap((one) => one.tags))].sort()
  return [
    '| construct | right | wrong | held |',
    '| --- | ---: | ---: | ---: |',
    ...tags.map((tag) => {
      const some = asked.filter((one) => one.tags.includes(tag))
      const count = (outcome: string) => some.filter((one) => one.outcome === outcome).length
      return `| ${tag} | ${count('right')} | ${count('wrong')} | ${count('held')} |`
    }),
  ].join('\n')
}

/** What was wrong, the surest first, and what was held back. */
export function faultLists(results: readonly (CaseResult | SuiteResult)[]): string {
  return [
    ...list(
      'Wrong, the surest first',
      results.filter(({ outcome }) => outcome === 'wrong' || outcome === 'leaked'),
    ),
    ...list(
      'Held back',
      results.filter(({ outcome }) => outcome === 'held'),
    ),
    ...list(
      'Failed',
      results.filter(({ outcome }) => outcome === 'failed'),
    ),
  ].join('\n')
}

function list(title: string, some: readonly (CaseResult | SuiteResult)[]): string[] {
  if (some.length === 0) return []
  const sorted = [...some].sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0))
  const sure = (one: CaseResult | SuiteResult) =>
    one.confidence === undefined
      ? ''
      : ` (${Math.round(one.confidence * 100)} %${isSure(one) ? ', without a reserve' : ''})`
  return [`## ${title}`, '', ...sorted.map((one) => `- ${one.id}: ${one.prompt}${sure(one)}`), '']
}
