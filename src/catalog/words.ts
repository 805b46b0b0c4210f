// Words inside names: splitting, singular and plural, and labels that people can read.
// In: database or catalog names. Out: lower-case words, inflected forms, labels.
// Refused: nothing; an unknown word is left as it is.

/** Splits a name such as `stuFName_2` into lower-case words: ["stu", "f", "name", "2"]. */
export function words(name: string): string[] {
  const spaced = name
    .normalize('NFKC')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
  return spaced.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

const IRREGULAR: readonly (readonly [string, string])[] = [
  ['person', 'people'],
  ['child', 'children'],
  ['man', 'men'],
  ['woman', 'women'],
  ['foot', 'feet'],
  ['tooth', 'teeth'],
  ['mouse', 'mice'],
  ['criterion', 'criteria'],
  ['phenomenon', 'phenomena'],
  ['analysis', 'analyses'],
  ['crisis', 'crises'],
  ['thesis', 'theses'],
  ['diagnosis', 'diagnoses'],
  ['index', 'indexes'],
  ['vertex', 'vertices'],
  ['matrix', 'matrices'],
  ['wolf', 'wolves'],
  ['shelf', 'shelves'],
  ['half', 'halves'],
  ['life', 'lives'],
  ['wife', 'wives'],
  ['thief', 'thieves'],
  ['hero', 'heroes'],
  ['quiz', 'quizzes'],
  ['alumnus', 'alumni'],
  ['movie', 'movies'],
  ['cookie', 'cookies'],
  ['tie', 'ties'],
  ['cache', 'caches'],
  ['menu', 'menus'],
]
const TO_PLURAL: ReadonlyMap<string, string> = new Map(IRREGULAR)
const TO_SINGULAR: ReadonlyMap<string, string> = new Map([
  ...IRREGULAR.map(([one, many]) => [many, one] as const),
  ['indices', 'index'],
])

/** Words whose plural is the word itself, or that name a mass. */
const UNCOUNTED: ReadonlySet<string> = new Set(
  (
    'series species news data metadata media staff sheep fish deer aircraft spacecraft equipment information software ' +
    'hardware money furniture music weather merchandise personnel feedback research traffic physics mathematics ' +
    'economics politics athletics gymnastics analytics logistics history headquarters'
  ).split(' '),
)
/** Singular words that end in s without looking so. */
const SINGULAR_IN_S = /^(yes|gas|lens|bias|canvas|atlas|alias|chaos|cosmos|christmas|has|was|gps|sms|dns|pos|always)$/

/** The singular of a lower-case English word: "donations" → "donation", "status" → "status". */
export function singular(word: string): string {
  if (word.length < 3 || UNCOUNTED.has(word) || TO_PLURAL.has(word)) return word
  const known = TO_SINGULAR.get(word)
  if (known !== undefined) return known
  if (!word.endsWith('s') || /(ss|us|is)$/.test(word) || SINGULAR_IN_S.test(word)) return word
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ss|x|ch|sh|zz)es$/.test(word)) return word.slice(0, -2)
  if (/(status|bonus|virus|campus|focus|census|corpus|bus|gas|lens|bias|canvas|atlas|alias)es$/.test(word))
    return word.slice(0, -2)
  return word.slice(0, -1)
}

/** The plural of a lower-case English word: "person" → "people", "city" → "cities"; a plural stays. */
export function plural(word: string): string {
  if (word.length < 2 || UNCOUNTED.has(word)) return word
  const known = TO_PLURAL.get(word)
  if (known !== undefined) return known
  if (singular(word) !== word) return word
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`
  return `${word}s`
}

/** Abbreviations that mean one thing wherever they stand in a column name. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['qty', 'quantity'],
  ['dob', 'date of birth'],
  ['num', 'number'],
  ['nbr', 'number'],
  ['amt', 'amount'],
  ['desc', 'description'],
  ['descr', 'description'],
  ['addr', 'address'],
  ['dept', 'department'],
  ['fname', 'first name'],
  ['lname', 'last name'],
  ['mname', 'middle name'],
  ['yr', 'year'],
  ['pct', 'percent'],
  ['avg', 'average'],
  ['cnt', 'count'],
  ['acct', 'account'],
  ['mgr', 'manager'],
  ['emp', 'employee'],
  ['cust', 'customer'],
  ['org', 'organization'],
  ['bldg', 'building'],
  ['tel', 'telephone'],
  ['ytd', 'year to date'],
])
const UPPER: ReadonlySet<string> = new Set(
  'id ids url uri uuid isbn issn sku ssn gpa gdp vat iban bic ip zip usd eur gbp ceo cfo cto hr tv dvd cd pdf csv faq iso iata icao utc ava'.split(
    ' ',
  ),
)

/** Spells out the well-known abbreviations of a list of words; "no" only where it means number. */
export function expand(parts: readonly string[]): string[] {
  return parts.flatMap((word, index) => {
    if (word === 'no' && index === parts.length - 1) return ['number']
    return ABBREVIATIONS.get(word)?.split(' ') ?? [word]
  })
}

/** A label for a name: `donor_id` → "Donor ID", `emp_no` → "Employee number". */
export function humanise(name: string): string {
  return sentence(expand(words(name))) || name
}

/** Joins words to a label in sentence case, acronyms in capitals. */
export function sentence(parts: readonly string[]): string {
  const text = parts.map((word) => (UPPER.has(word) ? (word === 'ids' ? 'IDs' : word.toUpperCase()) : word)).join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
