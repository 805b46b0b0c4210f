import { type FormEvent, useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import type { Role } from '../api/people.ts'
import { Button } from '../ui/Button.tsx'
import { Code } from '../ui/Code.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { TextField } from '../ui/TextField.tsx'
import { Checks } from './Checks.tsx'
import { type Scope, scopeWords } from './scope-words.ts'
import { useChange } from './useChange.ts'

const DAY_MS = 86_400_000
const ENDS = { 30: '30 days', 90: '90 days', 365: 'a year', 0: 'never' } as const

/** Makes a key and shows it this once; nothing keeps it when the dialog closes. */
export function NewKey({ role, onClose }: { role: Role; onClose: () => void }) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly string[]>(['ask', 'tables:read'])
  const [days, setDays] = useState('90')
  const change = useChange<Answered<'POST /keys'>>('keys')
  const all = Object.keys(scopeWords) as Scope[]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const expiresAt = days === '0' ? undefined : new Date(Date.now() + Number(days) * DAY_MS).toISOString()
    const body = { name, scopes: all.filter((scope) => scopes.includes(scope)), ...(expiresAt && { expiresAt }) }
    change.mutate(() => call('POST /keys', { body }))
  }
  if (change.data !== undefined) {
    return (
      <Dialog title="Copy your key now" onClose={onClose}>
        <div className={forms.form}>
          <p>It is shown only this once. Whoever has it may do as you do, within its scopes.</p>
          <Code label="key" text={change.data.secret} />
          <p className={forms.about}>Programs send it as “Authorization: Bearer KEY”.</p>
          <div className={forms.actions}>
            <Button onClick={onClose}>Done</Button>
          </div>
        </div>
      </Dialog>
    )
  }
  const items = all.map((scope) => {
    const { title, about, roles } = scopeWords[scope]
    const disabled = !roles.includes(role)
    const why = scope === 'admin' ? 'for admins only' : 'not for viewers'
    return { id: scope, name: title, about: disabled ? why : about, disabled }
  })
  return (
    <Dialog title="Make a key" onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <Failed error={change.error} />
        <TextField label="Name" required maxLength={100} placeholder="What it is for" value={name} onChange={setName} />
        <Checks legend="What it may do" items={items} chosen={scopes} onChange={setScopes} />
        <label className={forms.field}>
          Expires in
          <select className={forms.input} value={days} onChange={(event) => setDays(event.target.value)}>
            {Object.entries(ENDS)
              .sort(([a], [b]) => (Number(a) || Number.POSITIVE_INFINITY) - (Number(b) || Number.POSITIVE_INFINITY))
              .map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
          </select>
        </label>
        <FormActions submit="Make the key" disabled={change.isPending || scopes.length === 0} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
