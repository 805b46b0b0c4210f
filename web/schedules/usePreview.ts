import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import { useSession } from '../api/session.ts'

const WAIT_MS = 250

/** Sentence, next runs and recipients of a schedule while it is edited; the last ones stay until new ones are there. */
export function usePreview(body: object | undefined) {
  const { data: session } = useSession()
  const text = body === undefined ? undefined : JSON.stringify(body)
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), WAIT_MS)
    return () => clearTimeout(timer)
  }, [text])
  const query = useQuery({
    queryKey: ['schedule-preview', session?.organization?.id, session?.person?.id, settled],
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) => call('POST /schedules/preview', { body: JSON.parse(settled ?? ''), signal }),
  })
  return { query, late: settled !== text || query.isPlaceholderData }
}
