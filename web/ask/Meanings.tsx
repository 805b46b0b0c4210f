import type { Definition } from '../../src/definition/schema.ts'
import { type CatalogView, useCatalog } from '../api/client.ts'
import { entityAt } from '../builder/related.ts'
import forms from '../ui/form.module.css'
import styles from './Reading.module.css'

/** What the catalog's named numbers count: “raised” may leave out what no condition in the sentence does. */
export function Meanings({ definition }: { definition: Definition }) {
  const found = useMeanings(definition)
  if (found.length === 0) return null
  return (
    <div>
      <dt>Meaning</dt>
      <dd>
        <ul className={styles.assumptions}>
          {found.map((meaning) => (
            <li key={meaning}>{meaning}</li>
          ))}
        </ul>
      </dd>
    </div>
  )
}

/** The same in one line. */
export function MeaningLine({ definition }: { definition: Definition }) {
  const found = useMeanings(definition)
  return found.length > 0 && <p className={forms.about}>{found.join(' ')}</p>
}

/** One text for each of them that the catalog describes. */
function useMeanings({ dataSources, aggregates }: Definition): readonly string[] {
  const { data: catalog } = useCatalog()
  const [source = ''] = dataSources
  if (catalog === undefined) return []
  return [...new Set(aggregates.flatMap(({ metric }) => (metric ? meaningOf(catalog, source, metric) : [])))]
}

function meaningOf(catalog: CatalogView, source: string, path: string): string[] {
  const at = path.lastIndexOf('.')
  const owner = at < 0 ? source : entityAt(catalog, source, path.slice(0, at))
  const metric = owner === undefined ? undefined : catalog.entities[owner]?.metrics[path.slice(at + 1)]
  return metric?.description === undefined ? [] : [`${metric.label}: ${metric.description}`]
}
