// Names in quotes that are stored in parts: "Ann Lee" where first and last names stand in fields of their own.
// In: the prompt's tokens, the stored values. Out: the tokens, such a name as words without quotes.
// Refused: names that are stored whole.
import type { ValueIndex } from '../types.ts'
import type { Token } from './tokens.ts'

/** The tokens with quoted names cut where no value is the whole name and one entity has its parts in two fields. */
export function cutFullNames(tokens: readonly Token[], values: ValueIndex): Token[] {
  return tokens.flatMap((token) => {
    const parts = token.text.split(/\s+/)
    if (token.kind !== 'quoted' || parts.length !== 2 || exact(values, token.text).length > 0) return [token]
    const [given = '', family = ''] = parts
    const families = exact(values, family)
    const stored = exact(values, given).some((a) => families.some((b) => a.entity === b.entity && a.field !== b.field))
    if (!stored) return [token]
    return parts.map((text, at): Token => {
      const start = token.start + (at === 0 ? 1 : 1 + token.text.lastIndexOf(text))
      return {
        kind: 'word',
        text,
        word: text.toLowerCase(),
        start,
        end: start + text.length,
        glued: false,
        capital: true,
      }
    })
  })
}

function exact(values: ValueIndex, text: string) {
  return values.find(text, { max: 12 }).filter(({ score }) => score >= 0.98)
}
