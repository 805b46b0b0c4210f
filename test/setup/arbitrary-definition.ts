import fc from 'fast-check'
import * as d from '../../src/definition/schema.ts'

/** Definitions that the zod schema accepts, every construct included; names mean nothing to any catalog. */
export function arbitraryDefinition(): fc.Arbitrary<d.Definition> {
  return tied.definition.map((shape) => d.Definition.parse(shape))
}

const name = fc.stringMatching(/^[a-z][a-z_]{0,6}$/)
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
const text = fc.string({ minLength: 1, maxLength: 12 })
const formula = fc.constantFrom('a + b', 'round(x / 2, 1)', "if(is_empty(a), '-', a)")
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x)),
)
const scalar = fc.oneof(fc.string({ maxLength: 12 }), number, fc.boolean(), fc.constantFrom('{"a": 1}', '', 'null'))
const unit = fc.constantFrom(...d.PeriodUnit.options)
const day = fc.constantFrom('2025-01-31', '2024-02-29T09:30', '2025-03-01T00:00:00Z')
const format = optional({
  style: fc.constantFrom('number', 'percent', 'money'),
  decimals: fc.nat(10),
  date: fc.constantFrom('short', 'iso'),
  clock: fc.constantFrom('none', 'seconds'),
})

function optional<T extends Record<string, fc.Arbitrary<unknown>>>(shape: T, required: readonly string[] = []) {
  return fc.record(shape, { requiredKeys: Object.keys(shape).filter((key) => required.includes(key)) as never[] })
}

const period = fc.oneof(
  optional({ last: fc.integer({ min: 1, max: 1000 }), unit, includeCurrent: fc.boolean() }, ['last', 'unit']),
  optional({ next: fc.integer({ min: 1, max: 1000 }), unit, includeCurrent: fc.boolean() }, ['next', 'unit']),
  fc.record({ this: unit }),
  fc.record({ previous: unit }),
  fc.record({ to_date: unit }),
  fc.record({ year: fc.integer({ min: 2, max: 9998 }) }),
  fc.constantFrom({ quarter: '2025-Q2' }, { month: '2025-03' }, { day: '2025-03-01' }, { fiscal_year: 2026 }),
  fc.record({ from: day, to: day }),
  fc.record({ before: day }),
  fc.record({ since: day }),
)

const tied = fc.letrec((tie) => {
  const where = tie('filter')
  const aggregate = {
    fn: fc.constantFrom(...d.AggregateFn.options),
    metric: path,
    field: path,
    formula,
    where,
    per: path,
    percentile: fc.double({ min: 0, max: 1, noNaN: true }).map((x) => (x === 0 ? 0 : x)),
    by: path,
  }
  const shown = { label: text, format, hidden: fc.boolean() }
  const condition = { op: fc.constantFrom(...d.Op.options), value: tie('value') }
  return {
    aggregate: optional(aggregate),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.array(scalar, { maxLength: 4 }),
      fc.record({ min: scalar, max: scalar }),
      period,
      fc.record({ field: path }),
      fc.record({
        aggregate: optional({ ...aggregate, of: name, same: fc.array(path, { minLength: 1, maxLength: 2 }) }),
      }),
      fc.record({ definition: tie('definition') }),
    ),
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      optional({ field: path, grain: fc.constantFrom(...d.Grain.options), ...condition }, ['field', 'op']),
      optional({ formula, ...condition }, ['formula', 'op']),
      fc.record({ all: fc.array(where, { minLength: 1, maxLength: 3 }) }),
      fc.record({ any: fc.array(where, { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: where }),
      optional(
        {
          relation: path,
          match: fc.oneof(
            fc.constantFrom('some', 'none', 'every'),
            fc.record({ count: fc.record({ op: fc.constantFrom(...d.CompareOp.options), value: fc.nat(1000) }) }),
          ),
          where,
        },
        ['relation', 'match'],
      ),
      optional({ aggregate: tie('aggregate'), ...condition }, ['aggregate', 'op']),
    ),
    definition: optional(
      {
        title: text,
        dataSources: fc.array(path, { minLength: 1, maxLength: 3 }),
        columns: fc.array(optional({ id: path, label: text, field: path, formula, format }), { maxLength: 3 }),
        groupBy: fc.array(
          optional({
            id: path,
            label: text,
            field: path,
            formula,
            grain: fc.constantFrom(...d.Grain.options),
            bucket: fc.integer({ min: 1, max: 1000 }),
            fillGaps: fc.boolean(),
            hidden: fc.boolean(),
          }),
          { maxLength: 2 },
        ),
        aggregates: fc.array(optional({ id: path, ...aggregate, ...shown }, ['id']), { maxLength: 2 }),
        calculations: fc.array(
          optional(
            {
              id: path,
              formula,
              fn: fc.constantFrom(...d.CalculationFn.options),
              of: path,
              over: path,
              within: fc.array(path, { maxLength: 2 }),
              size: fc.integer({ min: 2, max: 366 }),
              ...shown,
            },
            ['id'],
          ),
          { maxLength: 2 },
        ),
        filters: where,
        having: where,
        sortBy: fc.array(
          optional(
            { field: path, direction: fc.constantFrom('asc', 'desc'), nulls: fc.constantFrom('first', 'last') },
            ['field'],
          ),
          { maxLength: 2 },
        ),
        limit: fc.option(fc.integer({ min: 1, max: 1000 })),
        limitPer: fc.option(
          fc.record({ by: fc.array(path, { minLength: 1, maxLength: 2 }), limit: fc.integer({ min: 1, max: 9 }) }),
        ),
        totals: fc.boolean(),
        pivot: fc.option(optional({ column: path, limit: fc.integer({ min: 1, max: 50 }) }, ['column'])),
        compare: fc.option(fc.record({ to: fc.constantFrom('previous_period', 'previous_year') })),
        distinct: fc.boolean(),
      },
      ['dataSources'],
    ),
  }
})
