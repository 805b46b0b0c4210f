import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Format } from '../../src/definition/schema.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { formatCell, isNumeric } from '../../src/rows/format.ts'

const column = (more: Partial<OutputColumn>): OutputColumn => ({
  id: 'x',
  label: 'X',
  type: 'text',
  role: 'column',
  ...more,
})
const show = (cell: Cell, more: Partial<OutputColumn>, timezone = 'UTC', locale = 'en-US') =>
  formatCell(cell, column(more), { locale, timezone })

describe('a cell as people read it', () => {
  test('a decimal keeps every digit, however long, because it never becomes a float', () => {
    const decimal = fc
      .tuple(fc.bigInt({ min: 10n ** 20n, max: 10n ** 30n }), fc.nat(9999), fc.boolean())
      .map(([whole, fraction, negative]) => `${negative ? '-' : ''}${whole}.${String(fraction).padStart(4, '0')}`)
    fc.assert(
      fc.property(decimal, (text) => {
        const shown = show(text, { type: 'number', format: { decimals: 4 } })
        expect(shown.replaceAll(',', '').replace('−', '-')).toBe(text)
      }),
    )
  })

  test('numbers are grouped, money has its symbol, a percent is a fraction times hundred', () => {
    expect(show(1234567, { type: 'integer' })).toBe('1,234,567')
    expect(show('9007199254740993', { type: 'integer' })).toBe('9,007,199,254,740,993')
    expect(show('1234.5', { type: 'money', format: { currency: 'USD' } })).toBe('$1,234.50')
    expect(show('-5', { type: 'money', unit: 'EUR' })).toBe('−€5.00')
    expect(show('1234.5', { type: 'money' })).toBe('1,234.50')
    expect(show('1234.5', { type: 'money', format: { currency: 'USD', decimals: 0 } })).toBe('$1,235')
    expect(show('0.2345', { type: 'number', format: { style: 'percent' } })).toBe('23.5%')
    expect(show('0.2345', { type: 'number', format: { style: 'percent', decimals: 0 } })).toBe('23%')
    expect(show('12.3456', { type: 'number' })).toBe('12.35')
    expect(show('0.000123456', { type: 'number' })).toBe('0.000123')
    expect(show('12.5', { type: 'number', unit: 'kg' })).toBe('12.5 kg')
    expect(show('NaN', { type: 'number' })).toBe('NaN')
  })

  test('a year is not grouped like an amount, and an id is never changed', () => {
    expect(show(2025, { type: 'integer', label: 'Model year' })).toBe('2025')
    expect(show(2025, { type: 'integer', grain: 'year_number' })).toBe('2025')
    expect(show('0012345', { type: 'id' })).toBe('0012345')
  })

  test('a stretch of time reads by its grain', () => {
    const at = (grain: OutputColumn['grain'], cell: Cell = '2025-04-01') =>
      show(cell, { type: 'date', role: 'key', ...(grain && { grain }) })
    expect(at('month')).toBe('Apr 2025')
    expect(at('quarter')).toBe('Q2 2025')
    expect(at('year')).toBe('2025')
    expect(at('day')).toBe('Apr 1, 2025')
    expect(at('week')).toBe('Week of Apr 1, 2025')
    expect(at('fiscal_year', '2025-07-01')).toBe('FY 2026')
    expect(at('fiscal_year', '2025-01-01')).toBe('FY 2025')
    expect(at('fiscal_quarter', '2025-07-01')).toBe('Jul – Sep 2025')
    expect(at('fiscal_quarter', '2025-11-01')).toBe('Nov 2025 – Jan 2026')
  })

  test('numbers of weekdays, months, quarters and hours read as their names', () => {
    const part = (grain: OutputColumn['grain'], cell: number) =>
      show(cell, { type: 'integer', role: 'key', ...(grain && { grain }) })
    expect([1, 7].map((n) => part('day_of_week', n))).toEqual(['Monday', 'Sunday'])
    expect([1, 12].map((n) => part('month_of_year', n))).toEqual(['January', 'December'])
    expect(part('quarter_of_year', 3)).toBe('Q3')
    expect(part('hour_of_day', 9)).toBe('09:00')
    expect(isNumeric(column({ type: 'integer', grain: 'day_of_week' }))).toBe(false)
  })

  test('a timestamp is the wall clock of the reader; one without a zone is shown as it is written', () => {
    const cell = '2025-03-30T01:30:00.123456+01:00'
    expect(show(cell, { type: 'timestamp' }, 'Europe/Berlin')).toBe('Mar 30, 2025, 1:30 AM')
    expect(show(cell, { type: 'timestamp' }, 'America/New_York')).toBe('Mar 29, 2025, 8:30 PM')
    expect(show('2025-03-30T02:30:00', { type: 'timestamp' }, 'America/New_York')).toBe('Mar 30, 2025, 2:30 AM')
  })

  test('a time shows as much of itself as its format says, as the language of the reader or ISO writes it', () => {
    const at = (format: Format, cell = '2026-11-09T14:03:07Z', type: 'date' | 'timestamp' = 'timestamp') =>
      show(cell, { type, format }, 'Europe/Berlin')
    expect(at({ clock: 'none' })).toBe('Nov 9, 2026')
    expect(at({ clock: 'seconds' })).toBe('Nov 9, 2026, 3:03:07 PM')
    expect(at({ date: 'iso' })).toBe('2026-11-09 15:03')
    expect(at({ date: 'iso', clock: 'seconds' })).toBe('2026-11-09 15:03:07')
    expect(at({ date: 'long', clock: 'none' })).toBe('November 9, 2026')
    expect(at({ date: 'short', clock: 'none' })).toBe('11/9/26')
    expect(at({ date: 'iso', clock: 'seconds' }, '2026-11-09', 'date')).toBe('2026-11-09')
  })

  test('the wall clock of a zone is right at every instant, also where clocks changed at odd times', () => {
    const instant = fc.date({ min: new Date('1850-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    const zones = ['Europe/Amsterdam', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Monrovia']
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (date, timezone) => {
        const intl = new Intl.DateTimeFormat('en-US', { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' })
        const cell = date.toISOString().replace(/Z$/, '+00:00')
        expect(show(cell, { type: 'timestamp' }, timezone)).toBe(intl.format(date).replace(/[\u2009\u202f]/g, ' '))
      }),
    )
  })

  test('a zero is never negative', () => {
    expect(show('-0', { type: 'number' })).toBe('0')
    expect(show('-0.00', { type: 'money', unit: 'USD' })).toBe('$0.00')
  })

  test('a day is the same day in every time zone', () => {
    const day = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    const zone = fc.constantFrom('UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/New_York')
    fc.assert(
      fc.property(day, zone, (date, timezone) => {
        const iso = date.toISOString().slice(0, 10)
        expect(show(iso, { type: 'date' }, timezone)).toBe(show(iso, { type: 'date' }, 'UTC'))
        expect(show(iso, { type: 'date' }, timezone)).toContain(String(Number(iso.slice(0, 4))))
      }),
    )
  })

  test('empty reads as empty where it is a group, as a dash where it is a number, and as nothing elsewhere', () => {
    expect(show(null, { role: 'key' })).toBe('(empty)')
    expect(show(null, { role: 'key', type: 'date', grain: 'month' })).toBe('(empty)')
    expect(show(null, { type: 'money' })).toBe('–')
    expect(show(null, { type: 'text' })).toBe('')
  })

  test('stored values read by their labels, also such as name a part of every object', () => {
    expect(show('email', { type: 'enum', valueLabels: { email: 'E-mail' } })).toBe('E-mail')
    expect(show('constructor', { type: 'enum', valueLabels: { email: 'E-mail' } })).toBe('constructor')
    expect(show(true, { type: 'boolean' })).toBe('Yes')
  })

  test('what does not fit its type is shown as it is', () => {
    expect(show('infinity', { type: 'timestamp' })).toBe('infinity')
    expect(show('0044-03-15 BC', { type: 'date' })).toBe('0044-03-15 BC')
  })
})
