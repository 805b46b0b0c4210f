// The judge: what a definition gives, worked out from docs/definition.md alone, slowly and without SQL.
// In: a definition, a catalog, all tenants' rows, the organization, the clock. Out: visible columns, rows in order, totals.
// Refused (JudgeError): what the language does not have. It shares no code with the planner, the SQL or the checks.
import type { Catalog } from '../../src/catalog/schema.ts'
import { Definition } from '../../src/definition/schema.ts'
import type { Cell } from '../../src/plan/columns.ts'
import type { Calendar } from './calendar.ts'
import { fragility } from './fragility.ts'
import { evaluateList } from './list.ts'
import { evaluateSummary } from './summary.ts'
import { fail, isRough, toCell, type Value } from './values.ts'
import { type Data, visibleRows, type World } from './world.ts'

/** A finished table, still in the judge's own values. */
export type Table = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Value[])[]
  readonly totals?: readonly Value[]
}

export type Judgement = {
  /** Ids of the visible columns in order; a pivoted one is `aggregate#place` or `aggregate#other`. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly totals?: readonly Cell[]
  /** For each row (the totals last): which cells a database may only approximate. */
  readonly rough: readonly (readonly boolean[])[]
  /** Why the answer hangs on the last digit of an approximate number; normally nothing. */
  readonly fragile: readonly string[]
  readonly ordered: true
}

export type Question = {
  readonly definition: unknown
  readonly catalog: Catalog
  readonly data: Data
  readonly organizationId: string
  readonly now: Date
  readonly timezone: string
  /** Which letters have two cases in the database; default all of Unicode. */
  readonly letters?: 'unicode' | 'ascii'
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** The table that a definition means; throws JudgeError when it means none. */
export function evaluate(question: Question): Judgement {
  fragility.reset()
  const world = worldOf(question)
  const { columns, rows, totals } = tableOf(world, Definition.parse(question.definition))
  const cells = (row: readonly Value[]) => row.map((value) => toCell(value, world.calendar))
  return {
    columns,
    rows: rows.map(cells),
    ...(totals === undefined ? {} : { totals: cells(totals) }),
    rough: [...rows, ...(totals === undefined ? [] : [totals])].map((row) => row.map(isRough)),
    fragile: fragility.reasons(),
    ordered: true,
  }
}

function worldOf({ catalog, data, organizationId, now, timezone, letters = 'unicode' }: Question): World {
  const calendar: Calendar = {
    timezone,
    nowUs: BigInt(now.getTime()) * 1000n,
    weekStart: WEEKDAYS.indexOf(catalog.weekStart) + 1,
    fiscalYearStart: catalog.fiscalYearStart,
  }
  const known = new Map<Definition, readonly Value[]>()
  const world: World = {
    catalog,
    calendar,
    letters,
    rows: visibleRows(catalog, data, organizationId),
    memory: new Map(),
    valuesOf: (definition) => {
      const values = known.get(definition) ?? singleColumn(tableOf(world, definition))
      known.set(definition, values)
      return values
    },
  }
  return world
}

function singleColumn({ columns, rows }: Table): Value[] {
  if (columns.length !== 1) return fail('a definition used as a value has one visible column')
  return rows.map((row) => row[0] ?? null)
}

function tableOf(world: World, definition: Definition): Table {
  const isSummary = definition.groupBy.length + definition.aggregates.length > 0
  return isSummary ? evaluateSummary(world, definition) : evaluateList(world, definition)
}
