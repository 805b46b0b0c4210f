// Starts the shared Postgres before the first test and removes it after the last; tests read its URL with inject('postgresUrl').
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const idle = listenersSince('beforeExit')
  const end = listenersSince('exit')
  const { startPostgres } = await import('./postgres.ts')
  const server = await startPostgres()
  // The package ends the process with 0 once it is idle, whatever the tests said: that listener goes.
  idle.remove()
  project.provide('postgresUrl', server.url)
  return async () => {
    await server.stop()
    // What stops a cluster at the end of the process has nothing left to stop.
    end.remove()
  }
}

/** The listeners that are added to an event of the process from now on. */
function listenersSince(event: 'beforeExit' | 'exit'): { remove: () => void } {
  const before = process.rawListeners(event)
  const remove = () => {
    for (const listener of process.rawListeners(event)) {
      if (!before.includes(listener)) process.removeListener(event, listener as () => void)
    }
  }
  return { remove }
}
