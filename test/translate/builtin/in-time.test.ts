// A period is asked of what the words are about, and a deed says what became of the rows as well as when.
import { describe, expect, test } from 'vitest'
import type { Definition, Filter } from '../../../src/definition/schema.ts'
import { doneThen } from '../../../src/translate/builtin/done.ts'
import { meetingTime } from '../../../src/translate/builtin/retime.ts'
import { empty } from '../../../src/translate/builtin/tie/empty.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const demo = demoCatalog()
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))
const during = (field: string): Filter => ({ field, op: 'in_period', value: { previous: 'month' } })

describe('who signed up for what', () => {
  const byMonth: Definition = {
    ...empty('attendances'),
    groupBy: [{ id: 'registered_at_month', field: 'registered_at', grain: 'month' }],
    aggregates: [{ id: 'no_shows', metric: 'no_shows' }],
    filters: during('registered_at'),
  }

  test('is told by when it takes place', () => {
    expect(meetingTime(byMonth, demo, words('no shows by month last month'))).toMatchObject({
      groupBy: [{ id: 'starts_at_month', field: 'event.starts_at', grain: 'month' }],
      filters: during('event.starts_at'),
    })
  })

  test('unless the day they signed up is spoken of', () => {
    for (const text of ['registrations by month last month', 'sign ups last month', 'guests registered last month'])
      expect(meetingTime(byMonth, demo, words(text))).toBe(byMonth)
  })

  test('and other rows keep their day', () => {
    const raised = { ...empty('donations'), filters: during('received_at') }
    expect(meetingTime(raised, demo, words('raised last month'))).toBe(raised)
  })
})

describe('a deed that names the day of the rows', () => {
  const bills = {
    ...empty('expenses'),
    columns: [{ field: 'amount' }, { field: 'status' }],
    filters: during('spent_on'),
  }

  test('is done', () => {
    expect(doneThen(bills, demo, words('bills paid last month')).filters).toEqual({
      all: [during('spent_on'), { field: 'status', op: 'eq', value: 'paid' }],
    })
  })

  test('says nothing more where it is not named, where it is asked about, or where the day is empty until it is done', () => {
    expect(doneThen(bills, demo, words('bills of last month'))).toBe(bills)
    const pending: Definition = {
      ...bills,
      filters: { all: [bills.filters, { field: 'status', op: 'ne', value: 'paid' }] },
    }
    expect(doneThen(pending, demo, words('bills paid or not last month'))).toBe(pending)
    const filed = { ...empty('filings'), filters: during('filed_on') }
    expect(doneThen(filed, demo, words('reports filed last month'))).toBe(filed)
  })
})
