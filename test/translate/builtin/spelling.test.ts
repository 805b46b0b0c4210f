// Slips of the pen are read as the catalog's words, and words that only look like them stay as they are.
import { describe, expect, test } from 'vitest'
import { respelt } from '../../../src/translate/builtin/spelling.ts'
import { translateBuiltin } from '../../../src/translate/builtin/translate.ts'
import { indexValues } from '../../../src/translate/value-index.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const values = indexValues([{ entity: 'contacts', field: 'city', value: 'Dayton', text: 'Dayton', trust: 1 }])
const spelt = (prompt: string) => {
  const { prompt: read, notes } = respelt(prompt, demoCatalog(), values)
  return { prompt: read, notes }
}

describe('a misspelt word', () => {
  test('is read as the one word of the catalog that is a slip away, and this is said', () => {
    expect(spelt('donatoins by chanel last year')).toEqual({
      prompt: 'donations by channel last year',
      notes: ['“donatoins” read as “donations”', '“chanel” read as “channel”'],
    })
  })

  test('is read as a word of every question where a letter is left out, doubled or swapped', () => {
    expect(spelt('mony raised ths yera').prompt).toBe('money raised this year')
    expect(spelt('how mnay donars gave lst quater').prompt).toBe('how many donors gave last quarter')
    expect(spelt('mony raised ths yera').notes).toEqual([
      '“mony” read as “money”',
      '“ths” read as “this”',
      '“yera” read as “year”',
    ])
  })

  test('is told as read, and what is not understood stands as it was typed', () => {
    const clock = { now: new Date('2026-11-23T12:00:00Z'), timezone: 'UTC' }
    const scope = { organizationId: 'o', userId: 'u', roles: ['admin' as const] }
    const prompt = 'top donars ths year'
    expect(translateBuiltin({ prompt, catalog: demoCatalog(), values, clock, scope })).toMatchObject({
      kind: 'draft',
      understood: ['“donars” read as “donors”', '“ths” read as “this”', expect.any(String)],
      notUnderstood: ['top donars'],
    })
  })

  test('stays as it is where it means something, is a name or is too far away', () => {
    for (const prompt of [
      'donor retention rate',
      'contacts in Datyon',
      'gifts from dayton',
      'anonymous donations',
      'las vegas',
    ])
      expect(spelt(prompt)).toEqual({ prompt, notes: [] })
  })

  test('is a common one with two letters swapped, where that leaves no doubt', () => {
    expect(spelt('gifts lsat month').prompt).toBe('gifts last month')
    // “hwo” is “how” and “who”.
    expect(spelt('hwo gave').prompt).toBe('hwo gave')
  })
})
