import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { readerLocale } from '../api/locale.ts'
import { usePeople } from '../api/people.ts'
import { useReader, useSession } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { Nothing } from '../ui/Nothing.tsx'
import { Notice } from '../ui/Notice.tsx'
import { NewKey } from './NewKey.tsx'
import { scopeWords } from './scope-words.ts'
import styles from './settings.module.css'
import { useChange } from './useChange.ts'

type Key = Answered<'GET /keys'>['keys'][number]

/** Keys of programs: one's own, and for admins everybody's. */
export function KeysSection() {
  const { data: session } = useSession()
  if (session?.person?.via !== 'session') {
    return (
      <Notice tone="warn" title="Keys are for people who signed in here">
        <p>You come by the application around this one, which signs you in.</p>
      </Notice>
    )
  }
  return <Keys />
}

function Keys() {
  const { data: session } = useSession()
  const { key } = useReader()
  const people = usePeople()
  const list = useQuery({ queryKey: ['keys', ...key], queryFn: () => call('GET /keys', {}) })
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<Key>()
  const me = session?.person?.id
  const isAdmin = session?.organization?.role === 'admin'
  const nameOf = (id: string) => people.data?.people.find((person) => person.id === id)?.name ?? id
  const keys = list.data?.keys ?? []
  return (
    <>
      <p className={styles.quiet}>
        A key lets a program ask as whoever made it. {isAdmin && 'As an admin you see and revoke everybody’s.'}
      </p>
      <Button kind="primary" className={styles.act} onClick={() => setMaking(true)}>
        Make a key
      </Button>
      {list.isLoading && <p role="status">Looking for the keys…</p>}
      <Failed error={list.error}>
        <Button onClick={() => void list.refetch()}>Try again</Button>
      </Failed>
      {list.data && keys.length === 0 && <Nothing title="There is no key yet." />}
      <ul className={styles.list} aria-label="Keys">
        {keys.map((one) => (
          <li key={one.id} className={styles.item}>
            <div className={styles.main}>
              <p>
                <strong>{one.name}</strong> <code className={styles.code}>{one.hint}…</code>
              </p>
              <p className={styles.quiet}>
                {[
                  one.userId === me ? 'yours' : nameOf(one.userId),
                  `made ${day(one.createdAt)}`,
                  one.lastUsedAt === null ? 'never used' : `last used ${day(one.lastUsedAt)}`,
                  endOf(one.expiresAt),
                ].join(' · ')}
              </p>
              <p className={styles.quiet}>May: {one.scopes.map((scope) => scopeWords[scope].title).join(', ')}</p>
            </div>
            <div className={styles.buttons}>
              <Button kind="quiet" aria-label={`Revoke ${one.name}`} onClick={() => setRevoking(one)}>
                Revoke
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {making && session?.organization && <NewKey role={session.organization.role} onClose={() => setMaking(false)} />}
      {revoking && <RevokeKey one={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  )
}

function RevokeKey({ one, onClose }: { one: Key; onClose: () => void }) {
  const change = useChange('keys')
  const revoke = () => call('DELETE /keys/{id}', { params: { id: one.id } })
  return (
    <Dialog title={`Revoke ${one.name}?`} onClose={onClose}>
      <div className={forms.form}>
        <Failed error={change.error} />
        <p>Programs that use it are refused from then on. This cannot be undone.</p>
        <div className={forms.actions}>
          <Button
            kind="danger"
            disabled={change.isPending}
            onClick={() => change.mutate(revoke, { onSuccess: onClose })}
          >
            Revoke it
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Keep it
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

const day = (instant: string): string => new Date(instant).toLocaleDateString(readerLocale, { dateStyle: 'medium' })

function endOf(expiresAt: string | null): string {
  if (expiresAt === null) return 'does not expire'
  return new Date(expiresAt) < new Date() ? `expired ${day(expiresAt)}` : `expires ${day(expiresAt)}`
}
