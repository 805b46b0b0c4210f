import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Answered } from '../api/call.ts'
import { readerLocale } from '../api/locale.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import { wishes } from '../api/wishes.ts'
import { visibilityWords } from '../library/visibility.ts'
import { SignIn } from '../session/SignIn.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import lists from '../ui/list.module.css'
import { Nothing } from '../ui/Nothing.tsx'
import { TextField } from '../ui/TextField.tsx'
import { useFind } from '../ui/useFind.ts'
import { useTitle } from '../ui/useTitle.ts'
import { longName } from '../ui/words.ts'
import styles from './documents.module.css'

type Page = {
  readonly documents: Answered<'GET /dashboards'>['dashboards']
  readonly nextCursor?: string | undefined
}
type Props = {
  kind: 'dashboards' | 'reports'
  one: 'dashboard' | 'report'
  title: string
  about: string
  list: (query: { search?: string; cursor?: string }, signal: AbortSignal) => Promise<Page>
  create: (name: string, idempotencyKey: string) => Promise<{ readonly id: string }>
}

/** Every dashboard or report that one sees, the newest first, and the way to a new one. */
export function DocumentsScreen({ kind, one, title, about, list, create }: Props) {
  useTitle(title)
  const { key: scope, signedIn, signedOut, mayWrite } = useReader()
  const { find: words = '' } = useSearch({ from: `/${kind}` })
  const navigate = useNavigate()
  const typed = useFind(words, (find) => void navigate({ to: `/${kind}`, search: find ? { find } : {}, replace: true }))
  const [making, setMaking] = useState(false)
  const found = useInfiniteQuery({
    queryKey: [kind, ...scope, 'list', words],
    enabled: signedIn,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      list({ ...(words && { search: words }), ...(cursor && { cursor }) }, signal),
    getNextPageParam: (page) => page.nextCursor,
  })
  const documents = found.data?.pages.flatMap((page) => page.documents)
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h1>{title}</h1>
          <p className={forms.about}>{about}</p>
        </div>
        {mayWrite && (
          <Button kind="primary" onClick={() => setMaking(true)}>
            New {one}
          </Button>
        )}
      </header>
      {signedOut && (
        <>
          <p>Sign in to see your {kind}.</p>
          <SignIn />
        </>
      )}
      {signedIn && (documents === undefined || documents.length > 0 || words !== '' || typed.value !== '') && (
        <input
          className={`${forms.input} ${lists.find}`}
          type="search"
          aria-label={`Search ${kind}`}
          placeholder="Search"
          {...typed}
        />
      )}
      {found.isLoading && <p role="status">Looking for your {kind}…</p>}
      {found.error && (
        <Failed error={found.error}>
          <Button onClick={() => void found.refetch()}>Try again</Button>
        </Failed>
      )}
      {documents?.length === 0 && (
        <Nothing title={words ? `No ${one} has these words.` : `No ${kind} yet.`}>
          {!words && (
            <p>
              {mayWrite
                ? `Make one, and put the tables ${one === 'report' ? 'in' : 'on'} it that belong together.`
                : 'What others share with you stands here.'}
            </p>
          )}
        </Nothing>
      )}
      <ul className={lists.list}>
        {documents?.map(({ id, name, description, owner, visibility, updatedAt }) => (
          <li key={id} className={lists.row}>
            <div className={lists.what}>
              <Link to={`/${kind}/$id`} params={{ id }} className={lists.name} title={longName(name)}>
                {name}
              </Link>
              {description && <span className={lists.about}>{description}</span>}
            </div>
            <span className={lists.who}>
              <span>{owner.id === scope[1] ? visibilityWords[visibility] : `Shared by ${owner.name}`}</span>
              <time dateTime={updatedAt}>
                {new Date(updatedAt).toLocaleDateString(readerLocale, { dateStyle: 'medium' })}
              </time>
            </span>
          </li>
        ))}
      </ul>
      {found.hasNextPage && (
        <div>
          <Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            More
          </Button>
        </div>
      )}
      {making && <Make kind={kind} one={one} create={create} onClose={() => setMaking(false)} />}
    </div>
  )
}

function Make({ kind, one, create, onClose }: Pick<Props, 'kind' | 'one' | 'create'> & { onClose: () => void }) {
  const [name, setName] = useState('')
  const [wish] = useState(wishes)
  const navigate = useNavigate()
  const make = useMutation({
    mutationFn: () => create(name.trim(), wish(name.trim())),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: [kind] })
      await navigate({ to: `/${kind}/$id`, params: { id } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Dialog title={`New ${one}`} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <Failed error={make.error} />
        <TextField label="Name" required maxLength={200} value={name} onChange={setName} />
        <FormActions submit="Make it" disabled={make.isPending || name.trim() === ''} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
