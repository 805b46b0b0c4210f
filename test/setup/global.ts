// Starts the shared Postgres before the first test and removes it after the last; tests read its URL with inject('postgresUrl').
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const before = process.listeners('beforeExit')
  const { startPostgres } = await import('./postgres.ts')
  const server = await startPostgres()
  // The package ends the process with 0 once it is idle, whatever the tests said: its listener goes.
  for (const listener of process.listeners('beforeExit')) {
    if (!before.includes(listener)) process.off('beforeExit', listener)
  }
  project.provide('postgresUrl', server.url)
  return server.stop
}
