// What is remembered of a definition never reaches whom it is not for: another organization gets its own rows, another role
// its own columns, another instant its own periods, another catalog its own check; and nobody can change what is remembered.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { definitionHash } from '../../src/definition/canonical.ts'
import { sentenceParts } from '../../src/definition/read-back.ts'
import { catalogFor, definitionToRows, validateDefinition } from '../../src/pipeline.ts'
import { pgliteWorld, type World, worldCatalog, worldClock, worldScope } from '../setup/world.ts'

let world: World
beforeAll(async () => {
  world = await pgliteWorld()
})
afterAll(() => world.close())

const ids = { dataSources: ['donations'], columns: [{ field: 'id' }], sortBy: [{ field: 'id' }] }
const thisMonth = { ...ids, filters: { field: 'received_at', op: 'in_period', value: { this: 'month' } } }
const phones = { dataSources: ['contacts'], columns: [{ field: 'phone' }] }

async function rowsOf(definition: object, more: object = {}) {
  const input = { definition, catalog: worldCatalog, scope: worldScope, clock: worldClock, source: world.source }
  const run = await definitionToRows({ ...input, ...more })
  if (!run.ok) throw new Error(JSON.stringify(run.issues))
  return run.result
}
const cells = async (definition: object, more: object = {}) =>
  (await rowsOf(definition, more)).rows.map((row) => row.map(String).join())
const of = (organizationId: string) => ({ scope: { ...worldScope, organizationId } })
const at = (now: string, timezone = 'UTC') => ({ clock: { now: new Date(now), timezone } })

describe('a definition that was asked before', () => {
  test('gives each organization its own rows, in turn and at once', async () => {
    const [first, other, second] = [await cells(ids), await cells(ids, of('b')), await cells(ids)]
    expect([first, other]).toEqual([['1', '2', '3', '4', '5', '6', '7', '8', '10'], ['9']])
    expect(second).toEqual(first)
    const many = await Promise.all(Array.from({ length: 20 }, (_, n) => cells(ids, of(n % 2 === 0 ? 'a' : 'b'))))
    for (const [n, found] of many.entries()) expect(found).toEqual(n % 2 === 0 ? first : other)
    expect(await cells(ids, of('c'))).toEqual([])
  })

  test('is of the instant and the time zone of each asking', async () => {
    expect(await cells(thisMonth, at('2025-01-20T00:00:00Z'))).toEqual(['1'])
    expect(await cells(thisMonth, at('2025-02-20T00:00:00Z'))).toEqual(['2', '3'])
    expect(await cells(thisMonth, at('2025-01-20T00:00:00Z'))).toEqual(['1'])
    expect(await cells(thisMonth, at('2025-01-20T00:00:00Z', 'Pacific/Auckland'))).toEqual(['1', '10'])
    const byDay = { dataSources: ['donations'], groupBy: [{ field: 'received_at', grain: 'day' }] }
    const days = (timezone: string) => cells(byDay, at('2025-01-20T00:00:00Z', timezone))
    const [utc, auckland] = [await days('UTC'), await days('Pacific/Auckland')]
    expect(auckland).not.toEqual(utc)
    expect(await days('UTC')).toEqual(utc)
  })

  test('is cut at the limit of each asking', async () => {
    for (const maxRows of [2, 5, 2]) {
      expect(await rowsOf(ids, { maxRows })).toMatchObject({ truncated: true, maxRows, rows: { length: maxRows } })
    }
    expect(await rowsOf(ids)).toMatchObject({ truncated: false, rows: { length: 9 } })
  })

  test('is refused to a role that may not see what it names, also after one that may', async () => {
    const check = (roles: string[]) =>
      validateDefinition({ definition: phones, catalog: worldCatalog, scope: { ...worldScope, roles } }).ok
    expect([check(['admin']), check([]), check(['admin']), check(['viewer'])]).toEqual([true, false, true, false])
    await expect(cells(phones)).rejects.toThrow('unknown')
  })

  test('is checked anew where the catalog has changed', async () => {
    const { donations, ...entities } = worldCatalog.entities
    const fields = { ...donations?.fields }
    delete fields.id
    const changed = { ...worldCatalog, entities: { ...entities, donations: { ...donations, fields } } }
    expect(validateDefinition({ definition: ids, catalog: worldCatalog, scope: worldScope }).ok).toBe(true)
    expect(validateDefinition({ definition: ids, catalog: changed as never, scope: worldScope }).ok).toBe(false)
  })

  test('cannot be changed by whoever was handed it, nor by a change of what was sent', async () => {
    const sent = structuredClone(ids) as { columns: { field: string }[] }
    const read = () => validateDefinition({ definition: sent, catalog: worldCatalog, scope: worldScope })
    const one = read()
    if (!one.ok) throw new Error('not read')
    const parts = sentenceParts(one.definition, catalogFor(worldCatalog, worldScope))
    expect(() => (one.definition.columns as unknown[]).push({ field: 'amount' })).toThrow(TypeError)
    expect(() => (parts as unknown[]).pop()).toThrow(TypeError)
    const { columns } = await rowsOf(sent)
    expect(() => (columns as unknown[]).pop()).toThrow(TypeError)
    const hash = definitionHash(one.definition)
    sent.columns = [{ field: 'amount' }]
    const two = read()
    if (!two.ok) throw new Error('not read')
    expect(two.sentence).not.toBe(one.sentence)
    expect(definitionHash(two.definition)).not.toBe(hash)
  })
})
