// How long the built-in translator takes by size of catalog: made-up shops of 10 to 500 entities, each with stored values.
// Median, 95th percentile and the ratio to the smallest catalog; ends with a fault when 500 entities take over 50 ms at p95.
// Run: node bench/translate.ts [--rounds 30]
import { parseArgs } from 'node:util'
import { Catalog, type CatalogInput } from '../src/catalog/schema.ts'
import { translateBuiltin } from '../src/translate/builtin/translate.ts'
import { indexValues, type StoredValue } from '../src/translate/value-index.ts'

const LIMIT_MS = 50
const SIZES = [10, 50, 100, 250, 500]
const THINGS = [
  'orders',
  'invoices',
  'customers',
  'payments',
  'products',
  'visits',
  'members',
  'tickets',
  'parcels',
  'courses',
]
const AREAS = ['retail', 'medical', 'school', 'travel', 'harbour', 'theatre', 'garden', 'mining', 'music', 'sports']
const CITIES = ['Berlin', 'Porto', 'Lima', 'Oslo', 'Accra', 'Hanoi', 'Quito', 'Turin']

const { values: given } = parseArgs({ options: { rounds: { type: 'string', default: '30' } } })
const rounds = Number(given.rounds)
const clock = { now: new Date('2026-11-01T12:00:00Z'), timezone: 'UTC' }
const scope = { organizationId: 'bench', roles: [] }

const prompts = (name: string): string[] => [
  `how many ${name} are there`,
  `total amount of ${name} by city this year`,
  `top 5 ${name} by amount`,
  `names of ${name} with amount over 100 and status open`,
  `${name} from Berlin or Porto sorted by created date`,
  `average amount of ${name} for each status last quarter, highest first`,
  `which city has the most ${name}`,
  `list the name, city and amount of ${name} that have no owner and were created before 2024`,
]

let smallest: number | undefined
for (const size of SIZES) {
  const { catalog, values } = shop(size)
  const names = Object.values(catalog.entities).map(({ label }) => label.toLowerCase())
  const times: number[] = []
  for (let round = 0; round <= rounds; round += 1)
    for (const prompt of prompts(names[(round * 37) % names.length] ?? '')) {
      const begun = performance.now()
      translateBuiltin({ prompt, catalog, values, scope, clock })
      // The first round makes the catalog's own index, once for all prompts.
      if (round > 0) times.push(performance.now() - begun)
    }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? 0
  smallest ??= at(0.5)
  console.log(
    `translate, ${String(size).padStart(3)} entities: median ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, ` +
      `${(at(0.5) / smallest).toFixed(1)} times the smallest`,
  )
  if (size === SIZES.at(-1) && at(0.95) > LIMIT_MS) process.exitCode = 1
}

/** Entities named by area and thing, each with an owner among the entities before it. */
function shop(size: number): { catalog: Catalog; values: ReturnType<typeof indexValues> } {
  const entities: CatalogInput['entities'] = {}
  const stored: StoredValue[] = []
  for (let index = 0; index < size; index += 1) {
    const thing = THINGS[index % THINGS.length] ?? ''
    const area = AREAS[Math.floor(index / THINGS.length) % AREAS.length] ?? ''
    const group = Math.floor(index / (THINGS.length * AREAS.length))
    const label = `${area} ${thing}${group === 0 ? '' : ` ${group + 1}`}`
    const name = label.replaceAll(' ', '_')
    const owner = Object.keys(entities)[Math.floor(index / 3)]
    entities[name] = {
      table: name,
      label: label.charAt(0).toUpperCase() + label.slice(1),
      shared: true,
      primaryKey: ['id'],
      fields: {
        id: { column: 'id', type: 'id', label: 'ID' },
        name: { column: 'name', type: 'text', label: 'Name' },
        city: { column: 'city', type: 'text', label: 'City' },
        status: { column: 'status', type: 'text', label: 'Status' },
        amount: { column: 'amount', type: 'money', label: 'Amount' },
        created_at: { column: 'created_at', type: 'timestamp', label: 'Created date' },
        owner_id: { column: 'owner_id', type: 'id', label: 'Owner ID' },
      },
      relations:
        owner === undefined
          ? {}
          : { owner: { to: owner, kind: 'to_one', on: [{ from: 'owner_id', to: 'id' }], label: 'Owner' } },
    }
    for (const city of CITIES) stored.push({ entity: name, field: 'city', value: city, text: city, trust: 1 })
    for (const status of ['open', 'closed'])
      stored.push({ entity: name, field: 'status', value: status, text: status, trust: 1 })
  }
  return { catalog: Catalog.parse({ version: 1, entities }), values: indexValues(stored) }
}
