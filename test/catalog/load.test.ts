import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { catalogHash } from '../../src/catalog/hash.ts'
import { loadCatalog, problemText } from '../../src/catalog/load.ts'
import { catalogToYaml } from '../../src/catalog/print.ts'
import { Catalog, type CatalogInput } from '../../src/catalog/schema.ts'

const problemsOf = (yaml: string): string[] => {
  const loaded = loadCatalog(yaml)
  return loaded.ok ? [] : loaded.problems.map(problemText)
}
const warningsOf = (yaml: string): string[] => {
  const loaded = loadCatalog(yaml)
  if (!loaded.ok) throw new Error(loaded.problems.map(problemText).join('\n'))
  return loaded.warnings.map(problemText)
}

const GOOD = `version: 1
entities:
  gifts:
    table: gifts
    label: Gifts
    tenantKey: org_id
    primaryKey: [id]
    displayField: note
    defaultColumns: [note, amount]
    defaultDate: given_on
    fields:
      id: { column: id, type: id, label: ID }
      note: { column: note, type: text, label: Note }
      amount: { column: amount, type: money, label: Amount, currency: EUR }
      given_on: { column: given_on, type: date, label: Given on }
      donor_id: { column: donor_id, type: id, label: Donor ID }
    relations:
      donor: { to: donors, kind: to_one, on: [{ from: donor_id, to: id }], label: Donor }
    metrics:
      raised: { label: Raised, aggregate: { fn: sum, field: amount, where: { field: donor.kind, op: eq, value: person } } }
  donors:
    table: donors
    label: Donors
    shared: true
    fields:
      id: { column: id, type: id, label: ID }
      kind: { column: kind, type: enum, label: Kind, values: [{ value: person }, { value: firm }] }
    relations:
      gifts: { to: gifts, kind: to_many, on: [{ from: id, to: donor_id }], label: Gifts }
    metrics:
      given: { label: Given, aggregate: { fn: sum, field: gifts.amount, where: { field: given_on, op: not_empty } } }
`
/** The good catalog with one text replaced; the text must be there. */
const broken = (from: string, to: string): string => {
  if (!GOOD.includes(from)) throw new Error(`not in the catalog: ${from}`)
  return GOOD.replace(from, to)
}

test('a good catalog loads with every default filled in and no warning', () => {
  const loaded = loadCatalog(GOOD)
  expect(loaded).toMatchObject({ ok: true, warnings: [] })
  if (!loaded.ok) return
  expect(loaded.catalog.weekStart).toBe('monday')
  expect(loaded.catalog.entities.donors?.junction).toBe(false)
  expect(loaded.catalog.entities.gifts?.fields.amount).toEqual({
    column: 'amount',
    type: 'money',
    label: 'Amount',
    currency: 'EUR',
    synonyms: [],
    caseSensitive: false,
    zoned: true,
    required: false,
    sensitive: false,
  })
})

// ¶ marks the place that the problem must point at.
test.each<[string, string, string, string]>([
  [
    'an unknown key is named with its line and the key that was meant',
    'label: Amount, currency',
    '¶lable: Amount, currency',
    'Cannot read key "lable" of field "amount" of entity "gifts": there is no such key; did you mean "label"',
  ],
  [
    'a missing key is reported at what lacks it',
    '  donors:\n    table: donors\n',
    '  ¶donors:\n',
    'Cannot read entity "donors": "table" is missing; add "table"',
  ],
  [
    'a misspelt type lists what there is and says what was meant',
    'type: money',
    'type: ¶mony',
    'Cannot read "type" of field "amount" of entity "gifts": "mony" is not one of text, integer, number, money, date, timestamp, boolean, enum, id; did you mean "money"',
  ],
  [
    'a number where text belongs is to be quoted',
    'label: Note',
    'label: ¶2024',
    'Cannot read "label" of field "note" of entity "gifts": "2024" stands where text is wanted; put it in quotes: "2024"',
  ],
  [
    'a relation to an entity that is not there says which was meant',
    'to: donors',
    'to: ¶donor',
    'Cannot lead relation "donor" of entity "gifts" to "donor": there is no such entity; did you mean "donors"',
  ],
  [
    'a primary key must name a field',
    'primaryKey: [id]',
    'primaryKey: [¶idd]',
    'Cannot use "idd" as primaryKey of entity "gifts": the entity has no such field; did you mean "id"',
  ],
  [
    'a display field must be a field',
    'displayField: note',
    'displayField: ¶notes',
    'Cannot use "notes" as displayField of entity "gifts": the entity has no such field; did you mean "note"',
  ],
  [
    'default columns must be fields',
    '[note, amount]',
    '[note, ¶amuont]',
    'Cannot use "amuont" as defaultColumns of entity "gifts": the entity has no such field; did you mean "amount"',
  ],
  [
    'a default date must be a date',
    'defaultDate: given_on',
    'defaultDate: ¶amount',
    'Cannot use "amount" as defaultDate of entity "gifts": its type is money, wanted is date or timestamp',
  ],
  [
    'an entity with neither tenant key nor shared is refused',
    '  donors:\n    table: donors\n    label: Donors\n    shared: true\n',
    '  ¶donors:\n    table: donors\n    label: Donors\n',
    'Cannot keep organizations apart in entity "donors": it has neither tenantKey nor shared; add "tenantKey" with the column of the organization, or "shared: true" when everybody may see every row',
  ],
  [
    'an entity with both tenant key and shared is refused',
    '    tenantKey: org_id\n',
    '    tenantKey: org_id\n    shared: ¶true\n',
    'Cannot keep organizations apart in entity "gifts": it has a tenantKey and is shared; remove one of the two',
  ],
  [
    'a relation may not be called like a field',
    '      donor: {',
    '      ¶note: {',
    'Cannot call a relation "note" in entity "gifts": a field has that name; rename one of the two',
  ],
  [
    'a currency needs the type money',
    'type: money, label: Amount, currency: EUR',
    'type: number, label: Amount, currency: ¶EUR',
    'Cannot give field "amount" of entity "gifts" a currency: its type is number; make its type money',
  ],
  [
    'a list of values needs the type enum',
    'type: enum, label: Kind, values',
    'type: text, label: Kind, ¶values',
    'Cannot give field "kind" of entity "donors" a list of values: its type is text; make its type enum',
  ],
  [
    'an enum value stands once',
    '{ value: firm }',
    '¶{ value: person }',
    'Cannot list value "person" twice in field "kind" of entity "donors"',
  ],
  [
    'a metric needs a function that exists',
    'fn: sum, field: amount',
    'fn: ¶summ, field: amount',
    'Cannot compute metric "raised" of entity "gifts": "summ" is not a function; did you mean "sum"',
  ],
  [
    'a key of a metric that does not exist is refused',
    'field: amount, where',
    '¶feild: amount, where',
    'Cannot read key "feild" of metric "raised" of entity "gifts": there is no such key; did you mean "field"',
  ],
  [
    'a path of a metric must lead to a field',
    'field: amount, where',
    'field: ¶amout, where',
    'Cannot follow path "amout" of metric "raised" of entity "gifts": entity "gifts" has no "amout"; did you mean "amount"',
  ],
  [
    'conditions of a metric are read from the entity whose rows are counted',
    'where: { field: given_on,',
    'where: { field: ¶kind,',
    'Cannot follow path "kind" of metric "given" of entity "donors": entity "gifts" has no "kind"; did you mean "donor.kind"',
  ],
  [
    'a name that is no identifier is refused with one that is',
    '      note: {',
    '      ¶"the note": {',
    'Cannot name a field "the note": a name has letters, digits and underscores, at most 63 of them; call it "the_note" and put "the note" into its label',
  ],
  [
    'a key given twice is found where it stands the second time',
    '      note: {',
    '      ¶id: {',
    'Cannot read key "id": it is given twice in one place; keep one of the two',
  ],
  [
    'a part with nothing in it is told from one that is left out',
    '    relations:\n      gifts: { to: gifts, kind: to_many, on: [{ from: id, to: donor_id }], label: Gifts }\n',
    '    ¶relations:\n',
    'Cannot read "relations" of entity "donors": nothing is written there; fill it in, or remove the key',
  ],
])('%s', (_, from, marked, message) => {
  const [before = ''] = broken(from, marked).split('¶')
  const lines = before.split('\n')
  const expected = `${lines.length}:${(lines.at(-1) ?? '').length + 1} ${message}`
  expect(problemsOf(broken(from, marked.replace('¶', '')))).toContain(expected)
})

test('all problems are reported at once, in the order of their lines, also those beside a broken part', () => {
  const yaml = GOOD.replace('type: money', 'type: mony')
    .replace('to: donors', 'to: doners')
    .replace('[id]', '[ident]')
    .replace('fn: sum, field: gifts', 'fn: sun, field: gifts')
  const loaded = loadCatalog(yaml)
  if (loaded.ok) throw new Error('loaded')
  expect(loaded.problems.map(({ line, path }) => [line, path.join('.')])).toEqual([
    [7, 'entities.gifts.primaryKey.0'],
    [14, 'entities.gifts.fields.amount.type'],
    [18, 'entities.gifts.relations.donor.to'],
    [20, 'entities.gifts.metrics.raised.aggregate.where.field'],
    [31, 'entities.donors.metrics.given.aggregate.fn'],
  ])
})

test('what is not YAML is refused at the place where it breaks', () => {
  expect(problemsOf('')).toEqual([
    '1:1 Cannot read the catalog: the file is empty; start with "version: 1" and "entities:"',
  ])
  expect(problemsOf('version: 1\nentities:\n\tgifts: {}')[0]).toMatch(/^3:1 Cannot read the catalog as YAML: tabs/)
  expect(problemsOf('version: 1\nentities: {\n')[0]).toMatch(/^3:1 Cannot read the catalog as YAML: /)
  expect(problemsOf('version: 1\n---\nversion: 1')[0]).toMatch(/^2:1 .*second document/)
  expect(problemsOf('? [a, b]\n: 1')[0]).toMatch(/^1:3 .*a key is a list or a map/)
  expect(problemsOf('- version: 1')).toEqual(['1:1 Cannot read the catalog: a list stands where a map is wanted'])
  expect(problemsOf(broken('      note: {', '      __proto__: {'))).toContain(
    '13:7 Cannot use the key "__proto__": the name is reserved',
  )
})

test('a file of aliases that multiply is refused instead of filling the memory', () => {
  const layers = Array.from(
    { length: 12 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 9 }, () => `*l${i}`).join(', ')}]`,
  )
  expect(problemsOf(['l0: &l0 [x]', ...layers].join('\n'))[0]).toMatch(/alias/)
})

test('what may be a mistake is a warning and does not stop the catalog', () => {
  expect(warningsOf(broken('values: [{ value: person }, { value: firm }]', 'values: []'))).toEqual([
    '27:35 Cannot offer values of field "kind" of entity "donors": its type is enum and it lists none; add "values", or make its type text',
  ])
  expect(warningsOf(broken('label: Note }', 'label: Note, synonyms: [amount] }'))).toEqual([
    '13:65 Cannot tell what "amount" means: it is a synonym of field "note" and a name of field "amount"; keep it in one place',
  ])
  expect(warningsOf(broken('from: donor_id, to: id', 'from: doner_id, to: id'))[0]).toMatch(
    /^18:\d+ Cannot find column "doner_id" of relation "donor".*did you mean "donor_id"/,
  )
  expect(warningsOf(broken('from: donor_id, to: id', 'from: given_on, to: kind'))[0]).toMatch(
    /holds date and "kind" holds text/,
  )
})

test('a printed catalog loads to the same catalog, without its defaults and with its header', () => {
  const loaded = loadCatalog(GOOD)
  if (!loaded.ok) throw new Error('not loaded')
  const printed = catalogToYaml(loaded.catalog, ['made by hand', 'two: lines'])
  expect(printed).toMatch(/^# made by hand\n# two: lines\n\nversion: 1\n/)
  expect(printed).toContain('      note: { column: note, type: text, label: Note }\n')
  expect(printed).not.toMatch(/sensitive|caseSensitive|zoned|junction|guessed|weekStart|synonyms/)
  expect(loadCatalog(printed)).toEqual(loaded)
})

test('texts that YAML would read as something else survive printing', () => {
  const odd = [
    'yes',
    'null',
    '0123',
    '1e3',
    '2024-01-01',
    ' lead',
    'a: b',
    '# no',
    "it's",
    '"q"',
    '- x',
    '{',
    'tab\there',
    'zwei\nZeilen',
    '*a',
    '&b',
    '!c',
    '%d',
    '@e',
    '`f',
  ]
  const input: CatalogInput = {
    version: 1,
    entities: {
      null: {
        table: 'true',
        label: '# label',
        shared: true,
        description: odd.join('\n'),
        fields: {
          yes: {
            column: '2',
            type: 'enum',
            label: 'no',
            values: odd.map((value) => ({ value, label: value })),
            synonyms: odd,
          },
        },
      },
    },
  }
  expect(loadCatalog(catalogToYaml(input))).toMatchObject({ ok: true, catalog: Catalog.parse(input) })
})

test('the demo catalog loads', () => {
  expect(problemsOf(readFileSync('demo/catalog.yaml', 'utf8'))).toEqual([])
})

test('the hash of a catalog does not depend on the order of its keys, and on everything else', () => {
  const parse = (yaml: string) => {
    const loaded = loadCatalog(yaml)
    if (!loaded.ok) throw new Error(loaded.problems.map(problemText).join('\n'))
    return catalogHash(loaded.catalog)
  }
  const hash = parse(GOOD)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(parse(GOOD.replace('column: note, type: text', 'type: text, column: note'))).toBe(hash)
  expect(parse(GOOD.replace('label: Note', 'label: Notes'))).not.toBe(hash)
  expect(parse(GOOD.replace('[note, amount]', '[amount, note]'))).not.toBe(hash)
})
