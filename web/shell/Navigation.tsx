import { Link } from '@tanstack/react-router'
import { ViewLinks } from '../views/ViewLinks.tsx'
import { Menu } from './Menu.tsx'
import styles from './Navigation.module.css'

const LINKS = [
  { to: '/', label: 'Ask', search: {}, activeOptions: { exact: true, includeSearch: false } },
  { to: '/build', label: 'Build', search: {} },
  { to: '/tables', label: 'Tables' },
  { to: '/dashboards', label: 'Dashboards' },
  { to: '/reports', label: 'Reports' },
] as const

/** Less often gone to. */
const MORE = [
  { to: '/conversations', label: 'Conversations' },
  { to: '/schedules', label: 'Schedules' },
  { to: '/exports', label: 'Exports' },
  { to: '/deliveries', label: 'Deliveries' },
  { to: '/settings', label: 'Settings' },
] as const

/** The way to every screen: side by side where there is room, else behind one button. */
export function Navigation() {
  return (
    <nav className={styles.navigation} aria-label="Screens">
      <div className={styles.wide}>
        {LINKS.map(({ label, ...to }) => (
          <Link key={label} {...to} className={styles.link}>
            {label}
          </Link>
        ))}
      </div>
      <Menu label="Views" icon="chevron" className={styles.wide}>
        {(close) => (
          <>
            <ViewLinks onGo={close} />
            <Link to="/views" onClick={close}>
              All views
            </Link>
          </>
        )}
      </Menu>
      <Menu label="More" icon="chevron" className={styles.wide}>
        {(close) => <Links links={MORE} onGo={close} />}
      </Menu>
      <Menu label="Menu" icon="menu" className={styles.narrow}>
        {(close) => (
          <>
            <div>
              {LINKS.map(({ label, ...to }) => (
                <Link key={label} {...to} onClick={close}>
                  {label}
                </Link>
              ))}
              <Link to="/views" onClick={close}>
                Views
              </Link>
              <Links links={MORE} onGo={close} />
            </div>
            <ViewLinks onGo={close} />
          </>
        )}
      </Menu>
    </nav>
  )
}

function Links({ links, onGo }: { links: typeof MORE; onGo: () => void }) {
  return links.map(({ to, label }) => (
    <Link key={to} to={to} onClick={onGo}>
      {label}
    </Link>
  ))
}
