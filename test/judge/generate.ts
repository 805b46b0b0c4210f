// Random test cases: a world (catalog, tables, everybody's rows, a clock) and definitions that are valid in it.
import { Definition } from '../../src/definition/schema.ts'
import { evaluate } from './evaluate.ts'
import { randomCatalog } from './generate/catalog.ts'
import { type Probe, randomDefinition, randomShape } from './generate/definitions.ts'
import type { Setting } from './generate/paths.ts'
import { makeRandom } from './generate/random.ts'
import { randomData, tenantsOf } from './generate/rows.ts'
import { randomNow, TIMEZONES } from './generate/times.ts'
import type { TestWorld } from './generate/world.ts'

/** The world of a seed; the same seed gives the same world for ever. */
export function generateWorld(seed: number): TestWorld {
  const random = makeRandom(seed)
  const timezone = random.pick(TIMEZONES)
  const now = randomNow(random, timezone)
  const draft = randomCatalog(random)
  const data = randomData(random, draft, { now, timezone })
  const { catalog, columnTypes } = draft
  return { catalog, columnTypes, data, organizationId: String(tenantsOf(draft)[0]), now: now.toISOString(), timezone }
}

/** A definition for a world, as a person would write it: defaults left out; of several the one whose table says most. */
export function generateDefinition(world: TestWorld, seed: number): unknown {
  const random = makeRandom(seed)
  const { catalog, columnTypes, data, timezone } = world
  const setting: Setting = { catalog, columnTypes, data, now: new Date(world.now), timezone, world }
  const shape = randomShape(random)
  let best = { definition: randomDefinition(random, setting, probeOf(world), shape), worth: 0 }
  // Some tables stay as they came, so that empty ones are tried too.
  for (let attempt = random.chance(0.15) ? MOST_ATTEMPTS : 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const definition = randomDefinition(random, setting, probeOf(world), shape)
    const worth = worthOf(world, definition)
    if (worth > best.worth) best = { definition, worth }
    if (worth >= ENOUGH) break
  }
  return withoutDefaults(best.definition)
}

const MOST_ATTEMPTS = 6
const ENOUGH = 4

/** How much a table can show that is wrong: several rows, values, an earlier side, several pivoted values. */
function worthOf(world: TestWorld, definition: Definition): number {
  const table = judged(world, definition)
  if (table === undefined) return 0
  const isSomething = (cell: unknown) => cell !== null && cell !== '0'
  const earlier = table.columns.findIndex((id) => id.endsWith('_previous'))
  const hasEarlier = earlier < 0 || table.rows.some((row) => isSomething(row[earlier]))
  const isWide = definition.pivot === null || table.columns.filter((id) => id.includes('#')).length > 1
  const hasValues = table.rows.some(
    (row) => row.filter(isSomething).length > 1 || (row.length === 1 && isSomething(row[0])),
  )
  return [table.rows.length > 0, table.rows.length > 1, hasValues, hasEarlier && isWide].filter(Boolean).length
}

function judged(world: TestWorld, definition: unknown) {
  try {
    return evaluate({ ...world, now: new Date(world.now), definition })
  } catch {
    return undefined
  }
}

function probeOf(world: TestWorld): Probe {
  const run = (definition: unknown) => judged(world, definition)
  return {
    passing: (definition) =>
      run({ ...definition, aggregates: [{ id: 'n', fn: 'count' }] })?.rows[0]?.[0] === '0' ? 0 : 1,
    cells: (definition, id) => {
      const table = run(definition)
      const place = table?.columns.indexOf(id) ?? -1
      return place < 0 ? [] : (table?.rows.map((row) => row[place] ?? null) ?? [])
    },
  }
}

/** The same definition without the parts that only state a default, nested definitions included. */
export function withoutDefaults(definition: unknown): unknown {
  if (Array.isArray(definition)) return definition.map(withoutDefaults)
  if (typeof definition !== 'object' || definition === null) return definition
  const entries = Object.entries(definition)
    .filter(([key, value]) => !('dataSources' in definition && isDefault(key, value)))
    .map(([key, value]) => [key, withoutDefaults(value)] as const)
  return Object.fromEntries(entries.filter(([key, value]) => !(key === 'direction' && value === 'asc')))
}

const DEFAULTS = Definition.parse({ dataSources: ['x'] })

function isDefault(key: string, value: unknown): boolean {
  return key !== 'dataSources' && JSON.stringify(value) === JSON.stringify(DEFAULTS[key as keyof Definition])
}
