import forms from '../ui/form.module.css'
import styles from './sharing.module.css'

const MOST = 6
type Item = { readonly id: string; readonly name: string; readonly about: string }

/** What a search found, each taken with one click. */
export function Found<T extends Item>(props: { found: readonly T[]; nothing: string; onTake: (item: T) => void }) {
  const { found, nothing, onTake } = props
  if (found.length === 0) {
    return (
      <p role="status" className={forms.about}>
        {nothing}
      </p>
    )
  }
  return (
    <ul className={styles.found}>
      {found.slice(0, MOST).map((item) => (
        <li key={item.id}>
          <button type="button" className={styles.take} onClick={() => onTake(item)}>
            <span>{item.name}</span> <span className={forms.about}>{item.about}</span>
          </button>
        </li>
      ))}
      {found.length > MOST && <li className={forms.about}>{found.length - MOST} more; type more letters.</li>}
    </ul>
  )
}
