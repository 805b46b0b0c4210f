// As which organization the page asks: of somebody who is signed in, the one the session named; of a visitor of the
// demo, the one that was chosen. Both stay for the tab, so that another tab that switches does not change this one.
import { demoHeader } from '../../src/access/demo-header.ts'
import { organizationHeader } from '../../src/access/organization-header.ts'
import { shared } from './shared.ts'

const KEY = 'demo-organization'
const chosen = shared(stored())
let ofSession: string | undefined

/** The organization chosen for a visitor; undefined: the server's own choice. */
export const useOrganization = chosen.use
export const currentOrganization = chosen.get

/** What every request says beside its own. */
export function requestHeaders(): Record<string, string> {
  const visiting = chosen.get()
  return {
    ...(visiting !== undefined && { [demoHeader]: visiting }),
    ...(ofSession !== undefined && { [organizationHeader]: ofSession }),
  }
}

/** From now on requests are made as this organization of the signed-in person; undefined: nobody is signed in. */
export function askAs(organizationId: string | undefined): void {
  ofSession = organizationId
}

export function chooseOrganization(id: string): void {
  try {
    sessionStorage.setItem(KEY, id)
  } catch {
    // Without storage the choice lasts until the page is left.
  }
  chosen.set(id)
}

function stored(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined
  } catch {
    return undefined
  }
}
