// The questions of execution.ts over data of three sizes, a hundred times apart: whether ours grows as SQL by hand does.
import { donationsOf } from './demo-data.ts'
import { type Timed, timeQuestions } from './execution.ts'
import { ms, type Part, times, whole } from './report.ts'

export const growth: Part = async ({ quick, demo, say }) => {
  const sizes = [100, 10, 1].map((part) => donationsOf(quick) / part)
  const found: Timed[][] = []
  for (const size of sizes) found.push(await timeQuestions({ url: await demo(size), seconds: quick ? 1 : 4, say }))
  const [first] = found
  const rows = (first ?? []).map(({ question }, at) => {
    const each = found.flatMap((one) => one[at] ?? [])
    const grown = (of: (timed: Timed) => number): string => {
      const [least, most] = [each[0], each.at(-1)].map((timed) => (timed === undefined ? Number.NaN : of(timed)))
      return `${((most ?? Number.NaN) / (least ?? Number.NaN)).toFixed(1)} ×`
    }
    return [
      question.name,
      ...each.map((timed) => ms(timed.ours)),
      grown(({ ours }) => ours),
      grown(({ byHand }) => byHand),
      ...each.map(({ ours, byHand }) => times(ours / byHand)),
    ]
  })
  const names = sizes.map(whole)
  return {
    title: 'Growth: the same questions over ×1, ×10 and ×100',
    how: `Our SQL over ${names.join(', ')} donations, how much longer the largest takes than the smallest by our SQL and by that written by hand, and our SQL to that by hand at each size.`,
    sections: [
      {
        head: [...['question', ...names, 'ours grew', 'by hand grew'], ...names.map((name) => `ratio at ${name}`)],
        rows,
      },
    ],
  }
}
