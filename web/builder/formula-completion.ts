// What a formula may go on with, and how it is put in. In: the text, where the caret is, and the names there are.
import type { FieldType } from '../../src/catalog/schema.ts'
import { type FormulaFn, formulaFunctions } from '../../src/definition/formula.ts'
import { type TypeClass, typeClass } from '../../src/definition/formula-type.ts'

export type FormulaName = { readonly name: string; readonly label: string; readonly type: FieldType }
export type Completion = {
  readonly name: string
  readonly shown: string
  readonly about: string
  readonly call: boolean
}

const ABOUT: Readonly<Record<FormulaFn, readonly [string, string]>> = {
  round: ['round(x, digits)', 'rounded'],
  abs: ['abs(x)', 'without its sign'],
  floor: ['floor(x)', 'rounded down'],
  ceil: ['ceil(x)', 'rounded up'],
  coalesce: ['coalesce(a, b)', 'the first that is not empty'],
  least: ['least(a, b)', 'the smallest'],
  greatest: ['greatest(a, b)', 'the largest'],
  if: ['if(condition, then, else)', 'one or the other'],
  concat: ['concat(a, b)', 'texts joined'],
  lower: ['lower(x)', 'in small letters'],
  upper: ['upper(x)', 'in capitals'],
  length: ['length(x)', 'letters in a text'],
  days_between: ['days_between(a, b)', 'days from a to b'],
  is_empty: ['is_empty(x)', 'whether it is empty'],
}
const FUNCTIONS = (Object.keys(formulaFunctions) as FormulaFn[]).map((name): Completion => {
  const [shown, about] = ABOUT[name]
  return { name, shown, about, call: true }
})
const MAX_OFFERED = 40

const ANY: readonly TypeClass[] = ['number', 'text', 'date', 'timestamp', 'boolean']
/** What gives another kind of value than a number; and where only some kinds can stand. */
const GIVES: Partial<Record<FormulaFn, readonly TypeClass[]>> = {
  concat: ['text'],
  lower: ['text'],
  upper: ['text'],
  is_empty: ['boolean'],
  ...{ coalesce: ANY, least: ANY, greatest: ANY, if: ANY },
}
const TAKES: readonly (readonly [before: RegExp, takes: readonly TypeClass[]])[] = [
  [/[-+*/]$|\b(round|abs|floor|ceil)\s*\($/i, ['number']],
  [/\b(lower|upper|length)\s*\($/i, ['text']],
  [/\bdays_between\s*\($/i, ['date', 'timestamp']],
]
/** Columns and functions that go on from the word before the caret, as far as they mean something there. */
export function completionsAt(text: string, caret: number, names: readonly FormulaName[]): readonly Completion[] {
  const before = text.slice(0, caret)
  // Inside of a text in quotes, or in a number, nothing is named.
  if (before.split("'").length % 2 === 0 || /[0-9.]$/.test(before.replace(/[A-Za-z_][A-Za-z0-9_.]*$/, ''))) return []
  const word = wordBefore(before).toLowerCase()
  const head = before.slice(0, before.length - word.length)
  if (isWhole(head)) return []
  const takes = TAKES.find(([what]) => what.test(head.trimEnd()))?.[1]
  const fitting = names.filter(({ type }) => takes?.includes(typeClass(type)) ?? true)
  const functions = FUNCTIONS.filter(
    ({ name }) => takes === undefined || (GIVES[name as FormulaFn] ?? ['number']).some((one) => takes.includes(one)),
  )
  const columns = fitting.map(({ name, label }): Completion => ({ name, shown: name, about: label, call: false }))
  const fits = [...columns, ...functions].flatMap((one) => {
    const [name, about] = [one.name.toLowerCase(), one.call ? '' : one.about.toLowerCase()]
    const rank = name.startsWith(word) ? 0 : about.startsWith(word) ? 1 : (name + about).includes(word) ? 2 : undefined
    return rank === undefined || (name === word && !one.call) ? [] : [{ one, rank }]
  })
  return fits
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_OFFERED)
    .map(({ one }) => one)
}

/** The text with a completion in place of the word around the caret, and where the caret goes. */
export function inserted(text: string, caret: number, { name, call }: Completion): { text: string; caret: number } {
  const start = caret - wordBefore(text.slice(0, caret)).length
  const rest = text.slice(caret).replace(/^[A-Za-z0-9_.]+/, '')
  const opened = call && !rest.trimStart().startsWith('(')
  const put = opened ? `${name}()` : name
  return { text: text.slice(0, start) + put + rest, caret: start + name.length + (call ? 1 : 0) }
}

/** Whether a value has ended, after which only an operator can come. */
function isWhole(head: string): boolean {
  const text = head.trimEnd()
  if (text.endsWith(')')) return true
  return text !== head && /[A-Za-z0-9_'.]$/.test(text) && !/(^|[^A-Za-z0-9_.])(and|or|not)$/i.test(text)
}

const wordBefore = (text: string): string => /[A-Za-z_][A-Za-z0-9_.]*$/.exec(text)?.[0] ?? ''
