import { useQuery } from '@tanstack/react-query'
import { type Answered, call } from '../api/call.ts'
import { useReader } from '../api/session.ts'

export type View = Answered<'GET /views'>['views'][number]
export type Section = { readonly section: string; readonly views: readonly View[] }

/** The tables of the navigation. */
export function useViews() {
  const { key: scope, signedIn } = useReader()
  return useQuery({
    queryKey: ['views', ...scope],
    enabled: signedIn,
    retry: false,
    queryFn: async () => (await call('GET /views', {})).views,
  })
}

/** They come in the order of section and position. */
export function sectionsOf(views: readonly View[]): readonly Section[] {
  return [...Map.groupBy(views, ({ section }) => section)].map(([section, some]) => ({ section, views: some }))
}

export const labelOf = ({ label, table }: View): string => label ?? table.name ?? 'Table'
