// One world, many definitions, on one or more databases: what each came to, and whether tenants stayed apart.

import type { TestWorld } from '../generate/world.ts'
import { generateDefinition, generateWorld } from '../generate.ts'
import { loadWorld, reloadRows, type TestDatabase } from './database.ts'
import { type Outcome, outcomeOf, runProduct } from './outcome.ts'
import { unguardedTables } from './tenant-predicates.ts'

export type Tried = {
  readonly worldSeed: number
  readonly index: number
  readonly database: TestDatabase
  readonly world: TestWorld
  readonly definition: unknown
  readonly outcome: Outcome | TenantFailure
}
export type TenantFailure = { readonly kind: 'tenant'; readonly detail: string; readonly signature: string }

export function definitionSeed(worldSeed: number, index: number): number {
  return (Math.imul(worldSeed, 7919) + index * 104_729) >>> 0
}

/** Tries `count` definitions of one world; `only` tries the one of that index. */
export async function tryWorld(
  databases: readonly TestDatabase[],
  worldSeed: number,
  count: number,
  onTried: (tried: Tried) => Promise<void>,
  only?: number,
): Promise<void> {
  const world = generateWorld(worldSeed)
  const schema = `w${worldSeed}`
  const indexes = only === undefined ? Array.from({ length: count }, (_, index) => index) : [only]
  const definitions = indexes.map((index) => ({
    index,
    definition: generateDefinition(world, definitionSeed(worldSeed, index)),
  }))
  for (const database of databases) {
    await loadWorld(database, world, schema)
    const answers = new Map<number, string>()
    for (const { index, definition } of definitions) {
      const tried = { worldSeed, index, database, world, definition }
      const outcome = await outcomeOf(database, world, schema, definition)
      await onTried({ ...tried, outcome })
      if (!('result' in outcome) || outcome.result === undefined) continue
      const { rows, totals, statements } = outcome.result
      answers.set(index, JSON.stringify([rows, totals]))
      const unguarded = statements.flatMap((statement) =>
        unguardedTables(world.catalog, world.organizationId, statement),
      )
      if (unguarded.length > 0)
        await onTried({
          ...tried,
          outcome: { kind: 'tenant', signature: 'predicate', detail: `no tenant predicate on ${unguarded.join(', ')}` },
        })
    }
    await reloadRows(database, withOtherTenants(world), schema)
    for (const { index, definition } of definitions) {
      const before = answers.get(index)
      if (before === undefined || (index % 3 !== 0 && only === undefined)) continue
      const run = await runProduct(database, world, schema, definition)
      const after = run.ok ? JSON.stringify([run.result.rows, run.result.totals]) : 'refused'
      if (after !== before) {
        const detail = `other tenants' rows changed the answer: ${before} became ${after}`
        await onTried({
          worldSeed,
          index,
          database,
          world,
          definition,
          outcome: { kind: 'tenant', signature: 'rows', detail },
        })
      }
    }
    await database.exec(`drop schema "${schema}" cascade`)
  }
}

/** The same world where the other tenants hold copies of this tenant's rows, keys and all, instead of their own. */
function withOtherTenants(world: TestWorld): TestWorld {
  const tenants = new Map<string, Set<string | number>>()
  for (const [name, { tenantKey }] of Object.entries(world.catalog.entities))
    for (const row of tenantKey === undefined ? [] : (world.data[name] ?? [])) {
      const tenant = row[tenantKey ?? '']
      if (typeof tenant === 'boolean' || tenant === null || tenant === undefined) continue
      if (String(tenant) !== world.organizationId) tenants.set('all', (tenants.get('all') ?? new Set()).add(tenant))
    }
  const others = [...(tenants.get('all') ?? [])]
  const data = Object.entries(world.catalog.entities).map(([name, { tenantKey }]) => {
    const rows = world.data[name] ?? []
    if (tenantKey === undefined) return [name, rows] as const
    const own = rows.filter((row) => String(row[tenantKey]) === world.organizationId)
    const copies = others.flatMap((tenant) => own.map((row) => ({ ...row, [tenantKey]: tenant })))
    return [name, [...copies, ...own]] as const
  })
  return { ...world, data: Object.fromEntries(data) }
}
