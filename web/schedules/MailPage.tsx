import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '../api/session.ts'
import { SignIn } from '../session/SignIn.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import { useTitle } from '../ui/useTitle.ts'
import styles from './schedules.module.css'

/** What the screens about mails and files have in common: the way from one to the other, and signing in first. */
export function MailPage({ title, signedOut, children }: { title: string; signedOut: string; children: ReactNode }) {
  useTitle(title)
  const { data: session } = useSession()
  const admin = session?.organization?.role === 'admin'
  return (
    <div className={styles.page}>
      <h1>{title}</h1>
      {session?.person && (
        <Tabs label="Mails and files">
          <Link to="/schedules">Schedules</Link>
          {admin && <Link to="/deliveries">Deliveries</Link>}
          <Link to="/exports">Exports</Link>
          {admin && <a href="/outbox">Outbox</a>}
        </Tabs>
      )}
      {session?.person === null && (
        <>
          <p>{signedOut}</p>
          <SignIn />
        </>
      )}
      {session?.person && children}
    </div>
  )
}
