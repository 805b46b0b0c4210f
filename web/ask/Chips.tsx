import { lazy, Suspense, useState } from 'react'
import type { SentencePart } from '../../src/definition/read-back.ts'
import type { Definition } from '../../src/definition/schema.ts'
import { Icon } from '../ui/Icon.tsx'
import styles from './Chips.module.css'
import { type Piece, takenOut } from './take-out.ts'

const EditPart = lazy(() => import('./EditPart.tsx').then((module) => ({ default: module.EditPart })))

type Props = {
  parts: readonly SentencePart[]
  definition: Definition
  /** With what was done to it, in words. */
  onEdit: (definition: Definition, did: string) => void
}

/** The sentence in pieces: each opens what says it, and can go where the table can do without it. */
export function Chips({ parts, definition, onEdit }: Props) {
  const [open, setOpen] = useState<Piece>()
  const pieces = parts.map(({ part, text }, at) => {
    const piece = { part, index: parts.slice(0, at).filter((one) => one.part === part).length }
    return { text, piece, without: takenOut(definition, piece) }
  })
  return (
    <>
      <ul className={styles.chips}>
        {pieces.map(({ text, piece, without }) => (
          <li key={`${piece.part} ${piece.index}`} className={styles.piece}>
            <button type="button" className={styles.chip} title={`Change: ${text}`} onClick={() => setOpen(piece)}>
              {text}
            </button>
            {without && (
              <button
                type="button"
                className={styles.remove}
                aria-label={`Take out: ${text}`}
                title={`Take out: ${text}`}
                onClick={() => onEdit(without, `Without ${text}`)}
              >
                <Icon name="close" size={14} />
              </button>
            )}
          </li>
        ))}
        {!parts.some(({ part }) => part === 'filters') && (
          <li className={`${styles.piece} ${styles.more}`}>
            <button type="button" className={styles.chip} onClick={() => setOpen({ part: 'filters', index: 0 })}>
              Add a condition
            </button>
          </li>
        )}
      </ul>
      {open !== undefined && (
        <Suspense>
          <EditPart
            piece={open}
            definition={definition}
            onClose={() => setOpen(undefined)}
            onEdit={(changed) => onEdit(changed, 'Changed by hand')}
          />
        </Suspense>
      )}
    </>
  )
}
