// Times people name: days, months, quarters, years, "last 30 days", "Q2 2025", "year to date", and words for grains.
// In: tokens and today's local date. Out: spans of tokens with the period or date they mean.
// Refused: times of day; a bare number is a year only where the grammar says so.
import type { Grain, Period, PeriodUnit } from '../../definition/schema.ts'
import { isNumberWord, ordinalOf, type Token, tokenise } from './tokens.ts'

export type Today = { readonly year: number; readonly month: number; readonly day: number }
export type TimeSpan = {
  readonly from: number
  readonly to: number
  readonly period: Period
  /** Set when the words left something open, such as the year of "in March". */
  readonly assumption?: string
}
export type GrainSpan = { readonly from: number; readonly to: number; readonly grain: Grain; readonly adverb: boolean }

const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const SHORT = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const UNITS: Readonly<Record<string, PeriodUnit>> = {
  hour: 'hour',
  hours: 'hour',
  day: 'day',
  days: 'day',
  week: 'week',
  weeks: 'week',
  month: 'month',
  months: 'month',
  quarter: 'quarter',
  quarters: 'quarter',
  year: 'year',
  years: 'year',
}
const ADVERBS: Readonly<Record<string, Grain>> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
  annually: 'year',
  annual: 'year',
}

/** The month (1 to 12) a word names, or undefined; "may" and "march" only with a capital letter or beside a year. */
export function monthOf(token: Token | undefined, dated = false): number | undefined {
  if (token === undefined || token.kind !== 'word') return undefined
  const word = token.word.replace(/\.$/, '')
  if (
    (word === 'may' || word === 'march' || word === 'mar' || word === 'dec' || word === 'sep') &&
    !token.capital &&
    !dated
  )
    return undefined
  const index = MONTHS.indexOf(word) >= 0 ? MONTHS.indexOf(word) : word === 'sept' ? 8 : SHORT.indexOf(word)
  return index < 0 ? undefined : index + 1
}

function yearOf(token: Token | undefined): number | undefined {
  if (token?.kind !== 'number' || token.value === undefined || !/^(1[5-9]|20|21)\d\d$/.test(token.text))
    return undefined
  return token.value
}

const pad = (value: number) => String(value).padStart(2, '0')

/** All spans that name a time, longest first at each place. */
export function findTimes(tokens: readonly Token[], today: Today): TimeSpan[] {
  const found: TimeSpan[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const span = stretch(tokens, at, today) ?? relative(tokens, at) ?? named(tokens, at, today)
    if (span !== undefined) found.push(span)
  }
  return found
}

/**
 * "Between March and May 2026", "from March 5 until today", "from March 2026 on": the last day, month or quarter belongs to it.
 * Years alone are left to the comparisons: they may be amounts.
 */
function stretch(tokens: readonly Token[], at: number, today: Today): TimeSpan | undefined {
  const word = (index: number) => tokens[index]?.word ?? ''
  const opens = word(at) === 'between' || word(at) === 'from'
  const first = partAt(tokens, at + (opens ? 1 : 0))
  if (first === undefined) return undefined
  const joint = word(first.next)
  const { year = latest(today, first.month) } = first
  const guessed = first.year === undefined ? { assumption: takenAs(first.month, year) } : {}
  if (word(at) === 'from' && /^(on|onwards?|forward)$/.test(joint) && tokens[first.next + 1]?.kind !== 'date')
    return { from: at, to: first.next + 1, period: { since: startOf(first, year) }, ...guessed }
  const joins = joint === 'and' ? word(at) === 'between' : /^(to|through|thru|until|till|–|-)$/.test(joint)
  if (!joins) return undefined
  const untilToday = /^(today|now)$/.test(word(first.next + 1))
  const last = untilToday ? { ...today, days: 1, months: 0, next: first.next + 2 } : partAt(tokens, first.next + 1)
  if (last === undefined) return undefined
  const wraps = first.month > last.month ? 1 : 0
  const lastYear = last.year ?? (first.year === undefined ? latest(today, last.month) : first.year + wraps)
  const period = {
    from: startOf(first, first.year ?? (untilToday ? year : lastYear - wraps)),
    to: endOf(last, lastYear),
  }
  if (period.from >= period.to) return undefined
  const span = { from: at, to: last.next, period }
  if (untilToday) return { ...span, ...guessed }
  if (first.year !== undefined || last.year !== undefined) return span
  return { ...span, assumption: `the last month taken as ${monthName(last.month)} ${lastYear}` }
}

const monthName = (month: number): string => MONTHS[month - 1]?.replace(/^./, (letter) => letter.toUpperCase()) ?? ''
const takenAs = (month: number, year: number): string => `${monthName(month)} taken as that of ${year}`

type Stretch = { readonly month: number; readonly day: number; readonly days: number; readonly months: number }
type Part = Stretch & { readonly year: number | undefined; readonly next: number }

const startOf = ({ month, day }: Stretch, year: number): string => `${year}-${pad(month)}-${pad(day)}`

/** The day behind it. */
const endOf = ({ month, day, days, months }: Stretch, year: number): string =>
  new Date(Date.UTC(year, month - 1 + months, day + days)).toISOString().slice(0, 10)

/** A day, a month or a quarter, with its year where that stands there. */
function partAt(tokens: readonly Token[], at: number): Part | undefined {
  const token = tokens[at]
  if (token === undefined) return undefined
  if (token.kind === 'date') {
    const [year = 0, month = 0, day = 0] = token.text.slice(0, 10).split('-').map(Number)
    return { year, month, day, days: 1, months: 0, next: at + 1 }
  }
  const withYear = (part: Stretch, next: number): Part => {
    const skip = /^(of|in|,)$/.test(tokens[next]?.word ?? '') ? 1 : 0
    const year = yearOf(tokens[next + skip])
    return { ...part, year, next: year === undefined ? next : next + skip + 1 }
  }
  const quarter = /^q([1-4])$/.exec(token.word)
  if (quarter !== null) return withYear({ month: (Number(quarter[1]) - 1) * 3 + 1, day: 1, days: 0, months: 3 }, at + 1)
  const leading = dayOf(token)
  const of = leading === undefined ? 0 : tokens[at + 1]?.word === 'of' ? 2 : 1
  const month = monthOf(tokens[at + of], true)
  if (month === undefined) return undefined
  if (leading !== undefined) return withYear({ month, day: leading, days: 1, months: 0 }, at + of + 1)
  const day = dayOf(tokens[at + 1])
  if (day !== undefined) return withYear({ month, day, days: 1, months: 0 }, at + 2)
  return withYear({ month, day: 1, days: 0, months: 1 }, at + 1)
}

function dayOf(token: Token | undefined): number | undefined {
  const value =
    token === undefined
      ? undefined
      : (ordinalOf(token.word) ?? (token.kind === 'number' && token.text.length <= 2 ? token.value : undefined))
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 31 ? value : undefined
}

/** The period that a text is the name of, and nothing else. */
export function periodOf(text: string, today: Today): Period | undefined {
  if (/^(?:19|20)\d\d$/.test(text.trim())) return { year: Number(text) }
  const tokens = tokenise(text)
  return findTimes(tokens, today).find(({ from, to }) => from === 0 && to === tokens.length)?.period
}

function relative(tokens: readonly Token[], at: number): TimeSpan | undefined {
  const word = (offset: number) => tokens[at + offset]?.word ?? ''
  const start = word(0) === 'the' ? 1 : 0
  const first = word(start)
  const make = (length: number, period: Period): TimeSpan => ({ from: at, to: at + length, period })
  if (start === 0) {
    if (first === 'today') return make(1, { this: 'day' })
    if (first === 'yesterday') return make(1, { previous: 'day' })
    if (first === 'tomorrow') return make(1, { next: 1, unit: 'day' })
    if (first === 'ytd') return make(1, { to_date: 'year' })
    if (first === 'mtd') return make(1, { to_date: 'month' })
    if (first === 'qtd') return make(1, { to_date: 'quarter' })
  }
  const unit = (offset: number): PeriodUnit | undefined => {
    const fiscal = word(offset) === 'fiscal' || word(offset) === 'financial'
    const plain = Object.hasOwn(UNITS, word(offset + (fiscal ? 1 : 0)))
      ? UNITS[word(offset + (fiscal ? 1 : 0))]
      : undefined
    if (!fiscal) return plain
    return plain === 'year' ? 'fiscal_year' : plain === 'quarter' ? 'fiscal_quarter' : undefined
  }
  const width = (offset: number) => (word(offset) === 'fiscal' || word(offset) === 'financial' ? 2 : 1)
  const toDate = /^(year|month|quarter|week) to date$/.exec(`${first} ${word(start + 1)} ${word(start + 2)}`)
  if (toDate !== null)
    return make(start + 3, {
      to_date:
        toDate[1] === 'year' ? 'year' : toDate[1] === 'month' ? 'month' : toDate[1] === 'week' ? 'week' : 'quarter',
    })
  const past = first === 'last' || first === 'past' || first === 'previous' || first === 'prior' || first === 'trailing'
  if (past || first === 'next' || first === 'coming' || first === 'following' || first === 'upcoming') {
    const rolling = ['last', 'past', 'trailing', 'next', 'coming', 'upcoming'].includes(first)
    const count = tokens[at + start + 1]
    const value =
      count?.value !== undefined && (count.kind === 'number' || isNumberWord(count.word))
        ? count.value
        : word(start + 1) === 'couple'
          ? 2
          : undefined
    const gap = word(start + 1) === 'couple' && word(start + 2) === 'of' ? 2 : 1
    if (value !== undefined && Number.isInteger(value) && value >= 1 && value <= 1000) {
      const one = unit(start + 1 + gap)
      if (one === undefined) return undefined
      const length = start + 1 + gap + width(start + 1 + gap)
      // "The last 30 days" runs up to today; "the last 3 months" is the three whole ones.
      if (past)
        return make(length, {
          last: value,
          unit: one,
          ...(rolling && (one === 'day' || one === 'hour') ? { includeCurrent: true } : {}),
        })
      return make(length, { next: value, unit: one })
    }
    const one = unit(start + 1)
    if (one === undefined || /s$/.test(word(start + width(start + 1)))) return undefined
    const length = start + 1 + width(start + 1)
    if (!past) return make(length, { next: 1, unit: one })
    return first === 'past' || first === 'trailing'
      ? make(length, { last: 1, unit: one })
      : make(length, { previous: one })
  }
  if (first === 'this' || first === 'current') {
    const one = unit(start + 1)
    if (one !== undefined) return make(start + 1 + width(start + 1), { this: one })
  }
  return undefined
}

function named(tokens: readonly Token[], at: number, today: Today): TimeSpan | undefined {
  const token = tokens[at]
  if (token === undefined) return undefined
  const make = (length: number, period: Period, assumption?: string): TimeSpan => ({
    from: at,
    to: at + length,
    period,
    ...(assumption === undefined ? {} : { assumption }),
  })
  if (token.kind === 'date') return make(1, { day: token.text.slice(0, 10) })
  const quarter = /^q([1-4])$/.exec(token.word)
  const spelt = /^(first|second|third|fourth|1st|2nd|3rd|4th) quarter$/.exec(
    `${token.word} ${tokens[at + 1]?.word ?? ''}`,
  )
  if (quarter !== null || spelt !== null) {
    const number = quarter !== null ? quarter[1] : String(ordinalOf(spelt?.[1] ?? '') ?? 1)
    const next = at + (quarter !== null ? 1 : 2)
    const skip = tokens[next]?.word === 'of' || tokens[next]?.word === ',' || tokens[next]?.word === 'in' ? 1 : 0
    const year = yearOf(tokens[next + skip])
    if (year !== undefined) return make(next + skip + 1 - at, { quarter: `${year}-Q${number}` })
    const last = latest(today, (Number(number) - 1) * 3 + 1)
    return make(next - at, { quarter: `${last}-Q${number}` }, `Q${number} taken as that of ${last}`)
  }
  const fiscal = /^fy'?(\d\d|\d{4})$/.exec(token.word)
  if (fiscal !== null) return make(1, { fiscal_year: Number(fiscal[1]) + ((fiscal[1] ?? '').length === 2 ? 2000 : 0) })
  if ((token.word === 'fiscal' || token.word === 'financial') && tokens[at + 1]?.word === 'year') {
    const year = yearOf(tokens[at + 2])
    if (year !== undefined) return make(3, { fiscal_year: year })
  }
  if (token.word === 'fy') {
    const year = yearOf(tokens[at + 1])
    if (year !== undefined) return make(2, { fiscal_year: year })
  }
  const half = /^h([12])$/.exec(token.word)
  const halfYear = yearOf(tokens[at + 1])
  if (half !== null && halfYear !== undefined)
    return make(
      2,
      half[1] === '1'
        ? { from: `${halfYear}-01-01`, to: `${halfYear}-07-01` }
        : { from: `${halfYear}-07-01`, to: `${halfYear + 1}-01-01` },
    )
  return monthSpan(tokens, at, today, make)
}

function monthSpan(
  tokens: readonly Token[],
  at: number,
  today: Today,
  make: (length: number, period: Period, assumption?: string) => TimeSpan,
): TimeSpan | undefined {
  const dayFirst = dayOf(tokens[at])
  if (dayFirst !== undefined && tokens[at]?.word !== 'first') {
    const of = tokens[at + 1]?.word === 'of' ? 1 : 0
    const month = monthOf(tokens[at + 1 + of])
    const comma = tokens[at + 2 + of]?.word === ',' ? 1 : 0
    const year = yearOf(tokens[at + 2 + of + comma])
    if (month !== undefined && year !== undefined)
      return make(3 + of + comma, { day: `${year}-${pad(month)}-${pad(dayFirst)}` })
  }
  const month = monthOf(tokens[at], yearOf(tokens[at + 1]) !== undefined)
  if (month === undefined) return undefined
  let next = at + 1
  if (tokens[next]?.word === '.') next += 1
  const day = dayOf(tokens[next])
  if (day !== undefined && yearOf(tokens[next]) === undefined) {
    const comma = tokens[next + 1]?.word === ',' ? 1 : 0
    const year = yearOf(tokens[next + 1 + comma])
    if (year !== undefined) return make(next + 2 + comma - at, { day: `${year}-${pad(month)}-${pad(day)}` })
    const guess = latest(today, month)
    return make(next + 1 - at, { day: `${guess}-${pad(month)}-${pad(day)}` }, `the day taken as that of ${guess}`)
  }
  const skip = tokens[next]?.word === 'of' || tokens[next]?.word === ',' || tokens[next]?.word === 'in' ? 1 : 0
  const year = yearOf(tokens[next + skip])
  if (year !== undefined) return make(next + skip + 1 - at, { month: `${year}-${pad(month)}` })
  const guess = liesAhead(tokens) && month > today.month ? today.year : latest(today, month)
  return make(next - at, { month: `${guess}-${pad(month)}` }, takenAs(month, guess))
}

/** Whether a prompt speaks of what is still to come: "who is away in December". */
function liesAhead(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ word }, at) =>
      /^(will|upcoming|coming|scheduled|planned|due)$/.test(word) ||
      (word === 'who' && /^(is|are)$/.test(tokens[at + 1]?.word ?? '')),
  )
}

/** The year of the latest such month that has begun. */
function latest(today: Today, month: number): number {
  return month <= today.month ? today.year : today.year - 1
}

/** Spans that name a grain: "month", "monthly", "day of the week", "fiscal year". */
export function findGrains(tokens: readonly Token[]): GrainSpan[] {
  const found: GrainSpan[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const words = tokens.slice(at, at + 4).map((token) => token.word)
    const text = words.join(' ')
    const add = (length: number, grain: Grain, adverb = false) =>
      found.push({ from: at, to: at + length, grain, adverb })
    const of = /^(day|month|hour|quarter) of (?:the )?(week|month|year|day)/.exec(text)
    if (of !== null) {
      const grain = (
        {
          'day week': 'day_of_week',
          'day month': 'day_of_month',
          'month year': 'month_of_year',
          'hour day': 'hour_of_day',
          'quarter year': 'quarter_of_year',
        } as const
      )[`${of[1]} ${of[2]}` as 'day week']
      if (grain !== undefined) add(of[0].split(' ').length, grain)
    }
    const first = words[0] ?? ''
    if (first === 'weekday') add(1, 'day_of_week')
    if ((first === 'fiscal' || first === 'financial') && (words[1] === 'year' || words[1] === 'quarter'))
      add(2, words[1] === 'year' ? 'fiscal_year' : 'fiscal_quarter')
    const adverb = Object.hasOwn(ADVERBS, first) ? ADVERBS[first] : undefined
    if (adverb !== undefined) add(1, adverb, true)
    const unit = Object.hasOwn(UNITS, first) ? UNITS[first] : undefined
    if (unit !== undefined) add(1, unit)
  }
  return found
}
