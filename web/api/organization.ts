// Which of the demo's organizations the page sees as; kept for the tab, so that two tabs can compare them.
import { useSyncExternalStore } from 'react'
import { demoHeader } from '../../src/access/demo-header.ts'

const KEY = 'demo-organization'
const listeners = new Set<() => void>()
let chosen: string | undefined = stored()

/** The chosen organization; undefined: the server's own choice. */
export function useOrganization(): string | undefined {
  return useSyncExternalStore(subscribe, currentOrganization)
}

export function currentOrganization(): string | undefined {
  return chosen
}

/** What every request says beside its own. */
export function requestHeaders(): Record<string, string> {
  return chosen === undefined ? {} : { [demoHeader]: chosen }
}

export function chooseOrganization(id: string): void {
  chosen = id
  try {
    sessionStorage.setItem(KEY, id)
  } catch {
    // Without storage the choice lasts until the page is left.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function stored(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined
  } catch {
    return undefined
  }
}
