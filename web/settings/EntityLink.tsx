import { Link } from '@tanstack/react-router'

/** Leads to what the catalog says of an entity. */
export function EntityLink({ name, children }: { name: string; children: string }) {
  return (
    <Link to="/settings/$section" params={{ section: 'catalog' }} search={{ entity: name }}>
      {children}
    </Link>
  )
}
