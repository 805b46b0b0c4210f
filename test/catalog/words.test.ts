import fc from 'fast-check'
import { expect, test } from 'vitest'
import { humanise, plural, singular, words } from '../../src/catalog/words.ts'

test.each([
  ['donor_id', ['donor', 'id']],
  ['fullName', ['full', 'name']],
  ['HTTPServer', ['http', 'server']],
  ['address2', ['address', '2']],
  ['Order Details', ['order', 'details']],
  ['__x__', ['x']],
  ['straße', ['straße']],
])('%s has the words %j', (name, expected) => {
  expect(words(name)).toEqual(expected)
})

const PAIRS =
  'donation donations, person people, city cities, status statuses, address addresses, box boxes, class classes, match matches, child children, analysis analyses, index indexes, course courses, house houses, purchase purchases, expense expenses, campus campuses, key keys, day days, quiz quizzes, movie movies, criterion criteria, employee employees, hero heroes, bus buses, tax taxes, series series, staff staff, news news, data data, media media'

test.each(PAIRS.split(', ').map((pair) => pair.split(' ')))('one %s, many %s', (one = '', many = '') => {
  expect(plural(one)).toBe(many)
  expect(singular(many)).toBe(one)
  expect(singular(one)).toBe(one)
  expect(plural(many)).toBe(many)
})

test.each([
  ['stu_fname', 'Stu first name'],
  ['emp_no', 'Employee number'],
  ['no_show', 'No show'],
  ['qty', 'Quantity'],
  ['dob', 'Date of birth'],
  ['customer_id', 'Customer ID'],
  ['zipCode', 'ZIP code'],
  ['total_amt', 'Total amount'],
  ['日本', '日本'],
])('%s is shown as %s', (name, label) => {
  expect(humanise(name)).toBe(label)
})

test('every name has a label', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      expect(humanise(name)).not.toBe('')
    }),
  )
})
