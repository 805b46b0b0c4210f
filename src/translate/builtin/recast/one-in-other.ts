// One number in another: "fees as a percentage of money raised", "money raised per contact by state", "cost per dollar raised".
// In: a prompt. Out: both numbers side by side, and their table with the one in the other.
// Refused: shares of a total, so much per month, and tables in which not just the two numbers stand.
import { plural } from '../../../catalog/words.ts'
import type { Definition } from '../../../definition/schema.ts'
import { lexiconOf } from '../lexicon.ts'
import type { Recast, Turn } from './turn.ts'

const ASKED = /^(?:(?:what (?:is|was|were)|show(?: me)?|give me) )?(?:the )?/i
const PERCENT =
  /^(.+?) as (?:an? )?(?:percentage|percent|pct|%|share|proportion) of (?!(?:the |all |its )?(?:total|whole|all|everything)\b)(.+?)((?:,| (?:by|per|for each|in each|this|last|in|since|during)\b).*)?$/i
const RATIO = /^ratio of (.+?) to (.+?)((?:,| (?:by|per|for each|this|last|in|since|during)\b).*)?$/i
const PER_MONEY = /^(.+?) per (?:dollar|euro|pound) (raised|spent|pledged|earned)(\b.*)$/i
const PER_ROWS = /^(.+?) per ([\p{L}-]+)((?: .*)? by .+)$/iu
const REACHED =
  /^percent(?:age)? of (?:the |its |their )?(goals?|targets?|quotas?) (reached|met|achieved|raised)(\b.*)$/i

export const oneInOther: Turn = ({ prompt, catalog }) => {
  const text = prompt.replace(ASKED, '').replace(/[?.!]+$/, '')
  const { known, rowsCalled } = lexiconOf(catalog)
  const pair = (one: string, other: string, rest: string, percent: boolean): Recast => ({
    prompt: `${one} and ${other}${rest}`,
    make: (definition) => divided(definition, percent),
  })
  const [share, part = '', whole = '', ofRest = ''] = PERCENT.exec(text) ?? []
  if (share !== undefined) return [pair(part, whole, ofRest, true)]
  const [ratio, top = '', bottom = '', ratioRest = ''] = RATIO.exec(text) ?? []
  if (ratio !== undefined) return [pair(top, bottom, ratioRest, false)]
  const [reached, goal = '', , reachedRest = ''] = REACHED.exec(text) ?? []
  if (reached !== undefined && known('raised')) return [pair('money raised', goal, reachedRest, true)]
  const [perMoney, cost = '', deed = '', moneyRest = ''] = PER_MONEY.exec(text) ?? []
  if (perMoney !== undefined) return known(deed.toLowerCase()) ? [pair(cost, `money ${deed}`, moneyRest, false)] : []
  const [perRows, amount = '', noun = '', rowsRest = ''] = PER_ROWS.exec(text) ?? []
  if (perRows === undefined || /\b(?:average|mean|median|top|number)\b/i.test(amount)) return []
  if (rowsCalled(noun.toLowerCase()).length === 0) return []
  return [pair(amount, `number of ${plural(noun)}`, rowsRest, false)]
}

function divided(definition: Definition, percent: boolean): Definition | undefined {
  const { aggregates, calculations, compare, limit } = definition
  const [one, other, more] = aggregates
  if (one === undefined || other === undefined || more !== undefined || calculations.length > 0) return undefined
  if (compare !== null || limit !== null) return undefined
  const id = `${one.id}_per_${other.id}`
  const format = percent ? { format: { style: 'percent' as const } } : {}
  return { ...definition, calculations: [{ id, formula: `${one.id} / ${other.id}`, ...format }] }
}
