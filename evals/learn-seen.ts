// Learns how far a reading can be trusted once its rows are seen, from readings whose rows were compared with known answers.
// In: a file of evals/readings.ts and the log-odds before the rows, from learn-trust.ts --judged (of forests that did not know the
// database). Out: src/translate/builtin/seen-weights.json, and how reliable it is on databases it has not seen.
// node evals/learn-seen.ts --readings FILE --judged FILE [--write]
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { LOOKED_AT, type Look, seenFeatures, share } from '../src/translate/builtin/seen.ts'
import { foldOf, report } from './reliability.ts'

type Reading = { readonly right: boolean; readonly judged: boolean; readonly missing: number; readonly look: Look }
type Line = {
  readonly id: string
  readonly database: string
  readonly unscored?: boolean
  readonly weight?: number
  readonly readings: readonly Reading[]
}
type Row = { readonly x: readonly number[]; readonly y: number; readonly weight: number; readonly fold: number }

const { values: given } = parseArgs({
  options: {
    readings: { type: 'string' },
    judged: { type: 'string' },
    check: { type: 'string' },
    write: { type: 'boolean', default: false },
    folds: { type: 'string', default: '5' },
  },
})
const TARGET = new URL('../src/translate/builtin/seen-weights.json', import.meta.url)
const RIDGE: number = 1
const STEPS = 30
/** It is the first reading that is mostly shown. */
const OTHER_WEIGHT = 0.5

const readLines = <T>(file = ''): T[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

const lines = readLines<Line>(given.readings)
const odds = new Map(readLines<{ id: string; odds: number[] }>(given.judged).map((one) => [one.id, one.odds] as const))
const folds = Number(given.folds)
const names = Object.keys(seenFeatures([0], [{ rows: 0, empty: 0, repeated: 0, zero: false, like: 0 }], 0))
const rows = lines.map(rowsOf)
const weights = Array.from({ length: folds }, (_, fold) => weightsOf(rows.flat().filter((row) => row.fold !== fold)))
const chosen = lines.flatMap((line, index) => {
  if (line.unscored === true) return []
  const own = weights[foldOf(line.database, folds)] ?? []
  const scored = (rows[index] ?? []).map(({ x, y }, at) => ({
    p: line.readings[at]?.missing === 0 ? share(dot(own, x)) : 0,
    right: y === 1,
  }))
  return [scored.sort((a, b) => b.p - a.p)[0] ?? { p: 0, right: false }]
})
console.log('with their rows seen, on databases that were not seen:')
report(chosen)
const all = weightsOf(rows.flat())
const table = Object.fromEntries(names.map((name, at) => [name, Number((all[at] ?? 0).toFixed(3))]))
console.log(table)
if (given.write) writeFileSync(TARGET, `${JSON.stringify(table, undefined, 2)}\n`)

function rowsOf({ id, database, readings, weight = 1 }: Line): Row[] {
  const own = (odds.get(id) ?? []).slice(0, LOOKED_AT)
  const looks = readings.filter(({ judged }) => judged).map(({ look }) => look)
  return looks.map((_, at) => {
    const features = seenFeatures(own, looks, at)
    return {
      x: names.map((name) => features[name] ?? 0),
      y: Number(readings[at]?.right === true),
      weight: (at === 0 ? 1 : OTHER_WEIGHT) * weight,
      fold: foldOf(database, folds),
    }
  })
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}

/** Logistic regression by Newton's steps. */
function weightsOf(some: readonly Row[]): number[] {
  const size = names.length
  let w = new Array<number>(size).fill(0)
  for (let step = 0; step < STEPS; step += 1) {
    const slope = w.map((one) => -RIDGE * one)
    const curve = w.map((_, at) => w.map((__, other) => (at === other ? RIDGE : 0)))
    for (const { x, y, weight } of some) {
      const p = share(dot(w, x))
      const steep = weight * p * (1 - p)
      for (let i = 0; i < size; i += 1) {
        const xi = x[i] ?? 0
        slope[i] = (slope[i] ?? 0) + weight * (y - p) * xi
        const line = curve[i] ?? []
        for (let j = 0; j < size; j += 1) line[j] = (line[j] ?? 0) + steep * xi * (x[j] ?? 0)
      }
    }
    const move = solve(curve, slope)
    w = w.map((one, at) => one + (move[at] ?? 0))
  }
  return w
}

/** Gauss elimination; the ridge keeps every pivot away from zero. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = matrix.map((line, at) => [...line, right[at] ?? 0])
  for (let i = 0; i < a.length; i += 1) {
    const pivot = a[i] ?? []
    for (let other = 0; other < a.length; other += 1) {
      if (other === i) continue
      const line = a[other] ?? []
      const factor = (line[i] ?? 0) / (pivot[i] ?? 1)
      for (let j = i; j <= a.length; j += 1) line[j] = (line[j] ?? 0) - factor * (pivot[j] ?? 0)
    }
  }
  return a.map((line, at) => (line[a.length] ?? 0) / (line[at] ?? 1))
}
