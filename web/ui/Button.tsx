import type { ComponentProps } from 'react'
import styles from './Button.module.css'

/** `danger`: what it takes away does not come back. */
type Kind = 'primary' | 'quiet' | 'outline' | 'danger'
type Props = ComponentProps<'button'> & { kind?: Kind; shape?: 'round' }

export function Button({ kind = 'outline', shape, className, type = 'button', ...rest }: Props) {
  const names = [buttonClass(kind), shape && styles[shape], className]
  return <button type={type} className={names.filter(Boolean).join(' ')} data-kind={kind} {...rest} />
}

/** For a link that looks like a button. */
export const buttonClass = (kind: Kind): string => `${styles.button} ${styles[kind]}`
