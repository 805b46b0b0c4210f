import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldedJson } from '../../src/lib/folded-json.ts'

describe('JSON for people', () => {
  test('it reads back as the same value, and only a single text is ever wider than asked', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(foldedJson(value, 40))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('short parts stay on one line', () => {
    expect(foldedJson({ title: 'x'.repeat(60), groupBy: [{ field: 'a' }], limit: 10 }, 60)).toBe(
      `{\n  "title": "${'x'.repeat(60)}",\n  "groupBy": [{ "field": "a" }],\n  "limit": 10\n}`,
    )
  })
})
