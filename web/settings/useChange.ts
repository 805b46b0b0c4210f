import { useMutation } from '@tanstack/react-query'
import { queryClient } from '../api/query-client.ts'

/** One change at a time; afterwards everything of these kinds is read again. */
export function useChange<T = unknown>(...kinds: readonly string[]) {
  return useMutation({
    mutationFn: (run: () => Promise<T>) => run(),
    onSuccess: async () => {
      await Promise.all(kinds.map((kind) => queryClient.invalidateQueries({ queryKey: [kind] })))
    },
  })
}
