// The columns of a table as the fields of an entity, and which of them stand for a row.
// In: a table and what its sample shows. Out: fields, display field, default columns and date, notes.
// Left out, with a note: columns that hold nothing a table could show.
import type { CatalogInput } from '../schema.ts'
import { humanise, sentence, words } from '../words.ts'
import { entityWords, identifiers, namesKey, stemWords } from './names.ts'
import type { RawColumn, RawTable } from './read.ts'
import type { ColumnFacts, TableFacts } from './sample.ts'
import { type FieldKind, mapType, namesMoney } from './types.ts'

type FieldInput = CatalogInput['entities'][string]['fields'][string]
export type EntityFields = {
  readonly fields: Record<string, FieldInput>
  /** Field name by column name. */
  readonly byColumn: ReadonlyMap<string, string>
  readonly taken: Set<string>
  readonly notes: readonly string[]
}

/** Words of columns whose values are nobody's business in a table. */
const SECRET = /^(password|passwd|pwd|passphrase|secret|token|apikey|salt|otp|cvv|cvc)$/
/** Words of columns that hold identifiers even where every value is made of digits. */
const IDENTIFIER =
  /^(id|ids|zip|zipcode|postal|postcode|plz|phone|telephone|tel|fax|mobile|cell|code|no|num|number|nbr|ssn|isbn|issn|ean|upc|sku|barcode|account|acct|card|iban|bic|pin|imei|ip|version|serial|license|licence|plate|route|flight|passport|vat|tax|room|house|address|login|extension|ext|section|flag|yn)$/

/** Maps every readable column; `isKey` says which columns are keys or lead to one. */
export function fieldsOf(
  table: RawTable,
  isKey: (column: string) => boolean,
  hidden: (column: string) => boolean,
  facts: TableFacts | undefined,
): EntityFields {
  const fields: Record<string, FieldInput> = {}
  const byColumn = new Map<string, string>()
  const taken = new Set<string>()
  const notes: string[] = []
  const shown = table.columns.filter((column) => !hidden(column.name))
  const names = identifiers(
    shown.map((column) => column.name),
    'column',
    taken,
  )
  for (const [index, column] of shown.entries()) {
    const checks = table.checks.filter((check) => check.column === column.name).map((check) => check.definition)
    const mapped = mapType(column, checks)
    if ('leftOut' in mapped) {
      notes.push(`${table.name}.${column.name} is left out: it holds ${mapped.leftOut}`)
      continue
    }
    const kind = refined(column, mapped.kind, isKey(column.name), facts?.columns.get(column.name))
    const name = names[index] ?? column.name
    byColumn.set(column.name, name)
    const secret = words(column.name).some((word) => SECRET.test(word))
    if (secret) notes.push(`${table.name}.${column.name} is marked sensitive because of its name`)
    if (kind.storedAs === 'text')
      notes.push(`${table.name}.${column.name} is text that holds only ${HELD[kind.type] ?? kind.type}`)
    if (column.typeName === 'money')
      notes.push(
        `${table.name}.${column.name} has the type money and is read as text: store it as numeric to compute with it`,
      )
    fields[name] = {
      column: column.name,
      ...kind,
      label: labelOf(column.name).slice(0, 120),
      ...(column.comment === null || column.comment.trim() === ''
        ? {}
        : { description: column.comment.trim().slice(0, 2000) }),
      ...(secret ? { sensitive: true } : {}),
    }
  }
  return { fields, byColumn, taken, notes }
}

/** A label for a column; a key such as `stuid` gets its two words. */
function labelOf(column: string): string {
  const joined = namesKey(column) && words(column).length === 1 && column.length > 2
  return joined ? sentence([...stemWords(column), 'id']) : humanise(column)
}

const HELD: Readonly<Record<string, string>> = {
  integer: 'whole numbers',
  number: 'numbers',
  money: 'amounts of money',
  date: 'dates',
  timestamp: 'dates and times',
}

function refined(column: RawColumn, kind: FieldKind, isKey: boolean, facts: ColumnFacts | undefined): FieldKind {
  if (isKey && (kind.type === 'integer' || kind.type === 'number' || kind.type === 'text') && namesKey(column.name))
    return { type: 'id' }
  if (kind.type === 'text' && facts?.text !== undefined && !isKey) return { ...kind, ...storedType(column, facts) }
  return kind
}

/** What a text column holds when every value that means something is a number or a date; codes and identifiers stay text. */
function storedType(column: RawColumn, { text, distinct }: ColumnFacts): Partial<FieldKind> {
  if (text === undefined || text.filled < 3) return {}
  if (text.dates === text.filled) return { type: 'date', storedAs: 'text' }
  if (text.dates + text.timestamps === text.filled) return { type: 'timestamp', storedAs: 'text' }
  const identifier = words(column.name).some((word) => IDENTIFIER.test(word)) || namesKey(column.name)
  const whole = text.integers === text.filled
  // Digits of one great length are a phone number or a code, whatever the column is called; "0" and "1" are a flag.
  const codes =
    whole && ((text.minLength === text.maxLength && text.minLength >= 7) || (distinct <= 2 && text.maxLength === 1))
  if (text.numbers !== text.filled || text.leadingZeros > 0 || identifier || codes) return {}
  if (namesMoney(column.name, whole)) return { type: 'money', storedAs: 'text' }
  return { type: whole ? 'integer' : 'number', storedAs: 'text' }
}

/** Display field, default columns and default date of an entity, by field names. */
export function shownFields(table: RawTable, { fields, byColumn }: EntityFields, links: ReadonlySet<string>) {
  const columns = table.columns.flatMap((column) => {
    const name = byColumn.get(column.name)
    const field = name === undefined ? undefined : fields[name]
    return name === undefined || field === undefined || field.sensitive === true
      ? []
      : [{ name, field, column, parts: words(column.name) }]
  })
  const displayField = displayOf(table, columns, links)
  const defaultDate = dateOf(table, columns)
  const readable = columns.filter(
    ({ name, field, column, parts }) =>
      name !== displayField &&
      field.type !== 'id' &&
      !links.has(column.name) &&
      !parts.some((word) => LONG.test(word)) &&
      !AUDIT.test(parts.join('_')),
  )
  const keys = columns.filter(({ column }) => table.primaryKey.includes(column.name))
  const first = displayField === undefined ? keys.map(({ name }) => name) : [displayField]
  const rest = readable.map(({ name }) => name)
  const chosen = [...new Set([...first, ...rest])].slice(0, 7)
  if (defaultDate !== undefined && !chosen.includes(defaultDate)) chosen.splice(6, 1, defaultDate)
  const defaultColumns = chosen.length > 0 ? chosen : columns.slice(0, 7).map(({ name }) => name)
  return {
    ...(displayField === undefined ? {} : { displayField }),
    ...(defaultColumns.length === 0 ? {} : { defaultColumns }),
    ...(defaultDate === undefined ? {} : { defaultDate }),
  }
}

type Shown = {
  readonly name: string
  readonly field: FieldInput
  readonly column: RawColumn
  readonly parts: readonly string[]
}

const LONG =
  /^(description|desc|notes?|comments?|body|content|text|biography|bio|html|markdown|json|url|uri|link|image|photo|picture|thumbnail|hash|checksum|payload|metadata|embedding)$/
const AUDIT = /^(updated|modified|deleted|last_modified|last_update|last_updated)(_(at|on|by|date|time))?$|^created_by$/
const DISPLAY = ['name', 'title', 'full_name', 'fullname', 'label', 'display_name']
const DISPLAY_LATER = [
  'last_name',
  'lname',
  'surname',
  'first_name',
  'fname',
  'username',
  'user_name',
  'email',
  'subject',
  'code',
  'number',
]

function displayOf(table: RawTable, columns: readonly Shown[], links: ReadonlySet<string>): string | undefined {
  const texts = columns.filter(({ field, column }) => field.type === 'text' && !links.has(column.name))
  const owner = entityWords(table.name).join('_')
  const byWords = (wanted: string) => texts.find(({ parts }) => parts.join('_') === wanted)
  // Beside a link start_station_id, "start_station_name" names the station, not the trip.
  const stems = new Set([...links].map((column) => stemWords(column).join('_')))
  const ofOthers = (parts: readonly string[]) => stems.has(parts.slice(0, -1).join('_'))
  const ending = (pattern: RegExp) => texts.find(({ parts }) => pattern.test(parts.at(-1) ?? '') && !ofOthers(parts))
  const owned = DISPLAY.flatMap((word) => [word, `${owner}_${word}`]).map(byWords)
  const found =
    owned.find((one) => one !== undefined) ??
    texts.find(({ parts }) => parts.join('_') === owner) ??
    DISPLAY_LATER.map(byWords).find((one) => one !== undefined) ??
    ending(/^(name|title)$/) ??
    ending(/^.{2,}name$/)
  return found?.name
}

const NOT_THE_DATE =
  /^(birth|birthday|dob|born|death|died|updated|modified|deleted|expiry|expires|expiration|end|ends|ended|until|to|due|closed|cancelled|canceled)$/

function dateOf(table: RawTable, columns: readonly Shown[]): string | undefined {
  const owner = entityWords(table.name)
  const rank = ({ column, parts }: Shown): number => {
    const name = parts.join('_')
    if (parts.some((word) => NOT_THE_DATE.test(word))) return 100
    let points = 50
    if (name === 'date' || name === `${owner.join('_')}_date`) points = 0
    else if (
      /^(occurred|received|ordered|placed|issued|happened|sent|posted|published|sold|invoiced|booked|reported|opened)_(at|on|date)$/.test(
        name,
      )
    )
      points = 5
    else if (/^(paid|signed_up|joined|hired|registered)_(at|on|date)$/.test(name)) points = 8
    else if (owner.some((word) => parts.includes(word)) && /date|at|on/.test(parts.at(-1) ?? '')) points = 10
    else if (/^(start|starts|started|begin|from)/.test(name)) points = 15
    else if (/^(creat(ed|ion)|submitted|requested)/.test(name)) points = 20
    else if (/^(date|at|on|time|timestamp)$/.test(parts.at(-1) ?? '')) points = 30
    // What may be missing may not have happened yet.
    return points + (column.notNull ? 0 : 25)
  }
  const dates = columns.filter(({ field }) => field.type === 'date' || field.type === 'timestamp')
  const best = [...dates].sort((a, b) => rank(a) - rank(b))[0]
  return best !== undefined && rank(best) < 100 ? best.name : undefined
}
