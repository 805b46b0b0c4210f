import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Fetching } from '../api/download.ts'
import { readerLocale } from '../api/locale.ts'

/** One file at a time, with how much of it is here; leaving the page or `stop` ends it, on the server too. */
export function useDownload() {
  const running = useRef<AbortController>(undefined)
  const [bytes, setBytes] = useState(0)
  useEffect(() => () => running.current?.abort(), [])
  const download = useMutation({
    mutationFn: (run: (fetching: Required<Fetching>) => Promise<void>) => {
      const controller = new AbortController()
      running.current = controller
      setBytes(0)
      return run({ signal: controller.signal, onBytes: setBytes })
    },
  })
  const stopped = download.error instanceof DOMException && download.error.name === 'AbortError'
  return {
    run: download.mutate,
    stop: () => running.current?.abort(),
    busy: download.isPending,
    error: stopped ? null : download.error,
    words: download.isPending
      ? `Making the file… ${bytes === 0 ? '' : `${size(bytes)} so far`}`
      : stopped
        ? 'Stopped.'
        : download.isSuccess
          ? `The file is with your browser, ${size(bytes)}.`
          : '',
  }
}

/** As 12 kB or 3.4 MB. */
function size(bytes: number): string {
  const [unit, per] = bytes < 1_000_000 ? (['kilobyte', 1000] as const) : (['megabyte', 1_000_000] as const)
  const maximumFractionDigits = unit === 'kilobyte' ? 0 : 1
  return new Intl.NumberFormat(readerLocale, { style: 'unit', unit, maximumFractionDigits }).format(
    Math.max(bytes / per, unit === 'kilobyte' ? 1 : 0),
  )
}
