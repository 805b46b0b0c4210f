// The product against the judge: fixed seeds on both databases, cases that once differed, and tenants kept apart.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { definitionSeed, type Tried, tryWorld } from './fuzz/batch.ts'
import { loadWorld, openPglite, openPostgres, type TestDatabase } from './fuzz/database.ts'
import { lookBehind } from './fuzz/drill.ts'
import { judge, outcomeOf } from './fuzz/outcome.ts'
import { readRegressions } from './fuzz/regression.ts'
import { unguardedTables } from './fuzz/tenant-predicates.ts'
import { generateDefinition, generateWorld } from './generate.ts'

const WORLDS = Array.from({ length: 10 }, (_, index) => 9001 + index)
const PER_WORLD = 25
const regressions = readRegressions()

describe.each(['pglite', 'postgres'] as const)('on %s', (name) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = name === 'pglite' ? await openPglite() : await openPostgres(inject('postgresUrl'))
  })
  afterAll(() => database.close())

  it.each(WORLDS)('random definitions give the numbers the text means, tenants apart (world %i)', async (seed) => {
    const failures: string[] = []
    let tried = 0
    await tryWorld([database], seed, PER_WORLD, async ({ index, definition, outcome }: Tried) => {
      tried += 1
      if (outcome.kind === 'same' || outcome.kind === 'fragile') return
      failures.push(`--seed ${seed} --only ${index}: ${outcome.kind}, ${outcome.detail}\n${JSON.stringify(definition)}`)
    })
    expect(failures).toEqual([])
    expect(tried).toBeGreaterThanOrEqual(PER_WORLD)
  })

  it.each(WORLDS.slice(0, 4))('the rows behind a number add up to it (world %i)', async (seed) => {
    const world = generateWorld(seed)
    await loadWorld(database, world, 'behind')
    let looked = 0
    const failures: string[] = []
    for (let index = 0; index < PER_WORLD; index += 1) {
      const found = await lookBehind(database, world, 'behind', generateDefinition(world, definitionSeed(seed, index)))
      looked += found.looked
      failures.push(...found.failures.map((failure) => `--seed ${seed} --only ${index}: ${failure}`))
    }
    expect(failures).toEqual([])
    expect(looked).toBeGreaterThan(5)
  })

  it.each(regressions)('$name', async ({ world, definition, expected }) => {
    await loadWorld(database, world, 'regression')
    const outcome = await outcomeOf(database, world, 'regression', definition)
    expect(outcome).toMatchObject({ kind: 'same' })
    const { columns, rows, totals } = judge(database, world, definition)
    expect({ columns, rows, ...(totals === undefined ? {} : { totals }) }).toEqual(expected)
  })
})

describe('the fuzz itself', () => {
  it('makes the same case from the same seed', () => {
    const [once, again] = [generateWorld(3), generateWorld(3)]
    expect(again).toEqual(once)
    expect(generateDefinition(again, 4)).toEqual(generateDefinition(once, 4))
  })

  it('finds a table whose tenant predicate is missing, weak or on the wrong side of a join', () => {
    const { catalog } = generateWorld(1)
    const [table, tenantKey] = Object.values(catalog.entities).flatMap((one) =>
      one.tenantKey === undefined ? [] : [[one.table, one.tenantKey] as const],
    )[0] ?? ['', '']
    const find = (rest: string) =>
      unguardedTables(catalog, 'acme', { text: `select 1 from s."${table}" as a ${rest}`, params: ['acme', 'other'] })
    expect(find(`where a."${tenantKey}" = $1`)).toEqual([])
    expect(find('where true')).toHaveLength(1)
    expect(find(`where a."${tenantKey}" = $2`)).toHaveLength(1)
    expect(find(`where a."${tenantKey}" = $1 or true`)).toHaveLength(1)
    expect(find(`left join s."${table}" as b on a."${tenantKey}" = $1 and b."${tenantKey}" = $1`)).toEqual([
      `${table} as a`,
    ])
    expect(find(`where a."${tenantKey}" = $1 and exists (select from s."${table}" as b)`)).toEqual([`${table} as b`])
  })
})
