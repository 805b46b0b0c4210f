// Rows that are not on the page: sorted among all rows of the table, or all of them read. In: the definition behind the
// rows, how the reader sorts. Out: rows in place of those that are here. Nothing is asked for a table that is here whole.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import { call } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { readerOptions } from '../api/generate.ts'
import { useReader } from '../api/session.ts'
import { inOrder, type Sorting } from './order.ts'
import type { GridTable } from './useColumns.ts'

/** As many rows as a page shows smoothly, and the server reads at once. */
export const MOST_ROWS = 100_000
const FIRST_ROWS = 1000

type Input = {
  definition: Definition | undefined
  /** Not all rows are here. */
  partial: boolean
}

/** What is sorted over all rows, or read whole, when the reader asks for it. */
export function useAllRows({ definition, partial }: Input) {
  const { key: reader } = useReader()
  const [sorting, setSorting] = useState<Sorting>([])
  const [whole, setWhole] = useState(false)
  const ordered = partial && !whole && definition ? inOrder(definition, sorting) : undefined
  const asked = whole ? definition : ordered
  const maxRows = whole ? MOST_ROWS : FIRST_ROWS
  const read = useQuery({
    queryKey: ['all-rows', ...reader, asked, maxRows],
    enabled: asked !== undefined && partial,
    retry: false,
    gcTime: 60_000,
    queryFn: ({ signal }) =>
      call('POST /tables/preview', {
        body: { definition: asked, timezone: readerOptions.timezone, maxRows },
        signal,
      }),
  })
  const rows = asked === undefined ? undefined : read.data
  return {
    table: rows as GridTable | undefined,
    /** The rows are in order already, of all rows of the table. */
    sortedOverAll: ordered !== undefined && rows !== undefined,
    truncated: rows?.truncated ?? false,
    reading: read.isFetching,
    failed: read.error ? asFailure(read.error) : undefined,
    whole,
    readWhole: () => (whole ? void read.refetch() : setWhole(true)),
    onSorting: setSorting,
  }
}
