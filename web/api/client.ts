import { useQuery } from '@tanstack/react-query'
import { type Answered, call } from './call.ts'
import { useReader } from './session.ts'

export type CatalogView = Answered<'GET /catalog'>

/** What may be asked, as the reader sees it. */
export function useCatalog() {
  const { key, known } = useReader()
  return useQuery({
    queryKey: ['catalog', ...key],
    enabled: known,
    queryFn: (): Promise<CatalogView> => call('GET /catalog', {}),
  })
}
