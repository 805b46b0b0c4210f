import { type SyntheticEvent, useState } from 'react'
import styles from './schedules.module.css'

/** A mail as it looks, in a frame that runs nothing and sends nothing. */
export function MailFrame({ html, title }: { html: string; title: string }) {
  const [height, setHeight] = useState<number>()
  // The page allows no styles that are written into a document, but those that are set. Texts of a mail have no quotes
  // that are not escaped, so that these are attributes.
  const source = html.replaceAll(' style="', ' data-style="').replace('<head>', '<head><base target="_blank">')
  const onLoad = ({ currentTarget }: SyntheticEvent<HTMLIFrameElement>) => {
    const { contentDocument: mail } = currentTarget
    if (mail === null) return
    for (const one of mail.querySelectorAll<HTMLElement>('[data-style]')) one.style.cssText = one.dataset.style ?? ''
    setHeight(mail.documentElement.scrollHeight + 2)
  }
  // Of the same origin, so that the page can reach into it; without scripts it cannot reach out.
  return (
    <iframe
      key={source}
      className={styles.mailFrame}
      title={title}
      sandbox="allow-same-origin"
      srcDoc={source}
      onLoad={onLoad}
      style={height === undefined ? {} : { height }}
    />
  )
}
