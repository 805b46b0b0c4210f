// What a formula may go on with, and how it is put in. In: the text, where the caret is, and the names there are.
import { type FormulaFn, formulaFunctions } from '../../src/definition/formula.ts'

export type FormulaName = { readonly name: string; readonly label: string }
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

/** Columns and functions that go on from the word before the caret; all of them where there is none. */
export function completionsAt(text: string, caret: number, names: readonly FormulaName[]): readonly Completion[] {
  const before = text.slice(0, caret)
  // Inside of a text in quotes, or in a number, nothing is named.
  if (before.split("'").length % 2 === 0 || /[0-9.]$/.test(before.replace(/[A-Za-z_][A-Za-z0-9_.]*$/, ''))) return []
  const word = wordBefore(before).toLowerCase()
  const columns = names.map(({ name, label }): Completion => ({ name, shown: name, about: label, call: false }))
  const fits = [...columns, ...FUNCTIONS].flatMap((one) => {
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

const wordBefore = (text: string): string => /[A-Za-z_][A-Za-z0-9_.]*$/.exec(text)?.[0] ?? ''
