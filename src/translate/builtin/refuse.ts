// What is never done, whoever asks: writing, other organizations' rows, instructions hidden in a prompt.
// The scope makes all of it impossible anyway; here it gets a clear no instead of a strange table.

const writes =
  /^(?:please\s+|now\s+|can you\s+|could you\s+)*(?:delete|erase|wipe|purge|truncate|insert|overwrite|drop\s+(?:the\s+)?(?:table|database|schema|all)|(?:update|alter|set|change|modify|create|grant|revoke)\s+(?:the\s+|all\s+|a\s+|an\s+)?(?:\w+\s+){0,3}?(?:table|database|schema|row|rows|record|records|column|user|permission|permissions|to\b|set\b|=))/i
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

/** Why a prompt is refused, as one sentence, or undefined; `knows` says whether the catalog itself names a thing by that word. */
export function refusalOf(prompt: string, knows: (word: string) => boolean = () => false): string | undefined {
  if (smallTalk.test(prompt)) return 'I make tables from your data: ask for what you want to see, in plain words'
  if (instructions.test(prompt)) return 'This asks to change the rules; a prompt can only say which table to show'
  if (writes.test(prompt) || sqlText.test(prompt))
    return 'This asks to change data; tables are only read here, never written'
  if (query.test(prompt)) return 'This is SQL; paste it into the builder under “Import”, which turns it into a table'
  const other = others.exec(prompt)
  // "each organization" is a row like any other where the catalog lists organizations.
  const listed =
    other !== null &&
    !/id\b|other|another/i.test(other[0]) &&
    (other[0].match(/\p{L}+/gu) ?? []).some(
      (word) => /^(organi|tenant|compan|account)/i.test(word) && knows(word.toLowerCase()),
    )
  if (other !== null && !listed)
    return 'This asks for rows of other organizations; a table shows those of your own only'
  return undefined
}
