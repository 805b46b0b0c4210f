// What is never done, whoever asks: writing, other organizations' rows, instructions hidden in a prompt; and what no table says.
// The scope makes all of it impossible anyway; here it gets a clear no instead of a strange table.
import { writeOf } from './writes.ts'

const sqlText =
  /;\s*(?:drop|delete|update|insert|alter|truncate|grant|create)\b|\b(?:drop|truncate)\s+table\b|\bdelete\s+from\b|\binsert\s+into\b|\bunion\s+(?:all\s+)?select\b/i
const others =
  /\b(?:other|another|all|every|each|any)\s+(?:organi[sz]ations?|tenants?|compan(?:y|ies)'s? data|accounts?' data)\b|\b(?:organi[sz]ation|tenant)[\s_]*id\b|\bacross\s+(?:all\s+)?(?:organi[sz]ations|tenants)\b/i
const instructions =
  /\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,40}\b(?:instructions?|rules?|prompts?|filters?|restrictions?|permissions?|tenant|security)\b|\bsystem prompt\b|\byou are now\b|\bact as\b|\bdeveloper mode\b|\bpretend\b/i

/** Said to somebody, not asked of the data. */
const smallTalk =
  /^\s*(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks?(?: you)?|help(?: me)?|who are you|what are you|how are you|what(?: else)? can you do|what do you do|what is this|test(?:ing)?)[\s!.?]*$/i
/** SQL as it is written, rather than words that are in it too. */
const query = /\bselect\s+\*|\bselect\b[^.?]*\bfrom\b[^.?]*(?:;|--|\bwhere\b[^.?]*=)|;\s*select\b/i
/** Asked for a cause. */
const causes =
  /^(?:(?:so|and|but|please|can you|could you|tell me|explain|show me)\s+)*(?:why\b|how come\b|for what reason\b)|^(?:what|which \w+) (?:caused|causes|explains|led to|is behind|was behind|drove|is driving)\b|\bthe reasons? (?:for|why|behind)\b/i
const forecasts = /^(?:please\s+|can you\s+|could you\s+)*(?:predict|forecast)\b|^what will (?!be\b).*\bbe\b/i

export type Refusal = {
  /** One sentence. */
  readonly reason: string
  /** What of the rows that were named is possible instead. */
  readonly closest?: 'list' | 'months'
}
export type Asked = {
  readonly prompt: string
  /** Whether there is a table before that the words may speak of. */
  readonly follows?: boolean
  /** Whether an entity is called so in the catalog. */
  readonly knows?: (word: string) => boolean
  /** Whether the word is a name of rows, synonyms among them. */
  readonly rows?: (word: string) => boolean
}

/** Why a prompt is refused, or undefined. */
export function refusalOf({ prompt, follows = false, knows = () => false, rows = knows }: Asked): Refusal | undefined {
  if (smallTalk.test(prompt))
    return { reason: 'I make tables from your data: ask for what you want to see, in plain words' }
  if (instructions.test(prompt))
    return { reason: 'This asks to change the rules; a prompt can only say which table to show' }
  const write = writeOf({ prompt, follows, rows })
  if (write === 'message')
    return {
      reason: 'This asks to write to somebody; a prompt only shows a table, and a saved one is sent by its schedule',
      closest: 'list',
    }
  if (write === 'change' || sqlText.test(prompt))
    return { reason: 'This asks to change data; tables are only read here, never written', closest: 'list' }
  if (query.test(prompt))
    return { reason: 'This is SQL; paste it into the builder under “Import”, which turns it into a table' }
  if (causes.test(prompt))
    return { reason: 'No table says why something is so; ask for the numbers instead', closest: 'months' }
  if (forecasts.test(prompt))
    return { reason: 'A table shows what is stored, not what will be; ask for what there is so far', closest: 'months' }
  const other = others.exec(prompt)
  // "each organization" is a row like any other where the catalog lists organizations.
  const listed =
    other !== null &&
    !/id\b|other|another/i.test(other[0]) &&
    (other[0].match(/\p{L}+/gu) ?? []).some(
      (word) => /^(organi|tenant|compan|account)/i.test(word) && knows(word.toLowerCase()),
    )
  if (other !== null && !listed)
    return {
      reason: 'This asks for rows of other organizations; a table shows those of your own only',
      closest: 'list',
    }
  return undefined
}
