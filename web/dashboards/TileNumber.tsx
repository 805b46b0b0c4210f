import type { OutputColumn } from '../../src/plan/columns.ts'
import { formatCell, isNumeric } from '../../src/rows/format.ts'
import { readerOptions } from '../api/generate.ts'
import { readerLocale } from '../api/locale.ts'
import styles from './dashboards.module.css'
import type { TileRows } from './tile.ts'

/** One number, large, and what it is: the total where the table has one, else that of its first row. */
export function TileNumber({ rows: { columns, rows, totals } }: { rows: TileRows }) {
  const shown = columns as readonly OutputColumn[]
  const line = totals ?? rows[0]
  const at = shown.findIndex((column, index) => isNumeric(column) && column.role !== 'key' && line?.[index] != null)
  const column = shown[at]
  if (line === undefined || column === undefined) {
    return <p className={styles.waiting}>{rows.length === 0 ? 'No rows' : 'This table has no number to show'}</p>
  }
  const keys = shown.flatMap((key, index) =>
    totals === undefined && key.role === 'key' ? [formatCell(line[index] ?? null, key, readerOptions)] : [],
  )
  const which =
    totals === undefined && rows.length > 1 ? `first of ${rows.length.toLocaleString(readerLocale)} rows` : ''
  return (
    <p className={styles.single}>
      <strong>{formatCell(line[at] ?? null, column, readerOptions)}</strong>
      <span>{[column.label, totals && 'total', ...keys, which].filter(Boolean).join(' · ')}</span>
    </p>
  )
}
