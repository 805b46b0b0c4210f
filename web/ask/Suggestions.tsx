import { Icon } from '../ui/Icon.tsx'
import styles from './Suggestions.module.css'

/** Prompts that work, one click each, set as lines of a table. */
export function Suggestions({
  prompts,
  label,
  onAsk,
}: {
  prompts: readonly string[]
  label: string
  onAsk: (prompt: string) => void
}) {
  if (prompts.length === 0) return null
  return (
    <section className={styles.suggestions} aria-label={label}>
      <p className={styles.label}>{label}</p>
      <ul>
        {prompts.map((prompt) => (
          <li key={prompt}>
            <button type="button" className={styles.prompt} onClick={() => onAsk(prompt)}>
              <span>{prompt}</span>
              <span className={styles.arrow}>
                <Icon name="arrowRight" size={18} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
