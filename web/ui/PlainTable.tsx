import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { formatCell, isNumeric } from '../../src/rows/format.ts'
import type { TableResult } from '../../src/rows/result.ts'
import { readerOptions } from '../api/generate.ts'
import { Button } from './Button.tsx'
import styles from './PlainTable.module.css'
import { ScrollBox } from './ScrollBox.tsx'

/** Rows drawn at once; the rest is a click away, so that a long table never makes the page slow. */
const FIRST_ROWS = 100

type Row = readonly Cell[]
export type Shown = Pick<TableResult, 'columns' | 'rows' | 'totals'>
const features = tableFeatures({})
const helper = createColumnHelper<typeof features, Row>()

/** Rows close together, as large as the box around them: for many tables on one page. */
export function PlainTable({ table: result, rowCount, label }: { table: Shown; rowCount: number; label: string }) {
  const [all, setAll] = useState(false)
  const { columns, rows } = result
  const data = useMemo(() => (all ? [...rows] : rows.slice(0, FIRST_ROWS)), [all, rows])
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map((column, index) =>
          helper.accessor((row) => row[index] ?? null, { id: column.id, header: column.label }),
        ),
      ),
    [columns],
  )
  const table = useTable({ features, columns: definitions, data })
  if (rows.length === 0) return <p className={styles.none}>No rows</p>
  const shown = table.getRowModel().rows
  return (
    <>
      <ScrollBox className={styles.scroll} label={label}>
        <table className={styles.table}>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header, index) => (
                  <th key={header.id} scope="col" className={sideOf(columns[index])}>
                    <table.FlexRender header={header} />
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            {shown.map((row, place) => (
              <Line key={row.id} columns={columns} row={row.original} above={shown[place - 1]?.original} />
            ))}
          </tbody>
          {result.totals !== undefined && (
            <tfoot>
              <TotalsLine columns={columns} totals={result.totals} />
            </tfoot>
          )}
        </table>
      </ScrollBox>
      {rows.length > data.length && (
        <Button kind="quiet" className={styles.more} onClick={() => setAll(true)}>
          Show {rows.length < rowCount ? 'the first' : 'all'} {rows.length.toLocaleString(readerOptions.locale)} rows
        </Button>
      )}
    </>
  )
}

function Line({ columns, row, above }: { columns: readonly OutputColumn[]; row: Row; above: Row | undefined }) {
  const repeated = repeatedKeys(columns, row, above)
  return (
    <tr>
      {columns.map((column, index) => {
        const cell = row[index] ?? null
        const text = formatCell(cell, column, readerOptions)
        const quiet = cell === null || index < repeated
        const names = [sideOf(column), quiet && styles.quiet, column.type === 'text' && styles.words]
        return (
          <td key={column.id} className={names.filter(Boolean).join(' ')} title={text.length > 40 ? text : undefined}>
            {text}
          </td>
        )
      })}
    </tr>
  )
}

function TotalsLine({ columns, totals }: { columns: readonly OutputColumn[]; totals: Row }) {
  const named = columns.findIndex((column, index) => !isNumeric(column) && totals[index] == null)
  return (
    <tr>
      {columns.map((column, index) => (
        <td key={column.id} className={sideOf(column)}>
          {index === named
            ? 'Total'
            : totals[index] == null
              ? ''
              : formatCell(totals[index] ?? null, column, readerOptions)}
        </td>
      ))}
    </tr>
  )
}

function sideOf(column: OutputColumn | undefined): string | undefined {
  return column !== undefined && isNumeric(column) ? styles.number : undefined
}

/** How many leading keys are the same as in the row above: their texts are repeated, but set back. */
function repeatedKeys(columns: readonly OutputColumn[], row: Row, above: Row | undefined): number {
  if (above === undefined) return 0
  const keys = columns.filter((column) => column.role === 'key').length
  let same = 0
  while (same < keys - 1 && columns[same]?.role === 'key' && row[same] === above[same]) same += 1
  return same
}
