import type { Definition } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import styles from './builder.module.css'
import { CountInput } from './CountInput.tsx'
import { fieldsOf } from './choices.ts'
import { setPivot } from './edits.ts'
import { keyChoice } from './outputs.ts'
import { Part } from './Part.tsx'

type Props = { catalog: CatalogView; definition: Definition; onChange: (definition: Definition) => void }
const MAX_COLUMNS = 50

/** The values of a group as columns. */
export function PivotPart({ catalog, definition, onChange }: Props) {
  const { pivot, groupBy } = definition
  const fields = fieldsOf(catalog, definition.dataSources[0] ?? '')
  const keys = groupBy.map((key) => keyChoice(key, fields))
  const against = obstacles(definition)
  const lost = pivot !== null && !keys.some(({ path }) => path === pivot.column)
  return (
    <Part title="Values as columns" part="pivot">
      <div className={styles.row}>
        <select
          className={styles.select}
          aria-label="A column for each value of"
          value={pivot?.column ?? ''}
          disabled={pivot === null && against !== undefined}
          onChange={(event) => {
            const column = event.target.value
            onChange(setPivot(definition, column === '' ? null : { ...pivot, column }))
          }}
        >
          <option value="">No group as columns</option>
          {lost && <option value={pivot.column}>{pivot.column}</option>}
          {keys.map(({ path, label }) => (
            <option key={path} value={path}>
              A column for each {label}
            </option>
          ))}
        </select>
        {pivot !== null && (
          <CountInput
            before="at most"
            after="columns"
            value={pivot.limit}
            max={MAX_COLUMNS}
            placeholder={String(MAX_COLUMNS)}
            onChange={(limit) => onChange(setPivot(definition, { column: pivot.column, ...(limit && { limit }) }))}
          />
        )}
      </div>
      {pivot === null && against !== undefined && <p className={styles.hint}>{against}</p>}
    </Part>
  )
}

/** Why no group can become columns, if none can. */
function obstacles({ groupBy, aggregates, calculations, compare, limitPer }: Definition): string | undefined {
  if (groupBy.length === 0) return 'Add a group first.'
  if (!aggregates.some(({ hidden }) => hidden !== true)) return 'Add a number for the cells first.'
  const others = [
    ...(calculations.length > 0 ? ['calculations'] : []),
    ...(compare === null ? [] : ['a comparison']),
    ...(limitPer === null ? [] : ['the first rows of each group']),
    ...(groupBy.some(({ fillGaps }) => fillGaps === true) ? ['filled gaps'] : []),
  ]
  return others.length === 0 ? undefined : `Not together with ${others.join(' or ')}.`
}
