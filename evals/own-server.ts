import { startPostgres } from '../test/setup/postgres.ts'

/** A Postgres of the suite's own, gone when it is stopped. */
export const openOwnServer = (): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> =>
  startPostgres()
