// How long the built-in translator takes by size of catalog: made-up shops of 10 to 500 entities, each with stored values.
import { Catalog, type CatalogInput } from '../src/catalog/schema.ts'
import { translateBuiltin } from '../src/translate/builtin/translate.ts'
import { indexValues, type StoredValue } from '../src/translate/value-index.ts'
import { median, ms, type Part, quantile, times } from './report.ts'

const LIMIT_MS = 50
const SIZES = [10, 100, 500]
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

export const translate: Part = async ({ quick, say }) => {
  const rounds = quick ? 12 : 30
  const rows: string[][] = []
  let smallest: number | undefined
  let largest = 0
  for (const size of SIZES) {
    say(`translating over ${size} entities`)
    const found = timesOver(size, rounds)
    smallest ??= median(found)
    largest = quantile(found, 0.95)
    rows.push([`${size} entities`, ms(median(found)), ms(largest), times(median(found) / smallest)])
  }
  return {
    title: 'Built-in translation by size of catalog',
    how: `Made-up catalogs with ten stored values an entity; ${rounds} rounds of ${prompts('').length} prompts that name an entity, the first round apart, which makes the index of the catalog.`,
    sections: [{ head: ['catalog', 'p50', 'p95', 'p50 to the smallest'], rows }],
    bars: [
      {
        what: `p95 of a prompt over ${SIZES.at(-1)} entities`,
        bar: `${LIMIT_MS} ms`,
        found: ms(largest),
        met: largest <= LIMIT_MS,
      },
    ],
  }
}

function timesOver(size: number, rounds: number): number[] {
  const { catalog, values } = shop(size)
  const names = Object.values(catalog.entities).map(({ label }) => label.toLowerCase())
  const found: number[] = []
  for (let round = 0; round <= rounds; round += 1)
    for (const prompt of prompts(names[(round * 37) % names.length] ?? '')) {
      const begun = performance.now()
      translateBuiltin({ prompt, catalog, values, scope, clock })
      if (round > 0) found.push(performance.now() - begun)
    }
  return found
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
