import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import { useReader } from '../api/session.ts'

type Props = {
  id: string
  className?: string | undefined
  /** What stands for one that this reader may not open. */
  unknown?: string
}

/** The name of a table that is only known by its id, and the way to it. */
export function TableName({ id, className, unknown = 'A table' }: Props) {
  const { key } = useReader()
  const { data, error } = useQuery({
    queryKey: ['table', ...key, id],
    retry: false,
    queryFn: () => call('GET /tables/{id}', { params: { id } }),
  })
  if (error) return <span className={className}>{unknown}</span>
  return (
    <Link to="/tables/$id" params={{ id }} className={className}>
      {data?.name ?? 'A table'}
    </Link>
  )
}
