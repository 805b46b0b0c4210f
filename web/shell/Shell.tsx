import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useEnded } from '../api/session.ts'
import { SessionEnded } from '../session/SessionEnded.tsx'
import { SessionMenu } from '../session/SessionMenu.tsx'
import { Logo } from './Logo.tsx'
import { Navigation } from './Navigation.tsx'
import { OrganizationSwitch } from './OrganizationSwitch.tsx'
import styles from './Shell.module.css'
import { TakenBackNotices } from './TakenBackNotices.tsx'
import { ThemeSwitch } from './ThemeSwitch.tsx'

/** What is around every screen. */
export function Shell() {
  const ended = useEnded()
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname })
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    // What had the focus went with the screen before: the next Tab begins in this one.
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true })
  }, [path])
  return (
    <>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <header className={styles.header}>
        <Link to="/" className={styles.brand} aria-label="Tablewright, home">
          <Logo />
          <span className={styles.name}>Tablewright</span>
        </Link>
        <div className={styles.tools}>
          <Navigation />
          <OrganizationSwitch />
          <SessionMenu />
          <ThemeSwitch />
        </div>
      </header>
      <main ref={main} id="main" className={styles.main} tabIndex={-1} data-ended={ended !== undefined || undefined}>
        <TakenBackNotices />
        <Outlet />
      </main>
      <SessionEnded />
    </>
  )
}
