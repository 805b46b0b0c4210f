import { type KeyboardEvent, useEffect, useRef } from 'react'
import builder from '../builder/builder.module.css'
import { Icon } from '../ui/Icon.tsx'
import styles from './dashboards.module.css'

type Choice = { readonly value: string; readonly label: string }
type Props = {
  label: string
  choices: readonly Choice[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

/** Several of some values, in a list that opens; Escape, or a click elsewhere, closes it. */
export function ManyValues({ label, choices, chosen, onChange }: Props) {
  const box = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = ({ target }: PointerEvent) => {
      if (box.current?.open && target instanceof Node && !box.current.contains(target)) box.current.open = false
    }
    document.addEventListener('pointerdown', close)
    return () => document.removeEventListener('pointerdown', close)
  }, [])
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !box.current?.open) return
    box.current.open = false
    box.current.querySelector('summary')?.focus()
  }
  const toggle = (one: string, on: boolean) => onChange(on ? [...chosen, one] : chosen.filter((other) => other !== one))
  const words = choices.flatMap((one) => (chosen.includes(one.value) ? [one.label] : []))
  return (
    <details ref={box} className={styles.many} onKeyDown={leave}>
      <summary className={builder.select}>
        <span>
          {label}: {words.length === 0 ? 'any' : words.join(', ')}
        </span>
        <Icon name="chevron" size={16} />
      </summary>
      <fieldset>
        <legend className="visually-hidden">{label}</legend>
        {choices.map((one) => (
          <label key={one.value}>
            <input
              type="checkbox"
              checked={chosen.includes(one.value)}
              onChange={(event) => toggle(one.value, event.target.checked)}
            />{' '}
            {one.label}
          </label>
        ))}
      </fieldset>
    </details>
  )
}
