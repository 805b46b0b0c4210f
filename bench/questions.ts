// The questions of the benchmarks, each three times: as a definition, as the SQL that a person would write for it, and,
// where it is one that drizzle-cube can be asked, as its query. Definition and SQL give the same rows; execution.ts looks.

export type Question = {
  readonly name: string
  readonly definition: Readonly<Record<string, unknown>>
  /** $1 is the organization, $2 today. */
  readonly sql: string
  readonly cube?: Readonly<Record<string, unknown>>
}

const completed = { field: 'status', op: 'eq', value: 'completed' }
const cubeCompleted = { member: 'Donations.status', operator: 'equals' as const, values: ['completed'] }

export const questions: readonly Question[] = [
  {
    name: 'simple',
    definition: {
      dataSources: ['donations'],
      groupBy: [{ field: 'payment_method' }],
      aggregates: [
        { id: 'gifts', fn: 'count' },
        { id: 'total', fn: 'sum', field: 'amount' },
      ],
      filters: completed,
      sortBy: [{ field: 'payment_method' }],
    },
    sql: `select payment_method, count(*), sum(amount) from demo.donations
      where organization_id = $1 and status = 'completed' group by 1 order by 1`,
    cube: {
      measures: ['Donations.count', 'Donations.total'],
      dimensions: ['Donations.paymentMethod'],
      filters: [cubeCompleted],
      order: { 'Donations.paymentMethod': 'asc' },
    },
  },
  {
    name: 'multi-join',
    definition: {
      dataSources: ['donations'],
      groupBy: [{ field: 'contact.home_state.region' }, { field: 'campaign.channel' }],
      aggregates: [{ id: 'total', fn: 'sum', field: 'amount' }],
      filters: completed,
    },
    sql: `select s.region, c.channel, sum(d.amount) from demo.donations d
      left join demo.contacts p on p.id = d.contact_id and p.organization_id = $1
      left join demo.states s on s.code = p.state
      left join demo.campaigns c on c.id = d.campaign_id and c.organization_id = $1
      where d.organization_id = $1 and d.status = 'completed' group by 1, 2 order by 1, 2`,
    cube: {
      measures: ['Donations.total'],
      dimensions: ['States.region', 'Campaigns.channel'],
      filters: [cubeCompleted],
    },
  },
  {
    name: 'three facts',
    definition: {
      dataSources: ['campaigns'],
      groupBy: [{ field: 'channel' }],
      aggregates: [
        { id: 'given', fn: 'sum', field: 'donations.amount' },
        { id: 'pledged', fn: 'sum', field: 'pledges.amount' },
        { id: 'spent', fn: 'sum', field: 'expenses.amount' },
      ],
    },
    sql: `select c.channel, sum(d.amount), sum(p.amount), sum(e.amount) from demo.campaigns c
      left join (select campaign_id, sum(amount) as amount from demo.donations where organization_id = $1 group by 1) d
        on d.campaign_id = c.id
      left join (select campaign_id, sum(amount) as amount from demo.pledges where organization_id = $1 group by 1) p
        on p.campaign_id = c.id
      left join (select campaign_id, sum(amount) as amount from demo.expenses where organization_id = $1 group by 1) e
        on e.campaign_id = c.id
      where c.organization_id = $1 group by 1 order by 1`,
    cube: {
      measures: ['Donations.total', 'Pledges.total', 'Expenses.total'],
      dimensions: ['Campaigns.channel'],
    },
  },
  {
    name: 'months',
    definition: {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'month' }],
      aggregates: [
        { id: 'donors', fn: 'count_distinct', field: 'contact_id' },
        { id: 'middle', fn: 'median', field: 'amount' },
      ],
      filters: { field: 'received_at', op: 'in_period', value: { last: 12, unit: 'month' } },
    },
    sql: `select date_trunc('month', received_at)::date, count(distinct contact_id),
      (percentile_cont(0.5) within group (order by amount))::numeric from demo.donations
      where organization_id = $1 and received_at >= date_trunc('month', $2::date) - interval '12 months'
        and received_at < date_trunc('month', $2::date) group by 1 order by 1`,
  },
  {
    name: 'newest 100',
    definition: {
      dataSources: ['donations'],
      columns: ['received_at', 'amount', 'contact.full_name', 'campaign.name'].map((field) => ({ field })),
      sortBy: [{ field: 'received_at', direction: 'desc' }],
      limit: 100,
    },
    sql: `select d.received_at, d.amount, p.full_name, c.name from demo.donations d
      left join demo.contacts p on p.id = d.contact_id and p.organization_id = $1
      left join demo.campaigns c on c.id = d.campaign_id and c.organization_id = $1
      where d.organization_id = $1 order by d.received_at desc limit 100`,
  },
  {
    name: 'top 10 donors',
    definition: {
      dataSources: ['contacts'],
      groupBy: [{ field: 'id' }, { field: 'full_name' }],
      aggregates: [{ id: 'given', fn: 'sum', field: 'donations.amount' }],
      sortBy: [{ field: 'given', direction: 'desc' }],
      limit: 10,
    },
    sql: `select p.id, p.full_name, d.given from (select contact_id, sum(amount) as given from demo.donations
        where organization_id = $1 and contact_id is not null group by 1 order by 2 desc limit 10) d
      join demo.contacts p on p.id = d.contact_id and p.organization_id = $1 order by d.given desc`,
  },
  {
    name: 'gave last year, not this',
    definition: {
      dataSources: ['contacts'],
      aggregates: [{ id: 'people', fn: 'count' }],
      filters: {
        all: [
          { relation: 'donations', match: 'some', where: inYear({ previous: 'year' }) },
          { relation: 'donations', match: 'none', where: inYear({ this: 'year' }) },
        ],
      },
    },
    sql: `select count(*) from demo.contacts p where p.organization_id = $1
      and exists (select from demo.donations d where d.contact_id = p.id and d.organization_id = $1
        and d.received_at >= date_trunc('year', $2::date) - interval '1 year'
        and d.received_at < date_trunc('year', $2::date))
      and not exists (select from demo.donations d where d.contact_id = p.id and d.organization_id = $1
        and d.received_at >= date_trunc('year', $2::date)
        and d.received_at < date_trunc('year', $2::date) + interval '1 year')`,
  },
]

function inYear(value: object): object {
  return { field: 'received_at', op: 'in_period', value }
}
