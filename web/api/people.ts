import { useQuery } from '@tanstack/react-query'
import { type Answered, call } from './call.ts'
import { useReader } from './session.ts'

export type People = Answered<'GET /people'>
export type Person = People['people'][number]
export type Role = Person['role']

/** Members and teams of the reader's organization. */
export function usePeople() {
  const { key } = useReader()
  return useQuery({
    queryKey: ['people', ...key],
    enabled: key[1] !== '',
    queryFn: () => call('GET /people', {}),
  })
}
