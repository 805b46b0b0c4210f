import { Button } from '../ui/Button.tsx'
import styles from './dashboards.module.css'
import { FilterValue } from './FilterValue.tsx'
import type { FilterValues, SharedFilter } from './tile.ts'

/** The filters that all tiles share, as this reader sets them. */
export function FilterBar({
  filters,
  values,
  onChange,
}: {
  filters: readonly SharedFilter[]
  values: FilterValues
  onChange: (values: FilterValues) => void
}) {
  return (
    <section className={styles.filters} aria-label="Filters">
      {filters.map((filter) => (
        <FilterValue
          key={filter.id}
          filter={filter}
          label={filter.label}
          value={Object.hasOwn(values, filter.id) ? values[filter.id] : filter.value}
          onChange={(value) => onChange({ ...values, [filter.id]: value ?? null })}
        />
      ))}
      {Object.keys(values).length > 0 && (
        <Button kind="quiet" onClick={() => onChange({})}>
          Reset
        </Button>
      )}
    </section>
  )
}
