// Names and labels for what a database holds, whatever its spelling.
// In: table and column names. Out: identifiers that a definition can write, and labels that people can read.
import { Name } from '../schema.ts'
import { expand, plural, sentence, singular, words } from '../words.ts'

/** Letters that no decomposition turns into plain ones. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/** An identifier for each name, all distinct: the name itself where it is one, else its letters with underscores; nothing left: the fallback and its place. */
export function identifiers(names: readonly string[], fallback: string, taken: Set<string>): string[] {
  const found = names.map((name) =>
    isIdentifier(name) && !taken.has(name.toLowerCase()) ? claim(taken, name) : undefined,
  )
  return found.map((own, index) => own ?? claim(taken, slug(names[index] ?? '') || `${fallback}_${index + 1}`))
}

function isIdentifier(name: string): boolean {
  return Name.safeParse(name).success && name !== '__proto__'
}

function slug(name: string): string {
  if (isIdentifier(name)) return name
  const plain = name
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
  return /^\d/.test(plain) ? `_${plain}` : plain
}

/** The first of the wanted names that is not taken (case ignored), else the last with a number; takes it. */
export function claim(taken: Set<string>, ...wanted: readonly string[]): string {
  const last = wanted.at(-1) ?? 'unnamed'
  let name = wanted.find((one) => one !== '' && !taken.has(one.toLowerCase()))
  for (let count = 2; name === undefined; count += 1) {
    const numbered = `${last.slice(0, 58)}_${count}`
    if (!taken.has(numbered.toLowerCase())) name = numbered
  }
  taken.add(name.toLowerCase())
  return name
}

const PREFIXES = new Set(['tbl', 'tb'])
const NEVER_PLURAL = /^(in|of|by|to|at|on|for|with|from|and|\d+)$/

/** The words of a table's name with its last one in the singular: "order_items" → ["order", "item"]. */
export function entityWords(table: string): string[] {
  const parts = words(table)
  const own = parts.length > 1 && PREFIXES.has(parts[0] ?? '') ? parts.slice(1) : parts
  return withLast(own, singular)
}

/** Labels for a table: `label` for many rows, `singular` for one. */
export function entityLabels(table: string): { label: string; singular: string } {
  const one = expand(entityWords(table))
  const many = withLast(one, (word) => (NEVER_PLURAL.test(word) ? word : plural(word)))
  const label = sentence(many) || table
  const text = sentence(one) || table
  const keepCapital = text.slice(0, 2) === text.slice(0, 2).toUpperCase()
  return {
    label: label.slice(0, 120),
    singular: (keepCapital ? text : text.charAt(0).toLowerCase() + text.slice(1)).slice(0, 120),
  }
}

function withLast(parts: readonly string[], change: (word: string) => string): string[] {
  return parts.map((word, index) => (index === parts.length - 1 ? change(word) : word))
}

const KEY_WORDS = new Set([
  'id',
  'ids',
  'key',
  'fk',
  'pk',
  'code',
  'no',
  'num',
  'number',
  'nbr',
  'nr',
  'uuid',
  'guid',
  'ref',
])

/** What a key column is about: "billing_address_id" → ["billing", "address"], "stuid" → ["stu"]; empty for "id". */
export function stemWords(column: string): string[] {
  const parts = words(column)
  while (parts.length > 0 && KEY_WORDS.has(parts.at(-1) ?? '')) parts.pop()
  const last = parts.at(-1)
  if (parts.length === words(column).length && last !== undefined && /^.{2,}id$/.test(last))
    parts[parts.length - 1] = last.slice(0, -2)
  return parts
}

/** Whether a column's name says that it holds a key, such as `customer_id` or `stuid`. */
export function namesKey(column: string): boolean {
  const parts = words(column)
  const last = parts.at(-1) ?? ''
  return (
    /^(id|ids|uuid|guid|key|fk|pk)$/.test(last) ||
    (parts.length === 1 && /^[a-z]{2,}id$/.test(last) && !ENDS_IN_ID.test(last))
  )
}

/** English words that end in "id" without meaning a key. */
const ENDS_IN_ID =
  /^(paid|unpaid|prepaid|valid|invalid|covid|grid|bid|kid|aid|said|void|avoid|fluid|solid|liquid|hybrid|acid|rapid|android|madrid|humid)$/
