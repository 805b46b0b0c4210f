import type { Definition, GroupKey } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import { AddCondition } from './AddCondition.tsx'
import styles from './builder.module.css'
import { CalculationsPart } from './CalculationsPart.tsx'
import { ComparePart } from './ComparePart.tsx'
import { aggregateChoice, type FieldChoice, GRAINS, idFor, isTime, measuresOf } from './choices.ts'
import { fresh } from './conditions.ts'
import { add, replace, replaceKey, setHaving } from './edits.ts'
import { FieldSelect } from './FieldSelect.tsx'
import { FilterEditor, WhereEditor } from './FilterEditor.tsx'
import { FormulaInput } from './FormulaInput.tsx'
import { isNumber, keyId, outputsOf } from './outputs.ts'
import { Entries, Entry, Part } from './Part.tsx'
import { PivotPart } from './PivotPart.tsx'
import { countedEntity } from './related.ts'

type Props = { catalog: CatalogView; definition: Definition; onChange: (definition: Definition) => void }

/** The parts that only a summary has. */
export function SummaryParts(props: Props & { fields: readonly FieldChoice[] }) {
  return (
    <>
      <GroupsPart {...props} />
      <NumbersPart {...props} />
      <CalculationsPart {...props} />
      <ComparePart {...props} />
      <PivotPart {...props} />
      <HavingPart {...props} />
      <TotalsPart {...props} />
    </>
  )
}

function GroupsPart({ definition, onChange, fields }: Props & { fields: readonly FieldChoice[] }) {
  const keyOf = ({ path, type }: FieldChoice): GroupKey => ({ field: path, ...(isTime(type) && { grain: 'month' }) })
  const names = fields.map(({ path, label, type }) => ({ name: path, label, type }))
  return (
    <Part title="Group by" part="groupBy">
      <Entries part="groupBy" definition={definition} onChange={onChange}>
        {definition.groupBy.map((group, index) => {
          const choice = fields.find(({ path }) => path === group.field)
          const { grain, formula } = group
          return (
            <Entry
              key={keyId(group)}
              {...{ part: 'groupBy', index, definition, onChange }}
              name={group.label ?? choice?.label ?? group.field ?? 'group'}
            >
              {formula === undefined ? (
                <FieldSelect
                  label="Group"
                  fields={fields}
                  value={group.field ?? ''}
                  onChange={(next) => onChange(replaceKey(definition, index, keyOf(next)))}
                />
              ) : (
                <FormulaInput
                  label="Formula of the group"
                  value={formula}
                  names={names}
                  path={['groupBy', index]}
                  onChange={(next) => onChange(replace(definition, 'groupBy', index, { ...group, formula: next }))}
                />
              )}
              {choice !== undefined && isTime(choice.type) && (
                <select
                  className={styles.select}
                  aria-label="Stretch of time"
                  value={grain ?? ''}
                  onChange={(event) => {
                    const { grain: _grain, ...rest } = group
                    const next = event.target.value as NonNullable<GroupKey['grain']> | ''
                    onChange(replace(definition, 'groupBy', index, next === '' ? rest : { ...rest, grain: next }))
                  }}
                >
                  <option value="">each value</option>
                  {grain !== undefined && !GRAINS.some(([one]) => one === grain) && (
                    <option value={grain}>by {grain.replaceAll('_', ' ')}</option>
                  )}
                  {GRAINS.map(([one, label]) => (
                    <option key={one} value={one}>
                      {label}
                    </option>
                  ))}
                </select>
              )}
            </Entry>
          )
        })}
      </Entries>
      <FieldSelect
        label="Add a group"
        fields={fields.filter(({ path }) => !definition.groupBy.some(({ field }) => field === path))}
        value=""
        onChange={(choice) => onChange(add(definition, 'groupBy', keyOf(choice)))}
      />
    </Part>
  )
}

function NumbersPart({ catalog, definition, onChange }: Props) {
  const source = definition.dataSources[0] ?? ''
  const measures = measuresOf(catalog, source)
  const groups = [...Map.groupBy(measures, ({ group }) => group)]
  const addMeasure = (chosen: string) => {
    const measure = measures.find((one) => one.key === chosen)
    if (measure === undefined) return
    const taken = outputsOf(catalog, definition).map(({ path }) => path)
    onChange(add(definition, 'aggregates', { id: idFor(measure, taken), ...measure.aggregate }))
  }
  return (
    <Part title="Numbers" part="aggregates">
      <Entries part="aggregates" definition={definition} onChange={onChange}>
        {definition.aggregates.map((aggregate, index) => {
          const { label } = aggregateChoice(catalog, source, aggregate)
          const { where, ...rest } = aggregate
          return (
            <Entry key={aggregate.id} {...{ part: 'aggregates', index, definition, onChange }} name={label}>
              <span className={styles.grow}>{label}</span>
              <WhereEditor
                {...{ catalog, where }}
                entity={countedEntity(catalog, source, aggregate)}
                path={['aggregates', index, 'where']}
                onChange={(next) =>
                  onChange(replace(definition, 'aggregates', index, { ...rest, ...(next && { where: next }) }))
                }
              />
            </Entry>
          )
        })}
      </Entries>
      <select
        className={styles.select}
        aria-label="Add a number"
        value=""
        onChange={(event) => addMeasure(event.target.value)}
      >
        <option value="">Add a number</option>
        {groups.map(([group, some]) => (
          <optgroup key={group} label={group}>
            {some.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </Part>
  )
}

/** Conditions on what has been counted. */
function HavingPart({ catalog, definition, onChange }: Props) {
  const outputs = outputsOf(catalog, definition)
  const first = outputs.find(({ group }) => group === 'Numbers') ?? outputs[0]
  const number = first !== undefined && isNumber(first)
  const condition = first && (number ? { field: first.path, op: 'gt' as const, value: 0 } : fresh(first))
  return (
    <Part title="Conditions on the result" part="having">
      {definition.having === undefined ? (
        <div className={styles.row}>
          <AddCondition
            label="Add condition on the result"
            {...{ catalog, first: condition }}
            entity={undefined}
            fields={outputs}
            onAdd={(one) => onChange(setHaving(definition, { all: [one] }))}
          />
        </div>
      ) : (
        <FilterEditor
          filter={definition.having}
          catalog={catalog}
          fields={outputs}
          path={['having']}
          onChange={(next) => onChange(setHaving(definition, next))}
        />
      )}
    </Part>
  )
}

function TotalsPart({ definition, onChange }: Props) {
  const counted = definition.aggregates.length > 0
  return (
    <Part title="Totals" part="totals">
      <label>
        <input
          type="checkbox"
          checked={definition.totals}
          disabled={!counted && !definition.totals}
          onChange={(event) => onChange({ ...definition, totals: event.target.checked })}
        />{' '}
        Grand total
      </label>
      {!counted && <p className={styles.hint}>For a table with a number.</p>}
    </Part>
  )
}
