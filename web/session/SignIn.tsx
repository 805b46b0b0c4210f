import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type SessionView, signIn, signInToDemo, useSession } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'

/** One click for the people of the demo; elsewhere an address and a password. */
export function SignIn({ onDone, demo }: { onDone?: () => void; demo?: SessionView['demo'] }) {
  const { data } = useSession()
  const people = (demo ?? data?.demo)?.people
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const work = useMutation({ mutationFn: (run: () => Promise<void>) => run(), onSuccess: () => onDone?.() })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    work.mutate(() => signIn(email, password))
  }
  return (
    <div className={`${forms.form} ${forms.narrow}`}>
      <Failed error={work.error} />
      {people?.map(({ id, name, about }) => (
        <button
          key={id}
          type="button"
          className={forms.person}
          disabled={work.isPending}
          onClick={() => work.mutate(() => signInToDemo(id))}
        >
          <strong>{name}</strong>
          <span className={forms.about}>{about}</span>
        </button>
      ))}
      {data !== undefined && people === undefined && (
        <form className={forms.form} onSubmit={submit}>
          <label className={forms.field}>
            E-mail
            <input
              className={forms.input}
              type="email"
              required
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </label>
          <label className={forms.field}>
            Password
            <input
              className={forms.input}
              type="password"
              required
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </label>
          <Button kind="primary" type="submit" disabled={work.isPending}>
            Sign in
          </Button>
        </form>
      )}
    </div>
  )
}
