// What a part of `npm run bench` is handed and what it gives back, and how that is written for people.
// Figures never fail anything: a bar that is missed is said in the report, no more.
import type { TestServer } from '../test/setup/postgres.ts'

export type PartInput = {
  /** Smaller data and fewer rounds: the ratios are those of the full run, only less sure. */
  readonly quick: boolean
  /** The Postgres of this run, started at the first call. */
  readonly server: () => Promise<TestServer>
  /** URL of a database with the demo data at this many donations, made once a run. */
  readonly demo: (donations: number) => Promise<string>
  /** Says what is under way. */
  readonly say: (text: string) => void
}
export type Section = {
  readonly title?: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
export type Bar = { readonly what: string; readonly bar: string; readonly found: string; readonly met: boolean }
export type PartReport = {
  readonly title: string
  /** How it was measured, in a few sentences. */
  readonly how: string
  readonly sections: readonly Section[]
  readonly bars?: readonly Bar[]
  readonly notes?: readonly string[]
}
export type Part = (input: PartInput) => Promise<PartReport>

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
}
export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
export const times = (value: number): string => `${value.toFixed(2)} ×`
/** Milliseconds with as many digits as mean something. */
export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`
export const micro = (valueMs: number): string => `${whole(valueMs * 1000)} µs`

/** A part as Markdown. */
export function partText({ title, how, sections, bars = [], notes = [] }: PartReport): string {
  const tables = sections.map((section) => `${section.title ? `### ${section.title}\n\n` : ''}${tableText(section)}`)
  const judged = bars.map(({ what, bar, found, met }) => `- ${met ? 'Met' : 'Missed'}: ${what}, ${found} (bar: ${bar})`)
  const lists = [judged, notes.map((note) => `- ${note}`)].filter((lines) => lines.length > 0)
  return [`## ${title}`, how, ...tables, ...lists.map((lines) => lines.join('\n'))].join('\n\n')
}

/** Columns of one width, so that the source reads as well as the page; all but the first are figures. */
function tableText({ head, rows }: Section): string {
  const widths = head.map((name, at) =>
    Math.max(3, ...[name, ...rows.map((row) => row[at] ?? '')].map((s) => s.length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, at) => (at === 0 ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width))).join(' | ')} |`
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
