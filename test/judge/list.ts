// Lists: one row for each source row that passes the filters.
import type { Column, Definition } from '../../src/definition/schema.ts'
import type { Table } from './evaluate.ts'
import { evaluateFormula, parseFormula } from './formulas.ts'
import { sourceOf, sourceRows } from './groups.ts'
import { ascending, cellOf, orderAndCut, type SortSpec, type TableRecord } from './table.ts'
import { fail, keyOfAll, type Value } from './values.ts'
import { entity, type Row, readPath, type World } from './world.ts'

export function evaluateList(world: World, definition: Definition): Table {
  const source = sourceOf(definition)
  const { defaultColumns, primaryKey } = entity(world.catalog, source)
  const columns =
    definition.columns.length > 0 ? definition.columns : defaultColumns.map((field): Column => ({ field }))
  const ids = columns.map(columnId)
  if (ids.length === 0) return fail(`${source} has no default columns`)
  if (new Set(ids).size < ids.length) return fail('two columns with one id')
  const rowBehind = new Map<TableRecord, Row>()
  let records = sourceRows(world, definition).map((row) => {
    const record: TableRecord = new Map(columns.map((column) => [columnId(column), cell(world, source, column, row)]))
    rowBehind.set(record, row)
    return record
  })
  if (definition.distinct) {
    const unique = new Map(records.map((record) => [keyOfAll(ids.map((id) => cellOf(record, id))), record]))
    records = [...unique.values()]
  }
  const fieldSort = (path: string): SortSpec['read'] => {
    if (definition.distinct) return fail(`a distinct list is not sorted by ${path}`)
    return (record) => readPath(world, source, path, rowBehind.get(record) ?? fail('a record without its row'))
  }
  const sorts = definition.sortBy.map(({ field, direction, nulls }) => ({
    read: ids.includes(field) ? (record: TableRecord) => cellOf(record, field) : fieldSort(field),
    descending: direction === 'desc',
    emptyFirst: nulls === 'first',
  }))
  const byColumns = ids.map(ascending)
  const byKey = definition.distinct
    ? []
    : primaryKey.map((name) => ({ read: fieldSort(name), descending: false, emptyFirst: false }))
  const specs = sorts.length === 0 ? [...byKey, ...byColumns] : [...sorts, ...byColumns, ...byKey]
  const kept = orderAndCut(records, specs, definition)
  return { columns: ids, rows: kept.map((record) => ids.map((id) => cellOf(record, id))) }
}

function columnId({ id, field }: Column): string {
  return id ?? field ?? fail('a formula column needs an id')
}

function cell(world: World, source: string, { field, formula }: Column, row: Row): Value {
  const read = (path: string) => readPath(world, source, path, row)
  if (formula === undefined) return read(field ?? fail('a column needs a field or a formula'))
  return evaluateFormula(parseFormula(formula), { read, calendar: world.calendar, letters: world.letters })
}
