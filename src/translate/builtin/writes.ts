// Prompts that ask to do something with the data instead of showing it.
// In: a prompt, whether a table is there that it may speak of, the names of rows. Out: what it asks to do, or undefined.
// Left to the reader: changes of the table itself ("set the limit to 5"), and nouns that look like orders ("drop in donations").
import { lemma } from './stem.ts'

const polite =
  "(?:(?:please|now|then|and|also|ok|okay|hey|just|can you|could you|would you|will you|i want (?:you )?to|i(?:'d| would) like (?:you )?to|i need (?:you )?to|let's|go ahead and|help me(?: to)?)[,\\s]+)*"
const some = '(?:the|all|every|each|any|this|that|these|those|my|our|its|their|his|her|it|them|everyone|everybody)'
const first = (rest: string) => new RegExp(`^\\s*${polite}${rest}`, 'i')

/** Said of a table and not of rows: with a table there, or where nothing else is named, it is no write. */
const ofTable =
  /\b(?:row limit|limit|sort(?:ing)?|order(?:ing)?|filters?|conditions?|restrictions?|columns?|fields?|group(?:s|ing)?|grain|title|chart|totals?|measures?|comparison|periods?|way)\b/i

const erases = first('(?:delete|erase|wipe|purge|truncate|insert|overwrite|alter|grant|revoke)\\b')
const removes = first('(?:remove|drop)\\s+(?!in\\b|of\\b|from\\b|off\\b)')
const sets = first(
  '(?:set|change|update|edit|modify|raise|lower|increase|decrease|reduce|fix|correct)\\s+(?!(?:in|of|from|out|up|to|with|for)\\b)(.+?)\\s*(?:\\bto\\b|=)',
)
const updates = first(`(?:update|edit|modify|fix|correct)\\s+(?:${some}|\\w+'s)\\b`)
const handles = first(
  `(?:refund|cancel|void|approve|reject|decline|accept|confirm|ship|pay|book|postpone|reschedule|deactivate|activate|close|reopen|charge|flag|tag|unsubscribe|publish)\\s+(?:${some}\\b|\\w+\\s+#?(?:[a-z]+-)?\\d+)`,
)
const treats = first('(?:(?:rename|merge|archive|assign|reassign|import|upload)\\s+\\w+|mark\\s.*\\bas\\b)')
const adds = first('(?:add|create|record|log|enter|register|make|insert)\\s+(?:a new|another|a|an|one|\\d+)\\s+(.+)$')
const sends = first('send\\s+(?!me\\b|us\\b)')
const writesTo = first(
  `(?:(?:e-?mail|mail|text|call|thank|message|contact)\\s+(?:${some}\\b)|(?:notify|invite|remind)\\s+\\w+)`,
)
const afterwards =
  /\b(?:and|then)\s+(?:then\s+)?(delete|erase|wipe|cancel|refund|archive|rename|update|merge|mark|e-?mail|send|notify|remind)\s+(?:them|it|these|those|all|every|each)\b/i
const structure = first(
  '(?:update|alter|create|grant|revoke)\\s+(?:(?:the|all|a|an|new)\\s+){0,2}(?:database|schema|users?|permissions?)\\b',
)

/** What a prompt asks to do: write to people, change the data, or neither. */
export function writeOf(asked: {
  readonly prompt: string
  readonly follows: boolean
  readonly rows: (word: string) => boolean
}): 'message' | 'change' | undefined {
  const { prompt, follows, rows } = asked
  if (sends.test(prompt) || writesTo.test(prompt)) return 'message'
  const later = afterwards.exec(prompt)
  if (later !== null) return /mail|send|notify|remind/i.test(later[1] ?? '') ? 'message' : 'change'
  if (structure.test(prompt) || addsRow(prompt, follows, rows)) return 'change'
  const [word] = ofTable.exec(prompt) ?? []
  // "cancel order 17", where orders are rows.
  if (word !== undefined && !rows(word.toLowerCase()) && !/^\W*drop\s+table\b/i.test(prompt)) return undefined
  const changes = follows ? erasesRows(prompt, rows) || setsRows(prompt) : erases.test(prompt) || removes.test(prompt)
  if (changes || handles.test(prompt) || treats.test(prompt)) return 'change'
  return !follows && (sets.test(prompt) || updates.test(prompt)) ? 'change' : undefined
}

/** "delete all donations" beside a table still means the rows; "delete the city" means its column. */
function erasesRows(prompt: string, rows: (word: string) => boolean): boolean {
  const [order] = erases.exec(prompt) ?? []
  if (order === undefined) return false
  const object = prompt.slice(order.length)
  return /^\s+(?:all|every|each|it|them|this|these|those|everything)\b|\d/i.test(object) || rows(lastWord(object))
}

/** "set the goal of Spring Appeal to 5000": of named rows, or of all. */
function setsRows(prompt: string): boolean {
  const [, object = ''] = sets.exec(prompt) ?? []
  return /\b(?:of|for|all|every|each)\b|'s\b/i.test(object)
}

/** "add a contact named Ann" is a new row; "add a contact column", and beside a table "add a donor", are not. */
function addsRow(prompt: string, follows: boolean, rows: (word: string) => boolean): boolean {
  const [, object = ''] = adds.exec(prompt) ?? []
  const words = object.toLowerCase().split(/[\s.!?]+/)
  const at = words.slice(0, 3).findIndex((word) => rows(word) && lemma(word) === word)
  const next = words[at + 1] ?? ''
  return at >= 0 && (/^(?:named|called|for|of|with|from|to|in|on)$/.test(next) || (next === '' && !follows))
}

function lastWord(text: string): string {
  return (text.toLowerCase().match(/[a-z-]+/g) ?? []).at(-1) ?? ''
}
