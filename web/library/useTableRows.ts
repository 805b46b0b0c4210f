import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { readerOptions } from '../api/generate.ts'
import type { GridTable } from '../grid/useColumns.ts'

const PAGE = 1000
type Page = Answered<'GET /tables/{id}/rows'>

/** The rows of a saved table, read page by page as the reader comes near their end, or all of them when that is asked. */
export function useTableRows(id: string, reader: readonly unknown[], enabled: boolean) {
  const [all, setAll] = useState(false)
  const query = useInfiniteQuery({
    queryKey: ['table', ...reader, id, 'rows'],
    enabled,
    retry: false,
    initialPageParam: '',
    getNextPageParam: (page: Page) => page.nextCursor,
    queryFn: ({ pageParam }: { pageParam: string }): Promise<Page> =>
      call('GET /tables/{id}/rows', {
        params: { id },
        query: { timezone: readerOptions.timezone, limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) },
      }),
  })
  const { data, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query
  const readMore = () => {
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: one page after the other, for as long as there is one
  useEffect(() => {
    if (all) readMore()
  }, [all, hasNextPage, isFetching, isFetchNextPageError])
  const pages = data?.pages
  const table = useMemo(() => {
    const [first] = pages ?? []
    if (pages === undefined || first === undefined) return undefined
    const { columns, totals } = first
    return { columns, rows: pages.flatMap(({ rows }) => rows), ...(totals && { totals }) } as GridTable
  }, [pages])
  return {
    table,
    first: pages?.[0],
    isLoading: query.isLoading,
    /** Of the first page; a later one leaves what was read. */
    error: isFetchNextPageError ? null : query.error,
    laterError: isFetchNextPageError ? query.error : null,
    isReadingMore: query.isFetchingNextPage,
    readMore,
    readAll: () => setAll(true),
    /** Begins again: pages of a result that is gone cannot be gone on with. */
    again: () => void query.refetch(),
  }
}
export type TableRowsRead = ReturnType<typeof useTableRows>
