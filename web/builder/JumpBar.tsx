import { type RefObject, useEffect, useRef, useState } from 'react'
import { readerLocale } from '../api/locale.ts'
import { Button } from '../ui/Button.tsx'
import styles from './JumpBar.module.css'
import type { usePreview } from './usePreview.ts'

type Props = {
  preview: Pick<ReturnType<typeof usePreview>, 'rows' | 'failure' | 'busy'>
  parts: RefObject<HTMLElement | null>
}

/** Where the result stands below the parts: says what it is by now, leads to it, and back to where the reader was. */
export function JumpBar({ preview, parts }: Props) {
  const [below, setBelow] = useState(true)
  const left = useRef<HTMLElement>(undefined)
  useEffect(() => {
    const controls = parts.current
    const result = controls?.nextElementSibling
    if (controls === null || result == null) return
    // Seen is what reaches into the upper part of the window.
    const onSeen = (entries: IntersectionObserverEntry[]) => setBelow(entries.at(-1)?.isIntersecting !== true)
    const seen = new IntersectionObserver(onSeen, { rootMargin: '0px 0px -40% 0px' })
    seen.observe(result)
    const onFocus = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement) left.current = target
    }
    controls.addEventListener('focusin', onFocus)
    return () => {
      seen.disconnect()
      controls.removeEventListener('focusin', onFocus)
    }
  }, [parts])
  const jump = () => {
    const result = parts.current?.nextElementSibling
    const back = left.current?.isConnected ? left.current : parts.current
    const target = below && result instanceof HTMLElement ? result : back
    target?.focus({ preventScroll: true })
    target?.scrollIntoView({ block: target === left.current ? 'center' : 'start' })
  }
  return (
    <div className={styles.bar}>
      <Button kind="primary" onClick={jump}>
        {below ? `Result: ${said(preview)}` : 'Back to the parts'}
      </Button>
    </div>
  )
}

function said({ rows, failure }: Props['preview']): string {
  if (failure !== undefined) return 'a mistake'
  if (rows === undefined) return 'reading …'
  const count = rows.rows.length.toLocaleString(readerLocale)
  return rows.truncated ? `more than ${count} rows` : rows.rows.length === 1 ? '1 row' : `${count} rows`
}
