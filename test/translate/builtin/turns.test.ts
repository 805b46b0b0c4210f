// More turns of English, each read as it is meant: one prompt a rule, over a catalog of schools as introspected.
import { describe, expect, test } from 'vitest'
import { Catalog, type CatalogInput } from '../../../src/catalog/schema.ts'
import { best } from '../../../src/translate/builtin/best.ts'
import { indexValues } from '../../../src/translate/value-index.ts'
import { definitionBody } from '../../setup/definition-body.ts'

type Fields = CatalogInput['entities'][string]['fields']
type Relations = CatalogInput['entities'][string]['relations']
const fieldsOf = (spec: Readonly<Record<string, Fields[string]['type']>>): Fields =>
  Object.fromEntries(
    Object.entries(spec).map(([name, type]) => [name, { column: name, type, label: name.replaceAll('_', ' ') }]),
  )
const one = (to: string, from: string) => ({ to, kind: 'to_one' as const, on: [{ from, to: 'id' }], label: to })
const many = (to: string, key: string) => ({ to, kind: 'to_many' as const, on: [{ from: 'id', to: key }], label: to })
const entity = (name: string, spec: Readonly<Record<string, Fields[string]['type']>>, relations: Relations) => ({
  table: name,
  label: name,
  shared: true as const,
  primaryKey: ['id'],
  fields: fieldsOf({ id: 'integer', ...spec }),
  relations,
})

const catalog = Catalog.parse({
  version: 1,
  entities: {
    schools: entity(
      'schools',
      { name: 'text', city: 'text', budget_in_millions: 'number', zip_postcode: 'text', founded_year: 'integer' },
      {
        faculty: many('faculty', 'school_id'),
        pupils: many('pupils', 'school_id'),
        courses: many('courses', 'school_id'),
        degrees: many('degrees', 'school_id'),
      },
    ),
    faculty: entity(
      'faculty',
      {
        forename: 'text',
        surname: 'text',
        rank: 'text',
        email: 'text',
        salary: 'number',
        bonus: 'number',
        school_id: 'integer',
      },
      { school: one('schools', 'school_id') },
    ),
    pupils: entity(
      'pupils',
      { name: 'text', hometown: 'text', card: 'text', height: 'number', weight: 'number', school_id: 'integer' },
      { school: one('schools', 'school_id'), enrolments: many('enrolments', 'pupil_id') },
    ),
    courses: entity(
      'courses',
      { title: 'text', rating: 'text', director: 'text', school_id: 'integer' },
      {
        school: one('schools', 'school_id'),
        enrolments: many('enrolments', 'course_id'),
        reviews: many('reviews', 'course_id'),
      },
    ),
    enrolments: entity(
      'enrolments',
      { pupil_id: 'integer', course_id: 'integer', date_of_enrolment: 'date' },
      { pupil: one('pupils', 'pupil_id'), course: one('courses', 'course_id') },
    ),
    reviews: entity('reviews', { course_id: 'integer', stars: 'integer' }, { course: one('courses', 'course_id') }),
    degrees: entity(
      'degrees',
      { year: 'integer', degrees: 'integer', school_id: 'integer' },
      { school: one('schools', 'school_id') },
    ),
  },
})
const stored = (of: string, name: string, value: string) => ({ entity: of, field: name, value, text: value, trust: 1 })
const values = indexValues([
  stored('faculty', 'rank', 'Instructor'),
  stored('pupils', 'hometown', 'oslo'),
  stored('pupils', 'name', 'Ann'),
  stored('pupils', 'card', 'yes'),
  stored('pupils', 'card', 'no'),
  stored('courses', 'title', 'Algebra'),
  stored('courses', 'director', 'James Cole'),
])
const read = (prompt: string) =>
  definitionBody(
    best({
      prompt,
      catalog,
      values,
      scope: { organizationId: 'one', roles: [] },
      clock: { now: new Date('2026-11-23T12:00:00Z'), timezone: 'UTC' },
    })[0]?.definition,
  )

describe('names of columns', () => {
  test.each([
    ['List the city, name and budget of each school.', ['city', 'name', 'budget_in_millions']],
    ['last names and email addresses of the faculty', ['surname', 'email']],
    ['dates of enrollment of enrolments', ['date_of_enrolment']],
  ])('%s', (prompt, columns) => {
    expect(read(prompt)).toMatchObject({ columns: columns.map((field) => ({ field })) })
  })

  test('the name of a city that is a text of its rows is that text, not the name of the rows', () => {
    expect(read('What is the name of every city that has at least 2 schools?')).toMatchObject({
      groupBy: [{ field: 'city' }],
      having: { op: 'gte', value: 2 },
    })
    expect(read('cities whose name contains "Port"')).toMatchObject({
      filters: { field: 'city', op: 'contains', value: 'Port' },
    })
  })

  test('different ratings are counted by the field that is called a rating', () => {
    expect(read('Count the number of different course ratings.')).toMatchObject({
      aggregates: [{ fn: 'count_distinct', field: 'rating' }],
    })
  })

  test('rows that hold the number they are called by are ranked by it', () => {
    expect(read('Which year has the most degrees?')).toMatchObject({
      sortBy: [{ field: 'degrees', direction: 'desc' }, { field: 'id' }],
    })
  })

  test('one function of two fields, with the condition behind them', () => {
    expect(read('the lowest salary and bonus of the faculty')).toMatchObject({
      aggregates: [
        { fn: 'min', field: 'salary' },
        { fn: 'min', field: 'bonus' },
      ],
    })
    expect(read('the average height and weight of all oslo pupils')).toMatchObject({
      filters: { field: 'hometown', op: 'eq', value: 'oslo' },
    })
  })
})

describe('conditions', () => {
  test.each([
    ['How many schools have zip code 197?', { field: 'zip_postcode', op: 'eq', value: '197' }],
    ['names of schools with the founded year 1999 or 2000', { field: 'founded_year', op: 'in', value: [1999, 2000] }],
    ['What are the last names of all the instructors?', { field: 'rank', op: 'eq', value: 'Instructor' }],
    ['names of pupils whose card is no', { field: 'card', op: 'eq', value: 'no' }],
    [
      'titles of courses that got 3 star and 4 star',
      {
        all: [
          { relation: 'reviews', match: 'some', where: { field: 'stars', op: 'eq', value: 3 } },
          { relation: 'reviews', match: 'some', where: { field: 'stars', op: 'eq', value: 4 } },
        ],
      },
    ],
    [
      'Which courses have enrolments after 2020-01-01? Give me the titles.',
      { relation: 'enrolments', match: 'some', where: { field: 'date_of_enrolment', op: 'in_period' } },
    ],
    [
      'names of pupils who take the course Algebra',
      { relation: 'enrolments', match: 'some', where: { field: 'course.title', op: 'eq', value: 'Algebra' } },
    ],
  ])('%s', (prompt, filters) => {
    expect(read(prompt)).toMatchObject({ filters })
  })

  test.each([
    'Which hometowns are not associated with any enrolment?',
    'Which hometowns have never had the pupil Ann?',
  ])('what many rows share is denied of all of them: %s', (prompt) => {
    expect(read(prompt)).toMatchObject({
      columns: [{ field: 'hometown' }],
      filters: { field: 'hometown', op: 'not_in', value: { definition: { columns: [{ field: 'hometown' }] } } },
    })
  })
})

describe('groups', () => {
  test('"starting from each" is no bound', () => {
    const made = read('Find the number of pupils starting from each hometown.')
    expect(made).toMatchObject({ groupBy: [{ field: 'hometown' }] })
    expect(made).not.toHaveProperty('filters')
  })

  test('rows without a school are in none', () => {
    expect(read('Show the school names and the number of faculty in each school.')).toMatchObject({
      filters: { relation: 'school', match: 'some' },
    })
  })
})
