// One Postgres for a whole run of the benchmarks, with the demo data in the sizes that its parts ask for.
// In: nothing. Out: what parts are handed for it, and an end.
import postgres from 'postgres'
import { postgresDatabase } from '../src/demo/adapters.ts'
import { loadDemo } from '../src/demo/load.ts'
import { createDatabase, startPostgres, type TestServer } from '../test/setup/postgres.ts'
import type { PartInput } from './report.ts'

export const ORGANIZATION = 'org_riverbend'
/** The demo's story ends today, so that relative periods hold rows. */
export const TODAY = new Date().toISOString().slice(0, 10)
export const clock = { now: new Date(`${TODAY}T12:00:00Z`), timezone: 'UTC' }
export const scope = { organizationId: ORGANIZATION, roles: ['admin', 'editor'] }
/** Donations of the data that is not about growth. */
export const donationsOf = (quick: boolean): number => (quick ? 200_000 : 1_000_000)

export function demoData(
  say: (text: string) => void,
): Pick<PartInput, 'server' | 'demo'> & { end: () => Promise<void> } {
  let started: Promise<TestServer> | undefined
  const made = new Map<number, Promise<string>>()
  const server = (): Promise<TestServer> => {
    started ??= startPostgres()
    return started
  }
  const load = async (donations: number): Promise<string> => {
    say(`loading ${donations.toLocaleString('en-US')} donations`)
    const url = await createDatabase((await server()).url, `bench_demo_${donations}`)
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    try {
      await loadDemo({ database: postgresDatabase(sql), today: TODAY, donations })
      // As autovacuum would have left it after a while.
      await sql`vacuum analyze`
    } finally {
      await sql.end()
    }
    return url
  }
  const demo = (donations: number): Promise<string> => {
    const known = made.get(donations) ?? load(donations)
    made.set(donations, known)
    return known
  }
  return { server, demo, end: async () => void (await (await started)?.stop()) }
}
