/** A Postgres of the suite's own, gone when it is stopped. */
export async function openOwnServer(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const before = process.listeners('beforeExit')
  const { startPostgres } = await import('../test/setup/postgres.ts')
  // What comes with the package ends the process with 0 once nothing is left to do, and so hides that a run failed.
  for (const listener of process.listeners('beforeExit'))
    if (!before.includes(listener)) process.off('beforeExit', listener)
  return startPostgres()
}
