import { describe, expect, test } from 'vitest'
import { lemma } from '../../../src/translate/builtin/stem.ts'
import { tokenise } from '../../../src/translate/builtin/tokens.ts'

const words = (text: string) => tokenise(text).map((token) => token.word)
const first = (text: string) => tokenise(text)[0]

describe('the words of a prompt', () => {
  test('keep a quoted text whole, whatever quotes are around it', () => {
    for (const text of ['"Deleted Scenes"', "'Deleted Scenes'", '“Deleted Scenes”'])
      expect(first(text)).toMatchObject({ kind: 'quoted', text: 'Deleted Scenes' })
  })

  test('do not take an apostrophe for a quote', () => {
    expect(words("the students' names don't matter")).toEqual(['the', 'students', "'s", 'names', 'do', 'not', 'matter'])
  })

  test.each([
    ['1,000', 1000],
    ['$5k', 5000],
    ['2.5m', 2_500_000],
    ['three million', 3_000_000],
    ['twenty five', 25],
    ['10%', 10],
  ])('read %s as the number %d', (text, value) => {
    expect(first(text)?.value).toBe(value)
  })

  test('say both names of "first and last name"', () => {
    expect(words('first and last name')).toEqual(['first', 'name', 'and', 'last', 'name'])
  })

  test('write every date the same way', () => {
    for (const text of ['2025-07-04', '2025-7-4', '7/4/2025'])
      expect(first(text)).toMatchObject({ kind: 'date', text: '2025-07-04' })
  })

  test('stay bounded for a prompt of any length', () => {
    expect(tokenise('word '.repeat(100_000)).length).toBeLessThanOrEqual(220)
  })
})

describe('the base form of a word', () => {
  test.each([
    ['boxes', 'box'],
    ['cities', 'city'],
    ['nominated', 'nominate'],
    ['planning', 'plan'],
    ['taught', 'teach'],
    ['status', 'status'],
  ])('of "%s" is "%s"', (word, base) => {
    expect(lemma(word)).toBe(base)
  })
})

describe('spellings of one thing', () => {
  const words = (text: string) => tokenise(text).map(({ word }) => word)

  test('"or more" behind a number is a lower bound, unless another bound follows', () => {
    expect(words('donors with 2 or more gifts')).toEqual(words('donors with at least 2 gifts'))
    expect(words('five or fewer')).toEqual(words('at most five'))
    expect(words('above 50 or below 46')).toEqual(['above', '50', 'or', 'below', '46'])
    expect(words('3 or more than 5')).toEqual(['3', 'or', 'more', 'than', '5'])
  })

  test('the year of a number is that year', () => {
    expect(words('before the year of 2010')).toEqual(['before', 'the', 'year', '2010'])
    expect(words('the year of birth')).toEqual(['the', 'year', 'of', 'birth'])
  })

  test('"not only … but also" is both', () => {
    expect(words('who not only gave but also pledged')).toEqual(words('who both gave and pledged'))
    expect(words('not only cash')).toEqual(['not', 'only', 'cash'])
  })

  test('starting with a superlative is an order, with anything else it is not', () => {
    expect(words('clubs starting with the oldest')).toEqual(words('clubs sorted by the oldest first'))
    expect(words('by date, beginning from the most recent one')).toEqual(
      words('by date, sorted by the most recent first'),
    )
    expect(words('names starting with the letter A')).toEqual(['names', 'starting', 'with', 'the', 'letter', 'a'])
  })
})
