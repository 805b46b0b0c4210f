// What became of the cases, for people. In: results. Out: a page of markdown: shares with intervals, by construct, what
// paraphrases do to it, how sure the wrong ones were.
import type { CaseResult, Outcome } from './own.ts'

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

const share = (k: number, n: number): string => {
  const [low, high] = wilson(k, n)
  return `${((100 * k) / Math.max(1, n)).toFixed(1)} % [${low.toFixed(1)}, ${high.toFixed(1)}] (${k} of ${n})`
}

/** The report of one translator. */
export function ownReport(results: readonly CaseResult[], translator: string): string {
  const count = (some: readonly CaseResult[], outcome: Outcome) => some.filter((one) => one.outcome === outcome).length
  const asked = results.filter(
    ({ tags }) => !tags.includes('refinement') && !noneTags.some((tag) => tags.includes(tag)),
  )
  const refined = results.filter(({ tags }) => tags.includes('refinement'))
  const refused = results.filter(({ tags }) => noneTags.some((tag) => tags.includes(tag)))
  const answered = asked.filter(({ outcome }) => outcome === 'right' || outcome === 'wrong')
  const groups = [...Map.groupBy(asked, ({ group }) => group).values()].filter((some) => some.length > 1)
  const stable = groups.filter((some) => new Set(some.map(({ outcome }) => outcome)).size === 1)
  const times = results.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (part: number) => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1)
  const tags = [...new Set(asked.flatMap((one) => one.tags))].sort()
  const tokens = results.reduce((sum, one) => sum + (one.tokens ?? 0), 0)
  return [
    `# Own cases, translator ${translator}`,
    '',
    '| measure | result |',
    '| --- | --- |',
    `| right, of all questions | ${share(count(asked, 'right'), asked.length)} |`,
    `| right, of those answered | ${share(count(answered, 'right'), answered.length)} |`,
    `| held back | ${share(count(asked, 'held'), asked.length)} |`,
    `| paraphrases that end alike | ${share(stable.length, groups.length)} |`,
    `| follow-ups right, nothing else changed | ${share(count(refined, 'right'), refined.length)} |`,
    `| follow-ups that changed something else | ${share(count(refined, 'wrong'), refined.length)} |`,
    `| not answered where there is no answer | ${share(count(refused, 'right'), refused.length)} |`,
    `| time | p50 ${at(0.5)} ms, p95 ${at(0.95)} ms |`,
    ...(tokens > 0 ? [`| tokens | ${Math.round(tokens / results.length)} a prompt |`] : []),
    '',
    '| construct | right | wrong | held |',
    '| --- | ---: | ---: | ---: |',
    ...tags.map((tag) => {
      const some = asked.filter((one) => one.tags.includes(tag))
      return `| ${tag} | ${count(some, 'right')} | ${count(some, 'wrong')} | ${count(some, 'held')} |`
    }),
    '',
    ...list(
      'Wrong, the surest first',
      results.filter(({ outcome }) => outcome === 'wrong' || outcome === 'leaked'),
    ),
    ...list(
      'Held back',
      asked.filter(({ outcome }) => outcome === 'held'),
    ),
  ].join('\n')
}

const noneTags = ['unanswerable', 'write', 'tenant', 'injection', 'sensitive']

function list(title: string, some: readonly CaseResult[]): string[] {
  if (some.length === 0) return []
  const sorted = [...some].sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0))
  return [
    `## ${title}`,
    '',
    ...sorted.map(
      ({ id, prompt, confidence }) =>
        `- ${id}: ${prompt}${confidence === undefined ? '' : ` (${Math.round(confidence * 100)} %)`}`,
    ),
    '',
  ]
}
