import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CSSProperties, ReactNode } from 'react'
import { asFailure } from '../api/failure.ts'
import { readerOptions } from '../api/generate.ts'
import { whenText } from '../api/locale.ts'
import { useReader } from '../api/session.ts'
import { PlacedState } from '../documents/PlacedState.tsx'
import { Button } from '../ui/Button.tsx'
import type { Shown } from '../ui/PlainTable.tsx'
import { countOf } from '../ui/words.ts'
import styles from './dashboards.module.css'
import { TileNumber } from './TileNumber.tsx'
import { TileTable } from './TileTable.tsx'
import {
  type FilterValues,
  rowsOfTable,
  rowsOfTile,
  type SharedFilter,
  type TileRows,
  type TileView,
  titleOf,
} from './tile.ts'

type Props = {
  /** Absent: the tile is not saved yet. */
  dashboard: string | undefined
  tile: TileView
  filters: readonly SharedFilter[]
  values: FilterValues
  /** What editing puts into the head of the tile, in place of its rows, and over it. */
  handle?: ReactNode
  panel?: ReactNode
  corner?: ReactNode
  /** Absent: the reader may only look. */
  onRemove?: (() => void) | undefined
  onRestored?: ((state: TileView['table']['state']) => void) | undefined
  lifted?: boolean
}

/** A table on the grid: its title, its rows or one number, and as of when. */
export function TileBox({ dashboard, tile, filters, values, handle, panel, corner, lifted = false, ...rest }: Props) {
  const { onRemove, onRestored } = rest
  const { x, y, width, height, table } = tile
  const { key: scope } = useReader()
  const readable = table.state === 'ok'
  const rows = useQuery({
    queryKey: ['dashboards', ...scope, dashboard ?? 'draft', 'tile', tile.id, tile.tableId, filters, values],
    enabled: readable,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }): Promise<TileRows> =>
      dashboard === undefined
        ? rowsOfTable(tile.tableId, readerOptions.timezone, signal)
        : rowsOfTile(dashboard, tile.id, values, readerOptions.timezone, signal),
  })
  const title = titleOf(tile)
  const place = { '--column': `${x + 1} / span ${width}`, '--row': `${y + 1} / span ${height}` } as CSSProperties
  return (
    <article className={`${styles.tile} ${lifted ? styles.lifted : ''}`} style={place} aria-label={title}>
      <header className={styles.tileHead}>
        <h2 title={title}>
          {readable && handle === undefined ? (
            <Link to="/tables/$id" params={{ id: tile.tableId }}>
              {title}
            </Link>
          ) : (
            title
          )}
        </h2>
        {handle}
      </header>
      <div className={styles.tileBody}>
        {panel}
        {!panel && !readable && (
          <PlacedState table={table} remove={onRemove && { label: 'Remove tile', onRemove }} onRestored={onRestored} />
        )}
        {!panel && readable && rows.isLoading && (
          <p role="status" className={styles.waiting}>
            Reading the rows…
          </p>
        )}
        {!panel && readable && rows.data === undefined && rows.error && (
          <div className={styles.failed} role="alert">
            <p>{asFailure(rows.error).message}</p>
            <Button onClick={() => void rows.refetch()}>Try again</Button>
          </div>
        )}
        {!panel &&
          readable &&
          rows.data &&
          (tile.showAs === 'number' ? (
            <TileNumber rows={rows.data} />
          ) : (
            <TileTable
              table={rows.data as Shown}
              rowCount={rows.data.rowCount}
              label={title}
              chart={tile.showAs === 'chart'}
            />
          ))}
      </div>
      {!panel && readable && rows.data && (
        <Foot
          rows={rows.data}
          counted={tile.showAs !== 'number'}
          filters={filters}
          reading={rows.isPlaceholderData}
          failed={rows.error !== null}
        />
      )}
      {corner}
    </article>
  )
}

function Foot({
  rows,
  counted,
  filters,
  reading,
  failed,
}: {
  rows: TileRows
  counted: boolean
  filters: readonly SharedFilter[]
  /** These are the rows of before, and others are on their way. */
  reading: boolean
  failed: boolean
}) {
  const { rowCount, asOf, ignoredFilters } = rows
  return (
    <footer className={styles.foot}>
      <span>
        {reading && 'Reading anew… '}
        {failed && 'Could not be read anew. '}
        {counted && `${countOf(rows.rows.length, rowCount)}, `}as of {whenText(asOf)}
      </span>
      {ignoredFilters.map(({ id, reason }) => (
        <span key={id} className={styles.ignored}>
          Not filtered by {filters.find((one) => one.id === id)?.label ?? id}: {reason}
        </span>
      ))}
    </footer>
  )
}
