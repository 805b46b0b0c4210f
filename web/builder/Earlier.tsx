import { useMemo } from 'react'
import type { CatalogView } from '../api/client.ts'
import { Button } from '../ui/Button.tsx'
import styles from './builder.module.css'
import { fieldsOf } from './choices.ts'
import { isUnsaved, type KeptWork, readWorks } from './handover.ts'

const MOST_SHOWN = 3

type Props = { catalog: CatalogView; than: number; onBringBack: (work: KeptWork) => void }

/** What was being built before this and was not saved, one click away. */
export function Earlier({ catalog, than, onBringBack }: Props) {
  const works = useMemo(() => readWorks().filter((work) => work.id !== than && isUnsaved(work)), [than])
  return works.slice(0, MOST_SHOWN).map((work) => (
    <div key={work.id} role="note" className={styles.row}>
      <span className={styles.hint}>You were building {nameOf(work, catalog)}</span>
      <Button kind="quiet" onClick={() => onBringBack(work)}>
        Bring it back
      </Button>
    </div>
  ))
}

/** What it would be called: by its name, or by what it is of. */
function nameOf({ table, prompt, steps: { now } }: KeptWork, catalog: CatalogView): string {
  const given = table?.name ?? now.title ?? prompt
  if (given !== undefined) return `“${given}”`
  const source = now.dataSources[0] ?? ''
  const fields = fieldsOf(catalog, source)
  const keys = now.groupBy.map((key) => key.label ?? fields.find(({ path }) => path === key.field)?.label ?? key.id)
  const rows = catalog.entities[source]?.label ?? source
  return `“${rows}${keys.length === 0 ? '' : ` by ${keys.join(', ').toLowerCase()}`}”`
}
