import { Link, useParams } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { type SessionView, useSession } from '../api/session.ts'
import { SignIn } from '../session/SignIn.tsx'
import { NotFound } from '../shell/NotFound.tsx'
import { Failed } from '../ui/Failed.tsx'
import { useTitle } from '../ui/useTitle.ts'
import { AuditSection } from './AuditSection.tsx'
import { CatalogSection } from './CatalogSection.tsx'
import { ForAdmins } from './ForAdmins.tsx'
import { KeysSection } from './KeysSection.tsx'
import { MembersSection } from './MembersSection.tsx'
import { isSection, type Section, sections } from './sections.ts'
import styles from './settings.module.css'
import { TeamsSection } from './TeamsSection.tsx'
import { UsageSection } from './UsageSection.tsx'

const parts: Record<Section, ComponentType> = {
  members: MembersSection,
  teams: TeamsSection,
  keys: KeysSection,
  catalog: CatalogSection,
  usage: UsageSection,
  audit: AuditSection,
}

/** What an organization is made of: its people, keys, catalog, costs and log. Each section has an address of its own. */
export function SettingsScreen() {
  const { section } = useParams({ from: '/settings/$section' })
  const session = useSession()
  useTitle(isSection(section) ? sections[section].title : undefined)
  if (!isSection(section)) return <NotFound />
  const { data } = session
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Settings</h1>
        {data?.organization && data.person && <p className={styles.quiet}>{data.organization.name}</p>}
      </header>
      <Failed error={session.error} />
      {data?.person === null && (
        <div className={styles.narrow}>
          <p>Sign in to see the settings of your organization.</p>
          <SignIn />
        </div>
      )}
      {data?.person && data.organization === null && <p>You belong to no organization yet.</p>}
      {data?.person && data.organization && <Sections chosen={section} session={data} />}
    </div>
  )
}

function Sections({ chosen, session }: { chosen: Section; session: SessionView }) {
  const isAdmin = session.organization?.role === 'admin'
  const Part = parts[chosen]
  const { title, admin } = sections[chosen]
  const offered = (Object.keys(sections) as Section[]).filter((name) => isAdmin || !sections[name].admin)
  return (
    <div className={styles.columns}>
      <nav aria-label="Settings" className={styles.nav}>
        <ul>
          {offered.map((name) => (
            <li key={name}>
              <Link to="/settings/$section" params={{ section: name }} activeOptions={{ includeSearch: false }}>
                {sections[name].title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <section className={styles.section} aria-labelledby="section-title">
        <h2 id="section-title">{title}</h2>
        {admin && !isAdmin ? <ForAdmins what={`${title} is`} /> : <Part key={session.organization?.id} />}
      </section>
    </div>
  )
}
