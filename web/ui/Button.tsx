import type { ComponentProps } from 'react'
import styles from './Button.module.css'

type Props = ComponentProps<'button'> & { kind?: 'primary' | 'quiet' | 'outline'; shape?: 'round' }

export function Button({ kind = 'outline', shape, className, type = 'button', ...rest }: Props) {
  const names = [buttonClass(kind), shape && styles[shape], className]
  return <button type={type} className={names.filter(Boolean).join(' ')} {...rest} />
}

/** For a link that looks like a button. */
export const buttonClass = (kind: 'primary' | 'quiet' | 'outline'): string => `${styles.button} ${styles[kind]}`
