import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import { useReader } from '../api/session.ts'

/** The name of a table that is only known by its id, and the way to it. */
export function TableName({ id, className }: { id: string; className?: string | undefined }) {
  const { key } = useReader()
  const { data } = useQuery({
    queryKey: ['table', ...key, id],
    retry: false,
    queryFn: () => call('GET /tables/{id}', { params: { id } }),
  })
  return (
    <Link to="/tables/$id" params={{ id }} className={className}>
      {data?.name ?? 'A table'}
    </Link>
  )
}
