// Many people at once, and then the power goes: whatever was acknowledged is there, and nothing is there by half.
import { expect, inject, test } from 'vitest'
import { loadAndKill } from '../../bench/load.ts'
import { createDatabase } from '../setup/postgres.ts'

test('a server that is killed under load loses nothing that it acknowledged', async () => {
  const databaseUrl = await createDatabase(inject('postgresUrl'), 'load_kill')
  const report = await loadAndKill({ databaseUrl, seconds: 8, clients: 6 })
  expect(report.wrong).toEqual([])
  expect(report.acknowledged).toBeGreaterThan(50)
  expect(report.calls.filter(({ status }) => status >= 500)).toEqual([])
}, 180_000)
