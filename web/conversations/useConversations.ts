import { useInfiniteQuery } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { useSession } from '../api/session.ts'

/** One's own conversations, the newest first; of those with the words, where there are some. */
export function useConversations(words: string) {
  const { data: session } = useSession()
  const person = session?.person?.id
  return useInfiniteQuery({
    queryKey: ['conversations', session?.organization?.id, person, words],
    enabled: person !== undefined,
    staleTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      call('GET /conversations', { query: { ...(words && { search: words }), ...(cursor && { cursor }) }, signal }),
    getNextPageParam: (page) => page.nextCursor,
  })
}
