import { type ReactNode, useEffect, useId, useRef } from 'react'
import styles from './Dialog.module.css'

/** A question over the page; Escape closes it, and the keyboard stays inside. Shown for as long as it is rendered. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const box = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  const cancel = (event: { preventDefault: () => void }) => {
    event.preventDefault()
    onClose()
  }
  return (
    <dialog ref={box} className={styles.dialog} aria-labelledby={heading} onCancel={cancel}>
      <h2 id={heading} className={styles.title}>
        {title}
      </h2>
      {children}
    </dialog>
  )
}
