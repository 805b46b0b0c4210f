import type { FieldType } from '../../src/catalog/schema.ts'
import { newId } from '../../src/lib/id.ts'
import { type CatalogView, useCatalog } from '../api/client.ts'
import builder from '../builder/builder.module.css'
import { isTime, opsFor } from '../builder/choices.ts'
import { Button } from '../ui/Button.tsx'
import styles from './dashboards.module.css'
import { FilterValue } from './FilterValue.tsx'
import { fieldOf } from './filter-words.ts'
import type { SharedFilter } from './tile.ts'

const MAX_FILTERS = 12
const SHARED_OPS: ReadonlySet<string> = new Set<SharedFilter['op']>([
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'not_in',
  'contains',
  'starts_with',
  'in_period',
])

/** Which filters the tiles share, what they are called, and what they are set to until a reader sets them. */
export function FiltersEditor({
  filters,
  onChange,
}: {
  filters: readonly SharedFilter[]
  onChange: (filters: SharedFilter[]) => void
}) {
  const { data: catalog } = useCatalog()
  const put = (next: SharedFilter) => onChange(filters.map((one) => (one.id === next.id ? next : one)))
  return (
    <section className={styles.filtersEditor} aria-label="Shared filters">
      {filters.map((filter) => (
        <div key={filter.id} className={styles.filterRow}>
          <input
            className={builder.input}
            aria-label="Name of the filter"
            maxLength={100}
            required
            value={filter.label}
            onChange={(event) => put({ ...filter, label: event.target.value })}
          />
          <span className={styles.of}>{wordsOf(catalog, filter.field)}</span>
          <select
            className={builder.select}
            aria-label={`Comparison of ${filter.label}`}
            value={filter.op}
            onChange={(event) => put(without({ ...filter, op: event.target.value as SharedFilter['op'] }))}
          >
            {opsOf(catalog, filter).map(([op, words]) => (
              <option key={op} value={op}>
                {words}
              </option>
            ))}
          </select>
          <FilterValue
            filter={filter}
            label="until set"
            compares={false}
            value={filter.value}
            onChange={(value) => put(value === undefined ? without(filter) : { ...filter, value })}
          />
          <Button
            kind="quiet"
            aria-label={`Remove filter ${filter.label}`}
            onClick={() => onChange(filters.filter(({ id }) => id !== filter.id))}
          >
            Remove
          </Button>
        </div>
      ))}
      {catalog && filters.length < MAX_FILTERS && (
        <select
          className={builder.select}
          aria-label="Add a filter"
          value=""
          onChange={(event) => onChange([...filters, fresh(catalog, event.target.value)])}
        >
          <option value="">Add a filter…</option>
          <option value="date">Date of each table</option>
          {Object.entries(catalog.entities).map(([entity, { label, fields }]) => (
            <optgroup key={entity} label={label}>
              {Object.entries(fields).map(([field, { label: words }]) => (
                <option key={field} value={`${entity} ${field}`}>
                  {words}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </section>
  )
}

function without({ value: _value, ...rest }: SharedFilter): SharedFilter {
  return rest
}

function fresh(catalog: CatalogView, chosen: string): SharedFilter {
  const id = newId('flt')
  if (chosen === 'date') return { id, label: 'When', field: 'date', op: 'in_period' }
  const [entity = '', field = ''] = chosen.split(' ')
  const found = catalog.entities[entity]?.fields[field]
  return { id, label: found?.label ?? field, field: { entity, field }, op: opFor(found?.type, found?.values) }
}

function opFor(type: FieldType | undefined, values: readonly unknown[] | undefined): SharedFilter['op'] {
  if (type !== undefined && isTime(type)) return 'in_period'
  if (type === 'integer' || type === 'number' || type === 'money') return 'gte'
  if (type === 'boolean' || type === 'id') return 'eq'
  return values === undefined ? 'contains' : 'in'
}

function opsOf(catalog: CatalogView | undefined, { field, op }: SharedFilter): readonly (readonly [string, string])[] {
  const type = field === 'date' ? 'date' : (fieldOf(catalog, field)?.type ?? 'text')
  const ops = opsFor(type).filter(([one]) => SHARED_OPS.has(one))
  return ops.some(([one]) => one === op) ? ops : [[op, op], ...ops]
}

function wordsOf(catalog: CatalogView | undefined, field: SharedFilter['field']): string {
  if (field === 'date') return 'Date of each table'
  const entity = catalog?.entities[field.entity]
  return `${entity?.label ?? field.entity}: ${entity?.fields[field.field]?.label ?? field.field}`
}
