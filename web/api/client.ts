import { useQuery } from '@tanstack/react-query'
import { type Answered, call } from './call.ts'
import { useOrganization } from './organization.ts'

export type CatalogView = Answered<'GET /catalog'>

/** What may be asked, as the chosen organization sees it. */
export function useCatalog() {
  const organization = useOrganization()
  return useQuery({
    queryKey: ['catalog', organization],
    queryFn: (): Promise<CatalogView> => call('GET /catalog', {}),
  })
}
