import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useCatalog } from '../api/client.ts'
import documents from '../documents/documents.module.css'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { Icon } from '../ui/Icon.tsx'
import { EntityDetail } from './EntityDetail.tsx'
import { EntityLink } from './EntityLink.tsx'
import { type Entity, findInCatalog } from './find-catalog.ts'
import styles from './settings.module.css'

/** What may be asked about, as a map: what there is, what each has, and what leads where. */
export function CatalogSection() {
  const { entity: chosen, find = '' } = useSearch({ from: '/settings/$section' })
  const navigate = useNavigate()
  const catalog = useCatalog()
  const { data } = catalog
  const open = chosen === undefined ? undefined : data?.entities[chosen]
  const hits = data === undefined ? [] : findInCatalog(data, find)
  const search = (words: string) =>
    void navigate({
      to: '/settings/$section',
      params: { section: 'catalog' },
      search: words === '' ? {} : { find: words },
      replace: true,
    })
  return (
    <>
      {catalog.isLoading && <p role="status">Opening the catalog…</p>}
      <Failed error={catalog.error}>
        <Button onClick={() => void catalog.refetch()}>Try again</Button>
      </Failed>
      {data && (
        <>
          <p className={styles.quiet}>{data.description ?? data.name} You see what your role may see.</p>
          <div className={styles.bar}>
            <input
              className={forms.input}
              type="search"
              aria-label="Search the catalog"
              placeholder="A word, such as amount"
              value={find}
              onChange={(event) => search(event.target.value)}
            />
          </div>
          {chosen !== undefined && open === undefined && (
            <p role="status">The catalog has no “{chosen}”, or your role may not see it.</p>
          )}
          {open !== undefined && chosen !== undefined ? (
            <>
              <p className={documents.back}>
                <Link to="/settings/$section" params={{ section: 'catalog' }} search={{}}>
                  <Icon name="arrowLeft" size={16} />
                  The whole catalog
                </Link>
              </p>
              <EntityDetail name={chosen} entity={open} entities={data.entities} />
            </>
          ) : (
            <>
              {hits.length === 0 && <p role="status">Nothing in the catalog has these words.</p>}
              <ul className={styles.cards} aria-label="Entities">
                {hits.map(({ name, entity, inside }) => (
                  <li key={name} className={styles.card}>
                    <h3 className={styles.entity}>
                      <EntityLink name={name}>{entity.label}</EntityLink>
                    </h3>
                    {entity.description && <p className={styles.quiet}>{entity.description}</p>}
                    {inside.length > 0 ? (
                      <p>
                        Has <mark>{inside.slice(0, 6).join(', ')}</mark>
                        {inside.length > 6 && ` and ${inside.length - 6} more`}
                      </p>
                    ) : (
                      <>
                        <Ways entity={entity} />
                        <p className={styles.sizes}>{sizes(entity)}</p>
                      </>
                    )}
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </>
  )
}

/** Where an entity leads, in words; the links stand where it is opened. */
function Ways({ entity }: { entity: Entity }) {
  const ways = Object.values(entity.relations)
  const some = (['to_one', 'to_many'] as const).map((kind) => ({ kind, ways: ways.filter((way) => way.kind === kind) }))
  if (ways.length === 0) return null
  return (
    <dl className={styles.ways}>
      {some
        .filter(({ ways: of }) => of.length > 0)
        .map(({ kind, ways: of }) => (
          <div key={kind}>
            <dt>{kind === 'to_one' ? 'Has one' : 'Has many'}</dt>
            <dd>{of.map(({ label }) => label).join(', ')}</dd>
          </div>
        ))}
    </dl>
  )
}

function sizes({ fields, metrics }: Entity): string {
  const many = (n: number, what: string) => (n === 1 ? `1 ${what}` : `${n} ${what}s`)
  const counts = [many(Object.keys(fields).length, 'field'), many(Object.keys(metrics).length, 'metric')]
  return counts.filter((words) => !words.startsWith('0 ')).join(', ')
}
