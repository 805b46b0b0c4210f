// Events of both tenants and who came: galas, house parties, town halls; some cancelled, some without a single sign-up.
import { partsOf, stamp } from './days.ts'
import type { People, Row } from './people.ts'
import { at, createRandom, type Random } from './random.ts'
import { type Campaign, type Span, tenants } from './story.ts'
import { states, venues } from './words.ts'

type Kind = 'gala' | 'house_party' | 'town_hall' | 'phone_bank' | 'canvass' | 'webinar'

export type DemoEvent = {
  id: number
  tenant: number
  campaignId: number | null
  name: string
  kind: Kind
  status: 'scheduled' | 'held' | 'cancelled'
  venue: string | null
  city: string | null
  state: string | null
  capacity: number | null
  ticketCents: number
  day: number
  second: number
  signUps: number
}

const kinds: Record<Kind, { title: string; size: number; ticketDollars: readonly number[]; hour: number }> = {
  gala: { title: 'Gala Dinner', size: 140, ticketDollars: [150, 250, 250, 350], hour: 18 },
  house_party: { title: 'House Party', size: 18, ticketDollars: [0, 0, 50], hour: 17 },
  town_hall: { title: 'Town Hall', size: 60, ticketDollars: [0], hour: 19 },
  phone_bank: { title: 'Phone Bank', size: 14, ticketDollars: [0], hour: 17 },
  canvass: { title: 'Saturday Canvass', size: 22, ticketDollars: [0], hour: 10 },
  webinar: { title: 'Webinar', size: 75, ticketDollars: [0, 0, 15], hour: 12 },
}

/** Plans the events; `scale` is the size of the demo relative to 50,000 donations. */
export function planEvents(span: Span, campaigns: readonly Campaign[], scale: number): readonly DemoEvent[] {
  const events = tenants.flatMap((_, tenant) => tenantEvents(span, campaigns, tenant, scale))
  events.sort((a, b) => a.day - b.day || a.tenant - b.tenant || (a.name < b.name ? -1 : 1))
  return events.map((event, index) => ({ ...event, id: index + 1 }))
}

function tenantEvents(span: Span, campaigns: readonly Campaign[], tenant: number, scale: number): DemoEvent[] {
  const random = createRandom(`events ${at(tenants, tenant).id}`)
  const events: DemoEvent[] = []
  for (const campaign of campaigns) {
    if (campaign.tenant !== tenant || campaign.end === null) continue
    const days = [campaign.start, Math.min(campaign.end, span.today + 75)] as const
    if (days[1] < days[0]) continue
    const plans: [Kind, number][] =
      campaign.channel === 'event'
        ? [
            [campaign.name.includes('Walk') ? 'town_hall' : 'gala', 1],
            ['house_party', 2],
          ]
        : campaign.channel === 'in_person'
          ? [
              ['canvass', 3],
              ['house_party', 4],
            ]
          : campaign.role === 'election'
            ? [
                ['phone_bank', 3],
                ['canvass', 2],
                ['town_hall', 1],
              ]
            : campaign.channel === 'phone'
              ? [['phone_bank', 3]]
              : []
    for (const [kind, count] of plans) {
      for (let n = 0; n < count; n++) {
        const drawn = random.int(...days)
        const day = kind === 'canvass' ? saturdayOf(drawn) : drawn
        if (day >= span.start) events.push(makeEvent(random, span, tenant, kind, day, scale, campaign))
      }
    }
  }
  // Town halls and webinars that no campaign asked for, about one in seven weeks.
  for (let day = span.start + 12; day < span.today + 60; day += random.int(38, 60) * (tenant + 1)) {
    events.push(makeEvent(random, span, tenant, random.pick(['town_hall', 'webinar', 'webinar']), day, scale, null))
  }
  return events
}

function saturdayOf(day: number): number {
  return day + 6 - partsOf(day).weekday
}

function makeEvent(
  random: Random,
  span: Span,
  tenant: number,
  kind: Kind,
  day: number,
  scale: number,
  campaign: Campaign | null,
): DemoEvent {
  const { title, size, ticketDollars, hour } = kinds[kind]
  const homes = at(tenants, tenant).homes
  const [homeCode] = at(homes, random.weighted(homes.map(([, weight]) => weight)))
  const home = states.find(({ code }) => code === homeCode)
  const online = kind === 'webinar'
  const city = home === undefined || online ? null : random.pick(home.cities)
  const cancelled = campaign?.status === 'cancelled' || random.chance(0.05)
  const expected = Math.max(3, Math.round(size * scale * (0.5 + random.next())))
  // A few were held and nobody wrote down who came; those far ahead are not announced yet.
  const silent = cancelled || day > span.today + 40 || random.chance(0.04)
  return {
    id: 0,
    tenant,
    campaignId: campaign?.id ?? null,
    name: `${city ?? 'Online'} ${title}, ${monthNames[partsOf(day).month - 1]} ${partsOf(day).year}`,
    kind,
    status: cancelled ? 'cancelled' : day < span.today ? 'held' : 'scheduled',
    venue: online ? null : kind === 'house_party' ? null : random.pick(venues),
    city,
    state: city === null ? null : (home?.code ?? null),
    capacity: online ? null : Math.ceil((expected * (1 + random.next() * 0.6)) / 10) * 10,
    ticketCents: random.pick(ticketDollars) * 100,
    day,
    second: hour * 3600 + random.pick([0, 0, 1800]),
    signUps: silent ? 0 : expected,
  }
}

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

export const eventColumns = [
  'id',
  'organization_id',
  'campaign_id',
  'name',
  'kind',
  'status',
  'venue',
  'city',
  'state',
  'capacity',
  'ticket_price',
  'starts_at',
] as const

/** Rows of both tenants' events, in order of time. */
export function* eventRows(events: readonly DemoEvent[]): Generator<Row> {
  for (const one of events) {
    yield [
      one.id,
      at(tenants, one.tenant).id,
      one.campaignId,
      one.name,
      one.kind,
      one.status,
      one.venue,
      one.city,
      one.state,
      one.capacity,
      `${one.ticketCents / 100}.00`,
      stamp(one.day, one.second, 0),
    ]
  }
}

export const attendanceColumns = [
  'organization_id',
  'event_id',
  'contact_id',
  'status',
  'guests',
  'ticket_amount',
  'registered_at',
] as const

/** Rows of who signed up for what; nobody signs up before the organization knows them, nor for more seats than there are. */
export function* attendanceRows(events: readonly DemoEvent[], all: readonly People[], span: Span): Generator<Row> {
  const random = createRandom('attendances')
  for (const event of events) {
    const people = at(all, event.tenant)
    const opened = Math.min(event.day, span.today) - 28
    const known = knownBy(people, opened)
    const taken = new Set<number>()
    const seats = Math.min(event.signUps, event.capacity ?? event.signUps, Math.floor(known / 2))
    while (taken.size < seats) {
      // Some come to everything.
      const person = Math.floor(random.next() ** 2 * known)
      if (taken.has(person)) continue
      taken.add(person)
      const status =
        event.status === 'scheduled'
          ? random.chance(0.93)
            ? 'registered'
            : 'cancelled'
          : at(['attended', 'no_show', 'cancelled'], random.weighted([72, 20, 8]))
      const guests = at([0, 1, 2, 3], random.weighted([66, 24, 7, 3]))
      const tickets = (status === 'cancelled' ? 0 : event.ticketCents / 100) * (1 + guests)
      yield [
        at(tenants, event.tenant).id,
        event.id,
        people.firstId + person,
        status,
        guests,
        `${tickets}.00`,
        stamp(opened + random.int(0, 27), random.int(7 * 3600, 22 * 3600), random.int(0, 999_999)),
      ]
    }
  }
}

/** How many of the people had joined before a day; they are in order of joining. */
function knownBy(people: People, day: number): number {
  let low = 0
  let high = people.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (at(people.joined, middle) < day) low = middle + 1
    else high = middle
  }
  return low
}
