import { useEffect, useRef, useState } from 'react'

const PAUSE_MS = 200

/** The words in a search field and in the address: typing goes there after a pause, going back comes from there. */
export function useFind(found: string, onFind: (find: string) => void) {
  const [text, setText] = useState(found)
  const sent = useRef(found)
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (found === sent.current) return
    sent.current = found
    setText(found)
  }, [found])
  useEffect(() => () => clearTimeout(waiting.current), [])
  return {
    value: text,
    onChange: ({ target }: { target: { value: string } }) => {
      setText(target.value)
      clearTimeout(waiting.current)
      waiting.current = setTimeout(() => {
        const find = target.value.trim()
        if (find === sent.current) return
        sent.current = find
        onFind(find)
      }, PAUSE_MS)
    },
  }
}

/** The words of an address, short enough for the server. */
export function readFind(search: Record<string, unknown>): { find?: string } {
  const find = typeof search.find === 'string' || typeof search.find === 'number' ? String(search.find).trim() : ''
  return find === '' ? {} : { find: find.slice(0, 200) }
}
