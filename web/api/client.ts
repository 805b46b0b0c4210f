import { useQuery } from '@tanstack/react-query'
import { hc, type InferResponseType } from 'hono/client'
import { demoHeader } from '../../src/access/demo-header.ts'
import type { AppType } from '../../src/app.ts'
import { FailedRequest, failureOf } from './failure.ts'
import { currentOrganization, useOrganization } from './organization.ts'

export function requestHeaders(): Record<string, string> {
  const organization = currentOrganization()
  return organization === undefined ? {} : { [demoHeader]: organization }
}

const client = hc<AppType>('/', { headers: requestHeaders })

export type CatalogView = InferResponseType<typeof client.api.v1.catalog.$get, 200>

/** What may be asked, as the chosen organization sees it. */
export function useCatalog() {
  const organization = useOrganization()
  return useQuery({
    queryKey: ['catalog', organization],
    queryFn: async (): Promise<CatalogView> => {
      const response = await client.api.v1.catalog.$get()
      if (!response.ok) throw new FailedRequest(await failureOf(response))
      return response.json()
    },
  })
}
