import type { Definition } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import { Button } from '../ui/Button.tsx'
import { AddCondition } from './AddCondition.tsx'
import styles from './builder.module.css'
import { fieldsOf, free } from './choices.ts'
import { add, blank, isSummary, replace, setFilters, setSummary } from './edits.ts'
import { FieldSelect } from './FieldSelect.tsx'
import { FilterEditor } from './FilterEditor.tsx'
import { FormulaInput } from './FormulaInput.tsx'
import { LabelInput } from './LabelInput.tsx'
import { LengthParts, SortPart } from './OrderParts.tsx'
import { Entries, Entry, Part } from './Part.tsx'
import { SummaryParts } from './SummaryParts.tsx'

type Props = { catalog: CatalogView; definition: Definition; onChange: (definition: Definition) => void }

/** Every part of a definition with its controls; only what is legal is offered. */
export function Parts({ catalog, definition, onChange }: Props) {
  const source = definition.dataSources[0] ?? ''
  const fields = fieldsOf(catalog, source)
  const summary = isSummary(definition)
  return (
    <>
      <Part title="Source" part="dataSources">
        <select
          className={styles.select}
          aria-label="Source"
          value={source}
          onChange={(event) => onChange(blank(event.target.value))}
        >
          {Object.entries(catalog.entities).map(([name, { label }]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
        <div className={styles.row} role="radiogroup" aria-label="Kind of table">
          <label>
            <input
              type="radio"
              name="kind"
              checked={!summary}
              onChange={() => onChange(setSummary(definition, false))}
            />{' '}
            One row each
          </label>
          <label>
            <input type="radio" name="kind" checked={summary} onChange={() => onChange(setSummary(definition, true))} />{' '}
            Grouped and counted
          </label>
        </div>
      </Part>
      <Part title="Conditions" part="filters">
        {definition.filters === undefined ? (
          <div className={styles.row}>
            <AddCondition
              {...{ catalog, fields }}
              entity={source}
              onAdd={(condition) => onChange(setFilters(definition, { all: [condition] }))}
            />
          </div>
        ) : (
          <FilterEditor
            filter={definition.filters}
            {...{ catalog, fields }}
            entity={source}
            path={['filters']}
            onChange={(next) => onChange(setFilters(definition, next))}
          />
        )}
      </Part>
      {summary ? (
        <SummaryParts catalog={catalog} definition={definition} onChange={onChange} fields={fields} />
      ) : (
        <ColumnsPart catalog={catalog} definition={definition} onChange={onChange} />
      )}
      <SortPart catalog={catalog} definition={definition} onChange={onChange} />
      <LengthParts catalog={catalog} definition={definition} onChange={onChange} />
    </>
  )
}

function ColumnsPart({ catalog, definition, onChange }: Props) {
  const fields = fieldsOf(catalog, definition.dataSources[0] ?? '')
  const labelOf = (path: string) => fields.find((one) => one.path === path)?.label ?? path
  const names = fields.map(({ path, label, group, type }) => ({
    type,
    name: path,
    label: path.includes('.') ? `${group}: ${label}` : label,
  }))
  const numeric = fields.find(({ type, path }) => ['money', 'number', 'integer'].includes(type) && !path.includes('.'))
  const addFormula = () => {
    const taken = definition.columns.map(({ id, field }) => id ?? field ?? '')
    const id = free('formula', [...taken, ...fields.map(({ path }) => path)])
    onChange(add(definition, 'columns', { id, label: 'Formula', formula: numeric?.path ?? '1 + 1' }))
  }
  return (
    <Part title="Columns" part="columns">
      {definition.columns.length === 0 && <p className={styles.hint}>The usual ones, until you choose.</p>}
      <Entries part="columns" definition={definition} onChange={onChange}>
        {definition.columns.map((column, index) => (
          <Entry
            key={column.id ?? column.field ?? index}
            {...{ part: 'columns', index, definition, onChange }}
            name={column.label ?? labelOf(column.field ?? column.formula ?? '')}
          >
            {column.formula === undefined ? (
              <FieldSelect
                label="Column"
                fields={fields}
                value={column.field ?? ''}
                onChange={({ path }) => onChange(replace(definition, 'columns', index, { field: path }))}
              />
            ) : (
              <>
                <LabelInput
                  value={column.label ?? column.id ?? ''}
                  onChange={(label) => onChange(replace(definition, 'columns', index, { ...column, label }))}
                />
                <FormulaInput
                  label="Formula"
                  value={column.formula}
                  names={names}
                  path={['columns', index]}
                  onChange={(formula) => onChange(replace(definition, 'columns', index, { ...column, formula }))}
                />
              </>
            )}
          </Entry>
        ))}
      </Entries>
      <div className={styles.row}>
        <FieldSelect
          label="Add a column"
          fields={fields.filter(({ path }) => !definition.columns.some(({ field }) => field === path))}
          value=""
          onChange={({ path }) => onChange(add(definition, 'columns', { field: path }))}
        />
        {definition.columns.length > 0 && <Button onClick={addFormula}>Add a formula</Button>}
      </div>
    </Part>
  )
}
