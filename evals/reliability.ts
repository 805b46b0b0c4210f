// How reliable a judgement of readings is: how many are answered and right at several bars.
// In: the chance that was given to each chosen reading, and whether it was right. Out: lines on the console.
const SHARES = [0.95, 0.9, 0.85, 0.8]
const OF_ALL = [0.5, 0.55, 0.6, 0.65]

/** Prints how many are right at several bars, and whether shares hold what they say. */
export function report(chosen: readonly { readonly p: number; readonly right: boolean }[]): void {
  const sorted = [...chosen].sort((a, b) => b.p - a.p)
  const all = sorted.filter(({ right }) => right).length
  console.log(`  always answered: ${percent(all, sorted.length)} right`)
  for (const share of SHARES) {
    let right = 0
    let best = { answered: 0, right: 0, bar: 1 }
    for (const [index, one] of sorted.entries()) {
      right += one.right ? 1 : 0
      if (right / (index + 1) >= share) best = { answered: index + 1, right, bar: one.p }
    }
    console.log(
      `  ${share}: bar ${best.bar.toFixed(3)}, answered ${percent(best.answered, sorted.length)}, right of all ${percent(best.right, sorted.length)}`,
    )
  }
  for (const share of OF_ALL) {
    let right = 0
    const at = sorted.findIndex((one) => {
      right += one.right ? 1 : 0
      return right >= share * sorted.length
    })
    if (at >= 0)
      console.log(
        `  right of all ${share}: bar ${(sorted[at]?.p ?? 0).toFixed(3)}, right of answered ${percent(right, at + 1)}`,
      )
  }
  const bins = Array.from({ length: 10 }, (_, bin) => chosen.filter(({ p }) => Math.min(9, Math.floor(p * 10)) === bin))
  console.log(
    `  reliability: ${bins.map((bin, at) => `${at / 10}: ${bin.length === 0 ? '-' : (bin.filter(({ right }) => right).length / bin.length).toFixed(2)} of ${bin.length}`).join(', ')}`,
  )
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`
}

/** Which fold a database belongs to: always the same. */
export function foldOf(text: string, folds: number): number {
  let value = 7
  for (const letter of text) value = (value * 31 + letter.charCodeAt(0)) % 1_000_003
  return value % folds
}
