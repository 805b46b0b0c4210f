// Date functions of SQL → grains of the definition.
import type { Grain } from '../schema.ts'
import type { Bound, Call } from './bound.ts'
import { type Ctx, type Operand, operandOf } from './operand.ts'
import { refuse } from './problem.ts'
import { note } from './session.ts'

const PARTS: Readonly<Record<string, Grain>> = {
  year: 'year_number',
  isoyear: 'year_number',
  quarter: 'quarter_of_year',
  month: 'month_of_year',
  day: 'day_of_month',
  hour: 'hour_of_day',
  isodow: 'day_of_week',
}
const STRETCHES: Readonly<Record<string, Grain>> = {
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
}
const PATTERNS: Readonly<Record<string, Grain>> = {
  'YYYY-MM': 'month',
  'YYYY-MM-DD': 'day',
  YYYY: 'year_number',
  MM: 'month_of_year',
  DD: 'day_of_month',
  HH24: 'hour_of_day',
  Q: 'quarter_of_year',
}
const TIMESTAMPS = new Set(['timestamp', 'timestamptz', 'datetime'])

/** The field and grain that a cast or call of SQL means; undefined when it is not about dates. */
export function dateOperand(ctx: Ctx, expr: Extract<Bound, { kind: 'cast' | 'call' }>): Operand | undefined {
  return expr.kind === 'cast' ? castOperand(ctx, expr) : callOperand(ctx, expr)
}

function castOperand(ctx: Ctx, expr: Extract<Bound, { kind: 'cast' }>): Operand | undefined {
  const { name } = expr.type
  if (name !== 'date' && !TIMESTAMPS.has(name)) return undefined
  const arg = operandOf(ctx, expr.arg)
  if (arg.kind === 'literal') return arg
  if (arg.kind === 'field' && (arg.type === 'date' || arg.type === 'timestamp') && arg.grain === undefined)
    return name === 'date' && arg.type === 'timestamp' ? { ...arg, grain: 'day' } : arg
  return refuse('cast', `Cannot cast this to ${name}: the catalog must say that the field is a date`, expr.type.at)
}

function callOperand(ctx: Ctx, expr: Call): Operand | undefined {
  const [first, second] = expr.args
  if (first === undefined || second === undefined) return undefined
  if (expr.name === 'extract' || expr.name === 'date_part') return grained(ctx, expr, PARTS, word(first), second)
  if (expr.name === 'date_trunc') return grained(ctx, expr, STRETCHES, word(first), second)
  if (expr.name !== 'to_char') return undefined
  const pattern = `${second.kind === 'literal' ? second.value : ''}`.toUpperCase()
  const found = grained(ctx, expr, PATTERNS, pattern, first)
  note(ctx.session, `Dates written with to_char are shown as dates or numbers, not as text in the pattern ${pattern}`)
  return found
}

function word(expr: Bound): string {
  return expr.kind === 'literal' && typeof expr.value === 'string' ? expr.value.toLowerCase() : ''
}

function grained(ctx: Ctx, expr: Call, grains: Readonly<Record<string, Grain>>, name: string, inner: Bound): Operand {
  const grain = Object.hasOwn(grains, name) ? grains[name] : undefined
  const known = Object.keys(grains).join(', ')
  if (grain === undefined)
    return refuse(expr.name, `Cannot take "${name}" of a date: ${expr.name}() is known with ${known}`, expr.at)
  const arg = operandOf(ctx, inner)
  if (arg.kind !== 'field' || (arg.type !== 'date' && arg.type !== 'timestamp'))
    return refuse(expr.name, `Cannot use ${expr.name}() here: it needs a date field of the catalog`, expr.at)
  if (arg.grain !== undefined && arg.grain !== 'day')
    return refuse(expr.name, `Cannot use ${expr.name}() twice on one field: take one part of the date`, expr.at)
  return { ...arg, grain }
}
