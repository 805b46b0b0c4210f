// A prompt's text as tokens: words, numbers, quoted texts, dates and punctuation, each with its place in the text.
// In: what a person typed, any length and any language. Out: at most MAX_TOKENS tokens.
// Refused: nothing; what is not recognised is a word or a punctuation mark.

/** Longest prompt that is looked at; the rest is cut off, so that cost is bounded. */
const MAX_TEXT = 2000
const MAX_TOKENS = 220

export type TokenKind = 'word' | 'number' | 'quoted' | 'date' | 'punct'
export type Token = {
  readonly kind: TokenKind
  /** As it is written; for a quoted text what stands between the quotes. */
  readonly text: string
  readonly word: string
  readonly start: number
  readonly end: number
  /** The number of a numeral or number word, with its k / m suffix worked in. */
  readonly value?: number
  readonly unit?: '%' | '$'
  /** Nothing stands between this token and the one before. */
  readonly glued: boolean
  readonly capital: boolean
}

const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ...'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((word, value) => [word, value] as const),
  ['thirty', 30],
  ['forty', 40],
  ['fifty', 50],
  ['sixty', 60],
  ['seventy', 70],
  ['eighty', 80],
  ['ninety', 90],
  ['hundred', 100],
  ['thousand', 1000],
  ['million', 1_000_000],
  ['billion', 1_000_000_000],
  ['dozen', 12],
])
const ORDINAL_WORDS: ReadonlyMap<string, number> = new Map(
  'first second third fourth fifth sixth seventh eighth ninth tenth'
    .split(' ')
    .map((word, index) => [word, index + 1] as const),
)
const SUFFIX: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, mm: 1e6, mn: 1e6, b: 1e9, bn: 1e9 }

const PATTERN = new RegExp(
  [
    String.raw`(?<quoted>"[^"]{0,200}"|“[^”]{0,200}”|«[^»]{0,200}»|(?<![\p{L}\p{N}])['‘\x60](?!s\s)[^'’\x60]{1,120}['’\x60](?![\p{L}\p{N}])|(?<![\p{L}\p{N}])''[^']{1,120}'')`,
    String.raw`(?<date>\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?(?![\d-])|\d{1,2}/\d{1,2}/\d{4}(?!\d))`,
    String.raw`(?<code>(?<![\p{L}\p{N}])[A-Z]{1,5}[-_]?\d{2,6}(?:[-_][A-Z\d]+)?(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])[A-Z]{2,6}[-_]\d+(?![\p{L}\p{N}]))`,
    String.raw`(?<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)`,
    String.raw`(?<number>(?<![\p{L}\p{N}_])[$€£]?-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:(?:[kK]|mm|MM|mn|[mM]|bn|BN|[bB])(?![\p{L}\p{N}]))?%?(?![\p{L}\p{N}]))`,
    String.raw`(?<mail>[\p{L}\p{N}._+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,})`,
    String.raw`(?<possessive>(?<=[\p{L}\p{N}])['’]s(?![\p{L}\p{N}])|(?<=s)['’](?=\s))`,
    String.raw`(?<word>\p{L}\.(?:\p{L}\.)+|[\p{L}\p{N}_]+(?:['’](?!s(?![\p{L}]))[\p{L}]+)?)`,
    String.raw`(?<punct><=|>=|<>|!=|==|[^\s])`,
  ].join('|'),
  'gu',
)

const CONTRACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["can't", ['can', 'not']],
  ['cannot', ['can', 'not']],
  ["won't", ['will', 'not']],
  ['dont', ['do', 'not']],
  ['doesnt', ['does', 'not']],
  ['didnt', ['did', 'not']],
  ['havent', ['have', 'not']],
  ['hasnt', ['has', 'not']],
  ['isnt', ['is', 'not']],
  ['arent', ['are', 'not']],
  ['wasnt', ['was', 'not']],
  ['whats', ['what', 'is']],
])
const TAILS: Readonly<Record<string, string>> = { re: 'are', ve: 'have', ll: 'will', d: 'would', m: 'am' }
/** After these, 's is "is", not a possessive. */
const IS_BEFORE: ReadonlySet<string> = new Set([
  'what',
  'who',
  'where',
  'when',
  'how',
  'that',
  'it',
  'there',
  'here',
  'let',
])

/** Splits a prompt into tokens, contractions spelt out ("don't" → "do", "not"), possessives as `'s`. */
export function tokenise(text: string): Token[] {
  const source = text.slice(0, MAX_TEXT).normalize('NFKC')
  const tokens: Token[] = []
  for (const match of source.matchAll(PATTERN)) {
    if (tokens.length >= MAX_TOKENS) break
    const raw = match[0]
    const start = match.index
    const glued = start > 0 && !/\s/.test(source.charAt(start - 1))
    const base = { start, end: start + raw.length, glued, capital: /^\p{Lu}/u.test(raw) }
    const groups = match.groups ?? {}
    if (groups.quoted !== undefined) {
      const inner = raw.replace(/^(''|["“«'‘`])\s*/u, '').replace(/\s*(''|["”»'’`])$/u, '')
      if (inner !== '') tokens.push({ ...base, kind: 'quoted', text: inner, word: inner.toLowerCase() })
    } else if (groups.date !== undefined) tokens.push({ ...base, kind: 'date', text: isoDate(raw), word: raw })
    else if (groups.time !== undefined || groups.mail !== undefined || groups.code !== undefined)
      tokens.push({ ...base, kind: 'quoted', text: raw, word: raw.toLowerCase() })
    else if (groups.number !== undefined) tokens.push({ ...base, ...numeral(raw) })
    else if (groups.possessive !== undefined) {
      const previous = tokens.at(-1)
      if (previous !== undefined && IS_BEFORE.has(previous.word))
        tokens.push({ ...base, kind: 'word', text: 'is', word: 'is', glued: false })
      else tokens.push({ ...base, kind: 'punct', text: raw, word: "'s" })
    } else if (groups.word !== undefined) tokens.push(...wordTokens(raw, base))
    else tokens.push({ ...base, kind: 'punct', text: raw, word: raw })
  }
  return startingWith(notOnly(yearOf(orMore(repeatNames(joinNumbers(oneTheir(tokens)))))))
}

type Base = Pick<Token, 'start' | 'end' | 'glued' | 'capital'>

function wordTokens(raw: string, base: Base): Token[] {
  const word = raw.toLowerCase().replace('’', "'")
  const apart = CONTRACTIONS.get(word) ?? contraction(word)
  if (apart !== undefined)
    return apart.map((part, index) => ({
      ...base,
      kind: 'word',
      text: part,
      word: part,
      glued: base.glued && index === 0,
    }))
  const ordinal = /^(\d+)(st|nd|rd|th)$/.exec(word)
  if (ordinal !== null) return [{ ...base, kind: 'word', text: raw, word, value: Number(ordinal[1]) }]
  const value = NUMBER_WORDS.get(word) ?? ORDINAL_WORDS.get(word)
  return [{ ...base, kind: 'word', text: raw, word, ...(value === undefined ? {} : { value }) }]
}

function contraction(word: string): readonly string[] | undefined {
  if (word.endsWith("n't")) return [word.slice(0, -3), 'not']
  const found = /^(.+)'(re|ve|ll|d|m)$/.exec(word)
  const tail = TAILS[found?.[2] ?? '']
  return found?.[1] === undefined || tail === undefined ? undefined : [found[1], tail]
}

function numeral(raw: string): Pick<Token, 'kind' | 'text' | 'word' | 'value' | 'unit'> {
  const unit = raw.endsWith('%') ? '%' : /^[$€£]/.test(raw) ? '$' : undefined
  const [, digits = '0', suffix = ''] = /^[$€£]?(-?[\d.,]+)([a-z]*)%?$/i.exec(raw) ?? []
  const value = Number(digits.replaceAll(',', '')) * (SUFFIX[suffix.toLowerCase()] ?? 1)
  const text = raw.replace(/^[$€£]/, '').replace(/%$/, '')
  return { kind: 'number', text, word: raw.toLowerCase(), value, ...(unit === undefined ? {} : { unit }) }
}

/** `7/4/2025` (month first) and `2025-7-4` as `2025-07-04`, a time kept behind a T. */
function isoDate(raw: string): string {
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(raw)
  if (slashed !== null) {
    const [, a = '', b = '', year = ''] = slashed
    const [month, day] = Number(a) > 12 ? [b, a] : [a, b]
    return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  }
  const [date = '', time] = raw.split(/[T ]/)
  const [year = '', month = '', day = ''] = date.split('-')
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return time === undefined ? iso : `${iso}T${time.padStart(5, '0')}`
}

/** "3 million", "two hundred", "twenty five": neighbouring number words become one number. */
function joinNumbers(tokens: readonly Token[]): Token[] {
  const joined: Token[] = []
  for (const token of tokens) {
    const previous = joined.at(-1)
    if (
      previous?.value !== undefined &&
      token.value !== undefined &&
      token.kind === 'word' &&
      NUMBER_WORDS.has(token.word)
    ) {
      const scale = token.value >= 100 || token.word === 'dozen'
      const tens = NUMBER_WORDS.has(previous.word) && previous.value >= 20 && previous.value < 100 && token.value < 10
      if (scale || tens) {
        joined[joined.length - 1] = {
          ...previous,
          kind: 'number',
          end: token.end,
          text: `${previous.text} ${token.text}`,
          word: `${previous.word} ${token.word}`,
          value: scale ? previous.value * token.value : previous.value + token.value,
        }
        continue
      }
    }
    joined.push(token)
  }
  return joined
}

/** Whether the word is a spelt-out cardinal ("three"), not an ordinal. */
export function isNumberWord(word: string): boolean {
  return NUMBER_WORDS.has(word)
}

/** The number an ordinal stands for: "third" and "3rd" → 3. */
export function ordinalOf(word: string): number | undefined {
  const digits = /^(\d+)(st|nd|rd|th)$/.exec(word)
  return digits === null ? ORDINAL_WORDS.get(word) : Number(digits[1])
}

const PART_OF_NAME = /^(first|last|middle|given|family)$/

/** "first and last names" → "first names and last names", so that each is a name of its own. */
function repeatNames(tokens: readonly Token[]): Token[] {
  const out: Token[] = []
  for (const [at, token] of tokens.entries()) {
    out.push(token)
    if (!PART_OF_NAME.test(token.word)) continue
    let next = at + 1
    while (
      /^(,|and|or|&|\/)$/.test(tokens[next]?.word ?? '') ||
      (next > at + 1 && PART_OF_NAME.test(tokens[next]?.word ?? ''))
    )
      next += 1
    const name = tokens[next]
    if (next > at + 1 && name !== undefined && /^names?$/.test(name.word))
      out.push({ ...name, start: token.start, end: token.end, glued: false })
  }
  return out
}

/** "the year of 2010" is "the year 2010". */
function yearOf(tokens: readonly Token[]): Token[] {
  return tokens.filter(({ word }, at) => {
    const year = tokens[at + 1]
    const stated = year?.kind === 'number' && /^[12]\d{3}$/.test(year.text)
    return !(word === 'of' && stated && tokens[at - 1]?.word === 'year')
  })
}

/** "not only this but also that" is "both this and that". */
function notOnly(tokens: readonly Token[]): Token[] {
  const not = tokens.findIndex(({ word }, at) => word === 'not' && tokens[at + 1]?.word === 'only')
  const but = not < 0 ? -1 : tokens.findIndex(({ word }, at) => word === 'but' && at > not)
  return tokens.flatMap((token, at) => {
    if (but < 0) return [token]
    if (at === not) return [{ ...token, text: 'both', word: 'both' }]
    if (at === but) return [{ ...token, text: 'and', word: 'and' }]
    return at === not + 1 || (at === but + 1 && token.word === 'also') ? [] : [token]
  })
}

const FIRST_OF_ALL = /^(?!near|lat|re|te|gu|fore|har|inter|we|ea)\w+est$|^latest$/

/** ", starting with the oldest" is ", sorted by the oldest first". */
function startingWith(tokens: readonly Token[]): Token[] {
  const at = tokens.findIndex(
    ({ word }, index) =>
      /^(starting|beginning)$/.test(word) &&
      /^(with|from|by)$/.test(tokens[index + 1]?.word ?? '') &&
      tokens[index + 2]?.word === 'the',
  )
  const start = tokens[at]
  if (start === undefined) return [...tokens]
  const most = /^(most|least)$/.test(tokens[at + 3]?.word ?? '')
  const last = tokens[at + (most ? 4 : 3)]
  if (last === undefined || (!most && !FIRST_OF_ALL.test(last.word))) return [...tokens]
  const say = (text: string): Token => ({ ...start, text, word: text })
  const rest = tokens.slice(at + (most ? 5 : 4))
  const behind = /^ones?$/.test(rest[0]?.word ?? '') ? rest.slice(1) : rest
  return [
    ...tokens.slice(0, at),
    say('sorted'),
    say('by'),
    ...tokens.slice(at + 2, at + (most ? 5 : 4)),
    say('first'),
    ...behind,
  ]
}

const OR_MORE = /^(more|greater|higher|above|larger|over|better|upwards)$/
const OR_LESS = /^(less|fewer|lower|below|smaller|under)$/

/** "two or more" is "at least two", "5 or fewer" is "at most 5". */
function orMore(tokens: readonly Token[]): Token[] {
  const out: Token[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) continue
    out.push(token)
    const way = tokens[at + 2]?.word ?? ''
    if (token.value === undefined || token.kind === 'quoted' || tokens[at + 1]?.word !== 'or') continue
    const bound = OR_MORE.test(way) ? 'least' : OR_LESS.test(way) ? 'most' : undefined
    const after = tokens[at + 3]
    if (bound === undefined || after?.word === 'than' || after?.value !== undefined) continue
    const place = { kind: 'word', start: token.start, end: token.start, glued: false, capital: false } as const
    out.splice(-1, 0, { ...place, text: 'at', word: 'at' }, { ...place, text: bound, word: bound })
    at += 2
  }
  return out
}

/** "his or her" is one possessive. */
function oneTheir(tokens: readonly Token[]): Token[] {
  const out: Token[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) continue
    const pair = `${token.word} ${tokens[at + 1]?.word ?? ''} ${tokens[at + 2]?.word ?? ''}`
    if (/^(his (or|and|\/) her|her (or|and|\/) his)$/.test(pair)) {
      out.push({ ...token, text: 'their', word: 'their' })
      at += 2
    } else if (/^he (or|\/) she$/.test(pair)) {
      out.push({ ...token, text: 'they', word: 'they' })
      at += 2
    } else out.push(token)
  }
  return out
}
