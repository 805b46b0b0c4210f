import { Link } from '@tanstack/react-router'
import styles from './conversations.module.css'
import { useConversations } from './useConversations.ts'

const SHOWN = 4

/** The latest conversations, to go on with. */
export function Recent() {
  const { data } = useConversations('')
  const latest = data?.pages[0]?.conversations.slice(0, SHOWN) ?? []
  if (latest.length === 0) return null
  return (
    <section className={styles.recent} aria-label="Your latest questions">
      <p className={styles.label}>
        Your latest questions
        <Link to="/conversations" className={styles.all}>
          All conversations
        </Link>
      </p>
      <ul>
        {latest.map(({ id, title }) => (
          <li key={id}>
            <Link to="/" search={{ conversation: id }}>
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
