import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closest, editDistance, resolvePath } from '../../src/catalog/find.ts'
import { Catalog } from '../../src/catalog/schema.ts'

const field = (column: string, extra: object = {}) => ({ column, type: 'text' as const, label: column, ...extra })
const catalog = Catalog.parse({
  version: 1,
  entities: {
    donations: {
      table: 'donations',
      label: 'Donations',
      shared: true,
      fields: {
        id: field('id'),
        amount: field('amount', { synonyms: ['gift size'] }),
        received_at: field('received_at'),
      },
      relations: {
        contact: {
          to: 'contacts',
          kind: 'to_one',
          on: [{ from: 'contact_id', to: 'id' }],
          label: 'Donor',
          synonyms: ['giver'],
        },
      },
    },
    contacts: {
      table: 'contacts',
      label: 'Contacts',
      shared: true,
      synonyms: ['people'],
      fields: { full_name: field('full_name'), state: field('state') },
      relations: {
        donations: { to: 'donations', kind: 'to_many', on: [{ from: 'id', to: 'contact_id' }], label: 'Donations' },
      },
    },
  },
})

test.each([
  ['amonut', ['amount', 'status', 'id'], 'amount'],
  ['Amount', ['amount', 'amounts_due'], 'amount'],
  ['donation', ['contacts', 'donations'], 'donations'],
  ['fullName', ['first_name', 'full_name', 'name_full_legal'], 'full_name'],
  ['qty', ['quantity', 'quality'], 'quantity'],
  ['name', ['full_name', 'created_at'], 'full_name'],
  ['recieved', ['received_at', 'refunded_at'], 'received_at'],
  ['companies', ['company', 'campaigns'], 'company'],
])('%s is understood among %j', (name, candidates, expected) => {
  expect(closest(name, candidates)[0]).toBe(expected)
})

test('unrelated names are not suggested', () => {
  expect(closest('weather', ['amount', 'status', 'contact'])).toEqual([])
  expect(closest('', ['amount'])).toEqual([])
  expect(closest('a', ['b'])).toEqual([])
})

test('a label or synonym leads to the name it belongs to', () => {
  expect(closest('giver', [{ name: 'contact', aliases: ['Donor', 'giver'] }, { name: 'gift' }])[0]).toBe('contact')
})

const identifier = fc.stringMatching(/^[a-z]{1,12}(_[a-z]{1,8}){0,2}$/)

test('suggestions are distinct candidates, never more than asked for, and the exact name comes first', () => {
  fc.assert(
    fc.property(fc.array(identifier, { maxLength: 20 }), fc.string(), fc.nat(5), (names, name, max) => {
      const found = closest(name, names, { max })
      expect(found.length).toBeLessThanOrEqual(max)
      expect(new Set(found).size).toBe(found.length)
      expect(found.every((one) => names.includes(one))).toBe(true)
      const [known] = names
      if (known !== undefined && max > 0) expect(closest(known, names, { max })[0]).toBe(known)
    }),
  )
})

test('one typing error in a name of five letters or more is always found', () => {
  const typo = fc.tuple(
    fc.stringMatching(/^[a-z]{5,20}$/),
    fc.nat(),
    fc.constantFrom('drop', 'swap', 'double', 'change'),
  )
  fc.assert(
    fc.property(typo, fc.array(identifier, { maxLength: 10 }), ([name, place, kind], others) => {
      const at = place % (name.length - 1)
      const [a = '', b = ''] = [name[at], name[at + 1]]
      const changed = { drop: '', swap: b + a, double: a + a + b, change: `q${b}` }[kind]
      const wrong = name.slice(0, at) + (kind === 'drop' ? b : changed) + name.slice(at + 2)
      expect(closest(wrong, [...others, name], { max: 20 })).toContain(name)
    }),
  )
})

test('edit distance is symmetric, zero only for equal texts, and stops at its limit', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), fc.nat(6), (a, b, limit) => {
      const distance = editDistance(a, b)
      expect(editDistance(b, a)).toBe(distance)
      expect(distance === 0).toBe(a === b)
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(editDistance(a, b, limit)).toBe(Math.min(distance, limit + 1))
    }),
  )
})

test('a path is followed over relations to its field, with every hop', () => {
  expect(resolvePath(catalog, 'donations', 'contact.full_name')).toMatchObject({
    ok: true,
    hops: [{ relation: 'contact', from: 'donations', to: 'contacts', kind: 'to_one' }],
    entityName: 'contacts',
    fieldName: 'full_name',
  })
  const relation = resolvePath(catalog, 'donations', 'contact.donations')
  expect(relation).toMatchObject({ ok: true, entityName: 'donations' })
  expect(relation).not.toHaveProperty('field')
  expect(relation.ok && relation.hops.map((hop) => hop.kind)).toEqual(['to_one', 'to_many'])
})

test('a path that leads nowhere says at which name, in which entity, and what was meant', () => {
  expect(resolvePath(catalog, 'donation', 'amount')).toEqual({
    ok: false,
    at: 'donation',
    entityName: 'donation',
    reason: 'unknown_entity',
    suggestions: ['donations'],
  })
  expect(resolvePath(catalog, 'donations', 'amonut')).toMatchObject({
    at: 'amonut',
    reason: 'unknown_name',
    suggestions: ['amount'],
  })
  expect(resolvePath(catalog, 'donations', 'contcat.full_name')).toMatchObject({
    at: 'contcat',
    suggestions: ['contact.full_name'],
  })
  expect(resolvePath(catalog, 'donations', 'contact.ful_name')).toMatchObject({
    at: 'ful_name',
    entityName: 'contacts',
    suggestions: ['contact.full_name'],
  })
  expect(resolvePath(catalog, 'donations', 'state')).toMatchObject({ suggestions: ['contact.state'] })
  expect(resolvePath(catalog, 'donations', 'gift size')).toMatchObject({ suggestions: ['amount'] })
  expect(resolvePath(catalog, 'donations', 'amount.cents')).toMatchObject({ at: 'amount', reason: 'not_a_relation' })
  expect(resolvePath(catalog, 'donations', '')).toMatchObject({ ok: false, reason: 'empty_path' })
})

test('names of JavaScript itself are unknown names', () => {
  for (const name of [
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'contact.constructor',
    'constructor.name',
  ])
    expect(resolvePath(catalog, 'donations', name).ok).toBe(false)
  expect(resolvePath(catalog, 'constructor', 'name').ok).toBe(false)
})

test('any text as a path gives an answer, and every suggestion is a path that exists', () => {
  const path = fc.oneof(
    fc.string(),
    fc
      .array(fc.oneof(identifier, fc.constantFrom('contact', 'donations', 'amount', 'state', 'amonut')), {
        maxLength: 6,
      })
      .map((parts) => parts.join('.')),
  )
  fc.assert(
    fc.property(path, (text) => {
      const found = resolvePath(catalog, 'donations', text)
      if (!found.ok) for (const one of found.suggestions) expect(resolvePath(catalog, 'donations', one).ok).toBe(true)
    }),
  )
})
