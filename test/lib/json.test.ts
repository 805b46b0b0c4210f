import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../src/lib/json.ts'

const place = (text: string) => {
  const parsed = parseJson(text)
  return parsed.ok ? 'fine' : `${parsed.line}:${parsed.column} ${parsed.reason}`
}

describe('reading JSON', () => {
  test('whatever is JSON reads as the platform reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent)
        expect(parseJson(spaced)).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })

  test('any text is refused exactly when the platform refuses it', () => {
    const alphabet = fc.constantFrom(
      ...'{}[]",:\\ \n019.eE+-tfnu',
      'true',
      'null',
      '"a"',
      '\u0001',
      'é',
      '\\u00e9',
      '😀',
    )
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        let accepted = true
        try {
          JSON.parse(text)
        } catch {
          accepted = false
        }
        expect(parseJson(text).ok).toBe(accepted)
      }),
      { numRuns: 5000 },
    )
  })

  test('the place named is where the text stops being JSON', () => {
    expect(place('{"a": 1,\n "b": }')).toBe('2:7 a value is expected')
    expect(place('{"a" 1}')).toBe('1:6 ":" is missing')
    expect(place('[1 2]')).toBe('1:4 "," or "]" is missing')
    expect(place("{'a': 1}")).toBe('1:2 a name in double quotes is expected')
    expect(place('{"a": 1')).toBe('1:8 the text ends too early')
    expect(place('')).toBe('1:1 the text ends too early')
    expect(place('{} x')).toBe('1:4 something follows the value')
    expect(place('"a\nb"')).toBe('1:3 the text in quotes is broken')
  })

  test('deep nesting is refused and a long text is read, neither exhausting the stack', () => {
    expect(place('['.repeat(200_000))).toBe('1:65 nested more than 64 levels deep')
    const long = JSON.stringify({ text: 'é"\\'.repeat(500_000) })
    expect(parseJson(long).ok).toBe(true)
  })
})
