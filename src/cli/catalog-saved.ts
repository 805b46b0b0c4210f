// The saved tables that a catalog would break, told to the operator; mended where that is wished and clear.
import { existsSync } from 'node:fs'
import type { Catalog } from '../catalog/schema.ts'
import type { Config } from '../config.ts'
import { UserError } from '../errors.ts'
import { openStore } from '../open-store.ts'
import { applyRepair, type BrokenTable, brokenTables } from '../tables/broken-tables.ts'
import type { Io } from './io.ts'

/** Looks at the store that the configuration names, where there is one; exit code 1 when a table stays broken. */
export async function checkSaved(io: Io, config: Config, catalog: Catalog, repair: boolean): Promise<void> {
  if (config.databaseUrl === undefined && !existsSync(config.dataDir)) {
    if (repair)
      throw new UserError('usage', 'Cannot repair saved tables: there is no store', { fix: 'set DATABASE_URL' })
    return
  }
  const store = await openStore(config).catch((error: unknown) => {
    if (repair || !(error instanceof UserError) || error.code !== 'data_in_use') throw error
    io.note('Saved tables were not looked at: a server is using them, and looks at its start\n')
    return undefined
  })
  if (store === undefined) return
  try {
    await store.migrate()
    const { broken, checked } = await brokenTables(store.db, catalog)
    const count = checked === 1 ? '1 saved table' : `${checked} saved tables`
    if (broken.length === 0) {
      if (checked > 0) io.out(`${io.style.accent('✓')} ${count} fit it\n`)
      return
    }
    io.out(`\n${broken.length} of ${count} would not run:\n`)
    let left = 0
    for (const table of broken) {
      io.out(`\n${described(table, io)}`)
      const mended = repair && (await applyRepair(store.db, table, new Date()))
      if (mended) io.out(`  ${io.style.accent('✓')} mended\n`)
      else left += 1
    }
    if (left === 0) return
    const mendable = broken.some((table) => table.repair !== undefined) && !repair
    io.note(mendable ? '\nMend what can be mended with: tablewright catalog check --repair\n' : '')
    io.setExitCode(1)
  } finally {
    await store.close()
  }
}

function described({ organizationId, id, name, owner, nextScheduledRun, issues, repair }: BrokenTable, io: Io): string {
  const of = organizationId === '' ? '' : ` of ${organizationId}`
  const mail = nextScheduledRun === null ? '' : `; mailed next at ${nextScheduledRun.toISOString()}`
  const who = owner.email === '' ? owner.name : `${owner.name} <${owner.email}>`
  return [
    `${io.style.bold(`“${name}”`)} (${id}${of}), owner ${who}${mail}`,
    ...issues.map(({ message, path }) => `  - ${message} (at ${path.join('.')})`),
    ...(repair === undefined
      ? ['  No repair is clear; change it in the builder']
      : [`  Repair: ${repair.changes.map((change) => changeText(change)).join('; ')}`]),
    '',
  ].join('\n')
}

function changeText(change: { kind: string; part: string; before?: unknown; after?: unknown }): string {
  const text = (value: unknown) => JSON.stringify(value)
  if (change.before === undefined) return `${change.part}: add ${text(change.after)}`
  if (change.after === undefined) return `${change.part}: take out ${text(change.before)}`
  return `${change.part}: ${text(change.before)} becomes ${text(change.after)}`
}
