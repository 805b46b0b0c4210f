// "Donors who gave every year since 2024": in each of those years, one condition for each.
// In: a prompt that names the first of the years. Out: the same with the years spelt out.
// Refused: "every year" alone, which names none; and what only has rows of those years.
import { localDay } from '../local-day.ts'
import type { Turn } from './turn.ts'

const EVERY =
  /\b((?:who|that) [\p{L}-]+) (?:in )?(?:every|each) (?:single )?year (?:since|from) (\d{4})(?: (?:to|through|until|till) (\d{4}))?\b/iu
const MOST = 8

export const everyYear: Turn = ({ prompt, clock }) => {
  const [found, deed = '', first, last] = EVERY.exec(prompt) ?? []
  if (found === undefined) return []
  const end = last === undefined ? localDay(clock.now, clock.timezone).year : Number(last)
  const years = Array.from({ length: Math.max(0, end - Number(first) + 1) }, (_, index) => Number(first) + index)
  const names = years.length < 2 ? years.join('') : `${years.slice(0, -1).join(', ')} and in ${years.at(-1)}`
  return [
    {
      prompt: prompt.replace(found, `${deed} in ${names}`),
      make: (definition) => {
        const text = JSON.stringify(definition.filters ?? null)
        const each = years.every((year) => text.split(`"value":{"year":${year}}`).length === 2)
        const apart = text.split('"match":"some"').length === years.length + 1
        return years.length > 0 && years.length <= MOST && each && apart ? definition : undefined
      },
    },
  ]
}
