import { useCatalog } from '../api/client.ts'
import { chooseOrganization } from '../api/organization.ts'
import { useSession } from '../api/session.ts'
import { Icon } from '../ui/Icon.tsx'
import styles from './OrganizationSwitch.module.css'

/** With demo data: whose rows to see. Shows that two organizations never see each other's. */
export function OrganizationSwitch() {
  const { data } = useCatalog()
  const { data: session } = useSession()
  // Somebody who is signed in sees what their own organization has.
  if (data?.demo === undefined || session?.person) return null
  return (
    <label className={styles.switch}>
      <span className={styles.label}>Demo: see as</span>
      <select
        aria-label="Demo: see as"
        value={data.organization}
        onChange={(event) => chooseOrganization(event.target.value)}
        className={styles.select}
      >
        {data.demo.organizations.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <span className={styles.chevron}>
        <Icon name="chevron" size={16} />
      </span>
    </label>
  )
}
