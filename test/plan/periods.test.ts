// The borders of a period, and where a comparison moves them: on the calendar's awkward days and beside clock changes.
import { describe, expect, test } from 'vitest'
import type { Period } from '../../src/definition/schema.ts'
import { resolvePeriod, type Shift } from '../../src/plan/periods.ts'

const calendar = { fiscalYearStart: 7, weekStart: 'monday' } as const
const NEW_YORK = 'America/New_York'
const bounds = (period: Period, now: string, back?: Shift, timezone = NEW_YORK) => {
  const { from, to } = resolvePeriod(period, { now: new Date(now), timezone }, calendar, back)
  return { from, to }
}
const days = (period: Period, today: string, back?: Shift) => {
  const { from, to } = bounds(period, `${today}T12:00:00-05:00`, back)
  return [from?.date, to?.date]
}
const MONTH = { months: 1, days: 0, hours: 0 }
const YEAR = { months: 12, days: 0, hours: 0 }

describe('a period that is compared', () => {
  test.each([
    ['2025-03-27', ['2025-02-01', '2025-02-28']],
    ['2025-03-28', ['2025-02-01', '2025-03-01']],
    ['2025-03-29', ['2025-02-01', '2025-03-01']],
    ['2025-03-30', ['2025-02-01', '2025-03-01']],
    ['2025-03-31', ['2025-02-01', '2025-03-01']],
    ['2025-05-30', ['2025-04-01', '2025-05-01']],
  ])('this month until %s meets as many days of the month before as there are', (today, expected) => {
    expect(days({ to_date: 'month' }, today, MONTH)).toEqual(expected)
  })

  test.each([
    ['2024-02-27', ['2023-01-01', '2023-02-28']],
    ['2024-02-28', ['2023-01-01', '2023-03-01']],
    ['2024-02-29', ['2023-01-01', '2023-03-01']],
    ['2025-02-28', ['2024-01-01', '2024-03-01']],
  ])('this year until %s meets the same days a year before', (today, expected) => {
    expect(days({ to_date: 'year' }, today, YEAR)).toEqual(expected)
  })

  test('whole months stay whole months', () => {
    expect(days({ month: '2025-02' }, '2025-03-05', MONTH)).toEqual(['2025-01-01', '2025-02-01'])
    expect(days({ month: '2025-03' }, '2025-03-05', MONTH)).toEqual(['2025-02-01', '2025-03-01'])
    expect(days({ from: '2024-02-10', to: '2024-02-29' }, '2025-03-05', YEAR)).toEqual(['2023-02-10', '2023-03-01'])
  })
})

describe('a time with an offset', () => {
  test.each([
    ['2025-03-01T00:00:00Z', '2025-03-01T00:00:00Z', '2025-02-28T19:00:00'],
    ['2025-03-01 00:00+05:30', '2025-02-28T18:30:00Z', '2025-02-28T13:30:00'],
    ['2025-03-01T00:00+02', '2025-02-28T22:00:00Z', '2025-02-28T17:00:00'],
    ['2025-03-01T00:00', '2025-03-01T05:00:00Z', '2025-03-01T00:00:00'],
  ])('%s is that instant as the border of a period too', (text, instant, local) => {
    for (const side of [
      bounds({ since: text }, '2025-05-01T00:00Z').from,
      bounds({ before: text }, '2025-05-01T00:00Z').to,
    ])
      expect(side).toMatchObject({ instant, local })
    expect(bounds({ from: text, to: '2025-04-01' }, '2025-05-01T00:00Z').from).toMatchObject({ instant, local })
  })
})

describe('hours beside a clock change', () => {
  test('are as long as they last', () => {
    // 03:30 on the day on which 02:00 became 03:00.
    expect(bounds({ last: 3, unit: 'hour' }, '2025-03-09T07:30:00Z')).toMatchObject({
      from: { instant: '2025-03-09T04:00:00Z' },
      to: { instant: '2025-03-09T07:00:00Z' },
    })
  })

  test.each([
    ['2025-11-02T05:30:00Z', '2025-11-02T04:00:00Z', '2025-11-02T05:00:00Z'],
    ['2025-11-02T06:30:00Z', '2025-11-02T05:00:00Z', '2025-11-02T06:00:00Z'],
  ])('of an hour that comes twice each is one (%s)', (now, last, current) => {
    expect(bounds({ last: 1, unit: 'hour' }, now)).toMatchObject({ from: { instant: last }, to: { instant: current } })
    expect(bounds({ this: 'hour' }, now).from).toMatchObject({ instant: current })
  })

  test('begin at the full hour of a zone that is half an hour off', () => {
    expect(bounds({ this: 'hour' }, '2025-05-10T16:10:00Z', undefined, 'Asia/Kolkata').from).toMatchObject({
      instant: '2025-05-10T15:30:00Z',
      local: '2025-05-10T21:00:00',
    })
  })
})
