// Learns how far a reading can be trusted, from readings whose rows were compared with known answers (train split only).
// In: a file of evals/readings.ts. Out: src/translate/builtin/trust-trees.json, and how reliable it is on databases it has not seen.
// Gradient-boosted trees of logistic loss; folds are cut by database, so that no fold knows a database of another.
// node evals/learn-trust.ts --readings FILE [--check FILE] [--write]
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { share } from '../src/translate/builtin/seen.ts'
import { type Forest, scoreOf, type Tree, trustFeatures, writeForest } from '../src/translate/builtin/trust.ts'
import { foldOf, report } from './reliability.ts'

type Reading = {
  readonly cost: number
  readonly features: Readonly<Record<string, number>>
  readonly unread: readonly string[]
  readonly judged: boolean
  readonly second?: true
  readonly missing: number
  readonly right: boolean
}
type Line = {
  readonly id: string
  readonly database: string
  readonly readings: readonly Reading[]
  /** Its known answer has no rows, which a wrong reading meets too easily: learnt from, not measured. */
  readonly unscored?: boolean
  readonly count: number
  /** How many questions it stands for; one if not said. */
  readonly weight?: number
}
type Row = { readonly x: Float64Array; readonly y: number; readonly weight: number }
type Chosen = {
  readonly whole: boolean
  readonly id: string
  readonly rank: number
  readonly p: number
  readonly right: boolean
}

const { values: given } = parseArgs({
  options: {
    readings: { type: 'string' },
    check: { type: 'string' },
    judged: { type: 'string' },
    write: { type: 'boolean', default: false },
    trees: { type: 'string', default: '400' },
    depth: { type: 'string', default: '4' },
    rate: { type: 'string', default: '0.04' },
    folds: { type: 'string', default: '5' },
  },
})
const TARGET = new URL('../src/translate/builtin/trust-trees.json', import.meta.url)
/** A feature that fewer readings have says nothing that can be relied on. */
const MIN_READINGS = 25
const BINS = 24
/** Readings beside the first teach too, but it is the first that is mostly shown. */
const OTHER_WEIGHT = 0.5
const MIN_LEAF = 20
const RIDGE = 4

const read = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

const lines = read(given.readings ?? '')
const names = namesOf(lines)
const folds = Number(given.folds)
const out: Chosen[] = []
const judged: { id: string; odds: number[] }[] = []
for (let fold = 0; fold < folds; fold += 1) {
  const own = (line: Line) => foldOf(line.database, folds) === fold
  const forest = learn(lines.filter((line) => !own(line)))
  for (const line of lines.filter(own)) {
    if (line.unscored !== true) out.push(choose(line, forest))
    judged.push({ id: line.id, odds: fewOf(line).map((_, at) => oddsOf(line, at, forest)) })
  }
}
console.log(`${lines.length} questions, ${names.length} features; on databases that were not seen:`)
report(out)
console.log('with nothing missing:')
report(out.map((one) => (one.whole ? one : { ...one, p: 0 })))
if (given.judged !== undefined) writeFileSync(given.judged, judged.map((one) => JSON.stringify(one)).join('\n'))
if (given.check !== undefined || given.write) {
  const forest = learn(lines)
  if (given.check !== undefined) {
    console.log(given.check)
    report(read(given.check).map((line) => choose(line, forest)))
  }
  if (given.write) writeFileSync(TARGET, `${JSON.stringify(writeForest(compact(forest)), undefined, 2)}\n`)
}

function fewOf({ readings }: Line): readonly Reading[] {
  return readings.filter(({ judged }) => judged)
}

function featuresOf(line: Line, at: number): Readonly<Record<string, number>> {
  const rest = line.readings.filter(({ judged }) => !judged)
  return trustFeatures(fewOf(line), rest, at)
}

function oddsOf(line: Line, at: number, forest: Forest): number {
  return scoreOf(forest, featuresOf(line, at))
}

function choose(line: Line, forest: Forest): Chosen {
  const scored = fewOf(line).map((reading, rank) => ({
    p: share(oddsOf(line, rank, forest)),
    right: reading.right,
    id: line.id,
    rank,
    whole: reading.missing === 0,
  }))
  return scored.sort((a, b) => b.p - a.p)[0] ?? { id: line.id, rank: 0, p: 0, right: false, whole: false }
}

function namesOf(all: readonly Line[]): string[] {
  const seen = new Map<string, number>()
  for (const line of all)
    for (let rank = 0; rank < fewOf(line).length; rank += 1)
      for (const name of Object.keys(featuresOf(line, rank))) seen.set(name, (seen.get(name) ?? 0) + 1)
  return [...seen]
    .filter(([, count]) => count >= MIN_READINGS)
    .map(([name]) => name)
    .sort()
}

function learn(all: readonly Line[]): Forest {
  const rows: Row[] = all.flatMap((line) =>
    fewOf(line).map((reading, rank) => {
      const features = featuresOf(line, rank)
      return {
        x: Float64Array.from(names, (name) => features[name] ?? 0),
        y: reading.right ? 1 : 0,
        weight: (rank === 0 ? 1 : OTHER_WEIGHT) * (line.weight ?? 1),
      }
    }),
  )
  const cuts = names.map((_, at) => cutsOf(rows.map(({ x }) => x[at] ?? 0)))
  const binned = rows.map(({ x }) => Uint8Array.from(x, (value, at) => binOf(cuts[at] ?? [], value)))
  const score = new Float64Array(rows.length)
  const trees: Tree[] = []
  for (let round = 0; round < Number(given.trees); round += 1) {
    const slope = new Float64Array(rows.length)
    const curve = new Float64Array(rows.length)
    const members: number[] = []
    for (const [index, { y, weight }] of rows.entries()) {
      const p = 1 / (1 + Math.exp(-(score[index] ?? 0)))
      slope[index] = weight * (y - p)
      curve[index] = weight * p * (1 - p)
      // Every tree sees a part of the readings; which part depends on nothing but the round.
      if ((index * 7919 + round * 104_729) % 10 < 7) members.push(index)
    }
    const used = names.map((_, at) => (at * 31 + round * 17) % 10 < 6)
    const tree = grow({ binned, cuts, slope, curve, used }, members, Number(given.depth))
    trees.push(tree)
    for (const [index, { x }] of rows.entries()) score[index] = (score[index] ?? 0) + leafOf(tree, x)
  }
  return { names, trees }
}

function leafOf(tree: Tree, x: Float64Array): number {
  let node = tree
  while (typeof node !== 'number') node = (x[node[0]] ?? 0) <= node[1] ? node[2] : node[3]
  return node
}

type Grown = {
  readonly binned: readonly Uint8Array[]
  readonly cuts: readonly (readonly number[])[]
  readonly slope: Float64Array
  readonly curve: Float64Array
  readonly used: readonly boolean[]
}

function grow(data: Grown, members: readonly number[], depth: number): Tree {
  const { binned, cuts, slope, curve, used } = data
  let sum = 0
  let curved = 0
  for (const index of members) {
    sum += slope[index] ?? 0
    curved += curve[index] ?? 0
  }
  const leaf = (Number(given.rate) * sum) / (curved + RIDGE)
  if (depth === 0 || members.length < 2 * MIN_LEAF) return leaf
  let best = { gain: 0.5, at: -1, bin: 0 }
  for (const [at, cut] of cuts.entries()) {
    if (cut.length === 0 || used[at] !== true) continue
    const sums = new Float64Array(BINS + 1)
    const curves = new Float64Array(BINS + 1)
    const counts = new Uint32Array(BINS + 1)
    for (const index of members) {
      const bin = binned[index]?.[at] ?? 0
      sums[bin] = (sums[bin] ?? 0) + (slope[index] ?? 0)
      curves[bin] = (curves[bin] ?? 0) + (curve[index] ?? 0)
      counts[bin] = (counts[bin] ?? 0) + 1
    }
    let left = 0
    let leftCurve = 0
    let leftCount = 0
    for (let bin = 0; bin < cut.length; bin += 1) {
      left += sums[bin] ?? 0
      leftCurve += curves[bin] ?? 0
      leftCount += counts[bin] ?? 0
      if (leftCount < MIN_LEAF || members.length - leftCount < MIN_LEAF) continue
      const right = sum - left
      const gain =
        left ** 2 / (leftCurve + RIDGE) + right ** 2 / (curved - leftCurve + RIDGE) - sum ** 2 / (curved + RIDGE)
      if (gain > best.gain) best = { gain, at, bin }
    }
  }
  if (best.at < 0) return leaf
  const goesLeft = (index: number) => (binned[index]?.[best.at] ?? 0) <= best.bin
  return [
    best.at,
    cuts[best.at]?.[best.bin] ?? 0,
    grow(data, members.filter(goesLeft), depth - 1),
    grow(
      data,
      members.filter((index) => !goesLeft(index)),
      depth - 1,
    ),
  ]
}

/** Values that part the rows into about equal bins; the last bin has no cut. */
function cutsOf(values: readonly number[]): number[] {
  const distinct = [...new Set(values)].sort((a, b) => a - b)
  if (distinct.length <= BINS) return distinct.slice(0, -1)
  const sorted = [...values].sort((a, b) => a - b)
  const cuts = Array.from({ length: BINS - 1 }, (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / BINS)] ?? 0)
  return [...new Set(cuts)].filter((cut) => cut < (distinct.at(-1) ?? 0))
}

function binOf(cuts: readonly number[], value: number): number {
  let bin = 0
  while (bin < cuts.length && value > (cuts[bin] ?? 0)) bin += 1
  return bin
}

/** The same forest with numbers of four digits and only the features that are asked for. */
function compact({ names: all, trees }: Forest): Forest {
  const asked = new Set<number>()
  const visit = (tree: Tree): void => {
    if (typeof tree === 'number') return
    asked.add(tree[0])
    visit(tree[2])
    visit(tree[3])
  }
  for (const tree of trees) visit(tree)
  const kept = [...asked].sort((a, b) => a - b)
  const short = (value: number) => Number(value.toPrecision(4))
  const copy = (tree: Tree): Tree =>
    typeof tree === 'number'
      ? short(tree)
      : [kept.indexOf(tree[0]), short(tree[1] + 1e-9), copy(tree[2]), copy(tree[3])]
  return { names: kept.map((at) => all[at] ?? ''), trees: trees.map(copy) }
}
