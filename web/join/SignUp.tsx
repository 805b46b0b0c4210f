import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { MIN_PASSWORD_LENGTH } from '../../src/access/password-length.ts'
import { signUp } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { TextField } from '../ui/TextField.tsx'

/** An account for somebody new, which is a member at once. `email` is whom the invitation is for; null: anybody. */
export function SignUp({ token, email: invited }: { token: string; email: string | null }) {
  const [name, setName] = useState('')
  const [email, setEmail] = useState(invited ?? '')
  const [password, setPassword] = useState('')
  const navigate = useNavigate()
  const join = useMutation({
    mutationFn: () => signUp({ invitation: token, name, email, password }, () => navigate({ to: '/tables' })),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    join.mutate()
  }
  return (
    <form className={forms.form} onSubmit={submit}>
      <Failed error={join.error} />
      <TextField label="Your name" required maxLength={100} autoComplete="name" value={name} onChange={setName} />
      <label className={forms.field}>
        E-mail
        <input
          className={forms.input}
          type="email"
          required
          maxLength={200}
          autoComplete="username"
          readOnly={invited !== null}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        {invited !== null && <span className={forms.about}>The invitation is for this address only</span>}
      </label>
      <label className={forms.field}>
        Password
        <input
          className={forms.input}
          type="password"
          required
          minLength={MIN_PASSWORD_LENGTH}
          maxLength={128}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <span className={forms.about}>At least {MIN_PASSWORD_LENGTH} characters</span>
      </label>
      <div className={forms.actions}>
        <Button kind="primary" type="submit" disabled={join.isPending}>
          Join
        </Button>
      </div>
    </form>
  )
}
