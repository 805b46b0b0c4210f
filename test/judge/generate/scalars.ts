// Written values for a field: taken from its data mostly, so that conditions hit, and periods around now.

import { Temporal } from '@js-temporal/polyfill'
import type { Op, Period, PeriodUnit, Scalar } from '../../../src/definition/schema.ts'
import { dateBoundary } from '../../../src/plan/periods.ts'
import type { Stored } from '../world.ts'
import { ENUM_VALUES } from './catalog.ts'
import { type FieldPath, isNumeric, isTemporal, isTextual, type Setting, storedSample } from './paths.ts'
import type { Random } from './random.ts'
import { idValue } from './rows.ts'
import { localNow, randomDay, randomInstant, randomLocal } from './times.ts'

export function randomScalar(random: Random, setting: Setting, field: FieldPath): Scalar {
  const sample = storedSample(random, setting, field)
  if (field.type === 'boolean') return random.chance(0.5)
  if (isNumeric(field)) {
    const number = Number(sample ?? 0)
    const value = Number.isFinite(number) && random.chance(0.8) ? number : random.int(-5, 120)
    if (random.chance(0.04)) return String(value)
    return field.type === 'integer' && random.chance(0.95) ? Math.trunc(value) : value
  }
  if (isTextual(field))
    return textScalar(random, sample === undefined ? String(missingText(field)) : String(sample), field)
  const local = localNow(setting.now, setting.timezone)
  if (field.type === 'date')
    return typeof sample === 'string' && isDay(sample) ? sample : randomDay(random, local).toString()
  return random.weighted<() => string>([
    [
      5,
      () =>
        typeof sample === 'string' && isDay(sample.slice(0, 10))
          ? sample.slice(0, 10)
          : randomDay(random, local).toString(),
    ],
    [
      2,
      () =>
        typeof sample === 'string' && /^\d{4}-\d{2}-\d{2}[T ]/.test(sample)
          ? sample
          : randomDay(random, local).toString(),
    ],
    [1, () => unambiguous(random, setting)],
    [field.zoned ? 0.7 : 0, () => withOffset(random, setting)],
  ])()
}

/** A value that fits a column which holds none so far. */
function missingText(field: FieldPath): Stored {
  return field.type === 'id' ? idValue(field.sqlType, 1) : 'nothing'
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && text !== '2025-02-30'
}

/** An instant written with an offset, in one of the forms that are allowed. */
function withOffset(random: Random, { now, timezone }: Setting): string {
  const instant = Temporal.Instant.from(randomInstant(random, localNow(now, timezone), timezone))
  const offset = random.pick(['+02:00', '-05:30', '+0545', '+02', 'Z'])
  const zone = offset === 'Z' ? 'UTC' : offset.length === 3 ? `${offset}:00` : offset.replace(/^(...)(\d\d)$/, '$1:$2')
  const local = instant
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: random.pick(['microsecond', 'second', 'minute']) })
  return `${random.chance(0.3) ? local.replace('T', ' ') : local}${offset}`
}

/** A local time that the clock shows exactly once. */
function unambiguous(random: Random, { now, timezone }: Setting): string {
  for (;;) {
    const local = randomLocal(random, localNow(now, timezone), timezone)
    const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) =>
      local.toZonedDateTime(timezone, { disambiguation }),
    )
    if (earlier !== undefined && later !== undefined && earlier.equals(later)) return local.toString()
  }
}

function textScalar(random: Random, sample: string, field: FieldPath): string {
  if (field.type === 'id' && field.sqlType !== 'text') return sample
  if (field.type === 'enum') return random.pick(ENUM_VALUES)
  return random.weighted([
    [5, sample],
    [1, sample.toUpperCase()],
    [1, sample.toLowerCase()],
    [0.3, 'nothing'],
  ])
}

/** Part of a stored text, for contains and its like. */
function textPart(random: Random, sample: string, op: Op): string {
  const letters = [...sample]
  const length = random.int(Math.min(1, letters.length), Math.max(1, Math.min(3, letters.length)))
  const start =
    op === 'starts_with'
      ? 0
      : op === 'ends_with'
        ? letters.length - length
        : random.int(0, Math.max(0, letters.length - length))
  const part = letters.slice(Math.max(0, start), Math.max(0, start) + length).join('')
  return random.weighted([
    [5, part],
    [1, part.toUpperCase()],
    [0.5, '%'],
    [0.5, '_'],
    [0.2, '\\'],
    [0.2, ''],
  ])
}

/** An operator that fits a type, and a written value that fits both. */
export function randomOpAndValue(
  random: Random,
  setting: Setting,
  field: FieldPath,
): { op: Op; value?: Scalar | Scalar[] | { min: Scalar; max: Scalar } | Period } {
  const scalar = () => randomScalar(random, setting, field)
  const isOrdered = field.type === 'text' || field.type === 'id' || isNumeric(field) || isTemporal(field)
  const hasText = isTextual(field)
  const kind = random.weighted([
    [4, 'equal'],
    [isOrdered ? 4 : 0, 'order'],
    [isOrdered ? 1.5 : 0, 'between'],
    [2, 'in'],
    [hasText ? 3 : 0, 'text'],
    [2, 'empty'],
    [isTemporal(field) ? 5 : 0, 'period'],
  ] as const)
  switch (kind) {
    case 'equal':
      return { op: random.pick(['eq', 'ne']), value: scalar() }
    case 'order':
      return { op: random.pick(['lt', 'lte', 'gt', 'gte']), value: scalar() }
    case 'between': {
      const pair = [scalar(), scalar()]
      const [min, max] = random.chance(0.1)
        ? pair
        : pair.sort((a, b) => (isNumeric(field) ? Number(a) - Number(b) : a < b ? -1 : 1))
      return { op: 'between', value: { min: min ?? 0, max: max ?? 0 } }
    }
    case 'in':
      return {
        op: random.pick(['in', 'not_in']),
        value: Array.from({ length: random.int(1, 4) }, scalar),
      }
    case 'text': {
      const op = random.pick(['contains', 'not_contains', 'starts_with', 'ends_with'] as const)
      return { op, value: textPart(random, String(storedSample(random, setting, field) ?? 'x'), op) }
    }
    case 'empty':
      return { op: random.pick(['is_empty', 'not_empty']) }
    case 'period':
      return { op: 'in_period', value: randomPeriod(random, setting, field.type === 'timestamp') }
  }
}

const UNITS: readonly PeriodUnit[] = ['day', 'week', 'month', 'quarter', 'year', 'fiscal_quarter', 'fiscal_year']

export function randomUnit(random: Random, withHours: boolean): PeriodUnit {
  return withHours && random.chance(0.15) ? 'hour' : random.pick([...UNITS, 'month', 'year', 'quarter'])
}

/** A stretch whose ends are times. */
function fromTimes(random: Random, setting: Setting): Period {
  const time = () => (random.chance(0.4) ? withOffset(random, setting) : unambiguous(random, setting))
  const at = (text: string) => dateBoundary(text, setting.timezone).instant
  const [from = '', to = ''] = [time(), time()].sort((a, b) => (at(a) < at(b) ? -1 : 1))
  if (at(from) === at(to)) return { since: from }
  return random.pick<Period>([{ from, to }, { before: to }, { since: from }])
}

export function randomPeriod(random: Random, setting: Setting, withHours: boolean): Period {
  const local = localNow(setting.now, setting.timezone)
  const unit = randomUnit(random, withHours)
  const day = () => randomDay(random, local)
  const count =
    unit === 'hour'
      ? random.int(1, 48)
      : unit === 'day'
        ? random.int(1, 90)
        : unit === 'week'
          ? random.int(1, 12)
          : random.int(1, 6)
  return random.weighted<() => Period>([
    [3, () => ({ last: count, unit, ...(random.chance(0.3) ? { includeCurrent: true } : {}) })],
    [0.7, () => ({ next: count, unit, ...(random.chance(0.3) ? { includeCurrent: true } : {}) })],
    [2, () => ({ this: unit })],
    [2, () => ({ previous: unit })],
    [2, () => ({ to_date: unit })],
    [2, () => ({ year: local.year - random.int(0, 1) })],
    [1, () => ({ fiscal_year: local.year + random.int(-1, 1) })],
    [1, () => ({ quarter: `${local.year - random.int(0, 1)}-Q${random.int(1, 4)}` })],
    [1, () => ({ month: day().toString().slice(0, 7) })],
    [0.5, () => ({ day: day().toString() })],
    [
      1.5,
      () => {
        const [from, to] = [day(), day()].map(String).sort()
        return from === to ? { year: local.year } : { from: from ?? '', to: to ?? '' }
      },
    ],
    [withHours ? 0.7 : 0, () => fromTimes(random, setting)],
    [0.7, () => ({ before: day().toString() })],
    [0.7, () => ({ since: day().toString() })],
  ])()
}
