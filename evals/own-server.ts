/** A Postgres of the suite's own, gone when it is stopped. */
export async function openOwnServer(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  // What comes with the package ends the process with 0 once nothing is left to do, and so hides that a run failed.
  process.on('beforeExit', (code) => {
    process.once('exit', () => {
      process.exitCode = code
    })
  })
  const { startPostgres } = await import('../test/setup/postgres.ts')
  return startPostgres()
}
