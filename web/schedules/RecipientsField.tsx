import { type KeyboardEvent, useId, useState } from 'react'
import type { Recipient } from '../../src/schedules/config.ts'
import { asFailure } from '../api/failure.ts'
import forms from '../ui/form.module.css'
import { Icon } from '../ui/Icon.tsx'
import { keyOf } from './draft.ts'
import { addressed, type Choice, choicesFor, isAddress, nameOf, outsideOf, usePeople } from './recipients.ts'
import { Problem, type Section } from './Section.tsx'
import styles from './schedules.module.css'

/** Whom it is mailed to: people and teams found by name, and any address. */
export function RecipientsField({ draft, set, problems }: Section) {
  const people = usePeople()
  const { recipients, allowOutside } = draft
  const outside = outsideOf(recipients, people.data)
  // Without the list of people it cannot be known whose an address is, so it can only be offered.
  const unsure = people.error !== null && recipients.some((one) => typeof one === 'string')
  const add = (...more: Recipient[]) => {
    const byKey = new Map([...recipients, ...more].map((one) => [keyOf(one), one]))
    set({ recipients: [...byKey.values()] })
  }
  const remove = (gone: Recipient) => {
    set({ recipients: recipients.filter((one) => keyOf(one) !== keyOf(gone)) })
    // The button that had the focus goes with its recipient.
    document.getElementById('schedule-recipients')?.focus()
  }
  return (
    <fieldset className={styles.section}>
      <legend>To whom</legend>
      <p className={styles.hint}>It runs as you: members are shown what both they and you may see.</p>
      {recipients.length > 0 && (
        <ul className={styles.chips} aria-label="Recipients">
          {recipients.map((one) => {
            const { label, about, outside: out } = nameOf(one, people.data)
            return (
              <li key={keyOf(one)} className={out ? `${styles.chip} ${styles.outside}` : styles.chip}>
                <span className={styles.chipName}>{label}</span>
                {about && <span className={styles.chipAbout}>{about}</span>}
                <button type="button" aria-label={`Remove ${label}`} onClick={() => remove(one)}>
                  <Icon name="cross" size={16} />
                </button>
              </li>
            )
          })}
        </ul>
      )}
      <Finder
        choices={(text) => choicesFor(text, people.data, recipients)}
        onAddresses={(found) => add(...found.map((address) => addressed(address, people.data)))}
        onPick={({ recipient }) => add(recipient)}
        onBack={() => {
          const last = recipients.at(-1)
          if (last !== undefined) remove(last)
        }}
        problems={problems}
      />
      {people.error && (
        <p className={styles.problem}>{asFailure(people.error).message}. Addresses can still be given.</p>
      )}
      {(outside.length > 0 || unsure) && (
        <label className={styles.check}>
          <input
            id="schedule-allowOutside"
            type="checkbox"
            checked={allowOutside}
            aria-invalid={problems.allowOutside !== undefined}
            onChange={({ target }) => set({ allowOutside: target.checked })}
          />
          <span>
            It may leave the organization{outsideText(outside)}
            <Problem part="allowOutside" problems={problems} />
          </span>
        </label>
      )}
    </fieldset>
  )
}

function outsideText(outside: readonly string[]): string {
  if (outside.length === 0) return ''
  return outside.length === 1
    ? `: ${outside[0]} belongs to no member`
    : `: ${outside.length} addresses belong to no member`
}

type FinderProps = Pick<Section, 'problems'> & {
  choices: (text: string) => readonly Choice[]
  onPick: (choice: Choice) => void
  onAddresses: (addresses: readonly string[]) => void
  onBack: () => void
}

function Finder({ choices, onPick, onAddresses, onBack, problems }: FinderProps) {
  const list = useId()
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const found = open ? choices(text) : []
  const current = Math.min(active, found.length - 1)
  const show = (value: string) => {
    // Several addresses at once, as they are pasted from elsewhere.
    const parts = value.split(/[,;\s]+/).map((part) => part.replace(/^<|>$/g, ''))
    const last = /[,;\s]$/.test(value)
    const whole = parts.filter(isAddress)
    if (whole.length > 1 || (whole.length === 1 && last)) {
      onAddresses(whole)
      setText(
        parts
          .filter((part) => !isAddress(part))
          .join(' ')
          .trim(),
      )
    } else setText(value)
    setActive(0)
    setOpen(true)
  }
  const pick = (choice: Choice) => {
    onPick(choice)
    setText('')
    setActive(0)
  }
  const press = (event: KeyboardEvent) => {
    const { key } = event
    const choice = found[current]
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault()
      if (!open) setOpen(true)
      else if (found.length > 0) setActive((current + (key === 'ArrowDown' ? 1 : found.length - 1)) % found.length)
    } else if (key === 'Enter') {
      event.preventDefault()
      if (choice !== undefined) pick(choice)
    } else if (key === 'Escape' && open && found.length > 0) {
      // Closes the list only, not the dialog around it.
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    } else if (key === 'Backspace' && text === '') onBack()
  }
  const leave = () => {
    setOpen(false)
    if (!isAddress(text.trim())) return
    onAddresses([text.trim()])
    setText('')
  }
  return (
    <div className={styles.finder}>
      <label className={forms.field}>
        Add people, teams or addresses
        <input
          id="schedule-recipients"
          className={forms.input}
          role="combobox"
          autoComplete="off"
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={found[current] ? `${list}-${current}` : undefined}
          aria-invalid={problems.recipients !== undefined}
          aria-describedby={problems.recipients && 'problem-recipients'}
          placeholder="Name or name@example.org"
          value={text}
          onChange={({ target }) => show(target.value)}
          onClick={() => setOpen(true)}
          onBlur={leave}
          onKeyDown={press}
        />
        <Problem part="recipients" problems={problems} />
      </label>
      <div id={list} role="listbox" aria-label="Who fits" className={styles.choices} hidden={found.length === 0}>
        {found.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard chooses from the field, by its active descendant
          <div
            key={keyOf(choice.recipient)}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            className={styles.choice}
            onMouseDown={(event) => event.preventDefault()}
            onMouseEnter={() => setActive(index)}
            onClick={() => pick(choice)}
          >
            <span>{choice.label}</span>
            <span className={forms.about}>{choice.about}</span>
          </div>
        ))}
      </div>
      {open && found.length === 0 && text.trim() !== '' && (
        <p className={forms.about}>Nobody has this name. A whole address can be added too.</p>
      )}
    </div>
  )
}
