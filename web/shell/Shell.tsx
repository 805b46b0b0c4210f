import { Link, Outlet } from '@tanstack/react-router'
import { SessionMenu } from '../session/SessionMenu.tsx'
import { Logo } from './Logo.tsx'
import { Navigation } from './Navigation.tsx'
import { OrganizationSwitch } from './OrganizationSwitch.tsx'
import styles from './Shell.module.css'
import { TakenBackNotices } from './TakenBackNotices.tsx'
import { ThemeSwitch } from './ThemeSwitch.tsx'

/** What is around every screen. */
export function Shell() {
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
      <main id="main" className={styles.main} tabIndex={-1}>
        <TakenBackNotices />
        <Outlet />
      </main>
    </>
  )
}
