import { Link } from '@tanstack/react-router'
import { labelOf, sectionsOf, useViews } from './useViews.ts'
import styles from './views.module.css'

/** Views as they stand in the navigation: sections with links to tables. */
export function ViewLinks({ onGo }: { onGo: () => void }) {
  const views = useViews()
  return sectionsOf(views.data ?? []).map(({ section, views: some }) => (
    <div key={section} className={styles.section}>
      <p>{section}</p>
      <ul>
        {some.map((view) => (
          <li key={view.id}>
            <Link to="/tables/$id" params={{ id: view.tableId }} onClick={onGo}>
              {labelOf(view)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ))
}
