import { useMutation } from '@tanstack/react-query'
import type { Answered } from '../api/call.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'

/** One change of a saved table at a time; afterwards everything that shows tables is read again. */
export function useTableChange() {
  return useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: refreshTables,
  })
}

/** Deletes; the page keeps what it shows, as a deleted table can no longer be read, only restored. */
export function useTableRemoval(id: string) {
  const reader = useReader()
  return useMutation({
    mutationFn: (run: () => Promise<Answered<'DELETE /tables/{id}'>>) => run(),
    onSuccess: async (table) => {
      queryClient.setQueryData(['table', ...reader.key, id], table)
      await queryClient.invalidateQueries({ queryKey: ['tables'] })
    },
  })
}

/** Reads lists and tables anew, after a change or when somebody else's stands in the way. */
export async function refreshTables(): Promise<void> {
  const shown = ['tables', 'table', 'dashboards', 'reports', 'views']
  await Promise.all(shown.map((kind) => queryClient.invalidateQueries({ queryKey: [kind] })))
}
