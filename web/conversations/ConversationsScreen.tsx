import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { whenText } from '../api/locale.ts'
import { queryClient } from '../api/query-client.ts'
import { useSession } from '../api/session.ts'
import documents from '../documents/documents.module.css'
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
import { useConversations } from './useConversations.ts'

type Conversation = Answered<'GET /conversations'>['conversations'][number]
type Doing = { readonly what: 'rename' | 'delete'; readonly conversation: Conversation }

/** Everything one has asked, to go on with, to name, or to delete. */
export function ConversationsScreen() {
  useTitle('Conversations')
  const { data: session } = useSession()
  const { find: words = '' } = useSearch({ from: '/conversations' })
  const navigate = useNavigate()
  const typed = useFind(
    words,
    (find) => void navigate({ to: '/conversations', search: find ? { find } : {}, replace: true }),
  )
  const [doing, setDoing] = useState<Doing>()
  const list = useConversations(words)
  const found = list.data?.pages.flatMap(({ conversations }) => conversations)
  return (
    <div className={documents.page}>
      <header className={documents.head}>
        <div className={documents.titles}>
          <h1>Conversations</h1>
          <p className={forms.about}>What you asked, turn by turn. Nobody else sees it.</p>
        </div>
      </header>
      {session?.person === null && <SignIn />}
      {session?.person && (words !== '' || found === undefined || found.length > 0) && (
        <input
          className={`${forms.input} ${lists.find}`}
          type="search"
          aria-label="Search conversations"
          placeholder="Search"
          {...typed}
        />
      )}
      {list.isLoading && <p role="status">Looking for your conversations…</p>}
      {list.error && (
        <Failed error={list.error}>
          <Button onClick={() => void list.refetch()}>Try again</Button>
        </Failed>
      )}
      {found?.length === 0 && (
        <Nothing title={words ? 'No conversation has these words.' : 'Nothing asked yet.'}>
          <p>
            <Link to="/">Ask something</Link>
          </p>
        </Nothing>
      )}
      <ul className={lists.list}>
        {found?.map((one) => (
          <li key={one.id} className={lists.row}>
            <div className={lists.what}>
              <Link to="/" search={{ conversation: one.id }} className={lists.name} title={longName(one.title)}>
                {one.title}
              </Link>
              <span className={forms.about}>
                {one.turns === 1 ? '1 turn' : `${one.turns} turns`} · {whenText(one.updatedAt)}
              </span>
            </div>
            <div className={lists.tools}>
              <Button
                kind="quiet"
                aria-label={`Rename ${one.title}`}
                onClick={() => setDoing({ what: 'rename', conversation: one })}
              >
                Rename
              </Button>
              <Button
                kind="quiet"
                aria-label={`Delete ${one.title}`}
                onClick={() => setDoing({ what: 'delete', conversation: one })}
              >
                Delete
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button onClick={() => void list.fetchNextPage()}>More</Button>}
      {doing && <Change {...doing} onClose={() => setDoing(undefined)} />}
    </div>
  )
}

function Change({ what, conversation, onClose }: Doing & { onClose: () => void }) {
  const [title, setTitle] = useState(conversation.title)
  const params = { id: conversation.id }
  const change = useMutation({
    mutationFn: async (): Promise<unknown> =>
      what === 'rename'
        ? call('PUT /conversations/{id}', { params, body: { title: title.trim() } })
        : call('DELETE /conversations/{id}', { params }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['conversations'] })
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Dialog title={what === 'rename' ? 'Rename the conversation' : 'Delete the conversation?'} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <Failed error={change.error} />
        {what === 'rename' ? (
          <TextField label="Title" value={title} maxLength={120} required onChange={setTitle} />
        ) : (
          <p>“{conversation.title}” goes for good. Tables that were saved from it stay.</p>
        )}
        <FormActions
          submit={what === 'rename' ? 'Rename' : 'Delete'}
          kind={what === 'rename' ? 'primary' : 'danger'}
          disabled={change.isPending || title.trim() === ''}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
