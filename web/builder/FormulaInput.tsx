import { type KeyboardEvent, use, useId, useLayoutEffect, useRef, useState } from 'react'
import styles from './builder.module.css'
import formula from './FormulaInput.module.css'
import { type Completion, completionsAt, type FormulaName, inserted } from './formula-completion.ts'
import { Issues, issueText } from './Part.tsx'

type Props = {
  label: string
  value: string
  names: readonly FormulaName[]
  /** Where the definition has it, as issues say it. */
  path: readonly (string | number)[]
  onChange: (formula: string) => void
}

/** A formula that offers what can be named in it: columns and functions. What is wrong stands with its entry. */
export function FormulaInput({ label, value, names, path, onChange }: Props) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const caretAfter = useRef<number>(undefined)
  const [draft, setDraft] = useState({ text: value, of: value })
  const [offer, setOffer] = useState<{ caret: number; chosen: number }>()
  // Undo, or another hand, changed it meanwhile.
  if (draft.of !== value) setDraft({ text: value, of: value })
  const { text } = draft
  const offered = offer === undefined ? [] : completionsAt(text, offer.caret, names)
  const open = offered.length > 0
  const issues = use(Issues).filter((issue) => path.every((step, level) => issue.path[level] === step))
  const write = (next: string) => {
    const whole = next.trim() !== ''
    setDraft({ text: next, of: whole ? next : value })
    if (whole) onChange(next)
  }
  const take = (completion: Completion) => {
    const { text: next, caret } = inserted(text, offer?.caret ?? text.length, completion)
    caretAfter.current = caret
    setOffer(undefined)
    write(next)
    input.current?.focus()
  }
  useLayoutEffect(() => {
    const caret = caretAfter.current
    caretAfter.current = undefined
    if (caret !== undefined) input.current?.setSelectionRange(caret, caret)
  })
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const caret = event.currentTarget.selectionStart ?? text.length
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const chosen = open ? ((offer?.chosen ?? 0) + step + offered.length) % offered.length : 0
      return setOffer({ caret, chosen })
    }
    const choice = open ? offered[offer?.chosen ?? 0] : undefined
    if (choice === undefined) return
    if (event.key === 'Enter' || event.key === 'Tab') {
      event.preventDefault()
      take(choice)
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      setOffer(undefined)
    }
  }
  return (
    <span className={formula.box}>
      <input
        ref={input}
        className={`${styles.input} ${formula.input}`}
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open ? `${id}-${offer?.chosen ?? 0}` : undefined}
        aria-invalid={issues.length > 0 || text.trim() === ''}
        spellCheck={false}
        autoComplete="off"
        maxLength={500}
        value={text}
        onKeyDown={onKeyDown}
        onBlur={() => setOffer(undefined)}
        onChange={(event) => {
          setOffer({ caret: event.target.selectionStart ?? event.target.value.length, chosen: 0 })
          write(event.target.value)
        }}
      />
      {open && (
        <div className={formula.offer}>
          {/* It lies over what is said below the entry. */}
          {issues.map((issue) => (
            <p key={issue.message} aria-hidden="true" data-issue className={formula.wrong}>
              {issueText(issue)}
            </p>
          ))}
          <div id={id} role="listbox" tabIndex={-1} aria-label="What can be named here" className={formula.list}>
            {offered.map((one, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the input, which keeps the focus
              <div
                key={one.name}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === offer?.chosen}
                className={formula.option}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(one)}
              >
                <code>{one.shown}</code>
                <span className={formula.about}>{one.about}</span>
              </div>
            ))}
          </div>
        </div>
      )}
      {text.trim() === '' && <span className={styles.hint}>Write a formula, such as {names[0]?.name ?? '2'} * 2.</span>}
    </span>
  )
}
