// Random test cases: a world (catalog, tables, everybody's rows, a clock) and definitions that are valid in it.
import { Definition } from '../../src/definition/schema.ts'
import { evaluate } from './evaluate.ts'
import { randomCatalog } from './generate/catalog.ts'
import { type Probe, randomDefinition } from './generate/definitions.ts'
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

/** The n-th definition of a world, as a person would write it: defaults left out. */
export function generateDefinition(world: TestWorld, seed: number): unknown {
  const random = makeRandom(seed)
  const { catalog, columnTypes, data, timezone } = world
  const setting: Setting = { catalog, columnTypes, data, now: new Date(world.now), timezone, world }
  return withoutDefaults(randomDefinition(random, setting, probeOf(world)))
}

function probeOf(world: TestWorld): Probe {
  const run = (definition: unknown) => {
    try {
      return evaluate({ ...world, now: new Date(world.now), definition })
    } catch {
      return undefined
    }
  }
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
