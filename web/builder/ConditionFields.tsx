import { use } from 'react'
import type { Condition, Filter, RelationFilter } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import styles from './builder.module.css'
import type { FieldChoice } from './choices.ts'
import {
  type Against,
  againstOf,
  comparisons,
  fresh,
  leftOf,
  MATCHES,
  type MatchKind,
  matchKind,
  matchOf,
  valueFor,
} from './conditions.ts'
import { FieldSelect } from './FieldSelect.tsx'
import { FormulaInput } from './FormulaInput.tsx'
import { MeasureSelect } from './MeasureSelect.tsx'
import { countedEntity, measureOf, relatedMeasures, relationsOf } from './related.ts'
import { ValueEditor } from './ValueEditor.tsx'
import { Words } from './words.ts'

type Path = readonly (string | number)[]
type Place = {
  catalog: CatalogView
  /** Absent over the columns of a result. */
  entity: string | undefined
  fields: readonly FieldChoice[]
}
type Props<T> = Place & { condition: T; path: Path; onChange: (filter: Filter) => void }

const AGAINST: Record<Exclude<Against, 'value'>, string> = {
  field: 'Compared with another field',
  rows: 'Compared with all rows',
}

/** A field, a formula or a number of related rows, how it is compared, and with what. */
export function ConditionFields(props: Props<Condition>) {
  const { condition, entity, fields, onChange } = props
  const left = leftOf(condition, fields)
  const against = againstOf(condition.value)
  const choose = (text: string) => {
    const [op = 'eq', with_ = 'value'] = text.split(' ') as [Condition['op'], Against?]
    const { value: before, ...rest } = condition
    if (op === 'is_empty' || op === 'not_empty') return onChange({ ...rest, op })
    onChange({ ...rest, op, value: valueFor(op, with_, before, left, fields) })
  }
  return (
    <>
      <Left {...props} />
      <select
        className={styles.select}
        aria-label="Comparison"
        value={against === 'value' ? condition.op : `${condition.op} ${against}`}
        onChange={(event) => choose(event.target.value)}
      >
        {comparisons(condition, left, fields, entity !== undefined).map((group) => {
          const options = group.ops.map(([op, label]) => (
            <option key={op} value={group.against === 'value' ? op : `${op} ${group.against}`}>
              {label}
            </option>
          ))
          return group.against === 'value' ? (
            options
          ) : (
            <optgroup key={group.against} label={AGAINST[group.against]}>
              {options}
            </optgroup>
          )
        })}
      </select>
      {condition.value !== undefined && (
        <ValueEditor
          {...{ op: condition.op, value: condition.value, left, fields }}
          onChange={(value) => onChange({ ...condition, value })}
        />
      )}
    </>
  )
}

function Left({ condition, catalog, entity, fields, path, onChange }: Props<Condition>) {
  if ('field' in condition) {
    const { grain } = condition
    return (
      <>
        <FieldSelect label="Field" fields={fields} value={condition.field} onChange={(next) => onChange(fresh(next))} />
        {grain !== undefined && <span className={styles.hint}>by {grain.replaceAll('_', ' ')}</span>}
      </>
    )
  }
  if ('formula' in condition) {
    const names = fields.map((one) => ({ name: one.path, label: one.label, type: one.type }))
    return (
      <FormulaInput
        label="Formula of the condition"
        value={condition.formula}
        names={names}
        path={path}
        onChange={(formula) => onChange({ ...condition, formula })}
      />
    )
  }
  const measures = relatedMeasures(catalog, entity ?? '')
  return (
    <>
      <span>its</span>
      <MeasureSelect
        label="Number of related rows"
        measures={measures}
        value={measureOf(measures, condition.aggregate)?.key ?? ''}
        onChange={({ aggregate }) => {
          const counted = (expr: typeof condition.aggregate) => countedEntity(catalog, entity ?? '', expr)
          // Conditions of the number stay while it is made of the same rows.
          const { where } = condition.aggregate
          const kept = where !== undefined && counted(aggregate) === counted(condition.aggregate)
          onChange({ ...condition, aggregate: { ...aggregate, ...(kept && { where }) } })
        }}
      />
    </>
  )
}

/** How many rows of which relation there are to be. */
export function RelationFields({ condition, catalog, entity = '', onChange }: Props<RelationFilter>) {
  const { relation, match } = condition
  const relations = relationsOf(catalog, entity)
  const known = relations.find(({ path }) => path === relation)
  const kind = matchKind(match)
  const groups = [...Map.groupBy(relations, ({ group }) => group)]
  return (
    <>
      <select
        className={styles.select}
        aria-label="How many there are"
        value={kind}
        onChange={(event) => onChange({ ...condition, match: matchOf(event.target.value as MatchKind, match) })}
      >
        {MATCHES.map(([one, label]) => (
          <option key={one} value={one}>
            {label}
          </option>
        ))}
      </select>
      {typeof match === 'object' && (
        <input
          className={`${styles.input} ${styles.count}`}
          aria-label="Count"
          type="number"
          min={0}
          step={1}
          value={match.count.value}
          onChange={({ target }) => {
            const value = Math.max(0, Math.trunc(Number(target.value)))
            onChange({ ...condition, match: { count: { ...match.count, value } } })
          }}
        />
      )}
      <select
        className={styles.select}
        aria-label="Related rows"
        value={relation}
        onChange={(event) => {
          const next = relations.find(({ path }) => path === event.target.value)
          if (next === undefined) return
          const { where, ...rest } = condition
          const kept = where !== undefined && known?.to === next.to
          onChange({ ...rest, relation: next.path, ...(kept && { where }) })
        }}
      >
        {known === undefined && (
          <option value={relation}>{relation.replaceAll('.', ' › ').replaceAll('_', ' ')}</option>
        )}
        {groups.map(([group, some]) => (
          <optgroup key={group} label={group}>
            {some.map(({ path, label }) => (
              <option key={path} value={path}>
                {path === relation && path.includes('.') ? `${label} ${group.toLowerCase()}` : label}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </>
  )
}

/** A condition of a form that has no controls, in the words of the table's sentence. */
export function ToldCondition({ condition }: { condition: Filter }) {
  const text = use(Words)(condition)
  return (
    <span className={styles.told}>
      {text ?? 'A condition of a form that is changed elsewhere.'}
      {text !== undefined && <span className={styles.hint}> Kept as it is.</span>}
    </span>
  )
}
