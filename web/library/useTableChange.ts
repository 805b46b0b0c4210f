import { useMutation } from '@tanstack/react-query'
import { queryClient } from '../api/query-client.ts'

/** One change of a saved table at a time; afterwards everything that shows tables is read again. */
export function useTableChange() {
  return useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: refreshTables,
  })
}

/** Reads lists and tables anew, after a change or when somebody else's stands in the way. */
export async function refreshTables(): Promise<void> {
  const shown = ['tables', 'table', 'dashboards', 'reports', 'views']
  await Promise.all(shown.map((kind) => queryClient.invalidateQueries({ queryKey: [kind] })))
}
