import { useCatalog } from '../api/client.ts'
import { Button } from '../ui/Button.tsx'
import styles from './dashboards.module.css'
import { FilterValue } from './FilterValue.tsx'
import { filterWords } from './filter-words.ts'
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
  const { data: catalog } = useCatalog()
  const setTo = ({ id, value }: SharedFilter) => (Object.hasOwn(values, id) ? values[id] : value)
  const words = filters.flatMap((filter) => filterWords(filter, setTo(filter), catalog) ?? [])
  return (
    <section className={styles.filters} aria-label="Filters">
      {words.length > 0 && (
        // On paper nothing can be set: it says what is.
        <ul className={styles.filterWords}>
          {words.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {filters.map((filter) => (
        <FilterValue
          key={filter.id}
          filter={filter}
          label={filter.label}
          value={setTo(filter)}
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
