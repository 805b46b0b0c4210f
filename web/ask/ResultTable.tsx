import { Grid, type GridProps } from '../grid/Grid.tsx'
import type { GridTable } from '../grid/useColumns.ts'
import styles from './ResultTable.module.css'

export type Shown = GridTable

/** The rows of a result as people read them; that there are none is said. */
export function ResultTable(props: GridProps) {
  const { columns, rows } = props.table
  if (rows.length === 0) return <Nothing />
  // What the reader hid or moved is of these columns; other columns are another table.
  return <Grid key={columns.map(({ id }) => id).join(' ')} {...props} />
}

function Nothing() {
  return (
    <div className={styles.nothing}>
      <p className={styles.nothingTitle}>No rows</p>
      <p>The question was understood, but nothing in the data matches it. A longer period or fewer conditions may.</p>
    </div>
  )
}
