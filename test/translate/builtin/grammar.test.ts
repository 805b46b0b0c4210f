// Turns of English, each read as it is meant: one prompt a construct, over a catalog as introspected.
import { describe, expect, test } from 'vitest'
import { Catalog, type CatalogInput } from '../../../src/catalog/schema.ts'
import { best } from '../../../src/translate/builtin/best.ts'
import { indexValues } from '../../../src/translate/value-index.ts'
import { definitionBody } from '../../setup/definition-body.ts'

type Fields = CatalogInput['entities'][string]['fields']
const field = (name: string, type: Fields[string]['type'] = 'text') => ({
  column: name,
  type,
  label: name.replaceAll('_', ' '),
})
const fieldsOf = (spec: Readonly<Record<string, Fields[string]['type']>>): Fields =>
  Object.fromEntries(Object.entries(spec).map(([name, type]) => [name, field(name, type)]))
const toOne = (to: string, from: string) => ({ to, kind: 'to_one' as const, on: [{ from, to: 'id' }], label: to })
const toMany = (to: string, key: string) => ({
  to,
  kind: 'to_many' as const,
  on: [{ from: 'id', to: key }],
  label: to,
})
const entity = (name: string, fields: Fields, relations: CatalogInput['entities'][string]['relations']) => ({
  table: name,
  label: name.replaceAll('_', ' '),
  shared: true as const,
  primaryKey: ['id'],
  fields,
  relations,
})

const catalog = Catalog.parse({
  version: 1,
  entities: {
    people: entity(
      'people',
      fieldsOf({
        id: 'integer',
        first_name: 'text',
        last_name: 'text',
        age: 'integer',
        home_town: 'text',
        motto: 'text',
        state_province: 'text',
        hiredate: 'date',
      }),
      { teacher: toMany('teachers', 'id') },
    ),
    teachers: entity('teachers', fieldsOf({ id: 'integer', subject: 'text' }), {
      person: toOne('people', 'id'),
      lessons: toMany('lessons', 'teacher_id'),
    }),
    visitors: entity('visitors', fieldsOf({ id: 'integer', name: 'text', address: 'text' }), {
      stays: { ...toMany('visitor_addresses', 'visitor_id'), label: 'stays' },
    }),
    visitor_addresses: entity('visitor_addresses', fieldsOf({ id: 'integer', visitor_id: 'integer' }), {
      visitor: toOne('visitors', 'visitor_id'),
    }),
    lessons: entity(
      'lessons',
      fieldsOf({ id: 'integer', title: 'text', class_room: 'text', seats: 'integer', teacher_id: 'integer' }),
      { teacher: toOne('teachers', 'teacher_id'), reviews: toMany('reviews', 'lesson_id') },
    ),
    reviews: entity('reviews', fieldsOf({ id: 'integer', lesson_id: 'integer', stars: 'integer', given_on: 'date' }), {
      lesson: toOne('lessons', 'lesson_id'),
    }),
  },
})
const stored = (of: string, name: string, value: string) => ({ entity: of, field: name, value, text: value, trust: 1 })
const values = indexValues([
  stored('people', 'home_town', 'Oslo, Norway'),
  stored('people', 'home_town', 'St. Ives'),
  stored('teachers', 'subject', 'Maths'),
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

describe('a condition', () => {
  test.each([
    [
      'titles of lessons with seats higher than 30 or lower than 5',
      {
        any: [
          { field: 'seats', op: 'gt', value: 30 },
          { field: 'seats', op: 'lt', value: 5 },
        ],
      },
    ],
    ['people who are at least 32 years old', { field: 'age', op: 'gte', value: 32 }],
    ['people who are not 20 years old', { field: 'age', op: 'ne', value: 20 }],
    ['people of age either 24 or 25', { field: 'age', op: 'in', value: [24, 25] }],
    ['people in age 20 to 25', { field: 'age', op: 'between', value: { min: 20, max: 25 } }],
    ['teachers under the subject "Maths"', { field: 'subject', op: 'eq', value: 'Maths' }],
    ['people with the letter a in their motto', { field: 'motto', op: 'contains', value: 'a' }],
    [`people who have 'luck' as a substring in the motto`, { field: 'motto', op: 'contains', value: 'luck' }],
    ['people whose motto contains the french word "Moulin"', { field: 'motto', op: 'contains', value: 'Moulin' }],
    ['people whose home town is Oslo, Norway', { field: 'home_town', op: 'eq', value: 'Oslo, Norway' }],
    ['people from the home town of Bergen', { field: 'home_town', op: 'eq', value: 'Bergen' }],
    ['people outside Oslo, Norway', { field: 'home_town', op: 'ne', value: 'Oslo, Norway' }],
    ['teachers who have multiple lessons', { relation: 'lessons', match: { count: { op: 'gt', value: 1 } } }],
    ['lessons that have never been reviewed', { relation: 'reviews', match: 'none' }],
    [
      'titles of lessons that got 3 or 4 stars',
      { relation: 'reviews', match: 'some', where: { field: 'stars', op: 'in', value: [3, 4] } },
    ],
  ])('%s', (prompt, filters) => {
    expect(read(prompt)).toMatchObject({ filters })
  })

  test('a total of related rows is their sum, not one of them', () => {
    const sum = { aggregate: { fn: 'sum', field: 'lessons.seats' }, op: 'gt', value: 100 }
    expect(read('teachers who have lessons with a total seats of more than 100')).toMatchObject({
      filters: { all: expect.arrayContaining([sum]) },
    })
  })

  test('the most common value picks the rows that have it', () => {
    expect(read('What are the titles of lessons in the most common classroom?')).toMatchObject({
      columns: [{ field: 'title' }],
      filters: {
        field: 'class_room',
        op: 'in',
        value: { definition: { groupBy: [{ field: 'class_room' }], limit: 1 } },
      },
    })
  })

  test('a group that is only listed keeps its condition', () => {
    expect(read('For each classroom, select those that have average seats above 10.')).toMatchObject({
      groupBy: [{ field: 'class_room' }],
      having: { op: 'gt', value: 10 },
    })
  })

  test('values that so many rows have are counted, not the rows', () => {
    expect(read('How many classrooms have more than 3 lessons?')).toMatchObject({
      aggregates: [{ fn: 'count_distinct', field: 'class_room' }],
      filters: { field: 'class_room', op: 'in', value: { definition: { having: { op: 'gt', value: 3 } } } },
    })
  })
})

describe('what is shown', () => {
  test('the names of an owner that the catalog does not know', () => {
    expect(read("Show each pupil's first name and last name")).toMatchObject({
      columns: [{ field: 'first_name' }, { field: 'last_name' }],
    })
  })

  test('the address of rows that have one is theirs, not the rows of a table called so', () => {
    expect(read('name and address of the visitors')).toEqual({
      dataSources: ['visitors'],
      columns: [{ field: 'name' }, { field: 'address' }],
    })
  })

  test('an average that is said last', () => {
    expect(read('How old are the people on average?')).toMatchObject({ aggregates: [{ fn: 'avg', field: 'age' }] })
  })

  test('a group before the question, with a condition on how many rows it has', () => {
    expect(read('For each classroom with at least 2 lessons, how many lessons are there?')).toMatchObject({
      groupBy: [{ field: 'class_room' }],
      having: { op: 'gte', value: 2 },
    })
  })

  test('words that the catalog writes as one, and one that it writes as two', () => {
    expect(read('hire date of people')).toMatchObject({ columns: [{ field: 'hiredate' }] })
    expect(read('hometown of people')).toMatchObject({ columns: [{ field: 'home_town' }] })
  })

  test('one of the places that a column holds by turns', () => {
    expect(read('number of people in each state')).toMatchObject({ groupBy: [{ field: 'state_province' }] })
  })

  test('the most common first name is counted among the people, not among what belongs to them', () => {
    expect(read('What is the most common first name of the people?')).toMatchObject({
      dataSources: ['people'],
      groupBy: [{ field: 'first_name' }],
      aggregates: [{ fn: 'count' }],
    })
  })

  test('a second sentence may order what the first one asked for', () => {
    expect(read('What is the last name and age of all people? Order the results by age.')).toMatchObject({
      columns: [{ field: 'last_name' }, { field: 'age' }],
      sortBy: [{ field: 'age' }, { field: 'id' }],
    })
  })

  test('two orders behind each other', () => {
    expect(read('last names of people in order of age, and then home town')).toMatchObject({
      sortBy: [{ field: 'age' }, { field: 'home_town' }, { field: 'id' }],
    })
  })
})

describe('what belongs together', () => {
  test('an id beside a number is of what is grouped by, not of the rows that are counted', () => {
    expect(read('What are the title, id and the number of reviews for each lesson?')).toMatchObject({
      dataSources: ['reviews'],
      groupBy: expect.arrayContaining([{ field: 'lesson.title' }, { field: 'lesson_id' }]),
    })
    expect(JSON.stringify(read('id and the number of reviews for each lesson'))).not.toContain('"field":"id"')
  })

  test('"any" of a field of other rows asks for no such row, not for an empty field', () => {
    expect(read('titles of lessons that do not have any stars')).toMatchObject({
      filters: { relation: 'reviews', match: 'none' },
    })
  })

  test('teachers that are people by their key have what people have', () => {
    expect(read('What are the first names of teachers whose age is above 40?')).toMatchObject({
      dataSources: ['teachers'],
      columns: [{ field: 'person.first_name' }],
    })
  })

  test('a key is read where it is stored, so that rows whose partner is missing keep theirs', () => {
    expect(read('number of lessons for each teacher id')).toMatchObject({
      dataSources: ['lessons'],
      groupBy: [{ field: 'teacher_id' }],
    })
  })
})
