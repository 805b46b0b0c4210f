import type { ReactNode } from 'react'
import type { CatalogView } from '../api/client.ts'
import { ScrollBox } from '../ui/ScrollBox.tsx'
import { EntityLink } from './EntityLink.tsx'
import type { Entity } from './find-catalog.ts'
import styles from './settings.module.css'

const TYPES = {
  text: 'Text',
  integer: 'Whole number',
  number: 'Number',
  money: 'Money',
  date: 'Date',
  timestamp: 'Date and time',
  boolean: 'Yes or no',
  enum: 'One of a list',
  id: 'Identifier',
} as const
const MOST_VALUES = 12

type Props = { name: string; entity: Entity; entities: CatalogView['entities'] }

/** One entity: its metrics, its fields, and what it leads to. */
export function EntityDetail({ name, entity, entities }: Props) {
  const metrics = Object.entries(entity.metrics)
  const relations = Object.entries(entity.relations)
  return (
    <article className={styles.detail} aria-labelledby="entity-title">
      <header className={styles.header}>
        <h3 id="entity-title">{entity.label}</h3>
        {entity.description && <p>{entity.description}</p>}
        <p className={styles.quiet}>
          In definitions: <code className={styles.code}>{name}</code>
          {alsoCalled(entity.synonyms)}
        </p>
      </header>
      {metrics.length > 0 && (
        <Part title="Metrics" head={['Metric', 'What it counts']}>
          {metrics.map(([id, metric]) => (
            <tr key={id}>
              <Names id={id} label={metric.label} />
              <Words {...metric} />
            </tr>
          ))}
        </Part>
      )}
      <Part title="Fields" head={['Field', 'Kind', 'What it is']}>
        {Object.entries(entity.fields).map(([id, field]) => (
          <tr key={id}>
            <Names id={id} label={field.label} />
            <td>
              {TYPES[field.type]}
              {(field.currency ?? field.unit) && <span className={styles.quiet}> {field.currency ?? field.unit}</span>}
              {field.sensitive && <span className={styles.quiet}> · kept from models</span>}
            </td>
            <Words {...field} values={field.values?.map((one) => one.label ?? one.value) ?? []} />
          </tr>
        ))}
      </Part>
      {relations.length > 0 && (
        <Part title="Leads to" head={['Relation', 'To', 'What it is']}>
          {relations.map(([id, relation]) => (
            <tr key={id}>
              <Names id={id} label={relation.label} />
              <td>
                {relation.kind === 'to_one' ? 'one of ' : 'many of '}
                <EntityLink name={relation.to}>{entities[relation.to]?.label ?? relation.to}</EntityLink>
              </td>
              <Words {...relation} />
            </tr>
          ))}
        </Part>
      )}
    </article>
  )
}

function Part({ title, head, children }: { title: string; head: readonly string[]; children: ReactNode }) {
  return (
    <section>
      <h4>{title}</h4>
      <ScrollBox className={styles.scroll} label={title}>
        <table className={`${styles.table} ${styles.stack}`}>
          <thead>
            <tr>
              {head.map((words) => (
                <th key={words} scope="col">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </ScrollBox>
    </section>
  )
}

function Names({ id, label }: { id: string; label: string }) {
  return (
    <td className={styles.field}>
      {label}
      <br />
      <code className={styles.code}>{id}</code>
    </td>
  )
}

function Words({
  description,
  synonyms,
  values = [],
}: {
  description?: string | undefined
  synonyms: readonly string[]
  values?: readonly string[]
}) {
  const more = values.length - MOST_VALUES
  return (
    <td className={styles.words}>
      {description && <p>{description}</p>}
      {values.length > 0 && (
        <p>
          {values.slice(0, MOST_VALUES).join(', ')}
          {more > 0 && ` and ${more} more`}
        </p>
      )}
      {synonyms.length > 0 && <p className={styles.quiet}>Also: {synonyms.join(', ')}</p>}
    </td>
  )
}

const alsoCalled = (synonyms: readonly string[]) =>
  synonyms.length === 0 ? '' : ` · Also called ${synonyms.join(', ')}`
