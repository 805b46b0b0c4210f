import { lazy, Suspense, useState } from 'react'
import type { SentencePart } from '../../src/definition/read-back.ts'
import type { Definition } from '../../src/definition/schema.ts'
import styles from './Chips.module.css'

const EditPart = lazy(() => import('./EditPart.tsx').then((module) => ({ default: module.EditPart })))

type Props = {
  parts: readonly SentencePart[]
  definition: Definition
  onEdit: (definition: Definition) => void
}

/** The sentence in pieces: each opens what says it. */
export function Chips({ parts, definition, onEdit }: Props) {
  const [open, setOpen] = useState<SentencePart['part']>()
  return (
    <>
      <ul className={styles.chips}>
        {parts.map(({ part, text }) => (
          <li key={`${part} ${text}`}>
            <button type="button" className={styles.chip} title={`Change: ${text}`} onClick={() => setOpen(part)}>
              {text}
            </button>
          </li>
        ))}
        {!parts.some(({ part }) => part === 'filters') && (
          <li>
            <button type="button" className={`${styles.chip} ${styles.more}`} onClick={() => setOpen('filters')}>
              Add a condition
            </button>
          </li>
        )}
      </ul>
      {open !== undefined && (
        <Suspense>
          <EditPart part={open} definition={definition} onClose={() => setOpen(undefined)} onEdit={onEdit} />
        </Suspense>
      )}
    </>
  )
}
