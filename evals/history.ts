// What the evals came to on earlier days. In: a file, a run. Out: all runs, the oldest first.
// Refused: two figures of one day for the same run and translator; the later one stays.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Measures } from './measures.ts'

export type Run = Measures & {
  /** 2026-11-29 */
  readonly day: string
  /** own cases, or a suite and its split */
  readonly of: string
  readonly translator: string
}

const same = (a: Run, b: Run) => a.of === b.of && a.translator === b.translator

/** The runs of a file; none when there is no file. */
export function readHistory(file: string): readonly Run[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Run)
}

/** The runs with this one. */
export function withRun(history: readonly Run[], run: Run): readonly Run[] {
  const others = history.filter((one) => !(same(one, run) && one.day === run.day))
  return [...others, run].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

/** One run a line. */
export function writeHistory(file: string, history: readonly Run[]): void {
  writeFileSync(file, history.map((one) => `${JSON.stringify(one)}\n`).join(''))
}

/** The runs of the same questions by the same translator, each list the oldest first. */
export function series(history: readonly Run[]): readonly (readonly Run[])[] {
  return [...Map.groupBy(history, ({ of, translator }) => `${of}\n${translator}`).values()]
}
