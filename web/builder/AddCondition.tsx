import type { Filter } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import { Button } from '../ui/Button.tsx'
import styles from './builder.module.css'
import type { FieldChoice } from './choices.ts'
import { fresh, freshAggregate, freshFormula, freshRelation } from './conditions.ts'

type Props = {
  label?: string
  catalog: CatalogView
  /** The entity whose rows are asked; absent for conditions on the result. */
  entity: string | undefined
  fields: readonly FieldChoice[]
  /** What the button adds, where it is not the first field. */
  first?: Filter | undefined
  onAdd: (condition: Filter) => void
}

/** Adds a condition: one on a field at once, one of another kind by choosing it. The focus goes to what was added. */
export function AddCondition({ label = 'Add condition', catalog, entity, fields, first, onAdd }: Props) {
  const [field] = fields
  const plain = first ?? (field && fresh(field))
  const kinds: readonly (readonly [string, Filter | undefined])[] = [
    ['Related rows: has, has no, at least …', entity === undefined ? undefined : freshRelation(catalog, entity)],
    ['A number of related rows', entity === undefined ? undefined : freshAggregate(catalog, entity)],
    ['A formula', freshFormula(fields)],
  ]
  const offered = kinds.flatMap(([name, filter]) => (filter === undefined ? [] : [{ name, filter }]))
  const add = (from: HTMLElement, filter: Filter) => {
    const host = from.closest('[data-conditions]')
    onAdd(filter)
    requestAnimationFrame(() => {
      const added = [...(host?.querySelectorAll('[data-condition]') ?? [])].at(-1)
      added?.querySelector<HTMLElement>('select, input')?.focus()
    })
  }
  return (
    <>
      <Button disabled={plain === undefined} onClick={(event) => plain && add(event.currentTarget, plain)}>
        {label}
      </Button>
      {offered.length > 0 && (
        <select
          className={`${styles.select} ${styles.kinds}`}
          aria-label="Add a condition of another kind"
          value=""
          onChange={({ target }) => {
            const chosen = offered.find(({ name }) => name === target.value)
            if (chosen) add(target, chosen.filter)
          }}
        >
          <option value="">Another kind …</option>
          {offered.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </>
  )
}
