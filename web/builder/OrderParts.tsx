import type { Definition } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './builder.module.css'
import { CountInput } from './CountInput.tsx'
import { type FieldChoice, fieldsOf } from './choices.ts'
import { add, isSummary, replace } from './edits.ts'
import { FieldSelect } from './FieldSelect.tsx'
import { outputsOf } from './outputs.ts'
import { Entries, Entry, Part } from './Part.tsx'

type Props = { catalog: CatalogView; definition: Definition; onChange: (definition: Definition) => void }
const MAX_ROWS = 1_000_000
const MAX_ROWS_PER = 10_000

/** What rows are sorted by: columns of a summary, and in a list its columns or any field. */
export function SortPart({ catalog, definition, onChange }: Props) {
  const fields = fieldsOf(catalog, definition.dataSources[0] ?? '')
  const summary = isSummary(definition)
  const outputs = summary ? outputsOf(catalog, definition) : listOutputs(catalog, definition)
  const free = summary
    ? outputs.filter(({ path }) => path !== definition.pivot?.column)
    : definition.distinct
      ? outputs
      : [...outputs.filter(({ path }) => !fields.some((one) => one.path === path)), ...fields]
  const numbers = free.filter(({ group }) => group === 'Numbers')
  const begin = numbers[0] ?? free[0]
  return (
    <Part title="Order" part="sortBy">
      <Entries part="sortBy" definition={definition} onChange={onChange}>
        {definition.sortBy.map((sort, index) => (
          <Entry
            key={sort.field}
            {...{ part: 'sortBy', index, definition, onChange }}
            name={free.find(({ path }) => path === sort.field)?.label ?? sort.field}
          >
            <FieldSelect
              label="Sort by"
              fields={free}
              value={sort.field}
              onChange={({ path }) => onChange(replace(definition, 'sortBy', index, { ...sort, field: path }))}
            />
            <select
              className={styles.select}
              aria-label="Direction"
              value={sort.direction}
              onChange={(event) => {
                const direction = event.target.value as 'asc' | 'desc'
                onChange(replace(definition, 'sortBy', index, { ...sort, direction }))
              }}
            >
              <option value="asc">lowest first</option>
              <option value="desc">highest first</option>
            </select>
          </Entry>
        ))}
      </Entries>
      {begin !== undefined && (
        <div>
          <Button onClick={() => onChange(add(definition, 'sortBy', { field: begin.path, direction: 'desc' }))}>
            Add sorting
          </Button>
        </div>
      )}
    </Part>
  )
}

/** How many rows: of each group, and altogether. */
export function LengthParts(props: Props) {
  const { definition, onChange } = props
  return (
    <>
      <LimitPerPart {...props} />
      <Part title="Length" part="limit">
        <CountInput
          before="At most"
          after="rows"
          value={definition.limit}
          max={MAX_ROWS}
          placeholder="all"
          onChange={(limit) => onChange({ ...definition, limit: limit ?? null })}
        />
      </Part>
      {!isSummary(definition) && (
        <Part title="Repeated rows" part="distinct">
          <label>
            <input
              type="checkbox"
              checked={definition.distinct}
              onChange={(event) => onChange({ ...definition, distinct: event.target.checked })}
            />{' '}
            Equal rows once
          </label>
        </Part>
      )}
    </>
  )
}

function LimitPerPart({ catalog, definition, onChange }: Props) {
  const { limitPer, pivot } = definition
  const outputs = isSummary(definition) ? outputsOf(catalog, definition) : listOutputs(catalog, definition)
  const set = (by: readonly string[], limit: number) =>
    onChange({ ...definition, limitPer: by.length === 0 ? null : { by: [...by], limit } })
  const by = limitPer?.by ?? []
  const rest = outputs.filter(({ path }) => !by.includes(path))
  const [first] = outputs
  return (
    <Part title="First rows of each" part="limitPer">
      {limitPer === null ? (
        <div>
          <Button disabled={first === undefined || pivot !== null} onClick={() => first && set([first.path], 3)}>
            Keep the first rows of each group
          </Button>
        </div>
      ) : (
        <>
          <CountInput
            before="The first"
            after="rows of each"
            value={limitPer.limit}
            max={MAX_ROWS_PER}
            onChange={(limit) => limit && set(by, limit)}
          />
          {by.map((id, index) => (
            <div key={id} className={styles.row}>
              <FieldSelect
                label="Of each"
                fields={outputs.filter(({ path }) => path === id || !by.includes(path))}
                value={id}
                onChange={({ path }) => set(by.with(index, path), limitPer.limit)}
              />
              <Button
                kind="quiet"
                shape="round"
                aria-label={`No longer of each ${outputs.find(({ path }) => path === id)?.label ?? id}`}
                onClick={() => set(by.toSpliced(index, 1), limitPer.limit)}
              >
                <Icon name="close" size={16} />
              </Button>
            </div>
          ))}
          {rest.length > 0 && (
            <FieldSelect
              label="And of each"
              fields={rest}
              value=""
              onChange={({ path }) => set([...by, path], limitPer.limit)}
            />
          )}
        </>
      )}
      {limitPer === null && pivot !== null && <p className={styles.hint}>Not together with values as columns.</p>}
    </Part>
  )
}

/** The columns that a list shows. */
function listOutputs(catalog: CatalogView, { dataSources, columns }: Definition): readonly FieldChoice[] {
  const source = dataSources[0] ?? ''
  const fields = fieldsOf(catalog, source)
  const usual = catalog.entities[source]?.defaultColumns ?? []
  const shown = columns.length > 0 ? columns : usual.map((field) => ({ field }))
  return shown.map((column): FieldChoice => {
    const { id, label, field } = { id: undefined, label: undefined, ...column }
    const path = id ?? field ?? ''
    const known = fields.find((one) => one.path === field)
    return { type: 'number', group: 'Columns', ...known, path, label: label ?? known?.label ?? path }
  })
}
