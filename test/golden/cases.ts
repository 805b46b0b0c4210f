// Definitions by family; each is run on PGlite and on Postgres and compared with its golden file.
export const cases: Record<string, Record<string, object>> = {
  lists: {
    'to-one paths, a formula and a sort by a column not shown': {
      dataSources: ['donations', 'contact', 'campaign.parent'],
      columns: [
        { field: 'contact.name', label: 'Donor' },
        { field: 'campaign.parent.name' },
        { id: 'net', formula: 'amount - fee' },
      ],
      sortBy: [{ field: 'received_at', direction: 'desc' }],
      limit: 5,
    },
    'default columns in the order of the key': { dataSources: ['campaigns'] },
    'distinct rows': {
      dataSources: ['contacts'],
      columns: [{ field: 'state' }, { field: 'segment' }],
      distinct: true,
      sortBy: [{ field: 'segment', direction: 'desc' }],
    },
    'the largest gift of each donor': {
      dataSources: ['donations'],
      columns: [{ field: 'contact.name' }, { field: 'amount' }],
      sortBy: [{ field: 'amount', direction: 'desc' }],
      limitPer: { by: ['contact.name'], limit: 1 },
    },
    'text that holds numbers, in a table without key': {
      dataSources: ['notes'],
      columns: [{ field: 'body' }, { field: 'score' }],
      sortBy: [{ field: 'score' }],
    },
    'formula functions': {
      dataSources: ['donations'],
      columns: [
        { field: 'id' },
        { id: 'size', formula: "if(amount >= 100, 'large', if(is_empty(amount), 'none', 'small'))" },
        { id: 'pct', formula: 'round(fee / amount * 100, 1)' },
        { id: 'age', formula: 'days_between(contact.born, received_at)' },
        { id: 'who', formula: "concat(upper(contact.name), ' / ', coalesce(contact.state, '?'))" },
        { id: 'div', formula: 'amount / 0' },
      ],
    },
  },
  filters: {
    'nested any and all, case ignored': {
      dataSources: ['contacts'],
      columns: [{ field: 'name' }],
      filters: {
        any: [
          {
            all: [
              { field: 'state', op: 'eq', value: 'ca' },
              { field: 'segment', op: 'eq', value: 'major' },
            ],
          },
          { field: 'name', op: 'in', value: ['bob', 'DEE'] },
        ],
      },
    },
    'ne is the exact opposite of eq': {
      dataSources: ['contacts'],
      columns: [{ field: 'name' }],
      filters: { field: 'state', op: 'ne', value: 'CA' },
    },
    'not around a condition on an empty value': {
      dataSources: ['contacts'],
      columns: [{ field: 'name' }],
      filters: { not: { field: 'state', op: 'eq', value: 'CA' } },
    },
    'like characters mean themselves': {
      dataSources: ['notes'],
      columns: [{ field: 'body' }],
      filters: {
        all: [
          { field: 'body', op: 'contains', value: '0% S' },
          { field: 'body', op: 'ends_with', value: 'e_thing' },
          { field: 'body', op: 'starts_with', value: '100%' },
        ],
      },
    },
    'none: contacts without pledges over 100': {
      dataSources: ['contacts'],
      columns: [{ field: 'name' }],
      filters: { relation: 'pledges', match: 'none', where: { field: 'amount', op: 'gt', value: 100 } },
    },
    'every: only refunded gifts': {
      dataSources: ['contacts'],
      columns: [{ field: 'name' }],
      filters: {
        all: [
          { relation: 'donations', match: 'some' },
          { relation: 'donations', match: 'every', where: { field: 'status', op: 'eq', value: 'refunded' } },
        ],
      },
    },
    'count: at least three gifts': {
      dataSources: ['contacts'],
      columns: [{ field: 'name' }],
      filters: { relation: 'donations', match: { count: { op: 'gte', value: 3 } } },
    },
    'count over many-to-many counts each row once': {
      dataSources: ['campaigns'],
      columns: [{ field: 'name' }],
      filters: { relation: 'donations.contact', match: { count: { op: 'eq', value: 2 } } },
    },
    'above the average of all': {
      dataSources: ['donations'],
      columns: [{ field: 'id' }, { field: 'amount' }],
      filters: { field: 'amount', op: 'gt', value: { aggregate: { fn: 'avg', field: 'amount' } } },
    },
    'at least the average of its own campaign': {
      dataSources: ['donations'],
      columns: [{ field: 'id' }, { field: 'amount' }],
      filters: {
        field: 'amount',
        op: 'gte',
        value: { aggregate: { fn: 'avg', field: 'amount', same: ['campaign.id'] } },
      },
    },
    'an aggregate of the row on the left': {
      dataSources: ['contacts'],
      columns: [{ field: 'name' }],
      filters: { aggregate: { fn: 'sum', field: 'donations.amount' }, op: 'gt', value: 80 },
    },
    'another field of the row': {
      dataSources: ['donations'],
      columns: [{ field: 'id' }],
      filters: { field: 'amount', op: 'lt', value: { field: 'campaign.goal' } },
    },
    'values of another definition': {
      dataSources: ['contacts'],
      columns: [{ field: 'name' }],
      filters: {
        field: 'id',
        op: 'not_in',
        value: { definition: { dataSources: ['attendances'], columns: [{ field: 'contact_id' }] } },
      },
    },
    'the single value of a definition': {
      dataSources: ['donations'],
      columns: [{ field: 'id' }],
      filters: {
        field: 'amount',
        op: 'eq',
        value: {
          definition: {
            dataSources: ['donations'],
            columns: [{ field: 'amount' }],
            sortBy: [{ field: 'amount', direction: 'desc' }],
            limit: 1,
          },
        },
      },
    },
    'a plain date on a timestamp is its local day': {
      dataSources: ['donations'],
      columns: [{ field: 'id' }, { field: 'received_at' }],
      filters: { field: 'received_at', op: 'eq', value: '2025-02-19' },
    },
    'a weekday': {
      dataSources: ['donations'],
      columns: [{ field: 'id' }],
      filters: { field: 'received_at', grain: 'day_of_week', op: 'in', value: [6, 7] },
    },
  },
  summaries: {
    'two facts on one dimension': {
      dataSources: ['campaigns'],
      groupBy: [{ field: 'name' }],
      aggregates: [
        { id: 'raised', fn: 'sum', field: 'donations.amount' },
        { id: 'pledged', fn: 'sum', field: 'pledges.amount' },
        { id: 'donors', fn: 'count_distinct', field: 'donations.contact.id' },
      ],
    },
    'rows without the key keep a group of their own': {
      dataSources: ['donations'],
      groupBy: [{ field: 'campaign.channel' }],
      aggregates: [
        { id: 'raised', metric: 'raised' },
        { id: 'gifts', fn: 'count' },
      ],
      totals: true,
    },
    'to-one values count once, or once for each source row': {
      dataSources: ['donations'],
      groupBy: [{ field: 'status' }],
      aggregates: [
        { id: 'goals', fn: 'sum', field: 'campaign.goal' },
        { id: 'weighted', fn: 'sum', field: 'campaign.goal', per: 'source_rows' },
      ],
    },
    'many hops: event costs by segment': {
      dataSources: ['contacts'],
      groupBy: [{ field: 'segment' }],
      aggregates: [
        { id: 'cost', fn: 'sum', field: 'attendances.event.cost' },
        { id: 'seats', fn: 'sum', field: 'attendances.event.cost', per: 'attendances' },
        { id: 'went', fn: 'count', per: 'attendances', where: { field: 'attended', op: 'eq', value: true } },
      ],
    },
    'all functions': {
      dataSources: ['donations'],
      aggregates: [
        { id: 'n', fn: 'count' },
        { id: 'filled', fn: 'count', field: 'amount' },
        { id: 'kinds', fn: 'count_distinct', field: 'status' },
        { id: 'sum', fn: 'sum', field: 'amount' },
        { id: 'avg', fn: 'avg', field: 'amount' },
        { id: 'min', fn: 'min', field: 'received_at' },
        { id: 'max', fn: 'max', field: 'amount' },
        { id: 'median', fn: 'median', field: 'amount' },
        { id: 'p90', fn: 'percentile', percentile: 0.9, field: 'amount' },
        { id: 'sd', fn: 'stddev', field: 'amount' },
        { id: 'first', fn: 'first', field: 'amount' },
        { id: 'last', fn: 'last', field: 'contact.name', per: 'source_rows', by: 'received_at' },
        { id: 'names', fn: 'list', field: 'contact.name' },
        { id: 'net', fn: 'sum', formula: 'amount - fee' },
      ],
    },
    'having, sort and limit': {
      dataSources: ['donations'],
      groupBy: [{ field: 'contact.name' }],
      aggregates: [
        { id: 'gifts', fn: 'count' },
        { id: 'total', fn: 'sum', field: 'amount', hidden: true },
      ],
      having: { field: 'gifts', op: 'gte', value: 2 },
      sortBy: [{ field: 'total', direction: 'desc' }],
      limit: 2,
    },
    'ranges of numbers': {
      dataSources: ['donations'],
      groupBy: [{ id: 'range', field: 'amount', bucket: 50 }],
      aggregates: [{ id: 'n', fn: 'count' }],
    },
    'a formula as key': {
      dataSources: ['donations'],
      groupBy: [{ id: 'size', formula: "if(amount >= 100, 'large', 'small')" }],
      aggregates: [{ id: 'n', fn: 'count' }],
    },
    'two best months per status': {
      dataSources: ['donations'],
      groupBy: [{ field: 'status' }, { field: 'received_at', grain: 'month' }],
      aggregates: [{ id: 'sum', fn: 'sum', field: 'amount' }],
      sortBy: [{ field: 'sum', direction: 'desc' }],
      limitPer: { by: ['status'], limit: 2 },
    },
    'nothing passes: one row without keys, none with keys': {
      dataSources: ['donations'],
      aggregates: [
        { id: 'n', fn: 'count' },
        { id: 's', fn: 'sum', field: 'amount' },
        { id: 'g', fn: 'sum', field: 'campaign.goal' },
      ],
      filters: { field: 'amount', op: 'gt', value: 1000000 },
    },
  },
  time: {
    'months across both clock changes': {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'month' }],
      aggregates: [
        { id: 'n', fn: 'count' },
        { id: 'raised', metric: 'raised' },
      ],
    },
    'hours around a clock change': {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'hour' }],
      aggregates: [{ id: 'n', fn: 'count' }],
      filters: { field: 'received_at', op: 'in_period', value: { from: '2025-11-01', to: '2025-11-04' } },
    },
    'weeks that begin on Sunday': {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'week' }],
      aggregates: [{ id: 'n', fn: 'count' }],
    },
    'fiscal years from July': {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'fiscal_year' }],
      aggregates: [{ id: 'n', fn: 'count' }],
    },
    'gaps filled over this year': {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'month', fillGaps: true }],
      aggregates: [
        { id: 'raised', fn: 'sum', field: 'amount' },
        { id: 'avg', fn: 'avg', field: 'amount' },
      ],
      filters: {
        all: [
          { field: 'received_at', op: 'in_period', value: { this: 'year' } },
          { field: 'received_at', op: 'lt', value: '2025-11-01' },
        ],
      },
    },
    'compared with the year before': {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'quarter' }],
      aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
      filters: { field: 'received_at', op: 'in_period', value: { year: 2025 } },
      compare: { to: 'previous_year' },
      totals: true,
      sortBy: [{ field: 'raised_change', direction: 'desc' }],
    },
    'compared with the month before': {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'month' }],
      aggregates: [{ id: 'n', fn: 'count' }],
      compare: { to: 'previous_period' },
    },
    'wall-clock timestamps are not shifted': {
      dataSources: ['events'],
      groupBy: [{ field: 'held_at', grain: 'day' }],
      aggregates: [{ id: 'n', fn: 'count' }],
      filters: { field: 'held_at', op: 'in_period', value: { quarter: '2025-Q2' } },
    },
    'a birthday in a leap year': {
      dataSources: ['contacts'],
      columns: [{ field: 'name' }, { field: 'born' }],
      filters: { field: 'born', grain: 'month_of_year', op: 'eq', value: 2 },
    },
  },
  calculations: {
    'share, rank, running total, change, moving average': {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'month' }],
      aggregates: [
        { id: 'raised', fn: 'sum', field: 'amount' },
        { id: 'gifts', fn: 'count' },
      ],
      calculations: [
        { id: 'each', formula: 'raised / gifts' },
        { id: 'share', fn: 'percent_of_total', of: 'raised' },
        { id: 'place', fn: 'rank', of: 'raised' },
        { id: 'sofar', fn: 'running_total', of: 'raised' },
        { id: 'diff', fn: 'change', of: 'raised' },
        { id: 'growth', fn: 'percent_change', of: 'raised' },
        { id: 'smooth', fn: 'moving_average', of: 'raised', size: 3 },
        { id: 'twice', formula: 'each * 2' },
      ],
      having: { field: 'share', op: 'gt', value: 0 },
      totals: true,
    },
    'within groups': {
      dataSources: ['donations'],
      groupBy: [{ field: 'status' }, { field: 'campaign.name' }],
      aggregates: [{ id: 'n', fn: 'count' }],
      calculations: [
        { id: 'share', fn: 'percent_of_total', of: 'n', within: ['status'] },
        { id: 'place', fn: 'rank', of: 'n', within: ['status'] },
      ],
    },
  },
  pivots: {
    'status across channels': {
      dataSources: ['donations'],
      groupBy: [{ field: 'status' }, { field: 'campaign.channel' }],
      aggregates: [
        { id: 'raised', fn: 'sum', field: 'amount' },
        { id: 'donors', fn: 'count_distinct', field: 'contact.id' },
      ],
      pivot: { column: 'campaign.channel' },
      totals: true,
      sortBy: [{ field: 'raised', direction: 'desc' }],
    },
    'the rest in Other': {
      dataSources: ['donations'],
      groupBy: [{ field: 'status' }, { field: 'campaign.name' }],
      aggregates: [{ id: 'n', fn: 'count' }],
      pivot: { column: 'campaign.name', limit: 1 },
    },
  },
}
