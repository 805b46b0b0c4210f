import { usePeople } from '../api/people.ts'
import { useSession } from '../api/session.ts'
import { visibilityWords } from '../library/visibility.ts'
import styles from './sharing.module.css'
import { type Around, audience, type Sharing } from './words.ts'

type Props = {
  thing: Sharing & { readonly owner: Around['owner'] }
  /** Absent: this reader does not decide who sees it. */
  onShare?: (() => void) | undefined
}

/** Whose something is and who sees it, in one line, with the way to change that. */
export function SeenBy({ thing, onShare }: Props) {
  const { data: known } = usePeople()
  const { data: session } = useSession()
  const me = session?.person?.id ?? ''
  const organization = session?.organization?.name ?? ''
  // Until it is known who there is, the kind of sharing is said.
  const words = known
    ? audience(thing, { known, owner: thing.owner, me, organization })
    : visibilityWords[thing.visibility].toLowerCase()
  return (
    <p className={styles.seenBy}>
      {thing.owner.id !== me && <>Owner: {thing.owner.name} · </>}
      Seen by:{' '}
      {onShare ? (
        <button type="button" className={styles.opens} onClick={onShare}>
          {words}
        </button>
      ) : (
        words
      )}
    </p>
  )
}
