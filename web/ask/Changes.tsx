import type { ChangeWords } from '../../src/definition/read-back.ts'
import styles from './Changes.module.css'

/** What a follow-up did to the table before: what went, what came, and that all else stayed. */
export function Changes({ changes: { gone, come } }: { changes: ChangeWords }) {
  return (
    <div>
      <dt>Changed</dt>
      <dd>
        {gone.length + come.length === 0 ? (
          'Nothing: it shows the same table'
        ) : (
          <ul className={styles.changes}>
            {gone.map(({ part, text }) => (
              <li key={`- ${part} ${text}`}>
                <span className="visually-hidden">Gone: </span>
                <del>{text}</del>
              </li>
            ))}
            {come.map(({ part, text }) => (
              <li key={`+ ${part} ${text}`}>
                <span className="visually-hidden">New: </span>
                <ins>{text}</ins>
              </li>
            ))}
          </ul>
        )}
      </dd>
    </div>
  )
}
