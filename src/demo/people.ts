// The people of one tenant as compact arrays (a few dozen bytes each), and their rows.
import { addMonths, dateText, dayFrom, stamp } from './days.ts'
import { at, createRandom, type Random } from './random.ts'
import { lapseDay, type Span, type Tenant } from './story.ts'
import { companySuffixes, firstNames, lastNames, mailDomains, nonprofitSuffixes, occupations, states } from './words.ts'

export type Cell = string | number | boolean | null
export type Row = readonly Cell[]

/** How a person gives; what their segment reads today follows from what they gave. */
export const behaviours = ['Major', 'Mid-level', 'Monthly', 'Grassroots', 'Leaving', 'Never'] as const
export type Behaviour = (typeof behaviours)[number]
const behaviourWeights = [0.015, 0.08, 0.07, 0.5, 0.17, 0.165]

export type Household = {
  kind: 'household' | 'company' | 'nonprofit' | 'foundation'
  name: string
  place: number
  joined: number
}

export type People = {
  count: number
  /** Database ids are these plus the index: ids of one tenant never meet the other's. */
  firstId: number
  firstHouseholdId: number
  households: Household[]
  behaviour: Uint8Array
  /** Day number of joining; ascending. */
  joined: Int32Array
  /** First day on which the person no longer gives. */
  stops: Int32Array
  first: Uint16Array
  last: Uint16Array
  /** Index into `states`; 255: unknown. */
  state: Uint8Array
  city: Uint8Array
  /** Index into `households`, or -1. */
  household: Int32Array
  /** Index of the person who brought them, or -1. */
  referrer: Int32Array
  /** What a Monthly person gives each month, in cents. */
  monthlyCents: Int32Array
}

const unknownState = 255

/** Plans the people of a tenant; `index` is the tenant's, `count` how many, the ids those after which theirs begin. */
export function planPeople(
  tenant: Tenant,
  span: Span,
  count: number,
  firstId: number,
  firstHouseholdId: number,
): People {
  const random = createRandom(`people ${tenant.id}`)
  const people: People = {
    count,
    firstId,
    firstHouseholdId,
    households: [],
    behaviour: new Uint8Array(count),
    joined: joinDays(random, span, count),
    stops: new Int32Array(count).fill(span.today + 1),
    first: new Uint16Array(count),
    last: new Uint16Array(count),
    state: new Uint8Array(count),
    city: new Uint8Array(count),
    household: new Int32Array(count).fill(-1),
    referrer: new Int32Array(count).fill(-1),
    monthlyCents: new Int32Array(count),
  }
  const stateWeights = states.map(({ code }) => {
    const home = tenant.homes.find(([homeCode]) => homeCode === code)
    return (home?.[1] ?? 0) + tenant.elsewhere / states.length
  })
  let seatsLeft = 0
  for (let i = 0; i < count; i++) {
    people.first[i] = random.int(0, firstNames.length - 1)
    people.last[i] = random.int(0, lastNames.length - 1)
    people.state[i] = random.chance(0.02) ? unknownState : random.weighted(stateWeights)
    const cities = states[at(people.state, i)]?.cities.length ?? 1
    people.city[i] = Math.floor(random.next() ** 1.5 * cities)
    if (seatsLeft > 0) {
      joinHousehold(people, i)
      seatsLeft--
    } else if (random.chance(0.37)) {
      seatsLeft = openHousehold(people, i, random)
    }
    if (i > 20 && random.chance(0.08)) people.referrer[i] = random.int(0, i - 1)
    planGiving(people, i, random, span)
  }
  return people
}

function joinDays(random: Random, span: Span, count: number): Int32Array {
  const days = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const old = random.chance(0.36)
    days[i] = old
      ? span.start - 1 - Math.floor(random.next() ** 1.4 * 1500)
      : span.start + Math.floor(random.next() * (span.today - span.start))
  }
  return days.sort()
}

function openHousehold(people: People, i: number, random: Random): number {
  const family = at(lastNames, at(people.last, i))
  const kind = at(['household', 'company', 'nonprofit', 'foundation'] as const, random.weighted([82, 12, 4, 2]))
  const name =
    kind === 'household'
      ? `${family} Household`
      : kind === 'company'
        ? `${family} ${random.pick(companySuffixes)}`
        : kind === 'nonprofit'
          ? `${family} ${random.pick(nonprofitSuffixes)}`
          : `The ${family} Foundation`
  people.households.push({ kind, name, place: i, joined: at(people.joined, i) })
  people.household[i] = people.households.length - 1
  return kind === 'household' ? random.int(0, 2) : random.int(0, 5)
}

function joinHousehold(people: People, i: number): void {
  const index = people.households.length - 1
  const { kind, place } = at(people.households, index)
  people.household[i] = index
  people.state[i] = at(people.state, place)
  people.city[i] = at(people.city, place)
  if (kind === 'household') people.last[i] = at(people.last, place)
}

const monthlyAmounts = [500, 1000, 1000, 1000, 1500, 2000, 2500, 2500, 2700, 3500, 5000, 5000, 7500, 10000] as const

function planGiving(people: People, i: number, random: Random, span: Span): void {
  const joined = at(people.joined, i)
  const lapses = lapseDay(span)
  let behaviour = random.weighted(behaviourWeights)
  const firstPossible = Math.max(joined, span.start)
  // Those who joined too late to have left long ago behave as most do.
  if (behaviour === 4 && firstPossible > lapses - 90) behaviour = 3
  people.behaviour[i] = behaviour
  if (behaviour === 4) people.stops[i] = random.int(firstPossible + 30, lapses - 10)
  if (behaviour === 2) {
    people.monthlyCents[i] = random.pick(monthlyAmounts)
    if (random.chance(0.22)) people.stops[i] = random.int(firstPossible + 20, span.today + 20)
  }
}

/** Names in plain letters, as in mail addresses. */
function plain(name: string): string {
  const folded = name.toLowerCase().replaceAll('ø', 'o').replaceAll('ł', 'l').replaceAll('ı', 'i')
  return folded.normalize('NFD').replace(/[^a-z]/g, '')
}

export const contactColumns = [
  'id',
  'organization_id',
  'household_id',
  'referred_by_id',
  'first_name',
  'last_name',
  'full_name',
  'email',
  'phone',
  'date_of_birth',
  'employer',
  'occupation',
  'city',
  'state',
  'postal_code',
  'segment',
  'email_opt_in',
  'created_at',
] as const

/** Rows of the tenant's contacts; `segmentOf` says where person `i` stands today. */
export function* contactRows(
  tenant: Tenant,
  people: People,
  span: Span,
  segmentOf: (i: number) => string,
): Generator<Row> {
  const random = createRandom(`contacts ${tenant.id}`)
  const youngest = addMonths(span.today, -18 * 12)
  for (let i = 0; i < people.count; i++) {
    const first = at(firstNames, at(people.first, i))
    const last = at(lastNames, at(people.last, i))
    const home = states[at(people.state, i)]
    const household = at(people.household, i)
    const referrer = at(people.referrer, i)
    const firm = people.households[household]
    const employed = firm !== undefined && firm.kind !== 'household'
    const occupation = random.chance(0.55) ? random.pick(occupations) : null
    const email = `${plain(first)}.${plain(last)}${random.int(1, 999)}@${random.pick(mailDomains)}`
    const phone = `(${random.chance(0.6) ? tenant.areaCode : random.pick(['216', '412', '313', '206', '916'])}) 555-01${String(random.int(0, 99)).padStart(2, '0')}`
    const bornFrom = dayFrom(1938, 1, 1)
    const born = bornFrom + Math.floor(random.next() * (youngest - bornFrom))
    const zip = home === undefined ? null : `${home.zip}${String(random.int(1, 99)).padStart(2, '0')}`
    yield [
      people.firstId + i,
      tenant.id,
      household < 0 ? null : people.firstHouseholdId + household,
      referrer < 0 ? null : people.firstId + referrer,
      first,
      last,
      `${first} ${last}`,
      random.chance(0.9) ? email : null,
      random.chance(0.7) ? phone : null,
      random.chance(0.45) ? dateText(born) : null,
      employed ? firm.name : random.chance(0.2) ? `${random.pick(lastNames)} ${random.pick(companySuffixes)}` : null,
      occupation,
      home === undefined ? null : at(home.cities, at(people.city, i)),
      home?.code ?? null,
      zip,
      segmentOf(i),
      random.chance(0.62),
      stamp(at(people.joined, i), random.int(8 * 3600, 20 * 3600), random.int(0, 999_999)),
    ]
  }
}

export const householdColumns = [
  'id',
  'organization_id',
  'name',
  'kind',
  'tax_id',
  'city',
  'state',
  'created_at',
] as const

/** Rows of the tenant's households and companies. */
export function* householdRows(tenant: Tenant, people: People): Generator<Row> {
  const random = createRandom(`households ${tenant.id}`)
  for (const [index, { kind, name, place, joined }] of people.households.entries()) {
    const home = states[at(people.state, place)]
    // The prefix 00 is given to nobody.
    const taxId = `00-${String(random.int(1, 9_999_999)).padStart(7, '0')}`
    yield [
      people.firstHouseholdId + index,
      tenant.id,
      name,
      kind,
      kind === 'household' ? null : taxId,
      home === undefined ? null : at(home.cities, at(people.city, place)),
      home?.code ?? null,
      stamp(joined, random.int(7 * 3600, 8 * 3600 - 1), random.int(0, 999_999)),
    ]
  }
}
