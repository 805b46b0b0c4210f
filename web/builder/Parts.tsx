import { createContext, type ReactNode, use } from 'react'
import type { Definition, GroupKey } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'
import type { Failure } from '../api/failure.ts'
import { Button } from '../ui/Button.tsx'
import styles from './builder.module.css'
import { type FieldChoice, fieldsOf, free, GRAINS, idFor, isTime, measuresOf } from './choices.ts'
import { add, blank, isSummary, type ListPart, move, remove, replace, setFilters, setSummary } from './edits.ts'
import { FieldSelect } from './FieldSelect.tsx'
import { FilterEditor, fresh } from './FilterEditor.tsx'

/** What is wrong, for whoever shows the part that it is about. */
export const Issues = createContext<NonNullable<Failure['issues']>>([])

/** The parts that are shown, where only some are asked for. */
export const Only = createContext<readonly string[] | undefined>(undefined)

type Props = { catalog: CatalogView; definition: Definition; onChange: (definition: Definition) => void }

/** Every part of a definition with its controls; only what is legal is offered. */
export function Parts({ catalog, definition, onChange }: Props) {
  const source = definition.dataSources[0] ?? ''
  const fields = fieldsOf(catalog, source)
  const summary = isSummary(definition)
  const [first] = fields
  const labelOf = (path: string) => fields.find((one) => one.path === path)?.label ?? path
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
          <Button
            disabled={first === undefined}
            onClick={() => first && onChange(setFilters(definition, { all: [fresh(first)] }))}
          >
            Add condition
          </Button>
        ) : (
          <FilterEditor
            filter={
              'all' in definition.filters || 'any' in definition.filters
                ? definition.filters
                : { all: [definition.filters] }
            }
            fields={fields}
            onChange={(next) => onChange(setFilters(definition, next))}
          />
        )}
      </Part>
      {summary ? (
        <SummaryParts catalog={catalog} definition={definition} onChange={onChange} fields={fields} />
      ) : (
        <Part title="Columns" part="columns">
          {definition.columns.length === 0 && <p className={styles.hint}>The usual ones, until you choose.</p>}
          {definition.columns.map((column, index) => (
            <Entry
              key={column.id ?? column.field ?? index}
              {...{ part: 'columns', index, definition, onChange }}
              name={column.label ?? labelOf(column.field ?? column.formula ?? '')}
            >
              {column.field === undefined ? (
                <code className={styles.raw}>{column.formula}</code>
              ) : (
                <FieldSelect
                  label="Column"
                  fields={fields}
                  value={column.field}
                  onChange={({ path }) => onChange(replace(definition, 'columns', index, { field: path }))}
                />
              )}
            </Entry>
          ))}
          <FieldSelect
            label="Add a column"
            fields={fields.filter(({ path }) => !definition.columns.some(({ field }) => field === path))}
            value=""
            onChange={({ path }) => onChange(add(definition, 'columns', { field: path }))}
          />
        </Part>
      )}
      <SortPart definition={definition} onChange={onChange} fields={fields} summary={summary} />
    </>
  )
}

function SummaryParts({ catalog, definition, onChange, fields }: Props & { fields: readonly FieldChoice[] }) {
  const source = definition.dataSources[0] ?? ''
  const measures = measuresOf(catalog, source)
  const groups = [...Map.groupBy(measures, ({ group }) => group)]
  const key = (choice: FieldChoice): GroupKey => ({
    field: choice.path,
    ...(isTime(choice.type) && { grain: 'month' }),
  })
  const addMeasure = (chosen: string) => {
    const measure = measures.find((one) => one.key === chosen)
    if (measure === undefined) return
    const id = idFor(
      measure,
      definition.aggregates.map((one) => one.id),
    )
    onChange(add(definition, 'aggregates', { id, ...measure.aggregate }))
  }
  return (
    <>
      <Part title="Group by" part="groupBy">
        {definition.groupBy.map((group, index) => {
          const choice = fields.find(({ path }) => path === group.field)
          return (
            <Entry
              key={group.id ?? group.field ?? index}
              {...{ part: 'groupBy', index, definition, onChange }}
              name={group.label ?? choice?.label ?? group.field ?? 'group'}
            >
              <FieldSelect
                label="Group"
                fields={fields}
                value={group.field ?? ''}
                onChange={(next) => onChange(replace(definition, 'groupBy', index, key(next)))}
              />
              {choice !== undefined && isTime(choice.type) && (
                <select
                  className={styles.select}
                  aria-label="Stretch of time"
                  value={group.grain ?? ''}
                  onChange={(event) => {
                    const grain = event.target.value as NonNullable<GroupKey['grain']>
                    onChange(replace(definition, 'groupBy', index, { ...group, grain }))
                  }}
                >
                  {GRAINS.map(([grain, label]) => (
                    <option key={grain} value={grain}>
                      {label}
                    </option>
                  ))}
                </select>
              )}
            </Entry>
          )
        })}
        <FieldSelect
          label="Add a group"
          fields={fields.filter(({ path }) => !definition.groupBy.some(({ field }) => field === path))}
          value=""
          onChange={(choice) => onChange(add(definition, 'groupBy', key(choice)))}
        />
      </Part>
      <Part title="Numbers" part="aggregates">
        {definition.aggregates.map((aggregate, index) => {
          const known = measures.find(
            ({ aggregate: one }) =>
              ('metric' in one
                ? one.metric === aggregate.metric
                : one.fn === aggregate.fn && one.field === aggregate.field) && aggregate.formula === undefined,
          )
          const name = aggregate.label ?? known?.label ?? aggregate.id
          return (
            <Entry key={aggregate.id} {...{ part: 'aggregates', index, definition, onChange }} name={name}>
              <span className={styles.grow}>{name}</span>
              {aggregate.where !== undefined && <code className={styles.raw}>{JSON.stringify(aggregate.where)}</code>}
            </Entry>
          )
        })}
        <select
          className={styles.select}
          aria-label="Add a number"
          value=""
          onChange={(event) => addMeasure(event.target.value)}
        >
          <option value="">Add a number</option>
          {groups.map(([group, some]) => (
            <optgroup key={group} label={group}>
              {some.map(({ key: one, label }) => (
                <option key={one} value={one}>
                  {label}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        <label>
          <input
            type="checkbox"
            checked={definition.totals}
            onChange={(event) => onChange({ ...definition, totals: event.target.checked })}
          />{' '}
          Grand total
        </label>
      </Part>
      <Part title="Shares and running totals" part="calculations">
        {definition.calculations.map((calculation, index) => (
          <Entry
            key={calculation.id}
            {...{ part: 'calculations', index, definition, onChange }}
            name={calculation.label ?? calculation.id}
          >
            <span className={styles.grow}>
              {calculation.formula ?? `${calculation.fn?.replaceAll('_', ' ')} of ${calculation.of}`}
            </span>
          </Entry>
        ))}
        <div className={styles.row}>
          {definition.aggregates[0] !== undefined && (
            <Button onClick={() => onChange(add(definition, 'calculations', shareOf(definition)))}>
              Add share of total
            </Button>
          )}
          {definition.groupBy.some(({ grain }) => grain !== undefined) && definition.aggregates[0] !== undefined && (
            <Button
              onClick={() =>
                onChange(
                  add(definition, 'calculations', {
                    ...{ id: free('running', calculated(definition)), fn: 'running_total' },
                    of: definition.aggregates[0]?.id ?? '',
                  }),
                )
              }
            >
              Add running total
            </Button>
          )}
        </div>
        {definition.calculations.length === 0 && <p className={styles.hint}>Of the first number.</p>}
      </Part>
    </>
  )
}

const calculated = ({ aggregates, calculations }: Definition) => [...aggregates, ...calculations].map(({ id }) => id)

function shareOf(definition: Definition): Definition['calculations'][number] {
  const of = definition.aggregates[0]?.id ?? ''
  return { id: free('share', calculated(definition)), fn: 'percent_of_total', of, format: { style: 'percent' } }
}

function SortPart({
  definition,
  onChange,
  fields,
  summary,
}: Omit<Props, 'catalog'> & { fields: readonly FieldChoice[]; summary: boolean }) {
  const outputs: { path: string; label: string }[] = summary
    ? [
        ...definition.groupBy.map(({ id, field = '', label }) => ({
          path: id ?? field,
          label: label ?? fields.find(({ path }) => path === field)?.label ?? field,
        })),
        ...definition.aggregates.map(({ id, label }) => ({ path: id, label: label ?? id })),
        ...definition.calculations.map(({ id, label }) => ({ path: id, label: label ?? id })),
      ]
    : fields.map(({ path, label }) => ({ path, label }))
  const [first] = outputs
  return (
    <Part title="Order and length" part="sortBy">
      {definition.sortBy.map((sort, index) => (
        <Entry key={sort.field} {...{ part: 'sortBy', index, definition, onChange }} name={sort.field}>
          <select
            className={styles.select}
            aria-label="Sort by"
            value={sort.field}
            onChange={(event) => onChange(replace(definition, 'sortBy', index, { ...sort, field: event.target.value }))}
          >
            {!outputs.some(({ path }) => path === sort.field) && <option value={sort.field}>{sort.field}</option>}
            {outputs.map(({ path, label }) => (
              <option key={path} value={path}>
                {label}
              </option>
            ))}
          </select>
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
      <div className={styles.row}>
        {first !== undefined && (
          <Button
            onClick={() =>
              onChange(
                add(definition, 'sortBy', {
                  field: outputs.at(summary ? -1 : 0)?.path ?? first.path,
                  direction: 'desc',
                }),
              )
            }
          >
            Add sorting
          </Button>
        )}
        <label className={styles.row}>
          At most
          <input
            className={styles.input}
            type="number"
            min={1}
            max={1_000_000}
            placeholder="all"
            value={definition.limit ?? ''}
            onChange={(event) => {
              const limit = Number.parseInt(event.target.value, 10)
              onChange({ ...definition, limit: Number.isNaN(limit) || limit < 1 ? null : limit })
            }}
          />
          rows
        </label>
        {!summary && (
          <label>
            <input
              type="checkbox"
              checked={definition.distinct}
              onChange={(event) => onChange({ ...definition, distinct: event.target.checked })}
            />{' '}
            Equal rows once
          </label>
        )}
      </div>
    </Part>
  )
}

function Part({ title, part, children }: { title: string; part: string; children: ReactNode }) {
  const issues = use(Issues).filter(({ path }) => path[0] === part && typeof path[1] !== 'number')
  const only = use(Only)
  if (only !== undefined && !only.includes(part)) return null
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      {children}
      {issues.map(({ message, fix }) => (
        <p key={message} className={styles.issue} role="alert">
          {message}
          {fix && `. ${fix}.`}
        </p>
      ))}
    </section>
  )
}

type EntryProps = {
  part: ListPart
  index: number
  definition: Definition
  onChange: (definition: Definition) => void
  name: string
  children: ReactNode
}

/** One entry of a list, with its place and what is wrong with it. */
function Entry({ part, index, definition, onChange, name, children }: EntryProps) {
  const issues = use(Issues).filter(({ path }) => path[0] === part && path[1] === index)
  const last = definition[part].length - 1
  return (
    <div className={styles.entry}>
      <div className={styles.row}>
        {children}
        <Button
          kind="quiet"
          disabled={index === 0}
          aria-label={`Move ${name} up`}
          onClick={() => onChange(move(definition, part, index, -1))}
        >
          ↑
        </Button>
        <Button
          kind="quiet"
          disabled={index === last}
          aria-label={`Move ${name} down`}
          onClick={() => onChange(move(definition, part, index, 1))}
        >
          ↓
        </Button>
        <Button kind="quiet" aria-label={`Remove ${name}`} onClick={() => onChange(remove(definition, part, index))}>
          Remove
        </Button>
      </div>
      {issues.map(({ message, fix }) => (
        <p key={message} className={styles.issue} role="alert">
          {message}
          {fix && `. ${fix}.`}
        </p>
      ))}
    </div>
  )
}
