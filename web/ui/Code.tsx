import { useState } from 'react'
import { Button } from './Button.tsx'
import styles from './Code.module.css'
import { Icon } from './Icon.tsx'
import { ScrollBox } from './ScrollBox.tsx'

/** Text for machines, scrolling inside its own box, with a button that copies it. */
export function Code({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <div className={styles.box}>
      <ScrollBox className={styles.scroll} label={label}>
        <pre className={styles.code}>{text}</pre>
      </ScrollBox>
      <Button kind="quiet" className={styles.copy} onClick={copy} aria-label={`Copy ${label}`}>
        <Icon name={copied ? 'check' : 'copy'} size={16} />
        {copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  )
}
