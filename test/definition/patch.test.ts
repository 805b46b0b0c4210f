import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalDefinition, definitionHash } from '../../src/definition/canonical.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { applyPatch, diffDefinitions, invertPatch } from '../../src/definition/patch.ts'
import { Definition } from '../../src/definition/schema.ts'
import { upgradeDefinition } from '../../src/definition/upgrade.ts'
import { arbitraryDefinition } from '../setup/arbitrary-definition.ts'

const base = Definition.parse({
  dataSources: ['donations'],
  groupBy: [{ field: 'status' }],
  aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
  filters: {
    all: [
      { field: 'amount', op: 'gt', value: 1 },
      { field: 'status', op: 'eq', value: 'completed' },
    ],
  },
})

describe('diff and patch', () => {
  test('applying the difference of two definitions gives the second, and undoing it the first', () => {
    fc.assert(
      fc.property(arbitraryDefinition(), arbitraryDefinition(), (a, b) => {
        const patch = diffDefinitions(a, b)
        expect(applyPatch(a, patch)).toEqual(b)
        expect(applyPatch(b, invertPatch(patch))).toEqual(a)
      }),
      { numRuns: 300 },
    )
  })

  test('a definition does not differ from itself', () => {
    fc.assert(
      fc.property(arbitraryDefinition(), (a) => {
        expect(diffDefinitions(a, a)).toEqual([])
      }),
    )
  })

  test('one more condition is one change, and all else is untouched', () => {
    const more = { field: 'contact.state', op: 'eq', value: 'CA' }
    const changed = Definition.parse({ ...base, filters: { all: [...(base.filters as { all: unknown[] }).all, more] } })
    expect(diffDefinitions(base, changed)).toEqual([{ kind: 'add', part: 'filters', index: 2, after: more }])
  })

  test('a change that does not fit is refused, not half applied', () => {
    expect(() => applyPatch(base, [{ kind: 'remove', part: 'groupBy', index: 0, before: { field: 'other' } }])).toThrow(
      'not there',
    )
  })
})

describe('canonical form', () => {
  test('is a definition of its own, and stays what it is', () => {
    fc.assert(
      fc.property(arbitraryDefinition(), (a) => {
        const canonical = canonicalDefinition(a)
        expect(parseDefinition(canonical).ok).toBe(true)
        expect(canonicalDefinition(canonical)).toEqual(canonical)
      }),
    )
  })

  test('forms that mean the same have one hash; a change of meaning changes it', () => {
    const condition = { field: 'amount', op: 'gt', value: 1 }
    const one = Definition.parse({
      dataSources: ['donations', 'contact'],
      filters: condition,
      columns: [{ field: 'contact.name' }],
    })
    const same = Definition.parse({
      columns: [{ field: 'contact.name' }],
      filters: { all: [{ all: [condition] }] },
      dataSources: ['donations'],
    })
    const other = Definition.parse({ ...one, filters: { ...condition, value: 2 } })
    expect(definitionHash(same)).toBe(definitionHash(one))
    expect(definitionHash(other)).not.toBe(definitionHash(one))
  })
})

describe('upgrade', () => {
  const steps = { 1: (old: Record<string, unknown>) => ({ ...old, dataSources: [old.source] }) }

  test('an earlier version is led step by step to the current one', () => {
    const result = upgradeDefinition(
      { version: 0, source: 'donations' },
      { 0: ({ source, ...rest }) => ({ ...rest, dataSources: [source] }) },
      1,
    )
    expect(result.ok && result.definition.dataSources).toEqual(['donations'])
  })

  test('a version from the future, or one without a way, is refused with what to do', () => {
    for (const result of [
      upgradeDefinition({ version: 2, dataSources: ['a'] }),
      upgradeDefinition({ version: 0, dataSources: ['a'] }, steps, 1),
    ])
      expect(result.ok || result.issues.map((i) => [i.code, i.path])).toEqual([['unknown-version', ['version']]])
  })
})
