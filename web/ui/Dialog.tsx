import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import styles from './Dialog.module.css'

type Props = { title: string; onClose: () => void /** For long forms. */; wide?: boolean; children: ReactNode }

/** A question over the page; Escape closes it, and the keyboard stays inside. Shown for as long as it is rendered. */
export function Dialog({ title, onClose, wide = false, children }: Props) {
  const box = useRef<HTMLDialogElement>(null)
  const heading = useId()
  // Closed while it is still in the page, it gives the focus back to what opened it.
  useLayoutEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    // The browser goes to the first choice of several, also where it is not the one that is made.
    const first = document.activeElement
    if (first instanceof HTMLInputElement && first.type === 'radio' && !first.checked) {
      const group = [...(dialog?.querySelectorAll<HTMLInputElement>('input[type="radio"]') ?? [])]
      group.find(({ name, checked }) => checked && name === first.name)?.focus()
    }
    return () => dialog?.close()
  }, [])
  const cancel = (event: { preventDefault: () => void }) => {
    event.preventDefault()
    onClose()
  }
  return (
    <dialog
      ref={box}
      className={wide ? `${styles.dialog} ${styles.wide}` : styles.dialog}
      aria-labelledby={heading}
      onCancel={cancel}
    >
      <h2 id={heading} className={styles.title}>
        {title}
      </h2>
      {children}
    </dialog>
  )
}
