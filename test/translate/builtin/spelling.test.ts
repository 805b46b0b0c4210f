// Slips of the pen are read as the catalog's words, and words that only look like them stay as they are.
import { describe, expect, test } from 'vitest'
import { respelt } from '../../../src/translate/builtin/spelling.ts'
import { indexValues } from '../../../src/translate/value-index.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const values = indexValues([{ entity: 'contacts', field: 'city', value: 'Dayton', text: 'Dayton', trust: 1 }])
const spelt = (prompt: string) => respelt(prompt, demoCatalog(), values)

describe('a misspelt word', () => {
  test('is read as the one word of the catalog that is a slip away, and this is said', () => {
    expect(spelt('donatoins by chanel last year')).toEqual({
      prompt: 'donations by channel last year',
      notes: ['“donatoins” read as “donations”', '“chanel” read as “channel”'],
    })
  })

  test('stays as it is where it means something, is a name or is too far away', () => {
    for (const prompt of ['donor retention rate', 'contacts in Datyon', 'gifts from dayton', 'anonymous donations'])
      expect(spelt(prompt)).toEqual({ prompt, notes: [] })
  })

  test('is a common one with two letters swapped, where that leaves no doubt', () => {
    expect(spelt('gifts lsat month').prompt).toBe('gifts last month')
    // “hwo” is “how” and “who”.
    expect(spelt('hwo gave').prompt).toBe('hwo gave')
  })
})
