import { createContext, use, useState } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { type ShownEntry, withLook } from './edits.ts'
import { LookDialog } from './LookDialog.tsx'

type ShownTable = { readonly columns: readonly OutputColumn[]; readonly rows: readonly (readonly Cell[])[] }

/** The result so far, by which names and formats are chosen. */
export const ResultSoFar = createContext<ShownTable | undefined>(undefined)

type Props = {
  part: ShownEntry['part']
  index: number
  definition: Definition
  onChange: (definition: Definition) => void
  name: string
}

/** Opens the choice of a column's name and format. */
export function LookButton({ part, index, definition, onChange, name }: Props) {
  const [open, setOpen] = useState(false)
  const table = use(ResultSoFar)
  const entry = definition[part][index]
  if (entry === undefined) return null
  const id = entry.id ?? ('field' in entry ? entry.field : undefined)
  const at = table?.columns.findIndex((column) => column.id === id) ?? -1
  const sample = table?.rows.find((row) => (row[at] ?? null) !== null)?.[at]
  return (
    <>
      <Button kind="quiet" shape="round" aria-label={`Name and format of ${name}`} onClick={() => setOpen(true)}>
        <Icon name="pencil" size={16} />
      </Button>
      {open && (
        <LookDialog
          column={table?.columns[at]}
          sample={sample}
          {...{ name, entry }}
          mayFormat={part !== 'groupBy'}
          mayHide={part !== 'columns'}
          onChoose={(look) => {
            setOpen(false)
            onChange(withLook(definition, { part, index, entry } as ShownEntry, look))
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}
