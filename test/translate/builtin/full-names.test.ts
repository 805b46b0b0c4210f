// A quoted name that is stored in two fields of one entity is looked up in both; one that is stored whole is not cut.
import { expect, test } from 'vitest'
import { cutFullNames } from '../../../src/translate/builtin/full-names.ts'
import { tokenise } from '../../../src/translate/builtin/tokens.ts'
import { indexValues } from '../../../src/translate/value-index.ts'

const stored = (entity: string, field: string, value: string) => ({ entity, field, value, text: value, trust: 1 })
const values = indexValues([
  stored('people', 'first_name', 'Ann'),
  stored('people', 'last_name', 'Lee'),
  stored('clubs', 'name', 'Red Lions'),
  stored('teams', 'colour', 'Red'),
])
const texts = (prompt: string) => cutFullNames(tokenise(prompt), values).map(({ kind, text }) => `${kind} ${text}`)

test('a name in two fields', () => {
  expect(texts('gifts of "Ann Lee"')).toEqual(['word gifts', 'word of', 'word Ann', 'word Lee'])
})

test('a name that is stored whole, or whose parts belong to different things', () => {
  expect(texts('members of "Red Lions"')).toContain('quoted Red Lions')
  expect(texts('"Red Lee"')).toEqual(['quoted Red Lee'])
})
