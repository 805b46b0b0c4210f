import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useSession } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './PromptBox.module.css'
import { keepTyped, readTyped } from './typed.ts'

type Props = {
  readonly size: 'large' | 'small'
  readonly label: string
  readonly placeholder: string
  readonly busy: boolean
  readonly onAsk: (prompt: string) => void
  readonly onStop: () => void
  /** Comes back with the arrow key in an empty box. */
  readonly recall?: string | undefined
  /** Words to be changed; they come into the box each time they are given. */
  readonly given?: { readonly prompt: string; readonly times: number }
}

/** Where prompts are written. Enter asks, Shift+Enter breaks the line, Escape stops, "/" comes here from anywhere. */
export function PromptBox({ size, label, placeholder, busy, onAsk, onStop, recall, given }: Props) {
  const [text, show] = useState(readTyped)
  const setText = (next: string) => {
    show(next)
    keepTyped(next)
  }
  const box = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  useEffect(() => box.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    if (given === undefined || given.times === 0) return
    show(given.prompt)
    box.current?.focus()
  }, [given])
  const reader = useSession().data?.person?.id
  // Who types is known a moment after the page is there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once they are known, not at every letter
  useEffect(() => {
    if (text === '') show(readTyped())
    else if (reader !== undefined) keepTyped(text)
  }, [reader])
  useShortcuts(box, busy, onStop)

  const submit = () => {
    const prompt = text.trim()
    if (prompt === '' || busy) return
    setText('')
    onAsk(prompt)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      submit()
    }
    if (event.key === 'ArrowUp' && text === '' && recall !== undefined) {
      event.preventDefault()
      setText(recall)
    }
  }
  return (
    <form
      className={`${styles.box} ${styles[size]}`}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <textarea
        ref={box}
        id={id}
        rows={1}
        value={text}
        maxLength={2000}
        placeholder={placeholder}
        autoComplete="off"
        enterKeyHint="send"
        className={styles.text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {busy ? (
        <Button kind="outline" shape="round" onClick={onStop} aria-label="Stop" title="Stop (Esc)">
          <Icon name="stop" />
        </Button>
      ) : (
        <Button
          kind="primary"
          shape="round"
          type="submit"
          disabled={text.trim() === ''}
          aria-label="Ask"
          title="Ask (Enter)"
        >
          <Icon name="arrowUp" />
        </Button>
      )}
    </form>
  )
}

function useShortcuts(box: React.RefObject<HTMLTextAreaElement | null>, busy: boolean, onStop: () => void) {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape' && busy) onStop()
      const elsewhere = event.target instanceof Element && event.target.closest('input, textarea, select') === null
      if (event.key === '/' && elsewhere && !event.ctrlKey && !event.metaKey) {
        event.preventDefault()
        box.current?.focus()
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [box, busy, onStop])
}
